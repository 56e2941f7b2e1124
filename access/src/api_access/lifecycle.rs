//! The end of API keys and OAuth clients: of one, and of all that it made.

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::problem::{Code, Problem};
use model::{Action, ExternalSystem, ExternalSystemId, NewEvent, SystemKind};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::authority::Authority;
use super::{of, target};

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Delete {
    /// Whether what it made ends with it.
    #[serde(default)]
    pub(super) with_descendants: bool,
}

/// Revokes one for good: its next request is refused, whatever it presents.
///
/// # Errors
///
/// No such one (404), one that holds more than the external system that calls (403).
pub async fn revoke(app: &App, caller: &Caller, kind: SystemKind, id: ExternalSystemId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let system = change.external_system(caller.wallet_id, kind, id).await?.ok_or(Code::NotFound)?;
    Authority::of(app, caller, &mut change).await?.check_governs(&system)?;
    change.revoke_external_system(id).await?;
    change.commit(revoked(&system)).await
}

/// Revokes one with all that it made, directly and further down, of both kinds and in one change: none of them is
/// admitted after the answer. Returns them, itself first.
///
/// # Errors
///
/// No such one (404), one among them that holds more than the external system that calls (403): then none is revoked.
pub async fn revoke_with_descendants(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    id: ExternalSystemId,
) -> Result<Vec<ExternalSystem>, Problem> {
    let mut change = app.begin(caller).await?;
    let system = change.external_system(caller.wallet_id, kind, id).await?.ok_or(Code::NotFound)?;
    let authority = Authority::of(app, caller, &mut change).await?;
    let made = change.descendants(caller.wallet_id, id).await?;
    let ended: Vec<ExternalSystem> = std::iter::once(system).chain(made).collect();
    ended.iter().try_for_each(|system| authority.check_governs(system))?;
    let [system, made @ ..] = ended.as_slice() else { return Err(Code::Internal.into()) };
    for descendant in made {
        revoke_in(&mut change, descendant, system).await?;
    }
    change.revoke_external_system(id).await?;
    change.commit(revoked(system).with(json!({"descendants": made.iter().map(named).collect::<Vec<_>>()}))).await?;
    Ok(ended)
}

/// What this one made, directly and further down, and is not deleted.
pub async fn descendants(app: &App, caller: &Caller, id: ExternalSystemId) -> Result<Vec<ExternalSystem>, Problem> {
    Ok(app.store.read().await?.descendants(caller.wallet_id, id).await?)
}

/// One of those that end with another one: each has an event of its own, by which it is found in the audit log.
async fn revoke_in(
    change: &mut Transaction<'_>,
    descendant: &ExternalSystem,
    ancestor: &ExternalSystem,
) -> Result<(), Problem> {
    change.revoke_external_system(descendant.id).await?;
    change.record(revoked(descendant).with(json!({"ended_with": named(ancestor)}))).await
}

fn revoked(system: &ExternalSystem) -> NewEvent {
    NewEvent::new(of(system.kind, Action::ApiKeyRevoked, Action::OauthClientRevoked), target(system))
}

fn named(system: &ExternalSystem) -> Value {
    json!({"kind": system.kind.name(), "id": system.id, "name": system.name})
}
