//! OAuth clients as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::resource::ApiAccess;
use model::{Change, ExternalSystem, ExternalSystemId, Notes, PermissionSet, RequestsPerMinute, SystemKind, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::SystemFilter;
use uuid::Uuid;

use super::delete::{self, Delete, Deleted};
use super::usage::{self, UsageBody, ViewUsage};
use super::{Access, Status, sorts};
use crate::access::api_access::{ClientId, Draft, Edit, IsoDate, create_once, edit, get, list};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::http::{
    Body, Created, Fields, Immutable, Items, Listing, ObjectId, Parameters, checked, checked_if_present, document,
};
use crate::kernel::idempotency::Repeatable;
use crate::kernel::problem::{Code, Problem};

const KIND: SystemKind = SystemKind::OauthClient;

/// An OAuth client. Its secret is not in it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OauthClient")]
struct OauthClientBody {
    id: ExternalSystemId,
    /// The client ID: unique within the wallet without regard to case; never changes.
    client_id: String,
    #[serde(flatten)]
    access: Access,
}

/// The one answer that bears the client secret.
#[derive(Serialize, JsonSchema)]
struct CreatedOauthClient {
    #[serde(flatten)]
    client: OauthClientBody,
    /// The client secret, shown this one time: `clvs_` and 54 letters and digits.
    client_secret: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateOauthClient {
    /// 1 to 64 letters, digits and `.` `_` `-`.
    #[serde(deserialize_with = "checked::<ClientId, _, _>")]
    #[schemars(with = "model::schema::ClientId")]
    client_id: String,
    /// One year from today in the wallet's time zone when it is left out.
    #[schemars(with = "model::schema::Date")]
    #[serde(default, deserialize_with = "checked_if_present::<IsoDate, _, _>")]
    expires_on: Option<String>,
    #[serde(default, deserialize_with = "checked::<Notes, _, _>")]
    #[schemars(with = "model::schema::Notes")]
    notes: String,
    #[serde(default)]
    permissions: PermissionSet,
    /// What the server allows everybody when it is left out.
    #[serde(default, deserialize_with = "checked::<RequestsPerMinute, _, _>")]
    #[schemars(with = "Option<model::schema::RequestsPerMinute>")]
    requests_per_minute: Option<i64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditOauthClient {
    #[serde(default, deserialize_with = "crate::kernel::http::present")]
    #[schemars(with = "PermissionSet")]
    permissions: Option<PermissionSet>,
    #[serde(default, deserialize_with = "checked_if_present::<Notes, _, _>")]
    #[schemars(with = "model::schema::Notes")]
    notes: Option<String>,
    /// `null` for what the server allows everybody.
    #[serde(default, deserialize_with = "checked_if_present::<RequestsPerMinute, _, _>")]
    #[schemars(with = "Option<model::schema::RequestsPerMinute>")]
    requests_per_minute: Option<Option<i64>>,
    #[serde(default, rename = "client_id")]
    #[schemars(skip)]
    _client_id: Immutable,
    #[serde(default, rename = "expires_on")]
    #[schemars(skip)]
    _expires_on: Immutable,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListOauthClients {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Searches the client IDs.
    q: Option<String>,
    /// With `-` before it for descending; by client ID when it is left out.
    #[serde(default)]
    sort: Sort,
    status: Option<Status>,
    /// Only those that the user, API key or OAuth client with this id made.
    created_by: Option<Uuid>,
}

sorts!("client_id", "-client_id");

/// The clients as the API writes them at this instant.
pub fn objects(clients: Vec<ExternalSystem>, now: Timestamp) -> impl Serialize {
    clients.into_iter().map(|client| OauthClientBody::at(client, now)).collect::<Vec<_>>()
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/oauth-clients",
            get_with(list_clients, |operation| operation.id("listOauthClients").summary("List the OAuth clients")).post_with(
                create_client,
                |operation| {
                    let operation = operation.id("createOauthClient").summary("Create an OAuth client").description(
                        "The answer bears the client secret, this one time. Permissions that the caller does not hold \
                         itself are refused; what a key or a client makes cannot outlive it. Repeated with the same \
                         `Idempotency-Key` within ten minutes it answers the same secret again, and later 409.",
                    );
                    document::conflicts(operation, &[Code::NameInUse, Code::SecretShown])
                },
            ),
        )
        .api_route(
            "/api/v1/oauth-clients/{id}",
            get_with(view_client, |operation| operation.id("viewOauthClient").summary("View an OAuth client"))
                .patch_with(edit_client, |operation| {
                    operation
                        .id("editOauthClient")
                        .summary("Edit an OAuth client")
                        .description("Permissions, notes and limit; what is taken away is gone from the next request, also for tokens already issued; \
                             what is added comes with the next token.")
                })
                .delete_with(delete_client, |operation| {
                    operation
                        .id("deleteOauthClient")
                        .summary("Delete an OAuth client")
                        .description(delete::DESCRIPTION)
                }),
        )
        .api_route(
            "/api/v1/oauth-clients/{id}/usage",
            get_with(view_usage, |operation| {
                operation.id("viewOauthClientUsage").summary("View the usage of an OAuth client").description(usage::DESCRIPTION)
            }),
        )
}

async fn list_clients(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListOauthClients>,
) -> Result<Json<Items<OauthClientBody>>, Problem> {
    let now = app.clock.now();
    let mut fields = Fields::default();
    let page = fields.list(
        scope,
        asked.limit,
        asked.cursor.as_deref(),
        asked.q.as_deref(),
        asked.sort.order(),
        asked.sort.by_text(),
    );
    let filter = SystemFilter { status: Status::filter(asked.status, now), created_by: asked.created_by };
    let page = list(&app, &allow.0, KIND, filter, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, |client| OauthClientBody::at(client, now))))
}

async fn create_client(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Repeatable(asked, idempotency): Repeatable<CreateOauthClient>,
) -> Result<Created<CreatedOauthClient>, Problem> {
    let CreateOauthClient { client_id, expires_on, notes, permissions, requests_per_minute } = asked;
    let draft = Draft { name: client_id, expires_on, notes, permissions, requests_per_minute };
    let (client, secret) = create_once(&app, &allow.0, KIND, &draft, &idempotency).await?;
    Ok(Created {
        location: format!("/api/v1/oauth-clients/{}", client.id),
        body: CreatedOauthClient {
            client: OauthClientBody::at(client, app.clock.now()),
            client_secret: secret.reveal().to_owned(),
        },
    })
}

async fn view_client(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
) -> Result<Json<OauthClientBody>, Problem> {
    Ok(Json(OauthClientBody::at(get(&app, &allow.0, KIND, id).await?, app.clock.now())))
}

async fn view_usage(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<ViewUsage>,
) -> Result<Json<UsageBody>, Problem> {
    usage::view(&app, &allow.0, KIND, id, asked).await
}

async fn edit_client(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Body(asked): Body<EditOauthClient>,
) -> Result<Json<OauthClientBody>, Problem> {
    let EditOauthClient { permissions, notes, requests_per_minute, .. } = asked;
    let asked = Edit { permissions, notes, requests_per_minute };
    Ok(Json(OauthClientBody::at(edit(&app, &allow.0, KIND, id, &asked).await?, app.clock.now())))
}

async fn delete_client(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<Delete>,
) -> Result<Deleted, Problem> {
    delete::delete(&app, &allow.0, KIND, id, asked).await
}

impl OauthClientBody {
    fn at(client: ExternalSystem, now: Timestamp) -> Self {
        Self { id: client.id, client_id: client.name.to_string(), access: Access::at(client, now) }
    }
}
