//! Verifier templates as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::{
    Body, Created, Fields, Items, ListByName, Listing, NoContent, ObjectId, checked, checked_if_present, document,
    present,
};
use kernel::problem::{Code, Problem};
use model::resource::VerifierTemplates;
use model::{
    Change, IdentifierId, Name, Purpose, RequestUriMethod, Retention, TrustedIssuerId, VerifierTemplate,
    VerifierTemplateId, View,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::query::AskableQuery;
use super::{Draft, Edit, TrustChoice, create, delete, edit, get, list};

/// What the wallet asks others to present.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VerifierTemplate")]
struct TemplateBody {
    id: VerifierTemplateId,
    /// Unique among the wallet's verifier templates without regard to case.
    name: String,
    /// Why the wallet asks; shown to the holder.
    purpose: String,
    /// The identifier that signs the requests.
    identifier_id: IdentifierId,
    /// The query, in DCQL (OpenID4VP 1.0, section 6).
    #[serde(deserialize_with = "checked::<AskableQuery, _, _>")]
    #[schemars(with = "model::schema::Object")]
    query: Value,
    /// Whose credentials are accepted.
    trust: TrustChoice,
    /// The issuers that were chosen. One that is no longer trusted is no longer here; an empty choice trusts nobody.
    trusted_issuers: Vec<TrustedIssuerId>,
    /// How many days the outcome of a verification is kept with what was disclosed. With 0 it is kept for an hour, in
    /// which it can be fetched.
    retention_days: u32,
    /// How the links of its requests ask wallets to fetch them (OpenID4VP 1.0, section 5.1).
    request_uri_method: RequestUriMethod,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateVerifierTemplate {
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: String,
    #[serde(deserialize_with = "checked::<Purpose, _, _>")]
    #[schemars(with = "model::schema::Purpose")]
    purpose: String,
    identifier_id: IdentifierId,
    /// The query, in DCQL (OpenID4VP 1.0, section 6).
    #[serde(deserialize_with = "checked::<AskableQuery, _, _>")]
    #[schemars(with = "model::schema::Object")]
    query: Value,
    #[serde(default)]
    trust: TrustChoice,
    /// Needed with `chosen_issuers`, and empty otherwise.
    #[serde(default)]
    trusted_issuers: Vec<TrustedIssuerId>,
    /// 0 to 3650; 30 if it is left out.
    #[serde(default = "default_retention", deserialize_with = "checked::<Retention, _, _>")]
    #[schemars(with = "model::schema::RetentionDays")]
    retention_days: i64,
    /// `get` if it is left out, which every wallet can do. Choose `post` for wallets that send a nonce of their own.
    #[serde(default)]
    request_uri_method: RequestUriMethod,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditVerifierTemplate {
    #[serde(default, deserialize_with = "checked_if_present::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: Option<String>,
    #[serde(default, deserialize_with = "checked_if_present::<Purpose, _, _>")]
    #[schemars(with = "model::schema::Purpose")]
    purpose: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "IdentifierId")]
    identifier_id: Option<IdentifierId>,
    #[serde(default, deserialize_with = "checked_if_present::<AskableQuery, _, _>")]
    #[schemars(with = "model::schema::Object")]
    query: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "TrustChoice")]
    trust: Option<TrustChoice>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Vec<TrustedIssuerId>")]
    trusted_issuers: Option<Vec<TrustedIssuerId>>,
    #[serde(default, deserialize_with = "checked_if_present::<Retention, _, _>")]
    #[schemars(with = "model::schema::RetentionDays")]
    retention_days: Option<i64>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "RequestUriMethod")]
    request_uri_method: Option<RequestUriMethod>,
}

/// The routes of the API.
pub fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse];
    ApiRouter::new()
        .api_route(
            "/api/v1/verifier-templates",
            get_with(list_templates, |operation| {
                operation.id("listVerifierTemplates").summary("List the verifier templates")
            })
            .post_with(create_template, |operation| {
                let operation = operation.id("createVerifierTemplate").summary("Add a verifier template");
                let operation = operation.description(
                    "A refused query is told with the place in it, such as `query.credentials[0].claims[1].path`.",
                );
                document::conflicts(operation, TAKEN)
            }),
        )
        .api_route(
            "/api/v1/verifier-templates/{id}",
            get_with(view_template, |operation| {
                operation.id("viewVerifierTemplate").summary("View a verifier template")
            })
            .patch_with(edit_template, |operation| {
                let operation = operation.id("editVerifierTemplate").summary("Edit a verifier template");
                document::conflicts(operation.description("What was asked by it already is not touched."), TAKEN)
            })
            .delete_with(delete_template, |operation| {
                operation.id("deleteVerifierTemplate").summary("Delete a verifier template")
            }),
        )
}

async fn list_templates(
    allow: Allow<View<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListByName>,
) -> Result<Json<Items<TemplateBody>>, Problem> {
    let mut fields = Fields::default();
    let page = asked.page(scope, &mut fields);
    let page = list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, TemplateBody::from)))
}

async fn create_template(
    allow: Allow<Change<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<CreateVerifierTemplate>,
) -> Result<Created<TemplateBody>, Problem> {
    let template = create(&app, &allow.0, &asked.into()).await?;
    Ok(Created { location: format!("/api/v1/verifier-templates/{}", template.id), body: template.into() })
}

async fn view_template(
    allow: Allow<View<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
) -> Result<Json<TemplateBody>, Problem> {
    Ok(Json(get(&app, &allow.0, id).await?.into()))
}

async fn edit_template(
    allow: Allow<Change<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
    Body(asked): Body<EditVerifierTemplate>,
) -> Result<Json<TemplateBody>, Problem> {
    Ok(Json(edit(&app, &allow.0, id, &asked.into()).await?.into()))
}

async fn delete_template(
    allow: Allow<Change<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl From<CreateVerifierTemplate> for Draft {
    fn from(asked: CreateVerifierTemplate) -> Self {
        Self {
            name: asked.name,
            purpose: asked.purpose,
            identifier_id: Some(asked.identifier_id),
            query: asked.query,
            trust: asked.trust,
            trusted_issuers: asked.trusted_issuers,
            retention_days: asked.retention_days,
            request_uri_method: asked.request_uri_method,
        }
    }
}

impl From<EditVerifierTemplate> for Edit {
    fn from(asked: EditVerifierTemplate) -> Self {
        Self {
            name: asked.name,
            purpose: asked.purpose,
            identifier_id: asked.identifier_id,
            query: asked.query,
            trust: asked.trust,
            trusted_issuers: asked.trusted_issuers,
            retention_days: asked.retention_days,
            request_uri_method: asked.request_uri_method,
        }
    }
}

fn default_retention() -> i64 {
    Draft::default().retention_days
}

impl From<VerifierTemplate> for TemplateBody {
    fn from(template: VerifierTemplate) -> Self {
        Self {
            id: template.id,
            name: template.name.into_string(),
            purpose: template.purpose.into_string(),
            identifier_id: template.identifier_id,
            query: template.query,
            trust: TrustChoice::of(&template.trust),
            trusted_issuers: template.trust.chosen().to_vec(),
            retention_days: template.retention.days(),
            request_uri_method: template.request_uri_method,
            created_at: template.created_at,
        }
    }
}
