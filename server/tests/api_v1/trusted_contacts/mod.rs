//! `/api/v1/trusted-contacts…`

mod create;
mod edit;

/// The collection.
const CONTACTS: &str = "/api/v1/trusted-contacts";
