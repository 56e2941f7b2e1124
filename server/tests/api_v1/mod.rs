//! `/api/v1/…`

mod api_keys;
mod audit_events;
mod credentials;
mod idempotency;
mod identifiers;
mod me;
mod oauth_clients;
mod profile;
mod roles;
mod status_lists;
mod trusted_contacts;
mod trusted_issuers;
mod unknown;
mod users;
mod wallet;
