//! The answer of a wallet, by `direct_post` (OpenID4VP 1.0 §8.2): believed or not, it is taken once.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use model::{
    Action, Check, CheckName, NewEvent, Verification, VerificationId, VerificationResult, VerificationStatus,
    VerifiedCredential,
};
use reqwest::Url;
use serde_json::{Value, json};
use store::VerificationEnd;
use vc::openid4vp::{DirectPost, ErrorCode, ResponseUriAnswer};

use super::super::evaluate::{Evaluated, evaluate};
use super::super::{challenge, failed, target, tell};
use crate::app::App;
use crate::caller::Change;
use crate::http::ProtocolError;
use crate::problem::{Code, Problem};
use crate::visit::Visit;

/// The one code for whatever is wrong with an answer (§8.5 has codes for wallets only).
const INVALID_REQUEST: &str = "invalid_request";

pub(super) async fn post(
    visit: Visit,
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ProtocolError> {
    if !is_form(&headers) {
        let description = "send parameters as application/x-www-form-urlencoded";
        return Err(ProtocolError::refused(INVALID_REQUEST, description));
    }
    let answer =
        DirectPost::parse(&body).map_err(|error| ProtocolError::refused(INVALID_REQUEST, error.to_string()))?;
    let (verification, nonce) = waiting(&app, &visit, answer.state().unwrap_or_default()).await?;
    // No transaction is open while issuers and status lists are asked.
    let evaluated = match answer {
        DirectPost::Presented { vp_token, .. } => evaluate(&app, &verification, &nonce, &vp_token).await?,
        DirectPost::Refused { error, error_description, .. } => not_presented(&error, error_description.as_deref()),
    };
    finish(&app, &visit, &verification, evaluated).await
}

/// The verification that waits for this answer, and its nonce. Whether it is unknown, expired, answered before or
/// somebody else's is not told.
async fn waiting(app: &App, visit: &Visit, state: &str) -> Result<(Verification, String), ProtocolError> {
    let id: VerificationId = visit.segment("verification")?.parse().map_err(|_| not_waited_for())?;
    let mut read = app.store.read().await?;
    let verification = read.verification(visit.wallet, id).await?;
    let retrieved = |found: &Verification| found.status_at(app.clock.now()) == VerificationStatus::Retrieved;
    let verification = verification.filter(retrieved).ok_or_else(not_waited_for)?;
    let waited_for = read.verification_challenge(visit.wallet, id).await?.ok_or_else(not_waited_for)?;
    if !challenge::is_state(app, state, &waited_for.state_digest) {
        return Err(not_waited_for());
    }
    let nonce = challenge::open(app, id, challenge::NONCE, &waited_for.nonce)?;
    Ok((verification, nonce))
}

fn not_waited_for() -> ProtocolError {
    let description = "no such answer is waited for: the request was answered, has expired, or is another one";
    ProtocolError::refused(INVALID_REQUEST, description)
}

/// What a wallet says when it does not present; its words are for people, and nobody has checked them.
fn not_presented(error: &ErrorCode, description: Option<&str>) -> Evaluated {
    let reason = match description {
        Some(description) => format!("the wallet answered {error}: {description}"),
        None => format!("the wallet answered {error}"),
    };
    let checks = vec![Check::failed(CheckName::Answer, reason)];
    Evaluated { result: VerificationResult { checks, credentials: Vec::new() }, disclosed: Vec::new(), refused: true }
}

/// Takes the answer, unless another one was faster or the time has passed meanwhile.
async fn finish(
    app: &App,
    visit: &Visit,
    verification: &Verification,
    evaluated: Evaluated,
) -> Result<Response, ProtocolError> {
    let Evaluated { result, disclosed, refused } = evaluated;
    let verified = result.is_verified();
    let (status, action) = if verified {
        (VerificationStatus::Verified, Action::VerificationVerified)
    } else {
        (VerificationStatus::Rejected, Action::VerificationRejected)
    };
    let failed = failed(&result);
    let return_to = verification.redirect_uri.as_deref().filter(|_| verified).map(|uri| (uri, challenge::draw(app)));
    let mut change = app.begin(&visit.stranger).await?;
    let end = VerificationEnd {
        status,
        result: Some(result),
        response_code_digest: return_to.as_ref().map(|(_, code)| challenge::response_code_digest(app, code)),
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
    if verified || refused {
        let redirect_uri = return_to.map(|(uri, code)| with_code(uri, &code)).transpose()?;
        return Ok(Json(ResponseUriAnswer { redirect_uri }).into_response());
    }
    let names = json!(failed).as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
    Err(ProtocolError::refused(INVALID_REQUEST, format!("the presentation was rejected; these checks failed: {names}")))
}

/// Keeps what was disclosed: of a verified answer alone.
async fn keep(
    app: &App,
    change: &mut Change<'_>,
    verification: &Verification,
    result: &VerificationResult,
    disclosed: Vec<vc::sd_jwt_vc::VerifiedCredential>,
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

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
