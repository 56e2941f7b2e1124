//! Credential offers as JSON.

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
use model::{
    Change, CredentialId, CredentialOffer, CredentialOfferId, IdentifierId, OfferState, OfferedCredential,
    TrustedContactId, TxCodeHint, View,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Draft, Terms, accept, decline, delete, get, list, receive};

/// An offer of an issuer, in the wallet's inbox.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CredentialOffer")]
struct OfferBody {
    id: CredentialOfferId,
    status: OfferState,
    /// Why it failed, why credentials of it could not be had, or why it is still pending after it was accepted.
    reason: Option<String>,
    /// Who offers: the credential issuer identifier.
    credential_issuer: String,
    /// What the issuer calls itself; nobody has checked it.
    issuer_name: Option<String>,
    /// What is offered.
    credentials: Vec<OfferedBody>,
    /// The transaction code that accepting needs; `null` when it needs none.
    tx_code: Option<TxCodeBody>,
    /// The trusted contact that pushed it; `null` when it was brought in.
    contact: Option<TrustedContactId>,
    /// Whether anyone can have sent it: it names the contact as its issuer, and the contact's own server has not
    /// confirmed it yet. The words that came with it are not shown until then.
    unconfirmed: bool,
    /// The identifier to whose key the credentials are bound; `null` until one is chosen.
    identifier: Option<IdentifierId>,
    /// What was received: ids of held credentials, which may have been deleted since.
    received: Vec<CredentialId>,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
    /// It can be accepted until then; the issuer may want it sooner.
    #[schemars(with = "model::schema::DateTime")]
    expires_at: Timestamp,
}

/// One credential of an offer.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct OfferedBody {
    /// The issuer's name for it.
    configuration_id: String,
    /// The type that it will have.
    vct: Option<String>,
    /// What the issuer calls it for people.
    name: Option<String>,
    /// Why it cannot be had, or was not; `null` while nothing is in its way.
    reason: Option<String>,
    /// The held credential that came of it, which may have been deleted since.
    received: Option<CredentialId>,
}

/// How a transaction code looks.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct TxCodeBody {
    /// Whether it is made of digits alone.
    numeric: bool,
    /// How many characters it has.
    length: Option<u32>,
    /// How it comes, in the issuer's words.
    description: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReceiveCredentialOffer {
    /// `openid-credential-offer://…`, or the `https` link of a wallet that has `credential_offer` or
    /// `credential_offer_uri`.
    offer: String,
    /// The identifier to whose key the credentials are bound; the first did:jwk when it is left out.
    #[serde(default)]
    identifier: Option<IdentifierId>,
    /// What the issuer sent another way, where accepting needs it.
    #[serde(default)]
    tx_code: Option<String>,
    /// Accept it at once.
    #[serde(default)]
    accept: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptCredentialOffer {
    /// The identifier to whose key the credentials are bound; when it is left out the one chosen before, or the first
    /// did:jwk.
    #[serde(default)]
    pub(super) identifier: Option<IdentifierId>,
    /// What the issuer sent another way, where accepting needs it.
    #[serde(default)]
    pub(super) tx_code: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListCredentialOffers {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Searches the names of issuers and credentials.
    q: Option<String>,
    /// Newest first when it is left out.
    #[serde(default)]
    #[schemars(extend("default" = "-created_at"))]
    sort: ByTime,
    /// Only with this status.
    status: Option<OfferState>,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/credential-offers",
            get_with(list_offers, |operation| {
                operation.id("listCredentialOffers").summary("List the received credential offers")
            })
            .post_with(receive_offer, |operation| {
                let operation =
                    operation.id("receiveCredentialOffer").summary("Receive a credential offer").description(
                        "The issuer is asked what it offers, and whether the wallet can have it: an offer of which nothing \
                         can be had is refused, one of which something can is taken, with the reason beside the rest. \
                         The code of a refusal of `offer` is `invalid`, `unsupported`, `issuer-unreachable` or \
                         `issuer-invalid`.",
                    );
                document::conflicts(operation, &[Code::AlreadyReceived])
            }),
        )
        .api_route(
            "/api/v1/credential-offers/{id}",
            get_with(view_offer, |operation| operation.id("viewCredentialOffer").summary("View a credential offer"))
                .delete_with(delete_offer, |operation| {
                    operation
                        .id("deleteCredentialOffer")
                        .summary("Delete a credential offer")
                        .description("Credentials that came from it stay.")
                }),
        )
        .api_route(
            "/api/v1/credential-offers/{id}/accept",
            post_with(accept_offer, |operation| {
                let operation = operation.id("acceptCredentialOffer").summary("Accept a credential offer").description(
                    "The issuer is asked for the credentials, and they are verified before they are stored. Answers \
                     with the offer, which is then `received` (with what could be had, and beside the rest why not), \
                     `deferred` while the issuer gives something later, or `failed`, with the reason. While nothing \
                     of the offer was used up it stays `pending`, with the reason, and can be accepted again: so does \
                     one whose identifier the issuer does not bind to (code `unsupported`), or whose transaction code \
                     it refuses (code `refused`).",
                );
                document::conflicts(operation, &[Code::OfferClosed])
            }),
        )
        .api_route(
            "/api/v1/credential-offers/{id}/decline",
            post_with(decline_offer, |operation| {
                let operation = operation.id("declineCredentialOffer").summary("Decline a credential offer");
                document::conflicts(operation, &[Code::OfferClosed])
            }),
        )
}

async fn list_offers(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListCredentialOffers>,
) -> Result<Json<Items<OfferBody>>, Problem> {
    let mut fields = Fields::default();
    let (cursor, q) = (asked.cursor.as_deref(), asked.q.as_deref());
    let page = fields.list(scope, asked.limit, cursor, q, asked.sort.order(), false);
    let page = fields.finish(Some(page))?;
    let now = app.clock.now();
    Ok(Json(Items::from_page(scope, list(&app, &allow.0, asked.status, &page).await?, |offer| {
        OfferBody::at(offer, now)
    })))
}

async fn receive_offer(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<ReceiveCredentialOffer>,
) -> Result<Created<OfferBody>, Problem> {
    let terms = Terms { tx_code: asked.tx_code, identifier: asked.identifier };
    let draft = Draft { offer: asked.offer, accept: asked.accept, terms };
    let offer = receive(&app, &allow.0, &draft).await?;
    let location = format!("/api/v1/credential-offers/{}", offer.id);
    Ok(Created { location, body: OfferBody::at(offer, app.clock.now()) })
}

async fn view_offer(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
) -> Result<Json<OfferBody>, Problem> {
    Ok(Json(OfferBody::at(get(&app, &allow.0, id).await?, app.clock.now())))
}

async fn accept_offer(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Body(asked): Body<AcceptCredentialOffer>,
) -> Result<Json<OfferBody>, Problem> {
    let terms = Terms { tx_code: asked.tx_code, identifier: asked.identifier };
    Ok(Json(OfferBody::at(accept(&app, &allow.0, id, &terms).await?, app.clock.now())))
}

async fn decline_offer(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
) -> Result<Json<OfferBody>, Problem> {
    Ok(Json(OfferBody::at(decline(&app, &allow.0, id).await?, app.clock.now())))
}

async fn delete_offer(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl OfferBody {
    fn at(offer: CredentialOffer, now: Timestamp) -> Self {
        Self {
            id: offer.id,
            status: offer.state_at(now),
            reason: offer.reason,
            credential_issuer: offer.credential_issuer,
            issuer_name: offer.issuer_name,
            credentials: offer.credentials.into_iter().map(OfferedBody::from).collect(),
            tx_code: offer.tx_code.map(TxCodeBody::from),
            contact: offer.contact_id,
            unconfirmed: offer.unconfirmed,
            identifier: offer.identifier_id,
            received: offer.credential_ids,
            created_at: offer.created_at,
            expires_at: offer.expires_at,
        }
    }
}

impl From<OfferedCredential> for OfferedBody {
    fn from(offered: OfferedCredential) -> Self {
        let OfferedCredential { configuration_id, vct, name, reason, received } = offered;
        Self { configuration_id, vct, name, reason, received }
    }
}

impl From<TxCodeHint> for TxCodeBody {
    fn from(hint: TxCodeHint) -> Self {
        Self { numeric: hint.numeric, length: hint.length, description: hint.description }
    }
}
