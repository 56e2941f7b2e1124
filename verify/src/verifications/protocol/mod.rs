//! What a holder's wallet reaches without a key, below the wallet's own address: the signed request, and where the
//! answer goes (OpenID4VP 1.0 §5, §8.2).

mod request;
mod response;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use kernel::app::App;
use kernel::problem::{Code, Problem};
use model::Verification;
use vc::openid4vp::{AuthorizationRequest, ClientId, RequestUriMethod};

/// The routes of the protocol.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/wallets/{wallet}/openid4vp/requests/{reference}",
            get(request::get).head(request::head).post(request::post),
        )
        .route("/wallets/{wallet}/openid4vp/responses/{verification}", post(response::post))
}

/// The link that opens a wallet, with the address of the request.
pub(super) fn link(app: &App, verification: &Verification, reference: &str) -> Result<String, Problem> {
    let request_uri = format!("{}/openid4vp/requests/{reference}", app.wallet_url(verification.wallet_id));
    let client_id = client_id(verification)?;
    let request_uri_method = match verification.terms.request_uri_method {
        model::RequestUriMethod::Get => RequestUriMethod::Get,
        model::RequestUriMethod::Post => RequestUriMethod::Post,
    };
    Ok(AuthorizationRequest { client_id, request_uri, request_uri_method }.to_link())
}

/// Where the answer goes.
fn response_uri(app: &App, verification: &Verification) -> String {
    format!("{}/openid4vp/responses/{}", app.wallet_url(verification.wallet_id), verification.id)
}

/// Who asks. Presentations are made for it.
pub(super) fn client_id(verification: &Verification) -> Result<ClientId, Problem> {
    // It was a DID of this wallet when it was written.
    Ok(ClientId::of(verification.verifier.parse().map_err(|_| Code::Internal)?))
}
