//! The audit log, read only: `transaction.rs` writes each event with its change.

use model::{Actor, Event, EventId, Target, WalletId};
use uuid::Uuid;

use crate::record::{Listing, Sort};
use crate::{Conn, List, Page, Result};

/// The filter of a list of events.
#[derive(Clone, Default, Debug)]
pub struct AuditFilter {
    /// Only this action.
    pub action: Option<String>,
    /// Only events of this principal.
    pub actor_id: Option<Uuid>,
    /// Only events on this object.
    pub target_id: Option<Uuid>,
}

record! {
    /// An event.
    fn audit_event(EventId) -> Event in "audit_events" {
        id, wallet_id, at, action, detail, request_id,
    } and "actor_kind, actor_id, actor_name, target_id, target_name" |row| {
        actor: Actor { kind: row.get("actor_kind")?, id: row.get("actor_id")?, name: row.get("actor_name")? },
        target: Target { id: row.get("target_id")?, name: row.get("target_name")? },
    }
}

impl Conn {
    /// A page of the events, in the order in which they were committed. `q` searches the names of target
    /// and actor.
    pub async fn audit_events(
        &mut self,
        wallet: WalletId,
        filter: &AuditFilter,
        list: &List<()>,
    ) -> Result<Page<Event>> {
        let by = Listing {
            search: &["target_key", "actor_key"],
            sort: Sort::Number("revision"),
            filter: "AND ($2 IS NULL OR action = $2) AND ($3 IS NULL OR actor_id = $3) AND ($4 IS NULL OR target_id = $4)",
            values: values! { filter.action, filter.actor_id, filter.target_id },
        };
        self.page(wallet, list, by).await
    }
}
