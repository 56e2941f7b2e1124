//! The signed request (OpenID4VP 1.0 §5.10, RFC 9101): handed out until it is answered or has expired.
//!
//! The first that fetches it draws its nonce and its state; every later one gets the same, signed anew, because wallets
//! fetch again: after a lost connection, with another nonce of their own, or to look at it first. What binds an answer
//! to the request is that nonce, and one answer counts, whoever fetched the request how often.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use jiff::Timestamp;
use kernel::app::App;
use kernel::problem::{Code, Problem};
use kernel::protocol_request::ProtocolRequest;
use keys::identifiers::signer;
use model::{Action, NewEvent, Verification, VerificationStatus};
use store::{Challenge, Conn};
use vc::names::MEDIA_TYPE_REQUEST_OBJECT;
use vc::openid4vp::{ClientId, ClientMetadata, RequestObject, ResponseMode, ResponseType, wallet_nonce};
use zeroize::Zeroizing;

use super::super::{challenge, target, tell};
use super::response_uri;

pub(super) async fn get(protocol: ProtocolRequest, State(app): State<Arc<App>>) -> Result<Response, Problem> {
    hand_out(&app, &protocol, None).await
}

/// The wallet may send a nonce of its own, which the request then repeats. What else it sends is not needed.
pub(super) async fn post(
    protocol: ProtocolRequest,
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, Problem> {
    hand_out(&app, &protocol, wallet_nonce(&body)).await
}

/// Whether there is a request. HEAD changes nothing (RFC 9110 §9.2.1), so nothing is drawn or signed for it.
pub(super) async fn head(protocol: ProtocolRequest, State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let digest = challenge::REFERENCE.digest(&app, protocol.segment("reference")?);
    open(&app, &mut app.store.read().await?, &protocol, &digest).await?;
    Ok([(header::CONTENT_TYPE, MEDIA_TYPE_REQUEST_OBJECT)].into_response())
}

async fn hand_out(app: &App, protocol: &ProtocolRequest, wallet_nonce: Option<String>) -> Result<Response, Problem> {
    let digest = challenge::REFERENCE.digest(app, protocol.segment("reference")?);
    let mut read = app.store.read().await?;
    let verification = open(app, &mut read, protocol, &digest).await?;
    let text = if let Some(nonce) = handed_out(app, &mut read, &verification).await? {
        sign(app, &mut read, &verification, app.clock.now(), nonce, wallet_nonce).await?
    } else {
        drop(read);
        hand_out_first(app, protocol, &digest, wallet_nonce).await?
    };
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE_REQUEST_OBJECT)], text).into_response())
}

/// The verification with this reference, while it can be answered.
async fn open(
    app: &App,
    conn: &mut Conn,
    protocol: &ProtocolRequest,
    digest: &[u8; 32],
) -> Result<Verification, Problem> {
    let found = conn.verification_with_reference(protocol.wallet, digest).await?;
    Ok(found.filter(|found| found.status_at(app.clock.now()).is_open()).ok_or(Code::NotFound)?)
}

/// The nonce of a request that was handed out before.
async fn handed_out(
    app: &App,
    conn: &mut Conn,
    verification: &Verification,
) -> Result<Option<Zeroizing<String>>, Problem> {
    let challenge = conn.verification_challenge(verification.wallet_id, verification.id).await?;
    challenge.map(|found| challenge::NONCE.open_text(app, verification.id, &found.nonce)).transpose()
}

/// Draws the nonce and writes down that a wallet has the request, unless another one was faster meanwhile.
async fn hand_out_first(
    app: &App,
    protocol: &ProtocolRequest,
    digest: &[u8; 32],
    wallet_nonce: Option<String>,
) -> Result<String, Problem> {
    let mut change = app.begin(&protocol.stranger).await?;
    let at = change.at();
    let verification = open(app, &mut change, protocol, digest).await?;
    if let Some(nonce) = handed_out(app, &mut change, &verification).await? {
        return sign(app, &mut change, &verification, at, nonce, wallet_nonce).await;
    }
    let nonce = challenge::draw(app);
    let waited_for = Challenge {
        nonce: challenge::NONCE.seal(app, verification.id, nonce.as_bytes()),
        state_digest: challenge::STATE.digest(app, &challenge::state(app, &nonce)),
    };
    if verification.status != VerificationStatus::Requested
        || !change.retrieve_verification(verification.id, &waited_for).await?
    {
        return Err(Code::NotFound.into());
    }
    let text = sign(app, &mut change, &verification, at, nonce, wallet_nonce).await?;
    tell(app, &mut change, &verification, Action::VerificationRetrieved.name()).await?;
    change.commit(NewEvent::new(Action::VerificationRetrieved, target(&verification))).await?;
    Ok(text)
}

async fn sign(
    app: &App,
    conn: &mut Conn,
    verification: &Verification,
    at: Timestamp,
    nonce: Zeroizing<String>,
    wallet_nonce: Option<String>,
) -> Result<String, Problem> {
    let wallet_id = verification.wallet_id;
    let wallet = conn.wallet(wallet_id).await?.ok_or(Code::NotFound)?;
    // Where template and identifier were deleted since, nobody asks any more.
    let signer = signer(app, conn, wallet_id, verification.identifier_id).await?.ok_or(Code::NotFound)?;
    let terms = &verification.terms;
    let object = RequestObject {
        client_id: ClientId::of(signer.did),
        response_type: ResponseType::VpToken,
        response_mode: ResponseMode::DirectPost,
        response_uri: response_uri(app, verification),
        state: Some(challenge::state(app, &nonce)),
        nonce: nonce.to_string(),
        dcql_query: terms.query.clone(),
        client_metadata: Some(ClientMetadata::of(wallet.name.as_str())),
        purpose: Some(terms.purpose.clone()).filter(|purpose| !purpose.is_empty()),
        wallet_nonce,
        iat: Some(at.as_second()),
        exp: Some(verification.expires_at.as_second()),
    };
    Ok(object.sign(&signer.key, &signer.kid))
}
