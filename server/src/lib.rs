//! Claviger: a self-hosted business wallet whose owner can safely hand out access to it.
//!
//! One folder per feature, each with its operations (`mod.rs`), its JSON face (`api.rs`) and its screens
//! (`console.rs`, `*.html`). ARCHITECTURE.md tells the way of a request.

pub mod api_access;
pub mod app;
pub mod audit_events;
pub mod caller;
pub mod clock;
mod connections;
pub mod console;
pub mod credential_offers;
pub mod credentials;
mod denials;
mod documentation;
mod feed;
mod housekeeping;
pub mod http;
pub mod idempotency;
pub mod identifiers;
pub mod issuances;
pub mod issuer_keys;
pub mod issuer_templates;
pub mod keyed_digest;
pub mod master_key;
pub mod me;
pub mod oauth2;
mod outage;
pub mod outbound;
pub mod presentations;
pub mod problem;
pub mod public_profile;
mod qr;
pub mod randomness;
pub mod rate_limit;
mod refusals;
pub mod roles;
mod router;
pub mod sealing;
pub mod sign_in;
pub mod sizes;
pub mod status;
pub mod status_lists;
pub mod telemetry;
pub mod trusted_contacts;
pub mod trusted_issuers;
pub mod users;
pub mod verifications;
pub mod verifier_templates;
mod visit;
pub mod wallet;
pub mod webhooks;

pub use app::App;
pub use connections::{ConnectionLimits, serve};
pub use router::{openapi, router, router_with};
