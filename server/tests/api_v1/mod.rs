//! `/api/v1/…`

mod me;
