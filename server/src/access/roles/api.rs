//! Roles as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::resource::Roles;
use model::{Change, Name, PermissionSet, Role, RoleId, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Draft, Edit, create, delete, edit, get, list};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::http::{
    Body, Created, Fields, Items, ListByName, Listing, NoContent, ObjectId, checked, checked_if_present, document,
    present,
};
use crate::kernel::problem::{Code, Problem};

/// A named permission set.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Role")]
struct RoleBody {
    id: RoleId,
    /// Unique within the wallet without regard to case.
    name: String,
    permissions: PermissionSet,
    /// How many users have it.
    users: i64,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateRole {
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: String,
    #[serde(default)]
    permissions: PermissionSet,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditRole {
    #[serde(default, deserialize_with = "checked_if_present::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "PermissionSet")]
    permissions: Option<PermissionSet>,
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/roles",
            get_with(list_roles, |operation| operation.id("listRoles").summary("List the roles")).post_with(
                create_role,
                |operation| {
                    document::conflicts(operation.id("createRole").summary("Create a role"), &[Code::NameInUse])
                },
            ),
        )
        .api_route(
            "/api/v1/roles/{id}",
            get_with(view_role, |operation| operation.id("viewRole").summary("View a role"))
                .patch_with(edit_role, |operation| {
                    let operation = operation
                        .id("editRole")
                        .summary("Edit a role")
                        .description("In force for the next request of every user who has it.");
                    document::conflicts(operation, &[Code::NameInUse, Code::LastAdministrator])
                })
                .delete_with(delete_role, |operation| {
                    document::conflicts(operation.id("deleteRole").summary("Delete a role"), &[Code::RoleInUse])
                }),
        )
}

async fn list_roles(
    allow: Allow<View<Roles>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListByName>,
) -> Result<Json<Items<RoleBody>>, Problem> {
    let mut fields = Fields::default();
    let page = asked.page(scope, &mut fields);
    let page = list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, RoleBody::from)))
}

async fn create_role(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<CreateRole>,
) -> Result<Created<RoleBody>, Problem> {
    let draft = Draft { name: asked.name, permissions: asked.permissions };
    let role = create(&app, &allow.0, &draft).await?;
    Ok(Created { location: format!("/api/v1/roles/{}", role.id), body: role.into() })
}

async fn view_role(
    allow: Allow<View<Roles>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<RoleId>,
) -> Result<Json<RoleBody>, Problem> {
    Ok(Json(get(&app, &allow.0, id).await?.into()))
}

async fn edit_role(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<RoleId>,
    Body(asked): Body<EditRole>,
) -> Result<Json<RoleBody>, Problem> {
    let asked = Edit { name: asked.name, permissions: asked.permissions };
    Ok(Json(edit(&app, &allow.0, id, &asked).await?.into()))
}

async fn delete_role(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<RoleId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl From<Role> for RoleBody {
    fn from(role: Role) -> Self {
        Self {
            id: role.id,
            name: role.name.into_string(),
            permissions: role.permissions,
            users: role.users,
            created_at: role.created_at,
        }
    }
}
