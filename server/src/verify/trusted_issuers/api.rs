//! Trusted issuers as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::resource::TrustedIssuers;
use model::{Change, CredentialType, Name, Notes, TrustedIssuer, TrustedIssuerId, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Draft, Edit, IssuerId, create, delete, edit, get, list};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::http::{
    Body, Created, Fields, Items, ListByName, Listing, NoContent, ObjectId, checked, checked_if_present, checked_items,
    document, present,
};
use crate::kernel::problem::{Code, Problem};

/// An issuer whose credentials the wallet accepts.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TrustedIssuer")]
struct IssuerBody {
    id: TrustedIssuerId,
    /// Unique among the wallet's trusted issuers without regard to case.
    name: String,
    /// A DID or an https URL, as the `iss` claim of its credentials names it; unique among the trusted issuers.
    issuer: String,
    /// Whether it is trusted for credentials of every type.
    any_vct: bool,
    /// The types (`vct`) that it is trusted for; empty with `any_vct`.
    vcts: Vec<String>,
    notes: String,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateTrustedIssuer {
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: String,
    /// A DID or an https URL.
    #[serde(deserialize_with = "checked::<IssuerId, _, _>")]
    issuer: String,
    /// Trusts it for credentials of every type.
    #[serde(default)]
    any_vct: bool,
    /// Trusts it for credentials of these types (`vct`). Needed unless `any_vct` is true.
    #[serde(default, deserialize_with = "checked_items::<CredentialType, _>")]
    vcts: Vec<String>,
    #[serde(default, deserialize_with = "checked::<Notes, _, _>")]
    #[schemars(with = "model::schema::Notes")]
    notes: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditTrustedIssuer {
    #[serde(default, deserialize_with = "checked_if_present::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: Option<String>,
    #[serde(default, deserialize_with = "checked_if_present::<IssuerId, _, _>")]
    #[schemars(with = "String")]
    issuer: Option<String>,
    /// `true` takes the place of the list; `false` needs `vcts`.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "bool")]
    any_vct: Option<bool>,
    /// Takes the place of the list, or of `any_vct`.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Vec<String>")]
    vcts: Option<Vec<String>>,
    #[serde(default, deserialize_with = "checked_if_present::<Notes, _, _>")]
    #[schemars(with = "model::schema::Notes")]
    notes: Option<String>,
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse, Code::IssuerInUse];
    ApiRouter::new()
        .api_route(
            "/api/v1/trusted-issuers",
            get_with(list_issuers, |operation| {
                let operation = operation.id("listTrustedIssuers").summary("List the trusted issuers");
                operation.description("An empty list trusts nobody.")
            })
            .post_with(create_issuer, |operation| {
                document::conflicts(operation.id("createTrustedIssuer").summary("Add a trusted issuer"), TAKEN)
            }),
        )
        .api_route(
            "/api/v1/trusted-issuers/{id}",
            get_with(view_issuer, |operation| operation.id("viewTrustedIssuer").summary("View a trusted issuer"))
                .patch_with(edit_issuer, |operation| {
                    document::conflicts(operation.id("editTrustedIssuer").summary("Edit a trusted issuer"), TAKEN)
                })
                .delete_with(delete_issuer, |operation| {
                    let operation = operation.id("deleteTrustedIssuer").summary("Delete a trusted issuer");
                    operation.description("Verifier templates for which it was chosen no longer trust it either.")
                }),
        )
}

async fn list_issuers(
    allow: Allow<View<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListByName>,
) -> Result<Json<Items<IssuerBody>>, Problem> {
    let mut fields = Fields::default();
    let page = asked.page(scope, &mut fields);
    let page = list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, IssuerBody::from)))
}

async fn create_issuer(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<CreateTrustedIssuer>,
) -> Result<Created<IssuerBody>, Problem> {
    let CreateTrustedIssuer { name, issuer, any_vct, vcts, notes } = asked;
    let issuer = create(&app, &allow.0, &Draft { name, issuer, any_vct, vcts, notes }).await?;
    Ok(Created { location: format!("/api/v1/trusted-issuers/{}", issuer.id), body: issuer.into() })
}

async fn view_issuer(
    allow: Allow<View<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedIssuerId>,
) -> Result<Json<IssuerBody>, Problem> {
    Ok(Json(get(&app, &allow.0, id).await?.into()))
}

async fn edit_issuer(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedIssuerId>,
    Body(asked): Body<EditTrustedIssuer>,
) -> Result<Json<IssuerBody>, Problem> {
    let EditTrustedIssuer { name, issuer, any_vct, vcts, notes } = asked;
    Ok(Json(edit(&app, &allow.0, id, &Edit { name, issuer, any_vct, vcts, notes }).await?.into()))
}

async fn delete_issuer(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedIssuerId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl From<TrustedIssuer> for IssuerBody {
    fn from(issuer: TrustedIssuer) -> Self {
        Self {
            id: issuer.id,
            name: issuer.name.into_string(),
            issuer: issuer.issuer,
            any_vct: issuer.types.is_any(),
            vcts: issuer.types.listed().iter().map(ToString::to_string).collect(),
            notes: issuer.notes.into_string(),
            created_at: issuer.created_at,
        }
    }
}
