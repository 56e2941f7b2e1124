//! What requests with an `Idempotency-Key` made, so that a repeated one makes it no second time.

use jiff::Timestamp;
use model::Actor;
use uuid::Uuid;

use crate::{Store, StoreError, Tx, column};

/// A key as one operation takes it. A key belongs to the caller that chose it: two callers may choose the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdempotencyKey {
    /// The operation, such as `POST /api/v1/issuances`.
    pub operation: String,
    /// What the client chose.
    pub key: String,
}

/// What a key was used for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remembered {
    /// A keyed hash of the body that came with it.
    pub fingerprint: Vec<u8>,
    /// What was made.
    pub object_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct Row {
    fingerprint: Vec<u8>,
    object_id: String,
}

impl TryFrom<Row> for Remembered {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let object_id = column::parse("idempotency_keys.object_id", &row.object_id)?;
        Ok(Self { fingerprint: row.fingerprint, object_id })
    }
}

impl Tx {
    /// What the author of this change used the key for after `since`.
    pub async fn remembered(
        &mut self,
        key: &IdempotencyKey,
        since: Timestamp,
    ) -> Result<Option<Remembered>, StoreError> {
        let (wallet, caller) = (self.wallet_id().to_string(), caller(&self.author.actor));
        let row = fetch_optional!(
            self.conn,
            Row,
            "SELECT fingerprint, object_id FROM idempotency_keys
             WHERE wallet_id = $1 AND caller = $2 AND operation = $3 AND key = $4 AND created_at > $5",
            wallet,
            caller,
            key.operation.as_str(),
            key.key.as_str(),
            since.as_millisecond(),
        )?;
        row.map(Remembered::try_from).transpose()
    }

    /// Remembers what this change makes under the key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when its author used the key for this operation after `since`.
    pub async fn remember(
        &mut self,
        key: &IdempotencyKey,
        made: &Remembered,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        let (wallet, caller, now) = (self.wallet_id().to_string(), caller(&self.author.actor), self.now());
        let rows = execute!(
            self.conn,
            "INSERT INTO idempotency_keys (wallet_id, caller, operation, key, fingerprint, object_id, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (wallet_id, caller, operation, key) DO UPDATE
             SET fingerprint = excluded.fingerprint, object_id = excluded.object_id, created_at = excluded.created_at
             WHERE idempotency_keys.created_at <= $8",
            wallet,
            caller,
            key.operation.as_str(),
            key.key.as_str(),
            made.fingerprint.as_slice(),
            made.object_id.to_string(),
            now,
            since.as_millisecond(),
        )?;
        if rows == 1 { Ok(()) } else { Err(StoreError::Taken) }
    }
}

impl Store {
    /// Forgets the keys of all wallets that were used until this instant. Not a change: nobody can see it.
    pub async fn forget_idempotency_keys(&self, until: Timestamp) -> Result<u64, StoreError> {
        let mut conn = self.write().await?;
        let sql = "DELETE FROM idempotency_keys WHERE created_at <= $1";
        let rows = execute!(conn, sql, until.as_millisecond())?;
        conn.finish().await?;
        Ok(rows)
    }
}

fn caller(actor: &Actor) -> String {
    format!("{} {}", actor.kind.name(), column::actor_id(actor).unwrap_or_default())
}
