//! Roles: named permission sets that users have.

pub mod api;
pub(crate) mod console;
mod screen;

use model::{Action, Name, NewEvent, PermissionSet, Role, RoleId, Target};
use serde_json::json;
use store::{List, NewRole, Page};

use crate::access::users::{self, administrators};
use crate::kernel::app::App;
use crate::kernel::caller::{Caller, Transaction};
use crate::kernel::http::Fields;
use crate::kernel::problem::{Code, Problem};

/// The role that a new wallet starts with: every permission of this release. A later release adds nothing
/// to it (mission D8).
pub const ADMINISTRATOR: &str = "Administrator";

/// What somebody asks for in a new role, as it was typed.
#[derive(Clone, Default, Debug)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What it gives.
    pub permissions: PermissionSet,
}

/// What is to change in a role; what is left out stays.
#[derive(Clone, Default, Debug)]
pub struct Edit {
    /// Its name.
    pub name: Option<String>,
    /// What it gives.
    pub permissions: Option<PermissionSet>,
}

/// Makes a role.
///
/// # Errors
///
/// A refused name (422), a name in use (409), permissions that the caller does not hold (403).
pub async fn create(app: &App, caller: &Caller, draft: &Draft) -> Result<Role, Problem> {
    let mut fields = Fields::default();
    let name = fields.parse("name", &draft.name);
    let name = fields.finish(name)?;
    caller.check_assigns(draft.permissions)?;
    let mut change = app.begin(caller).await?;
    let new = NewRole { id: app.randomness.id(change.at()), name, permissions: draft.permissions };
    let role = change.insert_role(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    let detail = json!({"permissions": role.permissions});
    change.commit(NewEvent::new(Action::RoleCreated, target(&role)).with(detail)).await?;
    Ok(role)
}

/// Changes a role, in force for the next request of everyone who has it.
///
/// # Errors
///
/// No such role (404), a refused name (422), a name in use or the last administrators' permissions (409),
/// permissions that the caller does not hold, and what is not for external systems (403).
pub async fn edit(app: &App, caller: &Caller, id: RoleId, edit: &Edit) -> Result<Role, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.role(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let mut fields = Fields::default();
    let name: Option<Name> = match &edit.name {
        Some(name) => fields.parse("name", name),
        None => Some(before.name.clone()),
    };
    let name = fields.finish(name)?;
    let permissions = edit.permissions.unwrap_or(before.permissions);
    let added = permissions - before.permissions;
    caller.check_assigns(added)?;
    if !(before.permissions - permissions).is_empty() {
        caller.check_governs("The role", before.permissions)?;
    }
    if change.is_role_in_force(id).await? {
        users::check_gives(caller, added)?;
    }
    if name == before.name && permissions == before.permissions {
        return Ok(before);
    }
    let had_administrators = administrators::exist(&mut change).await?;
    change.update_role(id, &name, permissions).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    administrators::check_remain(&mut change, had_administrators).await?;
    let event = NewEvent::new(Action::RoleEdited, target(&before)).with(json!({
        "before": {"name": before.name, "permissions": before.permissions},
        "after": {"name": name, "permissions": permissions},
    }));
    change.commit(event).await?;
    Ok(Role { name, permissions, ..before })
}

/// Deletes a role that no user has.
///
/// # Errors
///
/// No such role (404), users that still have it (409), an external system that holds less than the role gives (403).
pub async fn delete(app: &App, caller: &Caller, id: RoleId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let role = change.role(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    caller.check_governs("The role", role.permissions)?;
    if !change.delete_role(id).await? {
        return Err(Problem::detailed(Code::RoleInUse, format!("{} users have it.", role.users)));
    }
    change.commit(NewEvent::new(Action::RoleDeleted, target(&role))).await
}

/// A role.
pub async fn get(app: &App, caller: &Caller, id: RoleId) -> Result<Role, Problem> {
    app.store.read().await?.role(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the roles, by name.
pub async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<Role>, Problem> {
    Ok(app.store.read().await?.roles(caller.wallet_id, list).await?)
}

/// Every role of the wallet, by name: what a user can be assigned.
pub(crate) async fn all(app: &App, caller: &Caller) -> Result<Vec<Role>, Problem> {
    const AT_ONCE: u32 = 200;
    let mut store = app.store.read().await?;
    let (mut roles, mut after) = (Vec::new(), None);
    loop {
        let list = List { limit: AT_ONCE, after, q: None, sort: (), descending: false };
        let page = store.roles(caller.wallet_id, &list).await?;
        roles.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(roles);
        }
    }
}

/// The role that a new wallet starts with.
pub(crate) async fn found(app: &App, change: &mut Transaction<'_>) -> Result<(), Problem> {
    let mut fields = Fields::default();
    let name = fields.parse("name", ADMINISTRATOR);
    let name = fields.finish(name)?;
    let role = NewRole { id: app.randomness.id(change.at()), name, permissions: PermissionSet::ALL };
    change.insert_role(&role).await?;
    let target = Target::new(role.id, ADMINISTRATOR);
    change.record(NewEvent::new(Action::RoleCreated, target).with(json!({"permissions": role.permissions}))).await
}

fn target(role: &Role) -> Target {
    Target::new(role.id, role.name.as_str())
}
