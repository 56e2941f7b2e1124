//! Token introspection (RFC 7662): whether a token would be admitted at this moment, and for what.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::app::App;
use model::resource::ApiAccess;
use model::{Requirement as _, View};
use serde_json::{Value, json};

use super::authentication::Authenticated;
use super::error::OauthError;

/// A client may ask about its own tokens, and about its whole wallet's when it holds API Access (View). Of every other
/// token it learns as little as of nonsense (RFC 7662 §2.2).
pub(super) async fn introspect(State(app): State<Arc<App>>, request: Authenticated) -> Result<Json<Value>, OauthError> {
    let text = request.form.require("token", "token is missing")?;
    let client = &request.client;
    let sees_all = View::<ApiAccess>::PERMISSION.is_some_and(|permission| client.permissions.contains(permission));
    let inspected = app.gate.inspect(text, app.clock.millis()).ok();
    let seen =
        inspected.filter(|(token, caller)| caller.wallet == client.wallet && (token.client == client.id || sees_all));
    let Some((token, caller)) = seen else { return Ok(Json(json!({ "active": false }))) };
    let realm = app.gate.realm();
    Ok(Json(json!({
        "active": true,
        "scope": caller.permissions.to_string(),
        "client_id": app.gate.actor(&caller).name,
        "token_type": "Bearer",
        "exp": token.expires_at.div_euclid(1000),
        "iat": token.issued_at.div_euclid(1000),
        "sub": token.client,
        "aud": realm.audience,
        "iss": realm.issuer,
        "jti": token.id,
    })))
}
