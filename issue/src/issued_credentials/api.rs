//! Issuances as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::{Created, Items, Listing, ObjectId, Raw, checked_if_present, document, present};
use kernel::idempotency::Repeatable;
use kernel::problem::{Code, Problem};
use kernel::qr;
use kernel::sessions::{CorrelationId, ListSessions};
use kernel::webhooks::Callback;
use model::resource::IssueCredentials;
use model::{
    Change, CredentialStatus, Issuance, IssuanceId, IssuanceStatus, IssuedCredential, IssuerTemplateId,
    TrustedContactId, View,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    DEFAULT_LIFETIME, Draft, Lifetime, Offered, OpenOffer, TxCode, cancel, create, get_with_offer, list, restore,
    revoke, suspend,
};

/// A credential that the wallet offers or has issued. Its claims are told to its holder alone.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Issuance")]
struct IssuanceBody {
    id: IssuanceId,
    template: TemplateRef,
    /// The type of the credential.
    vct: String,
    /// What the external system calls it.
    correlation_id: Option<String>,
    status: IssuanceStatus,
    /// Why it cannot be issued, when `status` is `error`: `tx-code-tries`, `template-deleted`, `template-changed`,
    /// `credential-too-large`, `claims-unissuable`, `identifier-deleted` or `status-list-unusable`.
    error: Option<&'static str>,
    /// Whether the holder must type a transaction code.
    tx_code_required: bool,
    /// Until when the offer can be taken up, or the credential be fetched.
    #[schemars(with = "model::schema::DateTime")]
    expires_at: Timestamp,
    /// The trusted contact that the offer is for.
    contact: Option<TrustedContactId>,
    /// When the offer reached that contact.
    #[schemars(with = "Option<model::schema::DateTime>")]
    pushed_at: Option<Timestamp>,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
    /// When a wallet took the offer up.
    #[schemars(with = "Option<model::schema::DateTime>")]
    accepted_at: Option<Timestamp>,
    /// What was issued; `null` until then.
    credential: Option<CredentialRecord>,
    /// Where this object is.
    status_uri: String,
}

/// The issuer template, as it was called when the credential was offered.
#[derive(Serialize, JsonSchema)]
struct TemplateRef {
    id: IssuerTemplateId,
    name: String,
}

/// What the issuer remembers of a credential.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IssuedCredential")]
struct CredentialRecord {
    /// What its status list says: `valid`, `suspended` or `revoked`.
    status: &'static str,
    #[schemars(with = "model::schema::DateTime")]
    issued_at: Timestamp,
    /// The first instant at which it is not valid; `null` when it has no end.
    #[schemars(with = "Option<model::schema::DateTime>")]
    valid_until: Option<Timestamp>,
    /// The thumbprint of the holder's key (RFC 7638).
    holder_key: String,
    /// Where its status stands; `null` when it cannot be revoked.
    status_list: Option<StatusListRef>,
}

/// A place in a status list (draft-ietf-oauth-status-list).
#[derive(Serialize, JsonSchema)]
struct StatusListRef {
    uri: String,
    idx: u64,
}

/// An issuance with its offer.
#[derive(Serialize, JsonSchema)]
struct IssuanceDetail {
    #[serde(flatten)]
    body: IssuanceBody,
    /// The link that opens a wallet, with the address of the offer. `null` when the offer is not open any more, and for
    /// a caller without `issue_credentials:change`: who has the offer can take the credential.
    /// So are `credential_offer_by_value`, `offer` and `qr`.
    credential_offer_uri: Option<String>,
    /// The link that opens a wallet, with the offer itself, for wallets that fetch none.
    credential_offer_by_value: Option<String>,
    /// The Credential Offer (OpenID4VCI 1.0 §4.1.1).
    #[schemars(with = "Option<model::schema::Object>")]
    offer: Option<vc::openid4vci::CredentialOffer>,
    /// `credential_offer_uri` as a QR code, an SVG image.
    qr: Option<String>,
}

/// An issuance as it was made.
#[derive(Serialize, JsonSchema)]
struct IssuanceCreated {
    #[serde(flatten)]
    detail: IssuanceDetail,
    /// The transaction code that the server made, told this once. Send it to the holder another way than the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    tx_code: Option<String>,
    /// Why the contact could not be reached. The offer holds all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    push_error: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateIssuance {
    /// The issuer template.
    template: IssuerTemplateId,
    /// What the credential says, as the template asks for it. The credential that it makes has at most 768 KiB: a photo
    /// as `data:` URL may have some 420 KB.
    #[schemars(with = "model::schema::Object")]
    claims: Map<String, Value>,
    /// What you call it: an order, a person's number.
    #[serde(default, deserialize_with = "checked_if_present::<CorrelationId, _, _>")]
    #[schemars(with = "String", length(min = 1, max = 255))]
    correlation_id: Option<String>,
    /// A code of 4 to 8 digits that the holder must type, or `true` for one that the server makes.
    #[serde(default, deserialize_with = "checked_if_present::<TxCode, _, _>")]
    #[schemars(with = "TxCodeAsked")]
    tx_code: Option<TxCodeAsked>,
    /// How many seconds the offer holds; a day when it is left out.
    #[serde(default, deserialize_with = "checked_if_present::<Lifetime, _, _>")]
    #[schemars(with = "i64", range(min = 60, max = 2_592_000))]
    expires_in: Option<i64>,
    /// The first instant at which the credential is not valid; the template's period when it is left out.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "model::schema::DateTime")]
    valid_until: Option<Timestamp>,
    /// A trusted contact with a credential offer endpoint, to which the offer is sent.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "TrustedContactId")]
    contact: Option<TrustedContactId>,
    /// Whom to tell what becomes of it: the events `issuance.accepted`, `issuance.issued`, `issuance.expired`,
    /// `issuance.error` and `issuance.cancelled`.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Callback")]
    callback: Option<Callback>,
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
enum TxCodeAsked {
    Wish(bool),
    Code(String),
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    const UNISSUED: &[Code] = &[Code::NotIssued, Code::NoStatusList];
    const REVOKED: &[Code] = &[Code::NotIssued, Code::NoStatusList, Code::CredentialRevoked];
    ApiRouter::new()
        .api_route(
            "/api/v1/issuances",
            get_with(list_issuances, |operation| operation.id("listIssuances").summary("List the issuances"))
                .post_with(create_issuance, |operation| {
                    operation.id("createIssuance").summary("Offer a credential").description(
                        "Makes a Credential Offer (OpenID4VCI 1.0) for one holder. Show its QR code or send its link; \
                         whoever opens it with a wallet, and knows the transaction code if there is one, gets the \
                         credential. The claims are removed from the server when that is done, or when the offer's \
                         time is over.",
                    )
                }),
        )
        .api_route(
            "/api/v1/issuances/{id}",
            get_with(view_issuance, |operation| {
                operation.id("viewIssuance").summary("View an issuance with its offer")
            }),
        )
        .api_route(
            "/api/v1/issuances/{id}/cancel",
            post_with(cancel_issuance, |operation| {
                document::conflicts(operation.id("cancelIssuance").summary("Take an offer back"), &[Code::OfferOver])
            }),
        )
        .api_route(
            "/api/v1/issuances/{id}/revoke",
            post_with(revoke_issuance, |operation| {
                let operation = operation.id("revokeIssuance").summary("Revoke an issued credential for good");
                document::conflicts(operation, UNISSUED)
            }),
        )
        .api_route(
            "/api/v1/issuances/{id}/suspend",
            post_with(suspend_issuance, |operation| {
                let operation = operation.id("suspendIssuance").summary("Suspend an issued credential");
                document::conflicts(operation, REVOKED)
            }),
        )
        .api_route(
            "/api/v1/issuances/{id}/restore",
            post_with(restore_issuance, |operation| {
                let operation = operation.id("restoreIssuance").summary("Restore a suspended credential");
                document::conflicts(operation, REVOKED)
            }),
        )
}

async fn list_issuances(
    allow: Allow<View<IssueCredentials>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListSessions<IssuanceBody, IssuanceStatus, IssuerTemplateId>>,
) -> Result<Json<Items<IssuanceBody>>, Problem> {
    let (filter, page) = asked.read(scope, app.clock.now())?;
    let page = list(&app, &allow.0, &filter, &page).await?;
    Ok(Json(Items::from_page(scope, page, |issuance| IssuanceBody::of(&app, issuance))))
}

async fn create_issuance(
    allow: Allow<Change<IssueCredentials>>,
    State(app): State<Arc<App>>,
    Repeatable(asked, idempotency): Repeatable<CreateIssuance>,
) -> Result<Created<IssuanceCreated>, Problem> {
    let draft = asked.draft();
    let Offered { issuance, offer, tx_code, push_error } = create(&app, &allow.0, &draft, &idempotency).await?;
    let location = format!("/api/v1/issuances/{}", issuance.id);
    let detail = IssuanceDetail::of(&app, issuance, offer)?;
    Ok(Created { location, body: IssuanceCreated { detail, tx_code, push_error } })
}

async fn view_issuance(
    allow: Allow<View<IssueCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuanceId>,
) -> Result<Json<IssuanceDetail>, Problem> {
    let (issuance, offer) = get_with_offer(&app, &allow.0, id).await?;
    Ok(Json(IssuanceDetail::of(&app, issuance, offer)?))
}

macro_rules! verbs {
    ($( $handler:ident = $verb:ident; )*) => { $(
        async fn $handler(
            allow: Allow<Change<IssueCredentials>>,
            State(app): State<Arc<App>>,
            ObjectId(id): ObjectId<IssuanceId>,
        ) -> Result<Json<IssuanceBody>, Problem> {
            Ok(Json(IssuanceBody::of(&app, $verb(&app, &allow.0, id).await?)))
        }
    )* };
}

verbs! {
    cancel_issuance = cancel;
    revoke_issuance = revoke;
    suspend_issuance = suspend;
    restore_issuance = restore;
}

impl From<TxCodeAsked> for TxCode {
    fn from(asked: TxCodeAsked) -> Self {
        match asked {
            TxCodeAsked::Wish(false) => Self::None,
            TxCodeAsked::Wish(true) => Self::Made,
            TxCodeAsked::Code(code) => Self::Chosen(code),
        }
    }
}

impl Raw<TxCode> for TxCodeAsked {
    fn refusal(&self) -> Option<String> {
        TxCode::from(self.clone()).refusal().map(ToOwned::to_owned)
    }
}

impl CreateIssuance {
    fn draft(self) -> Draft {
        Draft {
            template: self.template,
            claims: self.claims,
            correlation_id: self.correlation_id,
            tx_code: self.tx_code.map_or(TxCode::None, TxCode::from),
            expires_in: self.expires_in.unwrap_or(DEFAULT_LIFETIME),
            valid_until: self.valid_until,
            contact: self.contact,
            callback: self.callback,
        }
    }
}

impl IssuanceBody {
    fn of(app: &App, issuance: Issuance) -> Self {
        Self {
            id: issuance.id,
            status: issuance.status_at(app.clock.now()),
            error: issuance.failure.map(model::IssuanceFailure::name),
            template: TemplateRef { id: issuance.template_id, name: issuance.template_name },
            vct: issuance.vct,
            correlation_id: issuance.correlation_id,
            tx_code_required: issuance.tx_code_length.is_some(),
            expires_at: issuance.expires_at,
            contact: issuance.contact_id,
            pushed_at: issuance.pushed_at,
            created_at: issuance.created_at,
            accepted_at: issuance.accepted_at,
            credential: issuance.credential.map(CredentialRecord::from),
            status_uri: format!("{}/api/v1/issuances/{}", app.settings.public_url.origin(), issuance.id),
        }
    }
}

impl IssuanceDetail {
    fn of(app: &App, issuance: Issuance, offer: Option<OpenOffer>) -> Result<Self, Problem> {
        let body = IssuanceBody::of(app, issuance);
        let Some(open) = offer else {
            return Ok(Self {
                body,
                credential_offer_uri: None,
                credential_offer_by_value: None,
                offer: None,
                qr: None,
            });
        };
        Ok(Self {
            body,
            qr: Some(qr::svg(&open.by_reference)?),
            credential_offer_uri: Some(open.by_reference),
            credential_offer_by_value: Some(open.by_value),
            offer: Some(open.offer),
        })
    }
}

impl From<IssuedCredential> for CredentialRecord {
    fn from(credential: IssuedCredential) -> Self {
        Self {
            status: CredentialStatus::name(credential.status),
            issued_at: credential.issued_at,
            valid_until: credential.valid_until,
            holder_key: credential.holder_key,
            status_list: credential.status_entry.map(|entry| StatusListRef { uri: entry.uri, idx: entry.index }),
        }
    }
}
