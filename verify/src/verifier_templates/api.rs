//! Verifier templates as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use jiff::Timestamp;
use kernel::app::App;
use kernel::http::collection::{Api, create, delete, edit, list, view};
use kernel::http::document;
use kernel::problem::Code;
use model::{IdentifierId, RequestUriMethod, TrustChoice, TrustedIssuerId, VerifierTemplate, VerifierTemplateId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::VerifierTemplates;

/// What the wallet asks others to present.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VerifierTemplate")]
pub struct TemplateBody {
    id: VerifierTemplateId,
    /// Unique among the wallet's verifier templates without regard to case.
    name: String,
    /// Why the wallet asks; shown to the holder.
    purpose: String,
    /// The identifier that signs the requests.
    identifier_id: IdentifierId,
    /// The query, in DCQL (OpenID4VP 1.0, section 6).
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

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse];
    ApiRouter::new()
        .api_route(
            VerifierTemplates::API,
            get_with(list::<VerifierTemplates>, |operation| {
                operation.id("listVerifierTemplates").summary("List the verifier templates")
            })
            .post_with(create::<VerifierTemplates>, |operation| {
                let operation = operation.id("createVerifierTemplate").summary("Add a verifier template");
                let operation = operation.description(
                    "A refused query is told with the place in it, such as `query.credentials[0].claims[1].path`.",
                );
                document::conflicts(operation, TAKEN)
            }),
        )
        .api_route(
            "/api/v1/verifier-templates/{id}",
            get_with(view::<VerifierTemplates>, |operation| {
                operation.id("viewVerifierTemplate").summary("View a verifier template")
            })
            .patch_with(edit::<VerifierTemplates>, |operation| {
                let operation = operation.id("editVerifierTemplate").summary("Edit a verifier template");
                document::conflicts(operation.description("What was asked by it already is not touched."), TAKEN)
            })
            .delete_with(delete::<VerifierTemplates>, |operation| {
                operation.id("deleteVerifierTemplate").summary("Delete a verifier template")
            }),
        )
}

impl Api for VerifierTemplates {
    const API: &'static str = "/api/v1/verifier-templates";
    type Body = TemplateBody;

    fn body(_: &App, template: VerifierTemplate) -> TemplateBody {
        TemplateBody {
            id: template.id,
            name: template.name.into_string(),
            purpose: template.purpose.into_string(),
            identifier_id: template.identifier_id,
            query: template.query,
            trust: template.trust.choice(),
            trusted_issuers: template.trust.chosen().to_vec(),
            retention_days: template.retention.days(),
            request_uri_method: template.request_uri_method,
            created_at: template.created_at,
        }
    }
}
