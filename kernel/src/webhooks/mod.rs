//! Webhooks: telling the owner of a session (an issuance, a verification) that something happened, at an address
//! that the owner gave with it (Standard Webhooks 1.0, <https://github.com/standard-webhooks/standard-webhooks>).
//!
//! A feature takes a [`Callback`] in its request, checks it with [`check`], adds it with [`register`] in the change
//! that makes the session, and calls [`enqueue`] in every change that its owner should hear of:
//!
//! ```ignore
//! let callback = webhooks::check(app, draft.callback.as_ref(), &mut fields);
//! // …
//! webhooks::register(&mut change, app, issuance.id, callback.as_ref()).await?;
//! // …
//! let notice = Notice { kind: "issuance.issued", session: id.into(), correlation_id, status: "issued" };
//! webhooks::enqueue(&mut change, app, &notice).await?;
//! ```
//!
//! A webhook is thin: a receiver that wants to know more asks the API, with a key. So a misdirected webhook discloses
//! no claims, and a late one says nothing wrong.

mod delivery;
mod secret;

use jiff::{SignedDuration, Timestamp};
use model::WebhookId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::NewCallback;
use uuid::Uuid;

use crate::app::App;
use crate::caller::Transaction;
use crate::http::{Fields, checked};
use crate::outbound::RemoteUrl;
use crate::problem::Problem;
use secret::Secret;

pub use delivery::keep_sending;
pub use secret::SecretText;

/// How long a callback is kept when its session is not deleted.
const CALLBACK_RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Where a client wants to be told of the session that it asks for.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// An https URL. Webhooks are sent there as POST requests with a JSON body
    /// `{"type", "timestamp", "data": {"id", "correlation_id", "status"}}`.
    #[serde(deserialize_with = "checked::<RemoteUrl, _, _>")]
    pub url: String,
    /// What signs them: `whsec_` and 24 to 64 random bytes in base64, chosen by the receiver (Standard Webhooks
    /// 1.0). It is never shown again.
    #[serde(deserialize_with = "checked::<Secret, _, _>")]
    #[schemars(with = "String")]
    pub secret: SecretText,
}

/// How the telling of a session goes.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CallbackStatus")]
pub struct CallbackBody {
    /// Where webhooks are sent.
    url: String,
    /// How often the last one was tried.
    attempts: i64,
    /// Why the last attempt failed; `null` when it did not.
    last_error: Option<String>,
    /// When a webhook last arrived.
    #[schemars(with = "Option<model::schema::DateTime>")]
    delivered_at: Option<Timestamp>,
    /// When the receiver answered that it wants no more (410).
    #[schemars(with = "Option<model::schema::DateTime>")]
    ended_at: Option<Timestamp>,
}

/// A callback that was checked.
pub struct CheckedCallback {
    url: String,
    secret: Secret,
}

/// The notice of a webhook.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    /// The type of the event, such as `issuance.issued`.
    pub kind: &'a str,
    /// The session.
    pub session: Uuid,
    /// The correlation id of the session, if it has one.
    pub correlation_id: Option<&'a str>,
    /// The session's status now.
    pub status: &'a str,
}

#[derive(Serialize)]
struct Payload<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    id: Uuid,
    correlation_id: Option<&'a str>,
    status: &'a str,
}

/// Checks a callback; refusals go to `fields` under `callback`.
pub fn check(app: &App, callback: Option<&Callback>, fields: &mut Fields) -> Option<CheckedCallback> {
    let callback = callback?;
    let url = fields.take("callback.url", app.outbound.check(&callback.url));
    let secret = fields.take("callback.secret", callback.secret.parse());
    // The URL as it was given: the guarded client reads it anew.
    url.zip(secret).map(|(_, secret)| CheckedCallback { url: callback.url.clone(), secret })
}

/// Keeps the callback of a session that this change makes. The secret is sealed for it alone.
pub async fn register(
    change: &mut Transaction<'_>,
    app: &App,
    session: impl Into<Uuid>,
    callback: Option<&CheckedCallback>,
) -> Result<(), Problem> {
    let Some(callback) = callback else { return Ok(()) };
    let session_id = session.into();
    let sealed = app.sealing.seal(callback.secret.as_bytes(), &place(session_id), &app.randomness);
    Ok(change.insert_callback(&NewCallback { session_id, url: callback.url.clone(), sealed }).await?)
}

/// Queues a webhook, to be sent when this change is committed; does nothing when the session has no callback.
pub async fn enqueue(change: &mut Transaction<'_>, app: &App, notice: &Notice<'_>) -> Result<(), Problem> {
    let timestamp = change.at();
    let data = Data { id: notice.session, correlation_id: notice.correlation_id, status: notice.status };
    let body = serde_json::to_string(&Payload { kind: notice.kind, timestamp, data }).unwrap_or_default();
    let id: WebhookId = app.randomness.id(timestamp);
    change.insert_webhook(id, notice.session, &body).await?;
    Ok(())
}

/// Removes the callbacks of sessions that ended long ago; part of the clean-up.
pub async fn clean(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    app.store.forget_callbacks(now.saturating_sub(CALLBACK_RETENTION).unwrap_or(now)).await?;
    Ok(())
}

/// Where alone a secret can be opened.
fn place(session: Uuid) -> String {
    format!("{session} callback")
}

impl From<model::Callback> for CallbackBody {
    fn from(callback: model::Callback) -> Self {
        Self {
            url: callback.url,
            attempts: callback.attempts,
            last_error: callback.last_error,
            delivered_at: callback.delivered_at,
            ended_at: callback.ended_at,
        }
    }
}
