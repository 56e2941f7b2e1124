//! What was disclosed of credentials that were verified.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::{Fields, Items, Listing, NoContent, ObjectId};
use kernel::problem::Problem;
use model::resource::VerifiedCredentials;
use model::{Change, Check, VerificationId, VerifiedCredential, VerifiedCredentialId, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{List, VerifiedCredentialFilter};

use super::super::{delete_credential, get_credential, list_credentials};

/// A credential that was presented to the wallet and verified.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VerifiedCredential")]
struct VerifiedCredentialBody {
    id: VerifiedCredentialId,
    /// The verification that it answered.
    verification: VerificationId,
    /// What the verification's template was called.
    template_name: String,
    /// What the external system calls the verification.
    correlation_id: Option<String>,
    /// The id of the credential query that it answers.
    query_id: String,
    /// Its type.
    vct: String,
    /// Who issued it.
    issuer: String,
    #[schemars(with = "model::schema::DateTime")]
    verified_at: Timestamp,
}

/// A verified credential with what it disclosed. A list leaves that out: it is personal, and can be long.
#[derive(Serialize, JsonSchema)]
struct VerifiedCredentialDetail {
    #[serde(flatten)]
    body: VerifiedCredentialBody,
    /// What was disclosed of the claims that were asked for; where none was named, the claims that are always visible.
    #[schemars(with = "model::schema::Object")]
    claims: Value,
    /// What was checked.
    checks: Vec<Check>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListVerifiedCredentials {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Searches the types.
    q: Option<String>,
    /// Newest first when it is left out.
    #[serde(default)]
    sort: Sort,
    /// Only of this verification.
    verification: Option<VerificationId>,
    /// Only of verifications that you call so.
    correlation_id: Option<String>,
    /// Only of this type.
    vct: Option<String>,
    /// Only by this issuer.
    issuer: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Debug)]
#[schemars(inline)]
enum Sort {
    #[default]
    #[serde(rename = "-verified_at")]
    Newest,
    #[serde(rename = "verified_at")]
    Oldest,
}

pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/verified-credentials",
            get_with(list_verified_credentials, |operation| {
                operation.id("listVerifiedCredentials").summary("List the credentials that were verified")
            }),
        )
        .api_route(
            "/api/v1/verified-credentials/{id}",
            get_with(view_verified_credential, |operation| {
                operation.id("viewVerifiedCredential").summary("View a verified credential with what it disclosed")
            })
            .delete_with(delete_verified_credential, |operation| {
                operation
                    .id("deleteVerifiedCredential")
                    .summary("Delete what a verified credential disclosed, for good")
            }),
        )
}

async fn list_verified_credentials(
    allow: Allow<View<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListVerifiedCredentials>,
) -> Result<Json<Items<VerifiedCredentialBody>>, Problem> {
    let mut fields = Fields::default();
    let texts = [("correlation_id", &asked.correlation_id), ("vct", &asked.vct), ("issuer", &asked.issuer)];
    for (name, text) in texts {
        fields.check_comparable(name, text.as_deref());
    }
    let order = ((), asked.sort == Sort::Newest);
    let page: List<()> = fields.list(scope, asked.limit, asked.cursor.as_deref(), asked.q.as_deref(), order, false);
    let page = fields.finish(Some(page))?;
    let filter = VerifiedCredentialFilter {
        verification_id: asked.verification,
        correlation_id: asked.correlation_id,
        vct: asked.vct,
        issuer: asked.issuer,
    };
    let page = list_credentials(&app, &allow.0, &filter, &page).await?;
    Ok(Json(Items::from_page(scope, page, |credential| VerifiedCredentialDetail::from(credential).body)))
}

async fn view_verified_credential(
    allow: Allow<View<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifiedCredentialId>,
) -> Result<Json<VerifiedCredentialDetail>, Problem> {
    Ok(Json(get_credential(&app, &allow.0, id).await?.into()))
}

async fn delete_verified_credential(
    allow: Allow<Change<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifiedCredentialId>,
) -> Result<NoContent, Problem> {
    delete_credential(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl From<VerifiedCredential> for VerifiedCredentialDetail {
    fn from(credential: VerifiedCredential) -> Self {
        Self {
            body: VerifiedCredentialBody {
                id: credential.id,
                verification: credential.verification_id,
                template_name: credential.template_name,
                correlation_id: credential.correlation_id,
                query_id: credential.query_id,
                vct: credential.vct,
                issuer: credential.issuer,
                verified_at: credential.verified_at,
            },
            claims: credential.claims,
            checks: credential.checks,
        }
    }
}
