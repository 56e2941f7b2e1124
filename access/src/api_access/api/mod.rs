//! API keys and OAuth clients as JSON: the operations are the same for both kinds.

mod delete;
mod kind;
mod usage;

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::{Created, Draft, Fields, Items, Listing, ObjectId, Parameters, Patch, document};
use kernel::idempotency::Repeatable;
use kernel::problem::{Code, Problem};
use model::resource::ApiAccess;
use model::{Change, ExternalSystem, ExternalSystemId, SystemKind, View};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{SystemFilter, SystemStatus};
use uuid::Uuid;

use self::delete::Deleted;
use self::kind::Status;
use self::usage::{UsageBody, ViewUsage};
use crate::api_access::draft::Terms;
use crate::api_access::lifecycle::Delete;
use crate::api_access::sort::is_text;
use crate::api_access::{api_path, create_once, edit, get, list};

pub(super) use self::kind::{ApiKeys, Kind, OauthClients};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "")]
#[schemars(rename = "List{K}")]
struct ListSystems<K: Kind> {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    #[schemars(description = format!("Searches the {}s.", K::NAME))]
    q: Option<String>,
    #[serde(default)]
    #[schemars(description = format!("With `-` before it for descending; by {} when it is left out.", K::NAME))]
    sort: K::Sort,
    status: Option<Status>,
    /// Only those that the user, API key or OAuth client with this id made.
    created_by: Option<Uuid>,
}

/// The terms of one of a kind, of which a PATCH sends some.
#[derive(Serialize, Deserialize)]
#[serde(transparent, bound = "")]
struct TermsOf<K> {
    terms: Terms,
    #[serde(skip)]
    kind: PhantomData<fn() -> K>,
}

/// The objects of a kind as the API writes them at this instant.
pub fn objects(kind: SystemKind, systems: Vec<ExternalSystem>, now: Timestamp) -> impl Serialize {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Objects<A, B> {
        ApiKeys(Vec<A>),
        OauthClients(Vec<B>),
    }
    let systems = systems.into_iter();
    match kind {
        SystemKind::ApiKey => Objects::ApiKeys(systems.map(|system| ApiKeys::object(system, now)).collect()),
        SystemKind::OauthClient => {
            Objects::OauthClients(systems.map(|system| OauthClients::object(system, now)).collect())
        }
    }
}

/// The routes of the API.
pub(super) fn routes<K: Kind>() -> ApiRouter<Arc<App>> {
    let (path, (one, all)) = (api_path(K::KIND), K::NOUNS);
    let id = |verb: &str| format!("{verb}{}", K::OBJECT);
    ApiRouter::new()
        .api_route(
            path,
            get_with(list_systems::<K>, |operation| {
                operation.id(&format!("{}s", id("list"))).summary(&format!("List the {all}"))
            })
            .post_with(create_system::<K>, |operation| {
                let operation = operation.id(&id("create")).summary(&format!("Create {one}")).description(&format!(
                    "The answer bears the {}, this one time. Permissions that the caller does not hold itself are \
                     refused; what a key or a client makes cannot outlive it. Repeated with the same \
                     `Idempotency-Key` within ten minutes it answers the same secret again, and later 409.",
                    K::SECRET
                ));
                document::conflicts(operation, &[Code::NameInUse, Code::SecretShown])
            }),
        )
        .api_route(
            &format!("{path}/{{id}}"),
            get_with(view_system::<K>, |operation| operation.id(&id("view")).summary(&format!("View {one}")))
                .patch_with(edit_system::<K>, |operation| {
                    let description = format!("Permissions, notes and limit; {}", K::EDITED);
                    operation.id(&id("edit")).summary(&format!("Edit {one}")).description(&description)
                })
                .delete_with(delete_system::<K>, |operation| {
                    operation.id(&id("delete")).summary(&format!("Delete {one}")).description(delete::DESCRIPTION)
                }),
        )
        .api_route(
            &format!("{path}/{{id}}/usage"),
            get_with(view_usage::<K>, |operation| {
                let operation = operation.id(&format!("{}Usage", id("view")));
                operation.summary(&format!("View the usage of {one}")).description(usage::DESCRIPTION)
            }),
        )
}

async fn list_systems<K: Kind>(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Listing(query, scope): Listing<ListSystems<K>>,
) -> Result<Json<Items<K::Object>>, Problem> {
    let now = app.clock.now();
    let (by, descending) = query.sort.into();
    let mut fields = Fields::default();
    let (cursor, q) = (query.cursor.as_deref(), query.q.as_deref());
    let page = fields.list(scope, query.limit, cursor, q, (by, descending), is_text(by));
    let status = match query.status {
        None => SystemStatus::Any,
        Some(Status::Active) => SystemStatus::ActiveAt(now),
        Some(Status::Expired) => SystemStatus::ExpiredAt(now),
    };
    let filter = SystemFilter { status, created_by: query.created_by };
    let page = list(&app, &allow.0, K::KIND, filter, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, |system| K::object(system, now))))
}

async fn create_system<K: Kind>(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Repeatable(draft, idempotency): Repeatable<K::Draft>,
) -> Result<Created<K::Created>, Problem> {
    let (system, secret) = create_once(&app, &allow.0, K::KIND, &draft.into(), &idempotency).await?;
    let location = format!("{}/{}", api_path(K::KIND), system.id);
    Ok(Created { location, body: K::created(K::object(system, app.clock.now()), secret.reveal()) })
}

async fn view_system<K: Kind>(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
) -> Result<Json<K::Object>, Problem> {
    Ok(Json(K::object(get(&app, &allow.0, K::KIND, id).await?, app.clock.now())))
}

async fn view_usage<K: Kind>(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(query): Parameters<ViewUsage>,
) -> Result<Json<UsageBody>, Problem> {
    usage::view(&app, &allow.0, K::KIND, id, query).await
}

async fn edit_system<K: Kind>(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    patch: Patch<TermsOf<K>>,
) -> Result<Json<K::Object>, Problem> {
    let patched = |terms| patch.onto(&TermsOf::from(terms)).map(|patched| patched.terms);
    Ok(Json(K::object(edit(&app, &allow.0, K::KIND, id, patched).await?, app.clock.now())))
}

async fn delete_system<K: Kind>(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(query): Parameters<Delete>,
) -> Result<Deleted, Problem> {
    delete::delete(&app, &allow.0, K::KIND, id, query).await
}

impl<K: Kind> Draft for TermsOf<K> {
    const PATCH: &'static str = K::PATCH;
    const IMMUTABLE: &'static [&'static str] = K::IMMUTABLE;

    fn describe_patch(members: &mut Map<String, Value>) {
        // The document says `null` of a member that is left out.
        for member in members.values_mut().filter_map(Value::as_object_mut) {
            member.insert("default".to_owned(), Value::Null);
        }
    }
}

impl<K: Kind> JsonSchema for TermsOf<K> {
    fn schema_name() -> Cow<'static, str> {
        Terms::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Terms::json_schema(generator)
    }
}

impl<K> From<Terms> for TermsOf<K> {
    fn from(terms: Terms) -> Self {
        Self { terms, kind: PhantomData }
    }
}
