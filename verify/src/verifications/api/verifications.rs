//! Verifications: asking, and seeing what came of it.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::{Body, Created, Fields, Items, Listing, NoContent, ObjectId, checked_if_present, document, present};
use kernel::idempotency::Repeatable;
use kernel::problem::{Code, Problem};
use kernel::qr;
use kernel::sessions::{CorrelationId, ListSessions};
use kernel::webhooks::{self, Callback};
use model::resource::VerifiedCredentials;
use model::{
    Change, Check, Verification, VerificationId, VerificationStatus, VerifiedCredential, VerifiedCredentialId,
    VerifierTemplateId, View,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::{Draft, RedirectUri, VerificationView, create, delete, get, list, redeem};

/// A request to present credentials, and how far it has come.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Verification")]
struct VerificationBody {
    id: VerificationId,
    template: TemplateRef,
    /// What the external system calls it.
    correlation_id: Option<String>,
    status: VerificationStatus,
    /// The DID that asks.
    verifier: String,
    /// Where the holder is sent when it was answered, in whatever way.
    redirect_uri: Option<String>,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
    /// The first instant at which it cannot be answered any more.
    #[schemars(with = "model::schema::DateTime")]
    expires_at: Timestamp,
    /// When a wallet fetched the request.
    #[schemars(with = "Option<model::schema::DateTime>")]
    retrieved_at: Option<Timestamp>,
    /// When it was answered, or found to be expired.
    #[schemars(with = "Option<model::schema::DateTime>")]
    finished_at: Option<Timestamp>,
    /// When it is deleted by itself, as its template says.
    #[schemars(with = "Option<model::schema::DateTime>")]
    kept_until: Option<Timestamp>,
    /// Where this object is.
    status_uri: String,
}

/// The verifier template, as it was called when it was asked.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VerifierTemplateReference")]
struct TemplateRef {
    id: VerifierTemplateId,
    name: String,
}

/// A verification with its link, or with its result.
#[derive(Serialize, JsonSchema)]
struct VerificationDetail {
    #[serde(flatten)]
    body: VerificationBody,
    /// The `openid4vp://` link that opens a wallet. `null` when the request was answered or has expired, and for a caller
    /// without `verified_credentials:change`: who has the link can answer. So is `qr`.
    request_uri: Option<String>,
    /// The same as a QR code, an SVG image.
    qr: Option<String>,
    /// What was checked; `null` until it is answered.
    result: Option<ResultBody>,
}

/// What was checked of an answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VerificationResult")]
struct ResultBody {
    /// Of the answer as a whole.
    checks: Vec<Check>,
    /// Of each presentation.
    credentials: Vec<PresentedBody>,
}

/// What was checked of one presentation, and what it disclosed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PresentedCredential")]
struct PresentedBody {
    /// The id of the credential query that it answers.
    query_id: String,
    /// The type that it claims to be of; `null` when it cannot be read.
    vct: Option<String>,
    /// Who it says issued it; `null` when it cannot be read.
    issuer: Option<String>,
    checks: Vec<Check>,
    /// What was disclosed of the claims that were asked for; where none was named, the claims that are always visible.
    /// `null` when the verification was rejected, and after its deletion.
    #[schemars(with = "Option<model::schema::Object>")]
    claims: Option<Value>,
    /// Where that is kept, under `/api/v1/verified-credentials`.
    verified_credential: Option<VerifiedCredentialId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateVerification {
    /// The verifier template: what is asked, and whose credentials are accepted.
    template: VerifierTemplateId,
    /// What you call it: an order, a person's number.
    #[serde(default, deserialize_with = "checked_if_present::<CorrelationId, _, _>")]
    #[schemars(with = "String", length(min = 1, max = 255))]
    correlation_id: Option<String>,
    /// Where the wallet sends its user when it has answered, in whatever way, with the parameter `response_code`. Redeem
    /// that code to see how it went, and to know that who came back is who answered (OpenID4VP 1.0 §14.2).
    #[serde(default, deserialize_with = "checked_if_present::<RedirectUri, _, _>")]
    #[schemars(with = "String")]
    redirect_uri: Option<String>,
    /// Whom to tell what becomes of it: the events `verification.retrieved`, `verification.verified`,
    /// `verification.rejected`, `verification.declined` and `verification.expired`.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Callback")]
    callback: Option<Callback>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RedeemResponseCode {
    /// The parameter with which the holder came to the redirect URI.
    response_code: String,
}

pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/verifications",
            get_with(list_verifications, |operation| {
                operation.id("listVerifications").summary("List the verifications")
            })
            .post_with(create_verification, |operation| {
                operation.id("createVerification").summary("Ask for a presentation").description(
                    "Makes a request (OpenID4VP 1.0) for one holder. Show its QR code or send its link: a wallet \
                     fetches it within ten minutes, again if it needs to, and answers it once. Look at `status_uri`, or have a \
                     `callback` told, what came of it.",
                )
            }),
        )
        .api_route(
            "/api/v1/verifications/{id}",
            get_with(view_verification, |operation| {
                operation.id("viewVerification").summary("View a verification with its result")
            })
            .delete_with(delete_verification, |operation| {
                operation.id("deleteVerification").summary("Delete a verification for good, with what was disclosed")
            }),
        )
        .api_route(
            "/api/v1/verifications/{id}/redeem",
            post_with(redeem_response_code, |operation| {
                let operation = operation.id("redeemVerification");
                let operation = operation.summary("Redeem the response code of a holder who came back");
                document::conflicts(operation, &[Code::ResponseCodeInvalid])
            }),
        )
}

async fn list_verifications(
    allow: Allow<View<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListSessions<VerificationBody, VerificationStatus, VerifierTemplateId>>,
) -> Result<Json<Items<VerificationBody>>, Problem> {
    let (filter, page) = asked.read(scope, app.clock.now())?;
    let page = list(&app, &allow.0, &filter, &page).await?;
    Ok(Json(Items::from_page(scope, page, |verification| VerificationBody::of(&app, verification))))
}

async fn create_verification(
    allow: Allow<Change<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    Repeatable(asked, idempotency): Repeatable<CreateVerification>,
) -> Result<Created<VerificationDetail>, Problem> {
    let mut fields = Fields::default();
    let callback = webhooks::check(&app, asked.callback.as_ref(), &mut fields);
    fields.finish(Some(()))?;
    let draft = Draft {
        template: Some(asked.template),
        correlation_id: asked.correlation_id,
        redirect_uri: asked.redirect_uri,
        callback,
    };
    let made = create(&app, &allow.0, &draft, &idempotency).await?;
    let location = format!("/api/v1/verifications/{}", made.verification.id);
    Ok(Created { location, body: VerificationDetail::of(&app, made)? })
}

async fn view_verification(
    allow: Allow<View<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerificationId>,
) -> Result<Json<VerificationDetail>, Problem> {
    Ok(Json(VerificationDetail::of(&app, get(&app, &allow.0, id).await?)?))
}

async fn delete_verification(
    allow: Allow<Change<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerificationId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

async fn redeem_response_code(
    allow: Allow<Change<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerificationId>,
    Body(asked): Body<RedeemResponseCode>,
) -> Result<Json<VerificationDetail>, Problem> {
    let redeemed = redeem(&app, &allow.0, id, &asked.response_code).await?;
    Ok(Json(VerificationDetail::of(&app, redeemed)?))
}

impl VerificationBody {
    fn of(app: &App, verification: Verification) -> Self {
        Self {
            status: verification.status_at(app.clock.now()),
            status_uri: format!("{}/api/v1/verifications/{}", app.settings.public_url.origin(), verification.id),
            id: verification.id,
            template: TemplateRef { id: verification.template_id, name: verification.template_name },
            correlation_id: verification.correlation_id,
            verifier: verification.verifier,
            redirect_uri: verification.redirect_uri,
            created_at: verification.created_at,
            expires_at: verification.expires_at,
            retrieved_at: verification.retrieved_at,
            finished_at: verification.finished_at,
            kept_until: verification.kept_until,
        }
    }
}

impl VerificationDetail {
    fn of(app: &App, asked: VerificationView) -> Result<Self, Problem> {
        let VerificationView { mut verification, link, credentials } = asked;
        let result = verification.result.take().map(|result| ResultBody::of(result, credentials));
        Ok(Self {
            body: VerificationBody::of(app, verification),
            qr: link.as_deref().map(qr::svg).transpose()?,
            request_uri: link,
            result,
        })
    }
}

impl ResultBody {
    fn of(result: model::VerificationResult, mut kept: Vec<VerifiedCredential>) -> Self {
        let mut body = |(position, presented): (u32, model::PresentedCredential)| {
            let at = kept.iter().position(|credential| credential.position == position);
            let credential = at.map(|at| kept.swap_remove(at));
            PresentedBody {
                query_id: presented.query_id,
                vct: presented.vct,
                issuer: presented.issuer,
                checks: presented.checks,
                verified_credential: credential.as_ref().map(|credential| credential.id),
                claims: credential.map(|credential| credential.claims),
            }
        };
        Self { checks: result.checks, credentials: (0..).zip(result.credentials).map(&mut body).collect() }
    }
}
