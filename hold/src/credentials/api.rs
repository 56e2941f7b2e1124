//! Held credentials as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::{Allow, Caller};
use kernel::http::{Body, Created, Fields, Items, Listing, NoContent, ObjectId, document};
use kernel::problem::{Code, Problem};
use model::resource::HolderCredentials;
use model::{Change, Credential, CredentialId, HeldStatus, IdentifierId, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{CredentialDates, CredentialFilter, CredentialSort};

use super::{HolderKeys, Validity, delete, get, holder_keys, import, list, may_have, refresh, validity};

/// A credential that the wallet holds.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Credential")]
struct CredentialBody {
    id: CredentialId,
    /// Its type.
    vct: String,
    /// Who issued it: a DID or an https URL.
    issuer: String,
    status: Status,
    #[schemars(with = "Option<model::schema::DateTime>")]
    issued_at: Option<Timestamp>,
    #[schemars(with = "Option<model::schema::DateTime>")]
    valid_from: Option<Timestamp>,
    /// The first instant at which it is not valid; `null` when it has no end.
    #[schemars(with = "Option<model::schema::DateTime>")]
    valid_until: Option<Timestamp>,
    /// What its issuer's status list said when it was last asked; `null` where it has no status. `unknown` where the
    /// list could not be had, or cannot be believed.
    live_status: Option<HeldStatus>,
    /// When that was.
    #[schemars(with = "Option<model::schema::DateTime>")]
    live_status_at: Option<Timestamp>,
    /// The identifier to whose key it is bound; `null` where it is bound to none of the wallet's, so that no verifier
    /// who asks for a proof of the key will take it.
    identifier: Option<IdentifierId>,
    /// When it came in.
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

/// A credential with what it says. A list leaves that out: it is personal, and can be long.
#[derive(Serialize, JsonSchema)]
struct CredentialDetail {
    #[serde(flatten)]
    body: CredentialBody,
    /// All claims, those that can be withheld already disclosed.
    #[schemars(with = "model::schema::Object")]
    claims: Value,
    /// Which claims can be withheld when it is presented, as JSON Pointers into `claims` (RFC 6901), such as
    /// `/address/locality`.
    disclosures: Vec<String>,
    /// The credential itself in compact form (RFC 9901 §4): issuer-signed JWT and disclosures, as it was imported.
    /// `null` for a caller without `holder_credentials:change` when it is bound to no key: who has it can present it.
    credential: Option<String>,
}

/// By its own dates alone.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Status {
    Valid,
    NotYetValid,
    Expired,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportCredential {
    /// An SD-JWT VC in compact form, ending in `~`; at most 768 KiB.
    pub(super) credential: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListCredentials {
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
    /// Only of this type.
    vct: Option<String>,
    /// Only by this issuer.
    issuer: Option<String>,
    /// Only those that are this by their own dates.
    status: Option<Status>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, Debug)]
#[schemars(inline)]
pub(super) enum Sort {
    #[default]
    #[serde(rename = "-created_at")]
    Newest,
    #[serde(rename = "created_at")]
    Oldest,
    #[serde(rename = "valid_until")]
    ValidUntil,
    #[serde(rename = "-valid_until")]
    ValidUntilDown,
    #[serde(rename = "vct")]
    Vct,
    #[serde(rename = "-vct")]
    VctDown,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/credentials",
            get_with(list_credentials, |operation| {
                operation.id("listCredentials").summary("List the held credentials")
            })
            .post_with(import_credential, |operation| {
                let operation = operation.id("importCredential").summary("Import a credential").description(
                    "An SD-JWT VC that somebody else issued. Its disclosures, its signature by the issuer's keys \
                         (did:jwk, did:web or issuer metadata) and its dates are verified before it is stored. The \
                         code of a refusal is `invalid`, `issuer-unknown`, `issuer-unreachable`, \
                         `issuer-keys-unusable`, `signature-invalid`, `not-yet-valid` (issued in the future), `expired` or \
                         `revoked`. A credential whose time has not come is held as `not_yet_valid` and presented \
                         when it has. One that is bound to somebody else's key is taken in, but cannot be presented.",
                );
                document::conflicts(operation, &[Code::AlreadyHeld])
            }),
        )
        .api_route(
            "/api/v1/credentials/{id}",
            get_with(view_credential, |operation| {
                operation.id("viewCredential").summary("View a credential with its claims")
            })
            .delete_with(delete_credential, |operation| {
                operation.id("deleteCredential").summary("Delete a credential for good")
            }),
        )
        .api_route(
            "/api/v1/credentials/{id}/refresh",
            post_with(refresh_credential, |operation| {
                operation.id("refreshCredential").summary("Ask the issuer's status list what it says now")
            }),
        )
}

async fn list_credentials(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListCredentials>,
) -> Result<Json<Items<CredentialBody>>, Problem> {
    let mut fields = Fields::default();
    for (name, text) in [("vct", &asked.vct), ("issuer", &asked.issuer)] {
        fields.check_comparable(name, text.as_deref());
    }
    let (sort, descending) = asked.sort.order();
    let text = matches!(sort, CredentialSort::Vct);
    let page = fields.list(scope, asked.limit, asked.cursor.as_deref(), asked.q.as_deref(), (sort, descending), text);
    let page = fields.finish(Some(page))?;
    let now = app.clock.now();
    let dates = asked.status.map(|status| (status.into(), now));
    let filter = CredentialFilter { vct: asked.vct, issuer: asked.issuer, dates };
    let keys = holder_keys(&app, &allow.0).await?;
    let page = list(&app, &allow.0, &filter, &page).await?;
    Ok(Json(Items::from_page(scope, page, |credential| CredentialBody::at(&credential, now, &keys))))
}

async fn import_credential(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<ImportCredential>,
) -> Result<Created<CredentialDetail>, Problem> {
    let credential = import(&app, &allow.0, &asked.credential).await?;
    let location = format!("/api/v1/credentials/{}", credential.id);
    let keys = holder_keys(&app, &allow.0).await?;
    Ok(Created { location, body: CredentialDetail::at(credential, &allow.0, app.clock.now(), &keys) })
}

async fn view_credential(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
) -> Result<Json<CredentialDetail>, Problem> {
    let keys = holder_keys(&app, &allow.0).await?;
    Ok(Json(CredentialDetail::at(get(&app, &allow.0, id).await?, &allow.0, app.clock.now(), &keys)))
}

async fn refresh_credential(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
) -> Result<Json<CredentialDetail>, Problem> {
    let keys = holder_keys(&app, &allow.0).await?;
    Ok(Json(CredentialDetail::at(refresh(&app, &allow.0, id).await?, &allow.0, app.clock.now(), &keys)))
}

async fn delete_credential(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

impl CredentialBody {
    fn at(credential: &Credential, now: Timestamp, keys: &HolderKeys) -> Self {
        Self {
            id: credential.id,
            vct: credential.vct.clone(),
            issuer: credential.issuer.clone(),
            status: match validity(credential, now) {
                Validity::Valid => Status::Valid,
                Validity::NotYetValid => Status::NotYetValid,
                Validity::Expired => Status::Expired,
            },
            issued_at: credential.issued_at,
            valid_from: credential.valid_from,
            valid_until: credential.valid_until,
            live_status: credential.live_status,
            live_status_at: credential.live_status_at,
            identifier: keys.bound(&credential.claims).map(|key| key.identifier_id),
            created_at: credential.created_at,
        }
    }
}

impl From<Status> for CredentialDates {
    fn from(status: Status) -> Self {
        match status {
            Status::Valid => Self::Valid,
            Status::NotYetValid => Self::NotYetValid,
            Status::Expired => Self::Expired,
        }
    }
}

impl CredentialDetail {
    fn at(credential: Credential, caller: &Caller, now: Timestamp, keys: &HolderKeys) -> Self {
        Self {
            body: CredentialBody::at(&credential, now, keys),
            credential: may_have(caller, &credential).then_some(credential.compact),
            claims: credential.claims,
            disclosures: credential.disclosures,
        }
    }
}

impl Sort {
    /// The name in the query.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Newest => "-created_at",
            Self::Oldest => "created_at",
            Self::ValidUntil => "valid_until",
            Self::ValidUntilDown => "-valid_until",
            Self::Vct => "vct",
            Self::VctDown => "-vct",
        }
    }

    pub(super) fn order(self) -> (CredentialSort, bool) {
        match self {
            Self::Newest => (CredentialSort::CreatedAt, true),
            Self::Oldest => (CredentialSort::CreatedAt, false),
            Self::ValidUntil => (CredentialSort::ValidUntil, false),
            Self::ValidUntilDown => (CredentialSort::ValidUntil, true),
            Self::Vct => (CredentialSort::Vct, false),
            Self::VctDown => (CredentialSort::Vct, true),
        }
    }
}
