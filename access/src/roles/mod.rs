//! Roles: named permission sets that users have.

mod api;
mod console;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::collection::{Collection, Creatable, Drafted, Editable};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::{Draft, Fields, Patch};
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Action, Name, NewEvent, PermissionSet, Role, RoleId, Target};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{List, NewRole, Page};

use crate::users::{self, administrators};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Roles", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::of::<Roles>("role", Group::Team)),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// The role that a new wallet starts with: every permission of this release. A later release adds nothing
/// to it (mission D8).
pub const ADMINISTRATOR: &str = "Administrator";

/// What a client writes of a role.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateRole")]
pub struct RoleDraft {
    /// Unique within the wallet without regard to case.
    pub name: Name,
    /// What it gives.
    #[serde(default)]
    pub permissions: PermissionSet,
}

impl Draft for RoleDraft {
    const PATCH: &'static str = "EditRole";
}

/// The roles.
pub struct Roles;

impl Collection for Roles {
    type Resource = resource::Roles;
    type Id = RoleId;
    type Object = Role;

    fn id(role: &Role) -> RoleId {
        role.id
    }

    fn name(role: &Role) -> &str {
        role.name.as_str()
    }

    async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<Role>, Problem> {
        Ok(app.store.read().await?.roles(caller.wallet_id, list).await?)
    }

    async fn get(app: &App, caller: &Caller, id: RoleId) -> Result<Role, Problem> {
        app.store.read().await?.role(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// Deletes a role that no user has. An external system must hold what the role gives.
    async fn delete(app: &App, caller: &Caller, id: RoleId) -> Result<(), Problem> {
        let mut change = app.begin(caller).await?;
        let role = change.role(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        caller.check_governs("The role", role.permissions)?;
        if !change.delete_role(id).await? {
            return Err(Problem::detailed(Code::RoleInUse, format!("{} users have it.", role.users)));
        }
        change.commit(NewEvent::new(Action::RoleDeleted, target(&role))).await
    }
}

impl Drafted for Roles {
    type Draft = RoleDraft;
}

impl Editable for Roles {
    fn draft(role: &Role) -> RoleDraft {
        RoleDraft { name: role.name.clone(), permissions: role.permissions }
    }

    /// Changes a role, in force for the next request of everyone who has it. The last administrators keep their
    /// permissions.
    async fn edit(app: &App, caller: &Caller, id: RoleId, patch: &Patch<RoleDraft>) -> Result<Role, Problem> {
        let mut change = app.begin(caller).await?;
        let before = change.role(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let RoleDraft { name, permissions } = patch.onto(&Self::draft(&before))?;
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
        let after =
            change.update_role(id, &name, permissions).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let after = after.ok_or(Code::NotFound)?;
        administrators::check_remain(&mut change, had_administrators).await?;
        let event = NewEvent::new(Action::RoleEdited, target(&before))
            .with(json!({"before": Self::draft(&before), "after": Self::draft(&after)}));
        change.commit(event).await?;
        Ok(after)
    }
}

impl Creatable for Roles {
    async fn create(app: &App, caller: &Caller, draft: RoleDraft) -> Result<Role, Problem> {
        let RoleDraft { name, permissions } = draft;
        caller.check_assigns(permissions)?;
        let mut change = app.begin(caller).await?;
        let new = NewRole { id: app.randomness.id(change.at()), name, permissions };
        let role = change.insert_role(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
        let detail = json!({"permissions": role.permissions});
        change.commit(NewEvent::new(Action::RoleCreated, target(&role)).with(detail)).await?;
        Ok(role)
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
