//! The audit log: who changed what, and when. It is written by the changes themselves.

mod api;
mod console;
mod details;

use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Event, EventId};
use store::{AuditFilter, List, Page};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Audit log", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::AuditLog>(
        console::PATH,
        "audit",
        kernel::console::texts::audit_log::LIST.title,
        Group::Records,
    )),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// An event.
pub async fn get(app: &App, caller: &Caller, id: EventId) -> Result<Event, Problem> {
    app.store.read().await?.audit_event(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the events.
pub async fn list(app: &App, caller: &Caller, filter: &AuditFilter, list: &List<()>) -> Result<Page<Event>, Problem> {
    Ok(app.store.read().await?.audit_events(caller.wallet_id, filter, list).await?)
}
