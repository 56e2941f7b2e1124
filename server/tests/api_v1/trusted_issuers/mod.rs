//! `/api/v1/trusted-issuers…`

mod create;
mod edit;
mod trust;

/// The collection.
const ISSUERS: &str = "/api/v1/trusted-issuers";
