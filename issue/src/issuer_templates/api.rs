//! Issuer templates as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use jiff::Timestamp;
use kernel::app::App;
use kernel::http::collection::{Api, create, delete, edit, list, view};
use kernel::http::document;
use kernel::problem::Code;
use model::{Card, IdentifierId, IssuerTemplate, IssuerTemplateId, StatusListId, TemplateClaim};
use schemars::JsonSchema;
use serde::Serialize;

use super::IssuerTemplates;
use super::type_url;

/// What the wallet issues as one type of credential.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IssuerTemplate")]
pub struct TemplateBody {
    /// Also the id of its credential configuration in the issuer metadata.
    id: IssuerTemplateId,
    /// Unique among the wallet's issuer templates without regard to case.
    name: String,
    /// The type of its credentials, a URI. It never changes.
    vct: String,
    /// What its credentials say, in the order in which people read it.
    claims: Vec<TemplateClaim>,
    display: Card,
    /// How many days a credential is valid; `null` for good.
    valid_for_days: Option<u32>,
    /// The identifier that signs.
    identifier_id: IdentifierId,
    /// The status list by which credentials can be revoked and suspended; `null` for never.
    status_list_id: Option<StatusListId>,
    /// Where its type metadata is served to everybody.
    type_metadata_url: String,
    /// When the first credential was issued with it. From then on its claims stay.
    #[schemars(with = "Option<model::schema::DateTime>")]
    first_issued_at: Option<Timestamp>,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse];
    ApiRouter::new()
        .api_route(
            IssuerTemplates::API,
            get_with(list::<IssuerTemplates>, |operation| {
                operation.id("listIssuerTemplates").summary("List the issuer templates")
            })
            .post_with(create::<IssuerTemplates>, |operation| {
                let operation = operation.id("createIssuerTemplate").summary("Make an issuer template").description(
                    "It appears in the wallet's issuer metadata, and its type metadata is served at once.",
                );
                document::conflicts(operation, TAKEN)
            }),
        )
        .api_route(
            "/api/v1/issuer-templates/{id}",
            get_with(view::<IssuerTemplates>, |operation| {
                operation.id("viewIssuerTemplate").summary("View an issuer template")
            })
            .patch_with(edit::<IssuerTemplates>, |operation| {
                document::conflicts(operation.id("editIssuerTemplate").summary("Edit an issuer template"), TAKEN)
            })
            .delete_with(delete::<IssuerTemplates>, |operation| {
                let operation = operation.id("deleteIssuerTemplate").summary("Delete an issuer template");
                document::conflicts(operation, &[Code::IssuerTemplateInUse])
            }),
        )
}

impl Api for IssuerTemplates {
    const API: &'static str = "/api/v1/issuer-templates";
    type Body = TemplateBody;

    fn body(app: &App, template: IssuerTemplate) -> TemplateBody {
        TemplateBody {
            type_metadata_url: type_url(app, template.wallet_id, template.id),
            id: template.id,
            name: template.name.into_string(),
            vct: template.vct.to_string(),
            claims: template.claims,
            display: template.card,
            valid_for_days: template.valid_for.map(model::Days::get),
            identifier_id: template.identifier_id,
            status_list_id: template.status_list_id,
            first_issued_at: template.first_issued_at,
            created_at: template.created_at,
        }
    }
}
