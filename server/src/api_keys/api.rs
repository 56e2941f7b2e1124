//! API keys as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use model::resource::ApiAccess;
use model::{Actor, ApiKey, ApiKeyId, Change, PermissionSet, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{ApiKeyFilter, ApiKeySort};

use super::{Draft, Edit, create, edit, get, list, revoke};
use crate::app::App;
use crate::caller::Allow;
use crate::http::{Body, Created, Fields, Immutable, Items, NoContent, ObjectId, Parameters, document};
use crate::problem::{Code, Problem};

/// An API key. Its text is not in it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
struct ApiKeyBody {
    id: ApiKeyId,
    /// Unique within the wallet without regard to case; never changes.
    name: String,
    /// Sorted; `x:change` is always accompanied by `x:view`.
    permissions: PermissionSet,
    /// The last day on which it is valid, on the wallet's calendar at its creation.
    #[schemars(with = "model::schema::Date")]
    expires_on: Date,
    /// The first instant at which it is not valid.
    #[schemars(with = "model::schema::DateTime")]
    expires_at: Timestamp,
    /// Party, contact, purpose.
    notes: String,
    status: Status,
    /// The 16 characters after the prefix of the key text: tells keys apart without revealing them.
    key_id: String,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
    created_by: Actor,
    #[schemars(with = "Option<model::schema::DateTime>")]
    last_used_at: Option<Timestamp>,
}

/// The one answer that bears the key text.
#[derive(Serialize, JsonSchema)]
struct CreatedApiKey {
    #[serde(flatten)]
    api_key: ApiKeyBody,
    /// The key text, shown this one time: `clvk_` and 54 letters and digits.
    key: String,
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Status {
    Active,
    Expired,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateApiKey {
    #[schemars(with = "model::schema::Name")]
    name: String,
    /// One year from today in the wallet's time zone when it is left out.
    #[schemars(with = "model::schema::Date")]
    #[serde(default, deserialize_with = "crate::http::present")]
    expires_on: Option<String>,
    #[serde(default)]
    #[schemars(with = "model::schema::Notes")]
    notes: String,
    #[serde(default)]
    permissions: PermissionSet,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditApiKey {
    #[serde(default, deserialize_with = "crate::http::present")]
    #[schemars(with = "PermissionSet")]
    permissions: Option<PermissionSet>,
    #[serde(default, deserialize_with = "crate::http::present")]
    #[schemars(with = "model::schema::Notes")]
    notes: Option<String>,
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
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, Debug)]
#[schemars(inline)]
pub(super) enum Sort {
    #[default]
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "-name")]
    NameDown,
    #[serde(rename = "expires_on")]
    ExpiresOn,
    #[serde(rename = "-expires_on")]
    ExpiresOnDown,
    #[serde(rename = "created_at")]
    CreatedAt,
    #[serde(rename = "-created_at")]
    CreatedAtDown,
    #[serde(rename = "last_used_at")]
    LastUsedAt,
    #[serde(rename = "-last_used_at")]
    LastUsedAtDown,
}

/// The keys as the API writes them at this instant.
pub fn objects(keys: Vec<ApiKey>, now: Timestamp) -> impl Serialize {
    keys.into_iter().map(|key| ApiKeyBody::at(key, now)).collect::<Vec<_>>()
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api-keys",
            get_with(list_keys, |operation| operation.id("listApiKeys").summary("List the API keys")).post_with(
                create_key,
                |operation| {
                    let operation = operation.id("createApiKey").summary("Create an API key").description(
                        "The answer bears the key text, this one time. Permissions that the caller does not hold \
                         itself are refused; a key made by a key cannot outlive it.",
                    );
                    document::conflicts(operation, &[Code::NameInUse])
                },
            ),
        )
        .api_route(
            "/api-keys/{id}",
            get_with(view_key, |operation| operation.id("viewApiKey").summary("View an API key"))
                .patch_with(edit_key, |operation| {
                    operation
                        .id("editApiKey")
                        .summary("Edit an API key")
                        .description("Permissions and notes; in force for the next request when the answer comes.")
                })
                .delete_with(delete_key, |operation| {
                    operation
                        .id("deleteApiKey")
                        .summary("Delete an API key")
                        .description("Revokes it for good: no request is admitted after the answer.")
                }),
        )
}

async fn list_keys(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListApiKeys>,
) -> Result<Json<Items<ApiKeyBody>>, Problem> {
    let now = app.clock.now();
    let filter = match asked.status {
        None => ApiKeyFilter::All,
        Some(Status::Active) => ApiKeyFilter::ActiveAt(now),
        Some(Status::Expired) => ApiKeyFilter::ExpiredAt(now),
    };
    let mut fields = Fields::default();
    let page =
        fields.list(asked.limit, asked.cursor.as_deref(), asked.q.as_deref(), asked.sort.order(), asked.sort.by_text());
    let page = list(&app, &allow.0, filter, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(page, |key| ApiKeyBody::at(key, now))))
}

async fn create_key(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<CreateApiKey>,
) -> Result<Created<CreatedApiKey>, Problem> {
    let CreateApiKey { name, expires_on, notes, permissions } = asked;
    let (key, text) = create(&app, &allow.0, &Draft { name, expires_on, notes, permissions }).await?;
    Ok(Created {
        location: format!("/api/v1/api-keys/{}", key.id),
        body: CreatedApiKey { api_key: ApiKeyBody::at(key, app.clock.now()), key: text.reveal().to_owned() },
    })
}

async fn view_key(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ApiKeyId>,
) -> Result<Json<ApiKeyBody>, Problem> {
    Ok(Json(ApiKeyBody::at(get(&app, &allow.0, id).await?, app.clock.now())))
}

async fn edit_key(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ApiKeyId>,
    Body(asked): Body<EditApiKey>,
) -> Result<Json<ApiKeyBody>, Problem> {
    let asked = Edit { permissions: asked.permissions, notes: asked.notes };
    Ok(Json(ApiKeyBody::at(edit(&app, &allow.0, id, &asked).await?, app.clock.now())))
}

async fn delete_key(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ApiKeyId>,
) -> Result<NoContent, Problem> {
    revoke(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl ApiKeyBody {
    fn at(key: ApiKey, now: Timestamp) -> Self {
        Self {
            id: key.id,
            name: key.name.into_string(),
            permissions: key.permissions,
            expires_on: key.expires_on,
            expires_at: key.expires_at,
            notes: key.notes.into_string(),
            status: if now < key.expires_at { Status::Active } else { Status::Expired },
            key_id: key.key_id,
            created_at: key.created_at,
            created_by: key.created_by,
            last_used_at: key.last_used_at,
        }
    }
}

impl Sort {
    pub(super) fn order(self) -> (ApiKeySort, bool) {
        match self {
            Self::Name => (ApiKeySort::Name, false),
            Self::NameDown => (ApiKeySort::Name, true),
            Self::ExpiresOn => (ApiKeySort::ExpiresOn, false),
            Self::ExpiresOnDown => (ApiKeySort::ExpiresOn, true),
            Self::CreatedAt => (ApiKeySort::CreatedAt, false),
            Self::CreatedAtDown => (ApiKeySort::CreatedAt, true),
            Self::LastUsedAt => (ApiKeySort::LastUsedAt, false),
            Self::LastUsedAtDown => (ApiKeySort::LastUsedAt, true),
        }
    }

    pub(super) fn by_text(self) -> bool {
        matches!(self.order().0, ApiKeySort::Name | ApiKeySort::ExpiresOn)
    }
}
