//! The issuer's side of OpenID4VCI 1.0: what a holder's wallet reaches without a key, below the wallet's own address.

mod credential;
mod metadata;
mod nonce_endpoint;
mod offers;
mod proof;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use kernel::app::App;
use vc::names::{WELL_KNOWN_AUTHORIZATION_SERVER, WELL_KNOWN_CREDENTIAL_ISSUER};

/// The routes of the protocol.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(&format!("{WELL_KNOWN_CREDENTIAL_ISSUER}/wallets/{{wallet}}"), get(metadata::issuer))
        .route(&format!("{WELL_KNOWN_AUTHORIZATION_SERVER}/wallets/{{wallet}}"), get(metadata::authorization_server))
        .route("/wallets/{wallet}/openid4vci/offers/{reference}", get(offers::by_reference))
        .route("/wallets/{wallet}/openid4vci/token", post(token::exchange))
        .route("/wallets/{wallet}/openid4vci/nonce", post(nonce_endpoint::give))
        .route("/wallets/{wallet}/openid4vci/credential", post(credential::issue))
}
