//! Delivery of webhooks, repeated until one arrives, is refused for good, or is given up.
//!
//! A server takes a webhook by moving its time into the future in one statement, so of two servers on one database one
//! sends it; when that one dies, the other finds it due again. A receiver recognises a repeated webhook by its
//! `webhook-id`.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use store::{DueWebhook, Next};
use tokio::task::JoinSet;

use super::place;
use super::secret::Secret;
use crate::app::App;
use crate::outage::Outage;
use crate::problem::Problem;

/// How often to look for due webhooks.
const LOOK: Duration = Duration::from_secs(1);
/// How many are under way at a time.
const AT_ONCE: usize = 32;
/// How long a webhook is a server's own: longer than the guarded client's whole time.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);

/// The time from each attempt to the next (Standard Webhooks 1.0, "Deliverability and reliability"). After the last,
/// three days later, the webhook is given up.
const RETRIES: [SignedDuration; 9] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];

/// Why an attempt failed.
struct Failure {
    why: String,
    /// The receiver wants no more.
    gone: bool,
}

impl App {
    /// Sends the webhooks that are due, and returns when each has arrived or failed. Returns how many were tried.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn send_webhooks(self: &Arc<Self>) -> Result<usize, Problem> {
        let mut under_way = JoinSet::new();
        take_due(self, &mut under_way).await?;
        Ok(under_way.join_all().await.len())
    }
}

/// Sends due webhooks, until dropped.
pub async fn keep_sending(app: Arc<App>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut under_way, mut outage) = (JoinSet::new(), Outage::default());
    loop {
        look.tick().await;
        while under_way.try_join_next().is_some() {}
        outage.note("webhooks wait for the database", take_due(&app, &mut under_way).await);
    }
}

async fn take_due(app: &Arc<App>, under_way: &mut JoinSet<()>) -> Result<(), Problem> {
    let now = app.clock.now();
    let free = AT_ONCE.saturating_sub(under_way.len());
    let due = app.store.read().await?.due_webhooks(now, i64::try_from(free).unwrap_or(0)).await?;
    for webhook in due {
        if app.store.claim_webhook(&webhook, later(now, CLAIM)).await? {
            under_way.spawn(attempt(Arc::clone(app), webhook));
        }
    }
    Ok(())
}

async fn attempt(app: Arc<App>, webhook: DueWebhook) {
    let done = match send(&app, &webhook).await {
        Ok(()) => app.store.webhook_delivered(&webhook, app.clock.now()).await,
        Err(Failure { why, gone }) => {
            let next = next(app.clock.now(), webhook.attempts, gone);
            tracing::info!(webhook = %webhook.id, attempts = webhook.attempts + 1, ?next, "a webhook did not arrive");
            app.store.webhook_failed(&webhook, &why, next).await
        }
    };
    if let Err(error) = done {
        // It becomes due again when its claim expires.
        tracing::error!(%error, webhook = %webhook.id, "how a webhook fared cannot be written");
    }
}

/// The next step after a failed attempt; `before` is the number of attempts before it.
fn next(now: Timestamp, before: i64, gone: bool) -> Next {
    if gone {
        return Next::End(now);
    }
    let wait = usize::try_from(before).ok().and_then(|before| RETRIES.get(before));
    wait.map_or(Next::GiveUp, |wait| Next::Retry(later(now, *wait)))
}

/// Any answer of 200 to 299 says that it arrived.
async fn send(app: &App, webhook: &DueWebhook) -> Result<(), Failure> {
    let failure = |why: String| Failure { why, gone: false };
    let opened = app.sealing.open(&webhook.sealed, &place(webhook.session_id));
    let secret = opened.map(Secret::opened).map_err(|error| failure(error.to_string()))?;
    let headers = headers(webhook, &secret, app.clock.now()).ok_or_else(|| failure("no headers".to_owned()))?;
    let status = app.outbound.post_bytes(&webhook.url, headers, webhook.body.clone().into_bytes()).await;
    let status = status.map_err(|error| failure(error.to_string()))?;
    if status.is_success() {
        Ok(())
    } else {
        let why = format!("{} answers with status {}", webhook.url, status.as_u16());
        Err(Failure { why, gone: status == StatusCode::GONE })
    }
}

/// The time is that of the attempt; the id is that of the message.
fn headers(webhook: &DueWebhook, secret: &Secret, now: Timestamp) -> Option<HeaderMap> {
    let (id, timestamp) = (webhook.id.to_string(), now.as_second());
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("webhook-signature", secret.sign(&id, timestamp, &webhook.body).parse().ok()?);
    headers.insert("webhook-timestamp", timestamp.into());
    headers.insert("webhook-id", id.parse().ok()?);
    Some(headers)
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(now)
}
