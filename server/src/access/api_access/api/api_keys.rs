//! API keys as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::resource::ApiAccess;
use model::{
    Change, ExternalSystem, ExternalSystemId, Name, Notes, PermissionSet, RequestsPerMinute, SystemKind, View,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::SystemFilter;
use uuid::Uuid;

use super::delete::{self, Delete, Deleted};
use super::usage::{self, UsageBody, ViewUsage};
use super::{Access, Status, sorts};
use crate::access::api_access::{Draft, Edit, IsoDate, create_once, edit, get, list};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::http::{
    Body, Created, Fields, Immutable, Items, Listing, ObjectId, Parameters, checked, checked_if_present, document,
};
use crate::kernel::idempotency::Repeatable;
use crate::kernel::problem::{Code, Problem};

const KIND: SystemKind = SystemKind::ApiKey;

/// An API key. Its text is not in it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
struct ApiKeyBody {
    id: ExternalSystemId,
    /// Unique within the wallet without regard to case; never changes.
    name: String,
    #[serde(flatten)]
    access: Access,
}

/// The one answer that bears the key text.
#[derive(Serialize, JsonSchema)]
struct CreatedApiKey {
    #[serde(flatten)]
    api_key: ApiKeyBody,
    /// The key text, shown this one time: `clvk_` and 54 letters and digits.
    key: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateApiKey {
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: String,
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
struct EditApiKey {
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
    #[serde(default, rename = "name")]
    #[schemars(skip)]
    _name: Immutable,
    #[serde(default, rename = "expires_on")]
    #[schemars(skip)]
    _expires_on: Immutable,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListApiKeys {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Searches the names.
    q: Option<String>,
    /// With `-` before it for descending; by name when it is left out.
    #[serde(default)]
    sort: Sort,
    status: Option<Status>,
    /// Only those that the user, API key or OAuth client with this id made.
    created_by: Option<Uuid>,
}

sorts!("name", "-name");

/// The keys as the API writes them at this instant.
pub fn objects(keys: Vec<ExternalSystem>, now: Timestamp) -> impl Serialize {
    keys.into_iter().map(|key| ApiKeyBody::at(key, now)).collect::<Vec<_>>()
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/api-keys",
            get_with(list_keys, |operation| operation.id("listApiKeys").summary("List the API keys")).post_with(
                create_key,
                |operation| {
                    let operation = operation.id("createApiKey").summary("Create an API key").description(
                        "The answer bears the key text, this one time. Permissions that the caller does not hold \
                         itself are refused; what a key or a client makes cannot outlive it. Repeated with the same \
                         `Idempotency-Key` within ten minutes it answers the same secret again, and later 409.",
                    );
                    document::conflicts(operation, &[Code::NameInUse, Code::SecretShown])
                },
            ),
        )
        .api_route(
            "/api/v1/api-keys/{id}",
            get_with(view_key, |operation| operation.id("viewApiKey").summary("View an API key"))
                .patch_with(edit_key, |operation| {
                    operation.id("editApiKey").summary("Edit an API key").description(
                        "Permissions, notes and limit; in force for the next request when the answer comes.",
                    )
                })
                .delete_with(delete_key, |operation| {
                    operation.id("deleteApiKey").summary("Delete an API key").description(delete::DESCRIPTION)
                }),
        )
        .api_route(
            "/api/v1/api-keys/{id}/usage",
            get_with(view_usage, |operation| {
                operation.id("viewApiKeyUsage").summary("View the usage of an API key").description(usage::DESCRIPTION)
            }),
        )
}

async fn list_keys(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListApiKeys>,
) -> Result<Json<Items<ApiKeyBody>>, Problem> {
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
    Ok(Json(Items::from_page(scope, page, |key| ApiKeyBody::at(key, now))))
}

async fn create_key(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Repeatable(asked, idempotency): Repeatable<CreateApiKey>,
) -> Result<Created<CreatedApiKey>, Problem> {
    let CreateApiKey { name, expires_on, notes, permissions, requests_per_minute } = asked;
    let draft = Draft { name, expires_on, notes, permissions, requests_per_minute };
    let (key, text) = create_once(&app, &allow.0, KIND, &draft, &idempotency).await?;
    Ok(Created {
        location: format!("/api/v1/api-keys/{}", key.id),
        body: CreatedApiKey { api_key: ApiKeyBody::at(key, app.clock.now()), key: text.reveal().to_owned() },
    })
}

async fn view_key(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
) -> Result<Json<ApiKeyBody>, Problem> {
    Ok(Json(ApiKeyBody::at(get(&app, &allow.0, KIND, id).await?, app.clock.now())))
}

async fn view_usage(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<ViewUsage>,
) -> Result<Json<UsageBody>, Problem> {
    usage::view(&app, &allow.0, KIND, id, asked).await
}

async fn edit_key(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Body(asked): Body<EditApiKey>,
) -> Result<Json<ApiKeyBody>, Problem> {
    let EditApiKey { permissions, notes, requests_per_minute, .. } = asked;
    let asked = Edit { permissions, notes, requests_per_minute };
    Ok(Json(ApiKeyBody::at(edit(&app, &allow.0, KIND, id, &asked).await?, app.clock.now())))
}

async fn delete_key(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<Delete>,
) -> Result<Deleted, Problem> {
    delete::delete(&app, &allow.0, KIND, id, asked).await
}

impl ApiKeyBody {
    fn at(key: ExternalSystem, now: Timestamp) -> Self {
        Self { id: key.id, name: key.name.to_string(), access: Access::at(key, now) }
    }
}
