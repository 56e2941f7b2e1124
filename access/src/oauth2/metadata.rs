//! Authorization server metadata (RFC 8414): how clients find the rest.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::header;
use kernel::app::App;
use kernel::http::{CACHED_FIVE_MINUTES, Negotiation, PublicDocument};
use kernel::problem::Problem;
use model::PermissionSet;
use serde_json::json;

use super::{INTROSPECT, JWKS, REVOKE, TOKEN};

/// The two ways of RFC 6749 §2.3.1.
const AUTHENTICATION: [&str; 2] = ["client_secret_basic", "client_secret_post"];

pub(super) async fn metadata(State(app): State<Arc<App>>, asked: Negotiation) -> Result<Response, Problem> {
    let issuer = app.settings.public_url.origin();
    let at = |path: &str| format!("{issuer}{path}");
    let metadata = json!({
        "issuer": issuer,
        "token_endpoint": at(TOKEN),
        "token_endpoint_auth_methods_supported": AUTHENTICATION,
        "jwks_uri": at(JWKS),
        "scopes_supported": PermissionSet::ALL,
        // There is no authorization endpoint, and this member is required all the same (RFC 8414 §2).
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "introspection_endpoint": at(INTROSPECT),
        "introspection_endpoint_auth_methods_supported": AUTHENTICATION,
        "revocation_endpoint": at(REVOKE),
        "revocation_endpoint_auth_methods_supported": AUTHENTICATION,
        "service_documentation": at("/docs"),
    });
    let headers = [(header::CONTENT_TYPE, "application/json"), CACHED_FIVE_MINUTES];
    Ok(PublicDocument::json(&metadata)?.answer(&asked, headers))
}
