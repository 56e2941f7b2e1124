//! Trusted issuers as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use jiff::Timestamp;
use kernel::app::App;
use kernel::http::collection::{Api, create, delete, edit, list, view};
use kernel::http::document;
use kernel::problem::Code;
use model::{TrustedIssuer, TrustedIssuerId};
use schemars::JsonSchema;
use serde::Serialize;

use super::TrustedIssuers;

/// An issuer whose credentials the wallet accepts.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TrustedIssuer")]
pub struct IssuerBody {
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

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    const TAKEN: &[Code] = &[Code::NameInUse, Code::IssuerInUse];
    ApiRouter::new()
        .api_route(
            TrustedIssuers::API,
            get_with(list::<TrustedIssuers>, |operation| {
                let operation = operation.id("listTrustedIssuers").summary("List the trusted issuers");
                operation.description("An empty list trusts nobody.")
            })
            .post_with(create::<TrustedIssuers>, |operation| {
                document::conflicts(operation.id("createTrustedIssuer").summary("Add a trusted issuer"), TAKEN)
            }),
        )
        .api_route(
            "/api/v1/trusted-issuers/{id}",
            get_with(view::<TrustedIssuers>, |operation| {
                operation.id("viewTrustedIssuer").summary("View a trusted issuer")
            })
            .patch_with(edit::<TrustedIssuers>, |operation| {
                document::conflicts(operation.id("editTrustedIssuer").summary("Edit a trusted issuer"), TAKEN)
            })
            .delete_with(delete::<TrustedIssuers>, |operation| {
                let operation = operation.id("deleteTrustedIssuer").summary("Delete a trusted issuer");
                operation.description("Verifier templates for which it was chosen no longer trust it either.")
            }),
        )
}

impl Api for TrustedIssuers {
    const API: &'static str = "/api/v1/trusted-issuers";
    type Body = IssuerBody;

    fn body(_: &App, issuer: TrustedIssuer) -> IssuerBody {
        IssuerBody {
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
