//! The objects that requests with an `Idempotency-Key` made, so that a repeated request makes no second one.

use jiff::Timestamp;
use model::Actor;
use uuid::Uuid;

use crate::{Result, Store, StoreError, Tx};

/// An idempotency key for one operation. It belongs to the caller that chose it: two callers may choose the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdempotencyKey {
    /// The operation, such as `POST /api/v1/issuances`.
    pub operation: String,
    /// The text that the client chose.
    pub key: String,
}

/// The use of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remembered {
    /// A keyed hash of the body that came with it.
    pub fingerprint: Vec<u8>,
    /// The id of the object that was made.
    pub object_id: Uuid,
}

record! {
    Remembered in "idempotency_keys" { fingerprint, object_id }
}

impl Tx {
    /// The use of the key by the author of this change after `since`.
    pub async fn remembered(&mut self, key: &IdempotencyKey, since: Timestamp) -> Result<Option<Remembered>> {
        let rest = "AND caller = $2 AND operation = $3 AND key = $4 AND created_at > $5";
        let values = values! { caller(&self.author.actor), key.operation, key.key, since };
        self.conn.find(self.wallet_id(), rest, values).await
    }

    /// Stores the object that this change makes under the key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when its author used the key for this operation after `since`.
    pub async fn remember(&mut self, key: &IdempotencyKey, made: &Remembered, since: Timestamp) -> Result<()> {
        let sql = "INSERT INTO idempotency_keys (wallet_id, caller, operation, key, fingerprint, object_id, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (wallet_id, caller, operation, key) DO UPDATE
             SET fingerprint = excluded.fingerprint, object_id = excluded.object_id, created_at = excluded.created_at
             WHERE idempotency_keys.created_at <= $8";
        let values = values! {
            self.wallet_id(), caller(&self.author.actor), key.operation, key.key, made.fingerprint, made.object_id,
            self.at(), since
        };
        if self.change(sql, values).await? { Ok(()) } else { Err(StoreError::Taken) }
    }
}

impl Store {
    /// Deletes the keys of all wallets that were used until this instant. No change with an event: no caller can see
    /// them.
    pub async fn forget_idempotency_keys(&self, until: Timestamp) -> Result<u64> {
        self.execute("DELETE FROM idempotency_keys WHERE created_at <= $1", values! { until }).await
    }
}

fn caller(actor: &Actor) -> String {
    format!("{} {}", actor.kind.name(), actor.id.map(|id| id.to_string()).unwrap_or_default())
}
