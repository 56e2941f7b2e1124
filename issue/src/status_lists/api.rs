//! Status lists as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use jiff::Timestamp;
use kernel::app::App;
use kernel::http::collection::{Api, create, delete, edit, list, view};
use kernel::http::document;
use kernel::problem::Code;
use model::{IdentifierId, StatusList, StatusListId};
use schemars::JsonSchema;
use serde::Serialize;

use super::StatusLists;
use super::uri;

/// A Token Status List, in which issued credentials are revoked and suspended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StatusList")]
pub struct StatusListBody {
    id: StatusListId,
    /// What it is for. Unique among the wallet's status lists without regard to case.
    name: String,
    /// The identifier that signs it, and issues the credentials that refer to it.
    identifier_id: IdentifierId,
    /// Where everybody can fetch it, as `application/statuslist+jwt`.
    uri: String,
    /// How many credentials it has room for.
    size: u32,
    /// How many entries belong to a credential, for good.
    used: u32,
    /// How many of these credentials hold, as far as the list tells.
    valid: u32,
    suspended: u32,
    revoked: u32,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse];
    ApiRouter::new()
        .api_route(
            StatusLists::API,
            get_with(list::<StatusLists>, |operation| operation.id("listStatusLists").summary("List the status lists"))
                .post_with(create::<StatusLists>, |operation| {
                    document::conflicts(operation.id("createStatusList").summary("Create a status list"), TAKEN)
                }),
        )
        .api_route(
            "/api/v1/status-lists/{id}",
            get_with(view::<StatusLists>, |operation| operation.id("viewStatusList").summary("View a status list"))
                .patch_with(edit::<StatusLists>, |operation| {
                    document::conflicts(operation.id("editStatusList").summary("Rename a status list"), TAKEN)
                })
                .delete_with(delete::<StatusLists>, |operation| {
                    let operation = operation
                        .id("deleteStatusList")
                        .summary("Delete a status list")
                        .description("Only a list that nothing refers to can be deleted.");
                    document::conflicts(operation, &[Code::StatusListInUse])
                }),
        )
}

impl Api for StatusLists {
    const API: &'static str = "/api/v1/status-lists";
    type Body = StatusListBody;

    fn body(app: &App, list: StatusList) -> StatusListBody {
        StatusListBody {
            id: list.id,
            uri: uri(app, list.wallet_id, list.id),
            used: list.used(),
            name: list.name.into_string(),
            identifier_id: list.identifier_id,
            size: list.size,
            valid: list.valid,
            suspended: list.suspended,
            revoked: list.revoked,
            created_at: list.created_at,
        }
    }
}
