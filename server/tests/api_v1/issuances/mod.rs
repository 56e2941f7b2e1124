//! `/api/v1/issuances…`

mod create;
mod list;
mod push;
mod sizes;
mod state;
