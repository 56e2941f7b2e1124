//! The audit log, read only: events are written with what they tell, in `transaction.rs`.

use model::{Event, EventId, Target, WalletId};
use uuid::Uuid;

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, column};

/// Which events a list shows.
#[derive(Clone, Default, Debug)]
pub struct AuditFilter {
    /// Only this action.
    pub action: Option<String>,
    /// Only what this principal did.
    pub actor_id: Option<Uuid>,
    /// Only what was done to this object.
    pub target_id: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    at: i64,
    actor_kind: String,
    actor_id: Option<String>,
    actor_name: String,
    action: String,
    target_id: String,
    target_name: String,
    detail: String,
    request_id: Option<String>,
    revision: i64,
}

const SELECT: &str =
    "SELECT id, wallet_id, at, actor_kind, actor_id, actor_name, action, target_id, target_name, detail,
        request_id, revision
     FROM audit_events WHERE wallet_id = $1";

impl TryFrom<Row> for Event {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("audit_events.id", &row.id)?,
            wallet_id: column::parse("audit_events.wallet_id", &row.wallet_id)?,
            at: column::time("audit_events.at", row.at)?,
            actor: column::actor(&row.actor_kind, row.actor_id.as_deref(), row.actor_name)?,
            action: row.action,
            target: Target { id: column::parse("audit_events.target_id", &row.target_id)?, name: row.target_name },
            detail: column::json("audit_events.detail", &row.detail)?,
            request_id: row.request_id,
        })
    }
}

impl Conn {
    /// An event.
    pub async fn audit_event(&mut self, wallet: WalletId, id: EventId) -> Result<Option<Event>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(Event::try_from)
            .transpose()
    }

    /// A page of the events, in the order in which they were committed. `q` searches the names of target
    /// and actor.
    pub async fn audit_events(
        &mut self,
        wallet: WalletId,
        filter: &AuditFilter,
        list: &List<()>,
    ) -> Result<Page<Event>, StoreError> {
        let sql = format!(
            "{SELECT} AND ($2 IS NULL OR action = $2) AND ($3 IS NULL OR actor_id = $3) AND ($4 IS NULL OR target_id = $4)
                AND ($5 IS NULL OR target_key LIKE $5 ESCAPE '\\' OR actor_key LIKE $5 ESCAPE '\\'){}",
            list.tail("revision", "id", 6)
        );
        let rows = fetch_page!(
            self,
            Row,
            sql,
            &list.after,
            wallet.to_string(),
            filter.action.clone(),
            filter.actor_id.map(|id| id.to_string()),
            filter.target_id.map(|id| id.to_string()),
            list.pattern(),
        )?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Number(row.revision), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, Event::try_from)
    }
}
