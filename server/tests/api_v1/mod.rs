//! `/api/v1/…`

mod api_keys;
mod audit_events;
mod me;
mod roles;
mod unknown;
mod users;
mod wallet;
