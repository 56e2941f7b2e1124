//! Callbacks of sessions, and the webhooks that are not delivered yet. What a delivery writes is no change: it has
//! no revision and no event, because nothing in the wallet is another for it.

use jiff::Timestamp;
use model::{Callback, WalletId, WebhookId};
use uuid::Uuid;

use crate::database::Conn;
use crate::{Store, StoreError, Tx, column};

/// Where the owner of a session wants to be told of it.
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
    /// What is sent, byte for byte.
    pub body: String,
    /// How often it was tried.
    pub attempts: i64,
    due_at: i64,
}

/// What comes after an attempt that failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Another attempt at this instant.
    Retry(Timestamp),
    /// None.
    GiveUp,
    /// None, and no other webhook of the session either: the receiver wants no more.
    End(Timestamp),
}

#[derive(sqlx::FromRow)]
struct CallbackRow {
    url: String,
    attempts: i64,
    last_error: Option<String>,
    delivered_at: Option<i64>,
    ended_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct DueRow {
    id: String,
    session_id: String,
    url: String,
    sealed: Vec<u8>,
    body: String,
    attempts: i64,
    due_at: i64,
}

impl TryFrom<CallbackRow> for Callback {
    type Error = StoreError;

    fn try_from(row: CallbackRow) -> Result<Self, StoreError> {
        Ok(Self {
            url: row.url,
            attempts: row.attempts,
            last_error: row.last_error,
            delivered_at: column::time_or_none("callbacks.delivered_at", row.delivered_at)?,
            ended_at: column::time_or_none("callbacks.ended_at", row.ended_at)?,
        })
    }
}

impl TryFrom<DueRow> for DueWebhook {
    type Error = StoreError;

    fn try_from(row: DueRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("webhooks.id", &row.id)?,
            session_id: column::parse("webhooks.session_id", &row.session_id)?,
            url: row.url,
            sealed: row.sealed,
            body: row.body,
            attempts: row.attempts,
            due_at: row.due_at,
        })
    }
}

impl Conn {
    /// The callback of a session.
    pub async fn callback(&mut self, wallet: WalletId, session: Uuid) -> Result<Option<Callback>, StoreError> {
        let row = fetch_optional!(
            self,
            CallbackRow,
            "SELECT url, attempts, last_error, delivered_at, ended_at FROM callbacks
             WHERE wallet_id = $1 AND session_id = $2",
            wallet.to_string(),
            session.to_string(),
        )?;
        row.map(Callback::try_from).transpose()
    }

    /// The webhooks whose time has come, the longest due first. Across wallets: the server sends them all.
    pub async fn due_webhooks(&mut self, now: Timestamp, limit: i64) -> Result<Vec<DueWebhook>, StoreError> {
        let rows = fetch_all!(
            self,
            DueRow,
            "SELECT w.id, w.session_id, c.url, c.sealed, w.body, w.attempts, w.due_at
             FROM webhooks w JOIN callbacks c ON c.session_id = w.session_id
             WHERE w.due_at <= $1 ORDER BY w.due_at, w.id LIMIT $2",
            now.as_millisecond(),
            limit,
        )?;
        rows.into_iter().map(DueWebhook::try_from).collect()
    }
}

impl Tx {
    /// Adds the callback of a session that this change makes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when the session has one.
    pub async fn insert_callback(&mut self, callback: &NewCallback) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO callbacks (session_id, wallet_id, url, sealed, created_at, attempts)
             VALUES ($1, $2, $3, $4, $5, 0)",
            callback.session_id.to_string(),
            wallet,
            callback.url.as_str(),
            callback.sealed.as_slice(),
            now,
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Adds a webhook that is due at once. Returns whether the session has a callback that takes it.
    pub async fn insert_webhook(&mut self, id: WebhookId, session: Uuid, body: &str) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let rows = execute!(
            self.conn,
            "INSERT INTO webhooks (id, wallet_id, session_id, body, attempts, due_at)
             SELECT $1, wallet_id, session_id, $4, 0, $5 FROM callbacks
             WHERE wallet_id = $2 AND session_id = $3 AND ended_at IS NULL",
            id.to_string(),
            wallet,
            session.to_string(),
            body,
            now,
        )?;
        Ok(rows == 1)
    }

    /// Deletes the callback of a session with its secret and what was still to be sent.
    pub async fn delete_callback(&mut self, session: Uuid) -> Result<(), StoreError> {
        let (wallet, session) = (self.wallet_id().to_string(), session.to_string());
        let sql = "DELETE FROM webhooks WHERE wallet_id = $1 AND session_id = $2";
        execute!(self.conn, sql, wallet.as_str(), session.as_str())?;
        let sql = "DELETE FROM callbacks WHERE wallet_id = $1 AND session_id = $2";
        if execute!(self.conn, sql, wallet.as_str(), session.as_str())? > 0 {
            self.erase();
        }
        Ok(())
    }
}

impl Store {
    /// Takes a webhook for an attempt, so that no other server tries it before `until`. Returns whether it was
    /// still there to be taken.
    pub async fn claim_webhook(&self, webhook: &DueWebhook, until: Timestamp) -> Result<bool, StoreError> {
        let mut conn = self.write().await?;
        let rows = execute!(
            conn,
            "UPDATE webhooks SET attempts = attempts + 1, due_at = $4
             WHERE id = $1 AND attempts = $2 AND due_at = $3",
            webhook.id.to_string(),
            webhook.attempts,
            webhook.due_at,
            until.as_millisecond(),
        )?;
        conn.finish().await?;
        Ok(rows == 1)
    }

    /// Notes that a webhook arrived, and deletes it.
    pub async fn webhook_delivered(&self, webhook: &DueWebhook, at: Timestamp) -> Result<(), StoreError> {
        let mut conn = self.write().await?;
        execute!(conn, "DELETE FROM webhooks WHERE id = $1", webhook.id.to_string())?;
        execute!(
            conn,
            "UPDATE callbacks SET attempts = $2, last_error = NULL, delivered_at = $3 WHERE session_id = $1",
            webhook.session_id.to_string(),
            webhook.attempts + 1,
            at.as_millisecond(),
        )?;
        conn.finish().await
    }

    /// Notes why an attempt failed, and what comes next.
    pub async fn webhook_failed(&self, webhook: &DueWebhook, why: &str, next: Next) -> Result<(), StoreError> {
        let mut conn = self.write().await?;
        let session = webhook.session_id.to_string();
        let ended = match next {
            Next::Retry(at) => {
                let sql = "UPDATE webhooks SET due_at = $2 WHERE id = $1";
                execute!(conn, sql, webhook.id.to_string(), at.as_millisecond())?;
                None
            }
            Next::GiveUp => {
                execute!(conn, "DELETE FROM webhooks WHERE id = $1", webhook.id.to_string())?;
                None
            }
            Next::End(at) => {
                execute!(conn, "DELETE FROM webhooks WHERE session_id = $1", session.as_str())?;
                Some(at.as_millisecond())
            }
        };
        execute!(
            conn,
            "UPDATE callbacks SET attempts = $2, last_error = $3, ended_at = $4 WHERE session_id = $1",
            session.as_str(),
            webhook.attempts + 1,
            why,
            ended,
        )?;
        conn.finish().await
    }

    /// Deletes callbacks of all wallets that were made until this instant and have nothing to send any more.
    pub async fn forget_callbacks(&self, until: Timestamp) -> Result<u64, StoreError> {
        let mut conn = self.write().await?;
        let rows = execute!(
            conn,
            "DELETE FROM callbacks WHERE created_at <= $1
             AND NOT EXISTS (SELECT 1 FROM webhooks WHERE webhooks.session_id = callbacks.session_id)",
            until.as_millisecond(),
        )?;
        conn.finish().await?;
        Ok(rows)
    }
}
