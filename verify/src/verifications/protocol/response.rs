//! The answer of a wallet, by `direct_post` (OpenID4VP 1.0 §8.2): believed or not, well formed or not, it is taken once.
//!
//! Whoever has the state of the request has fetched it, so an answer with that state ends the verification, and what
//! was wrong with it is its reason. One without it ends nothing.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use kernel::app::App;
use kernel::caller::Transaction;
use kernel::http::{FORM, ProtocolError, is_media_type};
use kernel::problem::{Code, Problem};
use kernel::protocol_request::ProtocolRequest;
use model::{
    Action, NewEvent, Verification, VerificationId, VerificationResult, VerificationStatus, VerifiedCredential,
};
use reqwest::Url;
use serde_json::{Value, json};
use store::VerificationEnd;
use vc::openid4vp::{DirectPost, DirectPostError, ErrorCode, ResponseUriAnswer};
use zeroize::Zeroizing;

use super::super::evaluate::{Answered, Disclosed, Evaluated, evaluate};
use super::super::{challenge, failed, target, tell};

/// The one code for whatever is wrong with an answer (§8.5 has codes for wallets only).
const INVALID_REQUEST: &str = "invalid_request";

pub(super) async fn post(
    protocol: ProtocolRequest,
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ProtocolError> {
    let answer = if is_media_type(&headers, FORM) { DirectPost::parse(&body) } else { Err(DirectPostError::NotAForm) };
    let state = match &answer {
        Ok(answer) => answer.state().map(str::to_owned),
        Err(_) => DirectPost::state_of_malformed(&body),
    };
    let (verification, nonce) = match (waiting(&app, &protocol, state.as_deref().unwrap_or_default()).await, &answer) {
        // What is wrong with it helps its sender more than that it is not waited for.
        (Err(ProtocolError::Refused { .. }), Err(error)) => return Err(malformed(error)),
        (waiting, _) => waiting?,
    };
    // No transaction is open while issuers and status lists are asked.
    let evaluated = match answer {
        Ok(DirectPost::Presented { vp_token, .. }) => evaluate(&app, &verification, &nonce, &vp_token).await?,
        Ok(DirectPost::Refused { error, error_description, .. }) => {
            Evaluated::nothing(Answered::Declined, not_presented(&error, error_description.as_deref()))
        }
        Err(error) => Evaluated::nothing(Answered::Malformed, error.to_string()),
    };
    finish(&app, &protocol, &verification, evaluated).await
}

fn malformed(error: &DirectPostError) -> ProtocolError {
    ProtocolError::refused(INVALID_REQUEST, error.to_string())
}

/// The verification that waits for this answer, and its nonce. Whether it is unknown, expired, answered before or
/// somebody else's is not told.
async fn waiting(
    app: &App,
    protocol: &ProtocolRequest,
    state: &str,
) -> Result<(Verification, Zeroizing<String>), ProtocolError> {
    let id: VerificationId = protocol.segment("verification")?.parse().map_err(|_| not_waited_for())?;
    let mut read = app.store.read().await?;
    let verification = read.verification(protocol.wallet, id).await?;
    let retrieved = |found: &Verification| found.status_at(app.clock.now()) == VerificationStatus::Retrieved;
    let verification = verification.filter(retrieved).ok_or_else(not_waited_for)?;
    let waited_for = read.verification_challenge(protocol.wallet, id).await?.ok_or_else(not_waited_for)?;
    if !challenge::STATE.matches(app, state, &waited_for.state_digest) {
        return Err(not_waited_for());
    }
    let nonce = challenge::NONCE.open_text(app, id, &waited_for.nonce)?;
    Ok((verification, nonce))
}

fn not_waited_for() -> ProtocolError {
    let description = "no such answer is waited for: the request was answered, has expired, or is another one";
    ProtocolError::refused(INVALID_REQUEST, description)
}

/// What a wallet says when it does not present; its words are for people, and nobody has checked them.
fn not_presented(error: &ErrorCode, description: Option<&str>) -> String {
    match description.filter(|description| !description.trim().is_empty()) {
        Some(description) => format!("the wallet answered {error}: {description}"),
        None => format!("the wallet answered {error}"),
    }
}

/// Takes the answer, unless another one was faster or the time has passed meanwhile. A browser that the wallet was
/// opened from comes back however it went, with a code that leads to the result.
async fn finish(
    app: &App,
    protocol: &ProtocolRequest,
    verification: &Verification,
    evaluated: Evaluated,
) -> Result<Response, ProtocolError> {
    let Evaluated { result, disclosed, answered } = evaluated;
    let verified = result.is_verified();
    let (status, action) = match answered {
        Answered::Declined => (VerificationStatus::Declined, Action::VerificationDeclined),
        Answered::Presented if verified => (VerificationStatus::Verified, Action::VerificationVerified),
        Answered::Presented | Answered::Malformed => (VerificationStatus::Rejected, Action::VerificationRejected),
    };
    let (failed, refusal) = (failed(&result), refusal(answered, &result));
    let return_to = verification.redirect_uri.as_deref().map(|uri| (uri, challenge::draw(app)));
    let mut change = app.begin(&protocol.stranger).await?;
    let end = VerificationEnd {
        status,
        result: Some(result),
        response_code_digest: return_to.as_ref().map(|(_, code)| challenge::RESPONSE_CODE.digest(app, code)),
        kept_until: Some(verification.terms.retention.until(change.at())),
    };
    if !change.answer_verification(verification.id, &end).await? {
        return Err(not_waited_for());
    }
    if let (true, Some(result)) = (verified, &end.result) {
        keep(app, &mut change, verification, result, disclosed).await?;
    }
    tell(app, &mut change, verification, action.name()).await?;
    change.commit(NewEvent::new(action, target(verification)).with(json!({"failed": failed}))).await?;
    let redirect_uri = return_to.map(|(uri, code)| with_code(uri, &code)).transpose()?;
    match refusal {
        // §8.2: only with 200 a wallet sends its user on. What was wrong is told where the browser comes back.
        Some(description) if redirect_uri.is_none() => Err(ProtocolError::refused(INVALID_REQUEST, description)),
        _ => Ok(Json(ResponseUriAnswer { redirect_uri }).into_response()),
    }
}

/// What the wallet is told that is wrong with its answer; nothing when it is verified or declines.
fn refusal(answered: Answered, result: &VerificationResult) -> Option<String> {
    match answered {
        Answered::Declined => None,
        Answered::Malformed => result.checks.first().and_then(|check| check.reason.clone()),
        Answered::Presented if result.is_verified() => None,
        Answered::Presented => {
            let failed = json!(failed(result));
            let names =
                failed.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
            Some(format!("the presentation was rejected; these checks failed: {names}"))
        }
    }
}

/// Keeps what was asked for: of a verified answer alone.
async fn keep(
    app: &App,
    change: &mut Transaction<'_>,
    verification: &Verification,
    result: &VerificationResult,
    disclosed: Vec<Disclosed>,
) -> Result<(), Problem> {
    for ((presented, credential), position) in result.credentials.iter().zip(disclosed).zip(0..) {
        let kept = VerifiedCredential {
            id: app.randomness.id(change.at()),
            wallet_id: verification.wallet_id,
            verification_id: verification.id,
            template_name: verification.template_name.clone(),
            correlation_id: verification.correlation_id.clone(),
            position,
            query_id: presented.query_id.clone(),
            vct: credential.vct,
            issuer: credential.issuer,
            claims: credential.claims,
            checks: presented.checks.clone(),
            verified_at: change.at(),
        };
        change.insert_verified_credential(&kept).await?;
    }
    Ok(())
}

/// The redirect URI with the code by which its receiver is known (§8.2, §13.3).
fn with_code(uri: &str, code: &str) -> Result<String, Problem> {
    // It was checked when the verification was made.
    let mut url = Url::parse(uri).map_err(|_| Code::Internal)?;
    url.query_pairs_mut().append_pair("response_code", code);
    Ok(url.into())
}
