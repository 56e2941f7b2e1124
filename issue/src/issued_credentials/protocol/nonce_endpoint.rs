//! The Nonce Endpoint (OpenID4VCI 1.0 §7). `Cache-Control: no-store` stands on every answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::app::App;
use kernel::protocol_request::ProtocolRequest;
use vc::openid4vci::NonceResponse;

use super::super::nonce;

pub(super) async fn give(protocol: ProtocolRequest, State(app): State<Arc<App>>) -> Json<NonceResponse> {
    Json(NonceResponse { c_nonce: nonce::new(&app, protocol.wallet) })
}
