//! Presentations as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::{Body, ByTime, Created, Fields, Items, Listing, NoContent, ObjectId, document};
use kernel::problem::{Code, Problem};
use model::resource::HolderCredentials;
use model::{Change, CredentialId, Disclosed, Presentation, PresentationId, PresentationState, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::matching::{Choices, Fitting};
use super::{Matching, decline, delete, get, list, receive, send};

/// A request of a verifier, and what was presented to it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Presentation")]
struct PresentationBody {
    id: PresentationId,
    status: PresentationState,
    /// Why it failed, in a sentence.
    reason: Option<String>,
    /// The verifier: the DID that signed the request.
    verifier: String,
    /// What the verifier calls itself; nobody has checked it.
    verifier_name: Option<String>,
    /// What was presented.
    sent: Vec<SentBody>,
    /// Where the verifier sends the browser of the party that presented. `null` for a caller without
    /// `holder_credentials:change`, because it can hold the verifier's response code.
    redirect_uri: Option<String>,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
    /// It can be answered until then.
    #[schemars(with = "model::schema::DateTime")]
    expires_at: Timestamp,
}

/// A request with what is asked, and what the wallet can answer.
#[derive(Serialize, JsonSchema)]
struct PresentationDetail {
    #[serde(flatten)]
    body: PresentationBody,
    /// What is asked, in DCQL (OpenID4VP 1.0 §6).
    #[schemars(with = "model::schema::Object")]
    query: Value,
    /// Whether the wallet holds what is needed; `null` when the request is not pending.
    satisfiable: Option<bool>,
    /// The credentials that fit, for each credential query; empty when the request is not pending.
    credentials: Vec<ChoicesBody>,
}

/// What can be presented for one credential query.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct ChoicesBody {
    /// The id of the credential query.
    query: String,
    /// Whether the least answer needs it: it is what is presented when nothing is chosen.
    needed: bool,
    /// The newest first. The first is presented when nothing is chosen.
    matches: Vec<MatchBody>,
}

/// A credential that fits, and exactly what presenting it discloses.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct MatchBody {
    credential: CredentialId,
    vct: String,
    issuer: String,
    /// The claims that are asked for, each where it stands in the credential, such as `["address", "locality"]`.
    #[schemars(with = "Vec<Vec<Value>>")]
    asked: Value,
    /// Everything that the verifier will read: the claims that are asked for, and those that cannot be withheld.
    #[schemars(with = "model::schema::Object")]
    disclosed: Value,
}

/// A credential that was presented.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct SentBody {
    /// The credential query that it answers.
    query: String,
    /// It may have been deleted since.
    credential: CredentialId,
    vct: String,
    /// The claims that were asked for, such as `address.locality`. What they said is not remembered.
    claims: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiveRequest {
    /// The link behind the verifier's button or QR code, `openid4vp://…`, with `client_id` and `request_uri`.
    pub(super) request: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SendPresentation {
    /// Which credential answers each credential query; when it is left out, the first that fits of everything that is
    /// needed.
    #[serde(default)]
    credentials: Option<BTreeMap<String, CredentialId>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListPresentations {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Searches the names of verifiers.
    q: Option<String>,
    /// Newest first when it is left out.
    #[serde(default)]
    #[schemars(extend("default" = "-created_at"))]
    sort: ByTime,
    /// Only with this status.
    status: Option<PresentationState>,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/presentations",
            get_with(list_presentations, |operation| {
                operation.id("listPresentations").summary("List the requests of verifiers and what was presented")
            })
            .post_with(receive_request, |operation| {
                let operation = operation.id("receiveRequest").summary("Receive a request of a verifier").description(
                    "The signed request is fetched and checked, and matched with the held credentials. The code of a \
                     refusal of `request` is `invalid`, `unsupported`, `unreachable`, `verifier-unknown`, \
                     `signature-invalid` or `expired`.",
                );
                document::conflicts(operation, &[Code::AlreadyReceived])
            }),
        )
        .api_route(
            "/api/v1/presentations/{id}",
            get_with(view_presentation, |operation| {
                operation.id("viewPresentation").summary("View a request with what would be disclosed")
            })
            .delete_with(delete_presentation, |operation| {
                operation.id("deletePresentation").summary("Delete a request and what is remembered of its answer")
            }),
        )
        .api_route(
            "/api/v1/presentations/{id}/send",
            post_with(send_presentation, |operation| {
                let operation = operation.id("sendPresentation").summary("Present to a verifier").description(
                    "Discloses what is asked and nothing else, and proves the holder's key. Answers with the \
                     presentation, which is then `sent` or `failed`, with the reason. A request is answered once.",
                );
                document::conflicts(operation, &[Code::RequestClosed])
            }),
        )
        .api_route(
            "/api/v1/presentations/{id}/decline",
            post_with(decline_presentation, |operation| {
                let operation =
                    operation.id("declinePresentation").summary("Decline a request, and tell the verifier so");
                document::conflicts(operation, &[Code::RequestClosed])
            }),
        )
}

async fn list_presentations(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListPresentations>,
) -> Result<Json<Items<PresentationBody>>, Problem> {
    let mut fields = Fields::default();
    let (cursor, q) = (asked.cursor.as_deref(), asked.q.as_deref());
    let page = fields.list(scope, asked.limit, cursor, q, asked.sort.order(), false);
    let page = fields.finish(Some(page))?;
    let now = app.clock.now();
    let page = list(&app, &allow.0, asked.status, &page).await?;
    Ok(Json(Items::from_page(scope, page, |presentation| PresentationBody::at(presentation, now))))
}

async fn receive_request(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<ReceiveRequest>,
) -> Result<Created<PresentationDetail>, Problem> {
    let id = receive(&app, &allow.0, &asked.request).await?.id;
    let (presentation, matching) = get(&app, &allow.0, id).await?;
    let body = PresentationDetail::of(presentation, matching.as_ref(), app.clock.now());
    Ok(Created { location: format!("/api/v1/presentations/{id}"), body })
}

async fn view_presentation(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
) -> Result<Json<PresentationDetail>, Problem> {
    let (presentation, matching) = get(&app, &allow.0, id).await?;
    Ok(Json(PresentationDetail::of(presentation, matching.as_ref(), app.clock.now())))
}

async fn send_presentation(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Body(asked): Body<SendPresentation>,
) -> Result<Json<PresentationBody>, Problem> {
    let sent = send(&app, &allow.0, id, asked.credentials.as_ref()).await?;
    Ok(Json(PresentationBody::at(sent, app.clock.now())))
}

async fn decline_presentation(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
) -> Result<Json<PresentationBody>, Problem> {
    let declined = decline(&app, &allow.0, id).await?;
    Ok(Json(PresentationBody::at(declined, app.clock.now())))
}

async fn delete_presentation(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl PresentationBody {
    fn at(presentation: Presentation, now: Timestamp) -> Self {
        Self {
            id: presentation.id,
            status: presentation.state_at(now),
            reason: presentation.reason,
            verifier: presentation.verifier,
            verifier_name: presentation.verifier_name,
            sent: presentation.disclosed.into_iter().map(SentBody::from).collect(),
            redirect_uri: presentation.redirect_uri,
            created_at: presentation.created_at,
            expires_at: presentation.expires_at,
        }
    }
}

impl PresentationDetail {
    fn of(presentation: Presentation, matching: Option<&Matching>, now: Timestamp) -> Self {
        Self {
            query: presentation.query.clone(),
            satisfiable: matching.map(Matching::is_satisfied),
            credentials: matching.iter().flat_map(|matching| matching.choices()).map(ChoicesBody::from).collect(),
            body: PresentationBody::at(presentation, now),
        }
    }
}

impl From<Choices<'_>> for ChoicesBody {
    fn from(choices: Choices<'_>) -> Self {
        Self {
            query: choices.query.to_owned(),
            needed: choices.needed,
            matches: choices.fitting.into_iter().map(MatchBody::from).collect(),
        }
    }
}

impl From<Fitting<'_>> for MatchBody {
    fn from(fitting: Fitting<'_>) -> Self {
        let credential = &fitting.held.credential;
        Self {
            credential: credential.id,
            vct: credential.vct.clone(),
            issuer: credential.issuer.clone(),
            asked: serde_json::json!(fitting.asked),
            disclosed: fitting.shown,
        }
    }
}

impl From<Disclosed> for SentBody {
    fn from(disclosed: Disclosed) -> Self {
        let Disclosed { query, credential_id: credential, vct, claims } = disclosed;
        Self { query, credential, vct, claims }
    }
}
