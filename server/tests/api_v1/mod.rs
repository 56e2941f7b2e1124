//! `/api/v1/…`

mod api_keys;
mod me;
