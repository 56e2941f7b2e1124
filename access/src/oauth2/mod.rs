//! OAuth 2.0: how a client's secret becomes an access token (mission M16). Public endpoints outside the API, on
//! which a client proves itself with its client ID and secret; what a token may do is the gate's to say.

mod authentication;
mod error;
mod introspect;
mod keys;
mod metadata;
mod revoke;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use kernel::app::App;

pub use keys::rotate;

/// The token endpoint (RFC 6749 §3.2).
pub const TOKEN: &str = "/oauth2/token";
const INTROSPECT: &str = "/oauth2/introspect";
const REVOKE: &str = "/oauth2/revoke";
const JWKS: &str = "/oauth2/jwks";
/// Where the issuer's metadata is; an issuer without a path has it at the root (RFC 8414 §3).
pub(crate) const METADATA: &str = "/.well-known/oauth-authorization-server";

/// The endpoints at which a client proves itself.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(TOKEN, post(token::issue))
        .route(INTROSPECT, post(introspect::introspect))
        .route(REVOKE, post(revoke::revoke))
}

/// The documents that anyone may read.
pub fn documents() -> Router<Arc<App>> {
    Router::new().route(JWKS, get(keys::published)).route(METADATA, get(metadata::metadata))
}
