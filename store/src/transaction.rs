//! Transactions: a change with its audit event and its revision. There is no other way to change what a wallet holds.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use model::{Actor, EventId, NewEvent, WalletId};

use crate::{Conn, Result, Store};

/// The author of a change, for the audit log.
#[derive(Clone, Debug)]
pub struct Author {
    /// The wallet.
    pub wallet_id: WalletId,
    /// The principal.
    pub actor: Actor,
    /// The `x-request-id` of the request, if there is one.
    pub request_id: Option<String>,
    /// The instant of the change.
    pub at: Timestamp,
}

/// A change under way. Nothing of it is seen before [`Tx::commit`]; dropping it undoes it.
#[derive(Debug)]
pub struct Tx {
    pub(crate) conn: Conn,
    pub(crate) author: Author,
    pub(crate) revision: i64,
    store: Store,
    /// Whether rows are deleted that must leave the disk too.
    erases: bool,
}

impl Store {
    /// Begins a change.
    ///
    /// Taking the next revision comes first and locks its row, so changes happen one after the other
    /// on both databases: what a change reads cannot be stale when it commits.
    pub async fn begin(&self, author: Author) -> Result<Tx> {
        let mut conn = self.write().await?;
        let sql = "UPDATE revision SET value = value + 1 WHERE id = 1 RETURNING value";
        let revision = conn.row("revision", sql, values! {}, |row| row.get("value")).await?;
        let revision = revision.ok_or(sqlx::Error::RowNotFound)?;
        Ok(Tx { conn, author, revision, store: self.clone(), erases: false })
    }
}

impl Tx {
    /// The wallet.
    pub fn wallet_id(&self) -> WalletId {
        self.author.wallet_id
    }

    /// The instant of the change.
    pub fn at(&self) -> Timestamp {
        self.author.at
    }

    /// Marks this change as one whose deleted rows must leave the disk before it is answered.
    pub(crate) fn erase(&mut self) {
        self.erases = true;
    }

    /// Writes a further event beside the one of [`Tx::commit`].
    pub async fn record(&mut self, id: EventId, event: NewEvent) -> Result<()> {
        let Author { actor, request_id, .. } = &self.author;
        let values = values! {
            self.wallet_id(), id, self.at(), actor.kind, actor.id, actor.name, model::fold(&actor.name),
            event.action.name(), event.target.id, event.target.name, model::fold(&event.target.name), event.detail,
            request_id, self.revision
        };
        self.change(
            "INSERT INTO audit_events
                (wallet_id, id, at, actor_kind, actor_id, actor_name, actor_key, action, target_id, target_name,
                 target_key, detail, request_id, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            values,
        )
        .await?;
        Ok(())
    }

    /// Writes the event and commits. Returns the change's revision.
    pub async fn commit(mut self, id: EventId, event: NewEvent) -> Result<i64> {
        self.record(id, event).await?;
        self.conn.finish().await?;
        if self.erases {
            self.store.empty_log().await;
        }
        Ok(self.revision)
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
