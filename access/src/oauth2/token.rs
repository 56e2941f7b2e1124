//! The token endpoint: Client Credentials (RFC 6749 §4.4). No refresh token: the client asks again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gate::{AccessToken, Client, NewToken, TOKEN_LIFETIME};
use http::header;
use kernel::app::App;
use kernel::caller::Caller;
use model::{Action, NewEvent, Permission, PermissionSet, Target, TokenId};
use serde::Serialize;
use serde_json::json;

use super::authentication::Authenticated;
use super::error::OauthError;
use super::keys;

/// RFC 6749 §5.1.
#[derive(Serialize)]
struct Issued<'a> {
    access_token: &'a str,
    token_type: &'static str,
    /// In seconds.
    expires_in: i64,
    scope: String,
}

pub(super) async fn issue(State(app): State<Arc<App>>, request: Authenticated) -> Result<Response, OauthError> {
    let scope =
        asked_scope(&request).inspect_err(|_| app.refusals.count_client(&request.client.client_id, request.address))?;
    app.gate.charge_token(&request.client, app.clock.millis()).map_err(OauthError::TooManyRequests)?;
    let caller = Caller::client(&request.client, request.request_id);
    let (token, expires_in) = sign(&app, &caller, &request.client, scope).await?;
    let body = Issued { access_token: token.reveal(), token_type: "Bearer", expires_in, scope: scope.to_string() };
    // `Cache-Control: no-store` stands on every answer.
    Ok(([(header::PRAGMA, "no-cache")], Json(body)).into_response())
}

/// What the token will be narrowed to: all that the client may do, or what `scope` names of it.
fn asked_scope(request: &Authenticated) -> Result<PermissionSet, OauthError> {
    match request.form.require("grant_type", "grant_type is missing")? {
        "client_credentials" => {}
        _ => return Err(OauthError::UnsupportedGrantType),
    }
    let held = request.client.permissions;
    let Some(scope) = request.form.get("scope") else { return Ok(held) };
    let names = scope.split(' ').map(str::parse::<Permission>).collect::<Result<PermissionSet, _>>();
    names.ok().filter(|asked| held.contains_all(*asked)).ok_or(OauthError::InvalidScope)
}

/// Signs a token and tells the audit log. Returns it with the seconds that it is valid.
async fn sign(
    app: &App,
    caller: &Caller,
    client: &Client,
    scope: PermissionSet,
) -> Result<(AccessToken, i64), OauthError> {
    let (key, signing_key) = keys::current(app, client.wallet).await?;
    let change = app.begin(caller).await?;
    let issued_at = change.at().as_millisecond();
    let token = NewToken {
        id: app.randomness.id::<TokenId>(change.at()),
        key,
        client: client.id,
        client_id: &client.client_id,
        scope,
        issued_at,
        expires_at: client.expires_at.min(issued_at.saturating_add(TOKEN_LIFETIME)),
    };
    let expires_in = token.expires_at.div_euclid(1000) - issued_at.div_euclid(1000);
    if expires_in <= 0 {
        return Err(gate::Denial::Expired.into());
    }
    let text = AccessToken::issue(&token, app.gate.realm(), |message| signing_key.sign(message));
    let target = Target::new(client.id, client.client_id.as_str());
    let detail = json!({"token_id": token.id, "permissions": scope, "expires_in": expires_in});
    change.commit(NewEvent::new(Action::AccessTokenIssued, target).with(detail)).await?;
    Ok((text, expires_in))
}
