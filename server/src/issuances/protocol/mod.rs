//! The issuer's side of OpenID4VCI 1.0: what a holder's wallet reaches without a key, below the wallet's own address.

mod credential;
mod metadata;
mod nonce_endpoint;
mod offers;
mod proof;
mod token;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::routing::{get, post};
use http::request::Parts;
use model::WalletId;
use vc::names::{WELL_KNOWN_AUTHORIZATION_SERVER, WELL_KNOWN_CREDENTIAL_ISSUER};

use crate::app::App;
use crate::caller::Caller;
use crate::http::RequestId;
use crate::problem::{Code, Problem};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(&format!("{WELL_KNOWN_CREDENTIAL_ISSUER}/wallets/{{wallet}}"), get(metadata::issuer))
        .route(&format!("{WELL_KNOWN_AUTHORIZATION_SERVER}/wallets/{{wallet}}"), get(metadata::authorization_server))
        .route("/wallets/{wallet}/openid4vci/offers/{reference}", get(offers::by_reference))
        .route("/wallets/{wallet}/openid4vci/token", post(token::exchange))
        .route("/wallets/{wallet}/openid4vci/nonce", post(nonce_endpoint::give))
        .route("/wallets/{wallet}/openid4vci/credential", post(credential::issue))
}

/// The wallet that the path names, and the stranger who speaks with it.
pub(super) struct Visit {
    pub(super) wallet: WalletId,
    pub(super) stranger: Caller,
    /// What stands at the end of an offer's address.
    pub(super) reference: String,
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let Path(mut path) = path.map_err(|_| Code::NotFound)?;
        let mut named = |name: &str| path.remove(name).unwrap_or_default();
        let (wallet, reference) = (named("wallet").parse().map_err(|_| Code::NotFound)?, named("reference"));
        app.store.read().await?.wallet(wallet).await?.ok_or(Code::NotFound)?;
        let request_id = parts.extensions.get::<RequestId>().copied();
        let request_id = request_id.unwrap_or_else(|| app.randomness.id(app.clock.now()));
        Ok(Self { wallet, stranger: Caller::stranger(wallet, request_id), reference })
    }
}
