//! The audit log as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::{Fields, Items, Listing, ObjectId};
use kernel::problem::Problem;
use model::resource::AuditLog;
use model::{Actor, Event, EventId, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::AuditFilter;
use uuid::Uuid;

use super::{get, list};

/// One audited fact.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditEvent")]
struct EventBody {
    id: EventId,
    /// When it was committed.
    #[schemars(with = "model::schema::DateTime")]
    at: Timestamp,
    actor: Actor,
    /// What was done, such as `api_key.created`.
    action: String,
    target: TargetBody,
    /// What was set, or before and after. Never a secret.
    #[schemars(with = "model::schema::Object")]
    detail: Value,
    /// The `x-request-id` of the request that did it; `null` from the command line.
    request_id: Option<String>,
}

/// The object, named as it was called then.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct TargetBody {
    id: Uuid,
    name: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListAuditEvents {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Searches the names of actor and target.
    q: Option<String>,
    /// Newest first when it is left out.
    #[serde(default)]
    sort: Sort,
    /// Only this action.
    action: Option<String>,
    /// Only what this principal did.
    actor_id: Option<Uuid>,
    /// Only what was done to this object.
    target_id: Option<Uuid>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(super) enum Sort {
    #[default]
    #[serde(rename = "-at")]
    Newest,
    #[serde(rename = "at")]
    Oldest,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/audit-events",
            get_with(list_events, |operation| operation.id("listAuditEvents").summary("List the audit log")),
        )
        .api_route(
            "/api/v1/audit-events/{id}",
            get_with(view_event, |operation| operation.id("viewAuditEvent").summary("View an audit event")),
        )
}

async fn list_events(
    allow: Allow<View<AuditLog>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListAuditEvents>,
) -> Result<Json<Items<EventBody>>, Problem> {
    let mut fields = Fields::default();
    if asked.action.as_ref().is_some_and(|action| !action.is_ascii() || action.contains('\0')) {
        fields.refuse("action", "invalid", "must be the name of an action, such as api_key.created");
    }
    let order = ((), matches!(asked.sort, Sort::Newest));
    let page = fields.list(scope, asked.limit, asked.cursor.as_deref(), asked.q.as_deref(), order, false);
    let page = fields.finish(Some(page))?;
    let filter = AuditFilter { action: asked.action, actor_id: asked.actor_id, target_id: asked.target_id };
    Ok(Json(Items::from_page(scope, list(&app, &allow.0, &filter, &page).await?, EventBody::from)))
}

async fn view_event(
    allow: Allow<View<AuditLog>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<EventId>,
) -> Result<Json<EventBody>, Problem> {
    Ok(Json(get(&app, &allow.0, id).await?.into()))
}

impl From<Event> for EventBody {
    fn from(event: Event) -> Self {
        Self {
            id: event.id,
            at: event.at,
            actor: event.actor,
            action: event.action,
            target: TargetBody { id: event.target.id, name: event.target.name },
            detail: event.detail,
            request_id: event.request_id,
        }
    }
}
