//! The signed request: handed out once, with a nonce of its own (OpenID4VP 1.0 §5.10, RFC 9101).
//!
//! Once, because whoever has seen the code of somebody else's screen could fetch it a second time; and because the
//! nonce is drawn here, so that it is in nobody's hands before.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use model::{Action, NewEvent, Verification, VerificationStatus};
use store::Challenge;
use vc::names::MEDIA_TYPE_REQUEST_OBJECT;
use vc::openid4vp::{ClientId, ClientMetadata, RequestObject, ResponseMode, ResponseType, wallet_nonce};

use super::super::{challenge, target, tell};
use super::response_uri;
use crate::app::App;
use crate::caller::Change;
use crate::identifiers::signer;
use crate::problem::{Code, Problem};
use crate::visit::Visit;

pub(super) async fn get(visit: Visit, State(app): State<Arc<App>>) -> Result<Response, Problem> {
    hand_out(&app, &visit, None).await
}

/// The wallet may send a nonce of its own, which the request then repeats. What else it sends is not needed.
pub(super) async fn post(visit: Visit, State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Problem> {
    hand_out(&app, &visit, wallet_nonce(&body)).await
}

async fn hand_out(app: &App, visit: &Visit, wallet_nonce: Option<String>) -> Result<Response, Problem> {
    let digest = challenge::reference_digest(app, visit.segment("reference")?);
    let found = app.store.read().await?.verification_with_reference(visit.wallet, &digest).await?;
    let waiting = |found: &Verification| found.status_at(app.clock.now()) == VerificationStatus::Requested;
    let verification = found.filter(waiting).ok_or(Code::NotFound)?;
    let mut change = app.begin(&visit.stranger).await?;
    let (nonce, state) = (challenge::draw(app), challenge::draw(app));
    let waited_for = Challenge {
        nonce: challenge::seal(app, verification.id, challenge::NONCE, &nonce),
        state_digest: challenge::state_digest(app, &state),
    };
    if !change.retrieve_verification(verification.id, &waited_for).await? {
        return Err(Code::NotFound.into());
    }
    let text = sign(app, &mut change, &verification, Repeated { nonce, state, wallet_nonce }).await?;
    tell(app, &mut change, &verification, Action::VerificationRetrieved.name()).await?;
    change.commit(NewEvent::new(Action::VerificationRetrieved, target(&verification))).await?;
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE_REQUEST_OBJECT)], text).into_response())
}

/// What one side repeats to the other.
struct Repeated {
    nonce: String,
    state: String,
    wallet_nonce: Option<String>,
}

async fn sign(
    app: &App,
    change: &mut Change<'_>,
    verification: &Verification,
    repeated: Repeated,
) -> Result<String, Problem> {
    let (wallet_id, now) = (verification.wallet_id, change.at());
    let wallet = change.wallet(wallet_id).await?.ok_or(Code::NotFound)?;
    // Where template and identifier were deleted since, nobody asks any more.
    let signer = signer(app, change, wallet_id, verification.identifier_id).await?.ok_or(Code::NotFound)?;
    let terms = &verification.terms;
    let object = RequestObject {
        client_id: ClientId::of(signer.did),
        response_type: ResponseType::VpToken,
        response_mode: ResponseMode::DirectPost,
        response_uri: response_uri(app, verification),
        nonce: repeated.nonce,
        state: Some(repeated.state),
        dcql_query: terms.query.clone(),
        client_metadata: Some(ClientMetadata::of(wallet.name.as_str())),
        purpose: Some(terms.purpose.clone()).filter(|purpose| !purpose.is_empty()),
        wallet_nonce: repeated.wallet_nonce,
        iat: Some(now.as_second()),
        exp: Some(verification.expires_at.as_second()),
    };
    Ok(object.sign(&signer.key, &signer.kid))
}
