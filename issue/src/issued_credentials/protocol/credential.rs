//! The Credential Endpoint (OpenID4VCI 1.0 §8): the access token and a proof of the holder's key become the
//! credential, once.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::FromRequest as _;
use axum::extract::{Request, State};
use http::{HeaderMap, header};
use jiff::Timestamp;
use kernel::app::App;
use kernel::http::{JSON, ProtocolError, is_media_type};
use kernel::protocol_request::ProtocolRequest;
use model::{Action, Issuance, IssuanceStatus, WalletId};
use store::Conn;
use vc::openid4vci::{CredentialErrorCode, CredentialRequest, CredentialResponse};

use super::super::offer::{TOKEN, is_by_identifier};
use super::super::{callback, credential, event, lifecycle};
use super::proof::{self, Proven, invalid_nonce};

/// How to present the access token (RFC 6750 §3).
const CHALLENGE: &str = r#"Bearer realm="claviger""#;
/// What was presented is not valid (RFC 6750 §3.1).
const INVALID_TOKEN: &str = r#"Bearer realm="claviger", error="invalid_token""#;

pub(super) async fn issue(
    protocol: ProtocolRequest,
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Json<CredentialResponse>, ProtocolError> {
    let token = bearer(request.headers())?;
    let (digest, by_identifier) = (TOKEN.digest(&app, token), is_by_identifier(token));
    let issuance = waiting(&mut app.store.read().await?, protocol.wallet, &digest, app.clock.now()).await?;
    let request = read(request, &app).await?;
    check(&request, &issuance, by_identifier)?;
    let proven = proof::verify(&app, &protocol, request.proofs.as_ref()).await?;
    let compact = hand_over(&app, &protocol, &digest, &proven).await?;
    Ok(Json(CredentialResponse::of(compact)))
}

/// Changes happen one after the other, so of two requests with one token, or with one nonce, the second finds that
/// the first has used it.
async fn hand_over(
    app: &App,
    protocol: &ProtocolRequest,
    token: &[u8; 32],
    proven: &Proven,
) -> Result<String, ProtocolError> {
    let mut change = app.begin(&protocol.stranger).await?;
    let at = change.at();
    let issuance = waiting(&mut change, protocol.wallet, token, at).await?;
    if !change.use_nonce(&proven.nonce.digest, proven.nonce.forget_at).await? {
        return Err(invalid_nonce());
    }
    let (compact, issued) = match credential::make(app, &mut change, &issuance, &proven.key).await? {
        Ok(made) => made,
        Err(failure) => {
            lifecycle::fail(app, change, &issuance, failure).await?;
            return Err(refused(
                CredentialErrorCode::CredentialRequestDenied,
                "the credential cannot be issued any more",
            ));
        }
    };
    let after = change.finish_issuance(issuance.id, token, &issued).await?.ok_or_else(invalid_token)?;
    callback::tell(app, &mut change, &after).await?;
    change.commit(event(Action::IssuanceIssued, &after)).await?;
    Ok(compact)
}

/// The issuance that waits for this access token.
async fn waiting(
    conn: &mut Conn,
    wallet: WalletId,
    token: &[u8; 32],
    now: Timestamp,
) -> Result<Issuance, ProtocolError> {
    let issuance = conn.issuance_with_token(wallet, token).await?;
    issuance.filter(|found| found.status_at(now) == IssuanceStatus::Accepted).ok_or_else(invalid_token)
}

async fn read(request: Request, app: &Arc<App>) -> Result<CredentialRequest, ProtocolError> {
    let malformed =
        || refused(CredentialErrorCode::InvalidCredentialRequest, "the body must be a Credential Request in JSON");
    if !is_media_type(request.headers(), JSON) {
        return Err(malformed());
    }
    let body = Bytes::from_request(request, app).await.map_err(|_| malformed())?;
    CredentialRequest::parse(&body).map_err(|_| malformed())
}

/// The credential is asked for by its identifier where the Token Response gave one, and else by the name of its
/// configuration; never by both (OpenID4VCI 1.0 §8.2).
fn check(request: &CredentialRequest, issuance: &Issuance, by_identifier: bool) -> Result<(), ProtocolError> {
    if request.credential_response_encryption.is_some() {
        let why = "the response cannot be encrypted";
        return Err(refused(CredentialErrorCode::InvalidEncryptionParameters, why));
    }
    match (&request.credential_configuration_id, &request.credential_identifier) {
        (None, Some(id)) if by_identifier && *id == issuance.id.to_string() => Ok(()),
        (None, Some(_)) if by_identifier => {
            let why = "the credential_identifier is none of the Token Response";
            Err(refused(CredentialErrorCode::UnknownCredentialIdentifier, why))
        }
        (Some(_), None) if by_identifier => {
            let why =
                "the Token Response gave credential_identifiers: use one of them, not credential_configuration_id";
            Err(refused(CredentialErrorCode::InvalidCredentialRequest, why))
        }
        (Some(id), None) if *id == issuance.template_id.to_string() => Ok(()),
        (Some(_), None) => {
            let why = "the token is not for this credential configuration";
            Err(refused(CredentialErrorCode::UnknownCredentialConfiguration, why))
        }
        (None, Some(_)) => {
            let why = "the token response gave no credential identifiers: use credential_configuration_id";
            Err(refused(CredentialErrorCode::UnknownCredentialIdentifier, why))
        }
        _ => {
            let why = "the request must name one credential, by credential_configuration_id";
            Err(refused(CredentialErrorCode::InvalidCredentialRequest, why))
        }
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, ProtocolError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let missing = || ProtocolError::Unauthorized {
        error: "invalid_token",
        description: Cow::Borrowed("send the access token in Authorization: Bearer"),
        challenge: CHALLENGE,
    };
    let value = values.next().ok_or_else(missing)?;
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(invalid_token)?;
    let alone = values.next().is_none() && scheme.eq_ignore_ascii_case("Bearer");
    if alone { Ok(token.trim()) } else { Err(invalid_token()) }
}

fn invalid_token() -> ProtocolError {
    ProtocolError::Unauthorized {
        error: "invalid_token",
        description: Cow::Borrowed("the access token is unknown, was used, or its time is over"),
        challenge: INVALID_TOKEN,
    }
}

pub(super) fn refused(code: CredentialErrorCode, why: impl Into<Cow<'static, str>>) -> ProtocolError {
    ProtocolError::refused(code.as_str(), why)
}
