//! An offer by reference (OpenID4VCI 1.0 §4.1.3), until a wallet takes it up.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::app::App;
use kernel::problem::{Code, Problem};
use kernel::protocol_request::ProtocolRequest;
use vc::openid4vci::CredentialOffer;

use super::super::offer::{OpenOffer, referenced};

pub(super) async fn by_reference(
    protocol: ProtocolRequest,
    State(app): State<Arc<App>>,
) -> Result<Json<CredentialOffer>, Problem> {
    let id = referenced(&app, protocol.segment("reference")?).ok_or(Code::NotFound)?;
    let mut read = app.store.read().await?;
    let issuance = read.issuance(protocol.wallet, id).await?.ok_or(Code::NotFound)?;
    let offer = OpenOffer::find(&app, &mut read, &issuance).await?.ok_or(Code::NotFound)?;
    Ok(Json(offer.offer))
}
