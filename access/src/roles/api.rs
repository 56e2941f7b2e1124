//! Roles as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use jiff::Timestamp;
use kernel::app::App;
use kernel::http::collection::{Api, create, delete, edit, list, view};
use kernel::http::document;
use kernel::problem::Code;
use model::{PermissionSet, Role, RoleId};
use schemars::JsonSchema;
use serde::Serialize;

use super::Roles;

/// A named permission set.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Role")]
pub struct RoleBody {
    id: RoleId,
    /// Unique within the wallet without regard to case.
    name: String,
    permissions: PermissionSet,
    /// How many users have it.
    users: i64,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            Roles::API,
            get_with(list::<Roles>, |operation| operation.id("listRoles").summary("List the roles")).post_with(
                create::<Roles>,
                |operation| {
                    document::conflicts(operation.id("createRole").summary("Create a role"), &[Code::NameInUse])
                },
            ),
        )
        .api_route(
            "/api/v1/roles/{id}",
            get_with(view::<Roles>, |operation| operation.id("viewRole").summary("View a role"))
                .patch_with(edit::<Roles>, |operation| {
                    let operation = operation
                        .id("editRole")
                        .summary("Edit a role")
                        .description("In force for the next request of every user who has it.");
                    document::conflicts(operation, &[Code::NameInUse, Code::LastAdministrator])
                })
                .delete_with(delete::<Roles>, |operation| {
                    document::conflicts(operation.id("deleteRole").summary("Delete a role"), &[Code::RoleInUse])
                }),
        )
}

impl Api for Roles {
    const API: &'static str = "/api/v1/roles";
    type Body = RoleBody;

    fn body(_: &App, role: Role) -> RoleBody {
        RoleBody {
            id: role.id,
            name: role.name.into_string(),
            permissions: role.permissions,
            users: role.users,
            created_at: role.created_at,
        }
    }
}
