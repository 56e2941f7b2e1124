//! Status lists as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::resource::StatusLists;
use model::{Change, IdentifierId, Name, StatusList, StatusListId, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Draft, create, delete, get, list, rename, uri};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::http::{
    Body, Created, Fields, Immutable, Items, ListByName, Listing, NoContent, ObjectId, checked, checked_if_present,
    document,
};
use crate::kernel::problem::{Code, Problem};

/// A Token Status List, in which issued credentials are revoked and suspended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StatusList")]
struct StatusListBody {
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

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateStatusList {
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: String,
    /// An identifier of this wallet; never changes.
    identifier_id: IdentifierId,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditStatusList {
    #[serde(default, deserialize_with = "checked_if_present::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: Option<String>,
    #[serde(default, rename = "identifier_id")]
    #[schemars(skip)]
    _identifier_id: Immutable,
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse];
    ApiRouter::new()
        .api_route(
            "/api/v1/status-lists",
            get_with(list_lists, |operation| operation.id("listStatusLists").summary("List the status lists"))
                .post_with(create_list, |operation| {
                    document::conflicts(operation.id("createStatusList").summary("Create a status list"), TAKEN)
                }),
        )
        .api_route(
            "/api/v1/status-lists/{id}",
            get_with(view_list, |operation| operation.id("viewStatusList").summary("View a status list"))
                .patch_with(edit_list, |operation| {
                    document::conflicts(operation.id("editStatusList").summary("Rename a status list"), TAKEN)
                })
                .delete_with(delete_list, |operation| {
                    let operation = operation
                        .id("deleteStatusList")
                        .summary("Delete a status list")
                        .description("Only a list that nothing refers to can be deleted.");
                    document::conflicts(operation, &[Code::StatusListInUse])
                }),
        )
}

async fn list_lists(
    allow: Allow<View<StatusLists>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListByName>,
) -> Result<Json<Items<StatusListBody>>, Problem> {
    let mut fields = Fields::default();
    let page = asked.page(scope, &mut fields);
    let page = list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, |list| StatusListBody::new(&app, list))))
}

async fn create_list(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<CreateStatusList>,
) -> Result<Created<StatusListBody>, Problem> {
    let draft = Draft { name: asked.name, identifier_id: asked.identifier_id };
    let list = create(&app, &allow.0, &draft).await?;
    let location = format!("/api/v1/status-lists/{}", list.id);
    Ok(Created { location, body: StatusListBody::new(&app, list) })
}

async fn view_list(
    allow: Allow<View<StatusLists>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<StatusListId>,
) -> Result<Json<StatusListBody>, Problem> {
    Ok(Json(StatusListBody::new(&app, get(&app, &allow.0, id).await?)))
}

async fn edit_list(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<StatusListId>,
    Body(asked): Body<EditStatusList>,
) -> Result<Json<StatusListBody>, Problem> {
    let list = match asked.name {
        Some(name) => rename(&app, &allow.0, id, &name).await?,
        None => get(&app, &allow.0, id).await?,
    };
    Ok(Json(StatusListBody::new(&app, list)))
}

async fn delete_list(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<StatusListId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl StatusListBody {
    fn new(app: &App, list: StatusList) -> Self {
        Self {
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
