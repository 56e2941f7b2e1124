//! The keys that sign access tokens: one at a time for each wallet, replaced by itself every 90 days. The one before
//! stays published and trusted as long as a token of its own can be valid. A new key is published before it signs, so that a
//! verifier with a cached copy of the keys knows the key of every token.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::header;
use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::feed::{TOKEN_KEY_LEAD, TOKEN_KEY_TRUST};
use kernel::http::{CACHED_FIVE_MINUTES, Negotiation, PublicDocument};
use kernel::problem::{Code, Problem};
use model::{Action, NewEvent, Target, TokenKey, TokenKeyId, WalletId};
use serde_json::{Value, json};
use store::{Conn, NewTokenKey};
use vc::keys::SigningKey;

/// How long a key signs.
const SIGNS: SignedDuration = SignedDuration::from_hours(90 * 24);

/// `GET /oauth2/jwks` (RFC 7517 §5): the public keys of all wallets whose tokens can be valid.
pub(super) async fn published(State(app): State<Arc<App>>, asked: Negotiation) -> Result<Response, Problem> {
    let keys = app.store.read().await?.token_keys_since(forgotten(app.clock.now())).await?;
    let keys: Vec<Value> = keys.into_iter().map(published_key).collect();
    let headers = [(header::CONTENT_TYPE, "application/json"), CACHED_FIVE_MINUTES];
    Ok(PublicDocument::json(&json!({ "keys": keys }))?.answer(&asked, headers))
}

/// The key that signs the wallet's tokens now; made, or replaced, when it is time.
pub(super) async fn current(app: &App, wallet: WalletId) -> Result<(TokenKeyId, SigningKey), Problem> {
    if let Some(key) = signing(app, &mut app.store.read().await?, wallet).await? {
        return Ok(key);
    }
    let mut change = app.begin(&Caller::server(wallet)).await?;
    // Another request may have been faster.
    if let Some(key) = signing(app, &mut change, wallet).await? {
        return Ok(key);
    }
    replace(app, change).await?;
    Ok(signing(app, &mut app.store.read().await?, wallet).await?.ok_or(Code::Internal)?)
}

/// Gives the wallet a new key before its time; tokens of the one before stay valid.
pub async fn rotate(app: &App, caller: &Caller) -> Result<TokenKeyId, Problem> {
    replace(app, app.begin(caller).await?).await
}

async fn replace(app: &App, mut change: Transaction<'_>) -> Result<TokenKeyId, Problem> {
    let now = change.at();
    let id: TokenKeyId = app.randomness.id(now);
    let pair = app.sealing.key_pair(&id.to_string(), &app.randomness)?;
    let new = NewTokenKey { id, public_jwk: pair.public_jwk, sealed: pair.sealed };
    change.rotate_token_key(&new, forgotten(now)).await?;
    change.commit(NewEvent::new(Action::TokenKeyRotated, Target::new(id, &id.to_string()))).await?;
    Ok(id)
}

/// The key that signs: the one that was the wallet's newest when the oldest cached copy of the keys was made, or the first
/// there is. `None` when it is time for a new one.
async fn signing(app: &App, conn: &mut Conn, wallet: WalletId) -> Result<Option<(TokenKeyId, SigningKey)>, Problem> {
    let now = app.clock.now();
    let newest = conn.token_key(wallet).await?.filter(|key| now.duration_since(key.created_at) < SIGNS);
    let Some(newest) = newest else { return Ok(None) };
    let known = conn.token_key_at(wallet, earlier(now, TOKEN_KEY_LEAD)).await?;
    let TokenKey { id, .. } = known.unwrap_or(newest);
    let sealed = conn.sealed_token_key(wallet, id).await?.ok_or(Code::Internal)?;
    Ok(Some((id, app.sealing.open_key(&sealed, &id.to_string())?)))
}

/// Keys that were replaced before this have no valid tokens.
fn forgotten(now: Timestamp) -> Timestamp {
    earlier(now, TOKEN_KEY_TRUST)
}

fn earlier(now: Timestamp, milliseconds: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_millis(milliseconds)).unwrap_or(now)
}

fn published_key(key: TokenKey) -> Value {
    let mut jwk = key.public_jwk;
    if let Value::Object(members) = &mut jwk {
        members.insert("kid".to_owned(), json!(key.id));
        members.insert("use".to_owned(), json!("sig"));
        members.insert("alg".to_owned(), json!("ES256"));
    }
    jwk
}
