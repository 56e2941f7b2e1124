//! Callbacks of sessions, and the webhooks that are not delivered yet. What a delivery writes is no change: it has
//! no revision and no event, because nothing in the wallet is another for it.

use jiff::Timestamp;
use model::{Callback, WalletId, WebhookId};
use uuid::Uuid;

use crate::{Conn, Result, Store, Tx};

/// The callback of a session, to be inserted.
#[derive(Clone)]
pub struct NewCallback {
    /// The session: an issuance, a verification.
    pub session_id: Uuid,
    /// Where webhooks are sent.
    pub url: String,
    /// The secret that signs them, encrypted under the master key.
    pub sealed: Vec<u8>,
}

/// A webhook whose time has come.
#[derive(Clone)]
pub struct DueWebhook {
    /// Its id, the same at every attempt.
    pub id: WebhookId,
    /// The session that it tells of.
    pub session_id: Uuid,
    /// Where it goes.
    pub url: String,
    /// The secret that signs it, encrypted under the master key.
    pub sealed: Vec<u8>,
    /// The body, byte for byte.
    pub body: String,
    /// How often it was tried.
    pub attempts: i64,
    due_at: i64,
}

/// The next step after a failed attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Another attempt at this instant.
    Retry(Timestamp),
    /// None.
    GiveUp,
    /// None, and no other webhook of the session either: the receiver wants no more.
    End(Timestamp),
}

record! {
    Callback in "callbacks" { url, attempts, last_error, delivered_at, ended_at }
}

impl Conn {
    /// The callback of a session.
    pub async fn callback(&mut self, wallet: WalletId, session: Uuid) -> Result<Option<Callback>> {
        self.find(wallet, "AND session_id = $2", values! { session }).await
    }

    /// The webhooks whose time has come, the longest due first. Across wallets: the server sends them all.
    pub async fn due_webhooks(&mut self, now: Timestamp, limit: i64) -> Result<Vec<DueWebhook>> {
        let sql = "SELECT w.id, w.session_id, c.url, c.sealed, w.body, w.attempts, w.due_at
             FROM webhooks w JOIN callbacks c ON c.session_id = w.session_id
             WHERE w.due_at <= $1 ORDER BY w.due_at, w.id LIMIT $2";
        self.rows("webhooks", sql, values! { now, limit }, |row| {
            Ok(DueWebhook {
                id: row.get("id")?,
                session_id: row.get("session_id")?,
                url: row.get("url")?,
                sealed: row.get("sealed")?,
                body: row.get("body")?,
                attempts: row.get("attempts")?,
                due_at: row.get("due_at")?,
            })
        })
        .await
    }
}

impl Tx {
    /// Adds the callback of a session that this change makes.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when the session has one.
    pub async fn insert_callback(&mut self, new: &NewCallback) -> Result<()> {
        self.change(
            "INSERT INTO callbacks (wallet_id, session_id, url, sealed, created_at, attempts)
             VALUES ($1, $2, $3, $4, $5, 0)",
            values! { self.wallet_id(), new.session_id, new.url, new.sealed, self.at() },
        )
        .await?;
        Ok(())
    }

    /// Adds a webhook that is due at once. Returns whether the session has a callback that takes it.
    pub async fn insert_webhook(&mut self, id: WebhookId, session: Uuid, body: &str) -> Result<bool> {
        self.change(
            "INSERT INTO webhooks (id, wallet_id, session_id, body, attempts, due_at)
             SELECT $3, wallet_id, session_id, $4, 0, $5 FROM callbacks
             WHERE wallet_id = $1 AND session_id = $2 AND ended_at IS NULL",
            values! { self.wallet_id(), session, id, body, self.at() },
        )
        .await
    }

    /// Deletes the callback of a session with its secret and its webhooks that are not delivered yet.
    pub async fn delete_callback(&mut self, session: Uuid) -> Result<()> {
        let sql = "DELETE FROM webhooks WHERE wallet_id = $1 AND session_id = $2";
        self.change(sql, values! { self.wallet_id(), session }).await?;
        let sql = "DELETE FROM callbacks WHERE wallet_id = $1 AND session_id = $2";
        if self.change(sql, values! { self.wallet_id(), session }).await? {
            self.erase();
        }
        Ok(())
    }
}

impl Store {
    /// Takes a webhook for an attempt, so that no other server tries it before `until`. Returns whether it was
    /// still there to be taken.
    pub async fn claim_webhook(&self, webhook: &DueWebhook, until: Timestamp) -> Result<bool> {
        let sql = "UPDATE webhooks SET attempts = attempts + 1, due_at = $4
             WHERE id = $1 AND attempts = $2 AND due_at = $3";
        Ok(self.execute(sql, values! { webhook.id, webhook.attempts, webhook.due_at, until }).await? == 1)
    }

    /// Notes that a webhook arrived, and deletes it.
    pub async fn webhook_delivered(&self, webhook: &DueWebhook, at: Timestamp) -> Result<()> {
        let mut conn = self.write().await?;
        conn.execute("DELETE FROM webhooks WHERE id = $1", values! { webhook.id }).await?;
        let sql = "UPDATE callbacks SET attempts = $2, last_error = NULL, delivered_at = $3 WHERE session_id = $1";
        conn.execute(sql, values! { webhook.session_id, webhook.attempts + 1, at }).await?;
        conn.finish().await
    }

    /// Writes the error of a failed attempt, and the next step.
    pub async fn webhook_failed(&self, webhook: &DueWebhook, why: &str, next: Next) -> Result<()> {
        let mut conn = self.write().await?;
        let (sql, values, ended) = match next {
            Next::Retry(at) => ("UPDATE webhooks SET due_at = $2 WHERE id = $1", values! { webhook.id, at }, None),
            Next::GiveUp => ("DELETE FROM webhooks WHERE id = $1", values! { webhook.id }, None),
            Next::End(at) => ("DELETE FROM webhooks WHERE session_id = $1", values! { webhook.session_id }, Some(at)),
        };
        conn.execute(sql, values).await?;
        let sql = "UPDATE callbacks SET attempts = $2, last_error = $3, ended_at = $4 WHERE session_id = $1";
        conn.execute(sql, values! { webhook.session_id, webhook.attempts + 1, why, ended }).await?;
        conn.finish().await
    }

    /// Deletes callbacks of all wallets that were made until this instant and have nothing to send any more.
    pub async fn forget_callbacks(&self, until: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM callbacks WHERE created_at <= $1
             AND NOT EXISTS (SELECT 1 FROM webhooks WHERE webhooks.session_id = callbacks.session_id)";
        self.execute(sql, values! { until }).await
    }
}
