//! `/api/v1/api-keys…`

mod create;
mod dates;
mod delete;
mod descendants;
mod edit;
mod limit;
mod list;
mod view;

/// The collection.
const KEYS: &str = "/api/v1/api-keys";
