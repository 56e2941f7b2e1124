//! The Token Endpoint (OpenID4VCI 1.0 §6): the code of an offer, with the transaction code where one is asked for,
//! becomes an access token, once.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header;
use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::Transaction;
use kernel::http::{Form, FormError, ProtocolError};
use kernel::protocol_request::ProtocolRequest;
use model::{Action, Issuance, IssuanceFailure, IssuanceStatus};
use vc::names::openid4vci::token_request as parameter;
use vc::openid4vci::{AuthorizationDetails, Grants, TokenErrorCode, TokenResponse, requested_configurations};

use super::super::offer::{CODE, TOKEN, is_tx_code, new_token};
use super::super::{callback, event, lifecycle};

/// How long a wallet has to fetch the credential: its owner may have to unlock a key first.
const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How many wrong transaction codes end an offer.
const TRIES: i64 = 5;

pub(super) async fn exchange(
    protocol: ProtocolRequest,
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ProtocolError> {
    let form = Form::read(request, &app).await.map_err(invalid)?;
    let grant = form.require(parameter::GRANT_TYPE, "grant_type is missing").map_err(invalid)?;
    if grant != Grants::PRE_AUTHORIZED_CODE {
        let why = format!("grant_type must be {}", Grants::PRE_AUTHORIZED_CODE);
        return Err(refused(TokenErrorCode::UnsupportedGrantType, why));
    }
    let details = form.get(parameter::AUTHORIZATION_DETAILS);
    let details = details.map(|json| requested_configurations(json, &app.wallet_url(protocol.wallet))).transpose();
    let details = details.map_err(|error| refused(TokenErrorCode::InvalidRequest, error.to_string()))?;
    let code = form.require(parameter::PRE_AUTHORIZED_CODE, "pre-authorized_code is missing").map_err(invalid)?;
    let digest = CODE.digest(&app, code);
    // Whoever guesses codes takes no turn among the changes.
    app.store.read().await?.issuance_with_code(protocol.wallet, &digest).await?.ok_or_else(unknown_code)?;
    let mut change = app.begin(&protocol.stranger).await?;
    let issuance = change.issuance_with_code(protocol.wallet, &digest).await?;
    let issuance = issuance.filter(|found| found.status_at(change.at()) == IssuanceStatus::Offered);
    let issuance = issuance.ok_or_else(unknown_code)?;
    check_details(details.as_deref(), &issuance)?;
    let change = check_tx_code(&app, change, &issuance, form.get(parameter::TX_CODE)).await?;
    let response = accept(&app, change, &issuance, details.is_some()).await?;
    Ok(([(header::PRAGMA, "no-cache")], Json(response)).into_response())
}

/// What is asked for must be what the code is for (OpenID4VCI 1.0 §6.1.1). A refusal uses nothing up.
fn check_details(configurations: Option<&[String]>, issuance: &Issuance) -> Result<(), ProtocolError> {
    let offered = issuance.template_id.to_string();
    if configurations.into_iter().flatten().all(|asked| *asked == offered) {
        return Ok(());
    }
    let why = "authorization_details must name the credential configuration of the offer, and no other";
    Err(refused(TokenErrorCode::InvalidRequest, why))
}

/// Takes the offer up. A holder that asks by authorization details gets the identifier of the credential.
async fn accept(
    app: &App,
    mut change: Transaction<'_>,
    issuance: &Issuance,
    by_identifier: bool,
) -> Result<TokenResponse, ProtocolError> {
    let token = new_token(app, by_identifier);
    let end = change.at().saturating_add(TOKEN_LIFETIME).unwrap_or(Timestamp::MAX);
    let end = issuance.valid_until.map_or(end, |until| until.min(end));
    let after = change.accept_issuance(issuance.id, &TOKEN.digest(app, &token), end).await?;
    let after = after.ok_or_else(unknown_code)?;
    callback::tell(app, &mut change, &after).await?;
    let expires_in = end.duration_since(change.at()).as_secs();
    change.commit(event(Action::IssuanceAccepted, &after)).await?;
    Ok(TokenResponse {
        access_token: token.to_string(),
        token_type: "Bearer".to_owned(),
        expires_in: Some(expires_in),
        authorization_details: by_identifier
            .then(|| AuthorizationDetails::identified(issuance.template_id.to_string(), issuance.id.to_string()))
            .into_iter()
            .collect(),
    })
}

/// Hands the change back when the transaction code is right, or none is asked for. A wrong one is counted.
async fn check_tx_code<'a>(
    app: &'a App,
    mut change: Transaction<'a>,
    issuance: &Issuance,
    presented: Option<&str>,
) -> Result<Transaction<'a>, ProtocolError> {
    let digest = change.issuance_tx_code_digest(issuance.wallet_id, issuance.id).await?;
    let invalid = |why| Err(refused(TokenErrorCode::InvalidRequest, why));
    let (digest, presented) = match (digest, presented) {
        (None, None) => return Ok(change),
        (None, Some(_)) => return invalid("the offer asks for no tx_code"),
        (Some(_), None) => return invalid("the offer asks for a tx_code"),
        (Some(digest), Some(presented)) => (digest, presented),
    };
    if is_tx_code(app, issuance.id, presented, &digest) {
        return Ok(change);
    }
    let tries = change.count_wrong_tx_code(issuance.id).await?.unwrap_or(TRIES);
    if tries >= TRIES {
        lifecycle::fail(app, change, issuance, IssuanceFailure::TxCodeTries).await?;
        return Err(refused(TokenErrorCode::InvalidGrant, "the tx_code is wrong, and the offer is over"));
    }
    change.commit(event(Action::IssuanceTxCodeRefused, issuance)).await?;
    Err(refused(TokenErrorCode::InvalidGrant, "the tx_code is wrong"))
}

fn invalid(error: FormError) -> ProtocolError {
    refused(TokenErrorCode::InvalidRequest, error.why())
}

fn unknown_code() -> ProtocolError {
    refused(TokenErrorCode::InvalidGrant, "the code is unknown, was used, or its time is over")
}

fn refused(code: TokenErrorCode, why: impl Into<std::borrow::Cow<'static, str>>) -> ProtocolError {
    ProtocolError::refused(code.as_str(), why)
}
