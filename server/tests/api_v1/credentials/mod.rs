//! `/api/v1/credentials…`

mod import;
mod issuer;
mod list;
mod refuse;
mod view;

use issuer::Issuer;

/// The collection.
const CREDENTIALS: &str = "/api/v1/credentials";
