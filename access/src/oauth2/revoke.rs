//! Token revocation (RFC 7009): a client ends one of its tokens before its time.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::{Code, Problem};
use model::{Action, NewEvent, Target};
use serde_json::json;

use super::authentication::Authenticated;
use super::error::OauthError;

/// A token that is over, revoked or none at all is no error: what the client wants is the case (RFC 7009 §2.2).
pub(super) async fn revoke(State(app): State<Arc<App>>, request: Authenticated) -> Result<StatusCode, OauthError> {
    let text = request.form.require("token", "token is missing")?;
    let Ok((token, _)) = app.gate.inspect(text, app.clock.millis()) else { return Ok(StatusCode::OK) };
    let client = &request.client;
    if token.client != client.id {
        return Err(OauthError::UnauthorizedClient("the token is another client's"));
    }
    let expires_at = Timestamp::from_millisecond(token.expires_at).map_err(|_| Problem::from(Code::Internal))?;
    let mut change = app.begin(&Caller::client(client, request.request_id)).await?;
    if change.revoke_token(token.id, expires_at).await? {
        let target = Target::new(client.id, client.client_id.as_str());
        let event = NewEvent::new(Action::AccessTokenRevoked, target).with(json!({"token_id": token.id}));
        change.commit(event).await?;
    }
    Ok(StatusCode::OK)
}
