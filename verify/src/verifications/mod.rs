//! Verifications: asking others to present credentials, and what comes of it (OpenID4VP 1.0, the verifier's side).
//!
//! ```text
//! create ─▶ requested ── protocol::request ─▶ retrieved ── protocol::response ─▶ verified | rejected | declined
//!               └──────────────── the clock ────────────────────┴─▶ expired
//! ```
//!
//! Each arrow is one statement that only one of those who race for it can win. A request can be fetched until it is
//! answered, and is answered once; an answer that came too late is told no more than that.

mod api;
mod challenge;
mod console;
mod evaluate;
mod expiry;
mod protocol;
mod screen;

use std::str::FromStr;

use jiff::SignedDuration;
use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::Fields;
use kernel::idempotency::IdempotencyKey;
use kernel::outbound::has_user;
use kernel::problem::{Code, Problem};
use kernel::sessions::CorrelationId;
use kernel::webhooks::{self, CheckedCallback, Notice};
use model::resource;
use model::resource::VerifiedCredentials;
use model::{
    Action, NewEvent, Outcome, Target, Terms, Verification, VerificationId, VerifiedCredential, VerifiedCredentialId,
    VerifierTemplate, VerifierTemplateId,
};
use serde_json::json;
use store::{List, NewVerification, Page, VerificationFilter, VerifiedCredentialFilter};
use vc::dcql::{DcqlError, Query};

pub use expiry::clean;
pub use protocol::routes as protocol_routes;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Verified credentials", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::VerifiedCredentials>(
        screen::PATH,
        "verify",
        kernel::console::texts::verifications::LIST.title,
        Group::Verify,
    )),
    clean: Some(|app| Box::pin(clean(app))),
    samples: include_str!("samples.json"),
};

/// How long a request may be fetched and answered.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// The longest redirect URI, in bytes.
const MAX_REDIRECT_URI: usize = 2000;

/// What somebody wants to be presented.
#[derive(Default)]
pub struct Draft {
    /// What is asked, of whom, and why.
    pub template: Option<VerifierTemplateId>,
    /// What the external system calls it.
    pub correlation_id: Option<String>,
    /// Where the holder is sent when it was answered, in whatever way.
    pub redirect_uri: Option<String>,
    /// Whom to tell what becomes of it.
    pub callback: Option<CheckedCallback>,
}

/// A verification with what there is to see of it.
#[derive(Clone, Debug)]
pub struct VerificationView {
    /// The verification.
    pub verification: Verification,
    /// The link that opens a wallet; none when the request cannot be fetched any more.
    pub link: Option<String>,
    /// What was disclosed, when it was verified and is not deleted yet.
    pub credentials: Vec<VerifiedCredential>,
}

/// Asks for a presentation as a template says. The same request of the same caller asks once.
///
/// # Errors
///
/// Refused fields (422), a key that was used for another request (422).
pub async fn create(
    app: &App,
    caller: &Caller,
    draft: &Draft,
    idempotency: &IdempotencyKey,
) -> Result<VerificationView, Problem> {
    let mut fields = Fields::default();
    check_text(&mut fields, draft);
    let mut change = app.begin(caller).await?;
    if let Some(made) = change.repeated(idempotency).await? {
        return asked(app, &mut change, made).await;
    }
    let template = match draft.template {
        None => None,
        Some(id) => change.verifier_template(caller.wallet_id, id).await?,
    };
    if template.is_none() {
        fields.refuse("template", "unknown", "must be a verifier template of this wallet");
    }
    // A template of an earlier release may ask for what this one refuses, because no answer could be verified.
    if let Some(Err(error)) = template.as_ref().map(|template| verifiable(&template.query)) {
        fields.refuse("template", "invalid", format!("its query cannot be verified: {error}; edit the template"));
    }
    let template = fields.finish(template)?;
    let id = insert(app, caller, &mut change, draft, &template).await?;
    webhooks::register(&mut change, app, id, draft.callback.as_ref()).await?;
    change.remember(idempotency, id).await?;
    let made = asked(app, &mut change, id).await?;
    let event = NewEvent::new(Action::VerificationRequested, target(&made.verification));
    change.commit(event.with(json!({"verifier": made.verification.verifier}))).await?;
    Ok(made)
}

/// Deletes a verification for good, with what was disclosed; a request that is still open cannot be answered any more.
///
/// # Errors
///
/// No such verification (404).
pub async fn delete(app: &App, caller: &Caller, id: VerificationId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let verification = change.verification(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.delete_callback(id.into()).await?;
    change.delete_verification(id).await?;
    change.commit(NewEvent::new(Action::VerificationDeleted, target(&verification))).await
}

/// Uses the code with which a holder came back to the redirect URI, once: who brings it is who presented (OpenID4VP
/// 1.0 §13.3).
///
/// # Errors
///
/// No such verification (404), another code, or one that was used before (409).
pub async fn redeem(app: &App, caller: &Caller, id: VerificationId, code: &str) -> Result<VerificationView, Problem> {
    let mut change = app.begin(caller).await?;
    let verification = change.verification(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    if !change.use_response_code(id, &challenge::RESPONSE_CODE.digest(app, code)).await? {
        return Err(Code::ResponseCodeInvalid.into());
    }
    let redeemed = asked(app, &mut change, id).await?;
    change.commit(NewEvent::new(Action::VerificationRedeemed, target(&verification))).await?;
    Ok(redeemed)
}

/// A verification with what was disclosed; with its link while the request can be fetched, for a caller that could
/// have asked: who has the link can answer in the holder's place.
///
/// # Errors
///
/// No such verification (404).
pub async fn get(app: &App, caller: &Caller, id: VerificationId) -> Result<VerificationView, Problem> {
    let mut read = app.store.read().await?;
    let verification = read.verification(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let sealed = if caller.holds::<model::Change<VerifiedCredentials>>() {
        read.sealed_verification_reference(caller.wallet_id, id).await?
    } else {
        None
    };
    let credentials = read.verified_credentials_of(caller.wallet_id, id).await?;
    with_link(app, verification, sealed, credentials)
}

/// A page of the verifications, by the time of their creation.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: &VerificationFilter,
    list: &List<()>,
) -> Result<Page<Verification>, Problem> {
    Ok(app.store.read().await?.verifications(caller.wallet_id, filter, list).await?)
}

/// A credential that was presented and verified.
///
/// # Errors
///
/// No such credential (404).
pub async fn get_credential(
    app: &App,
    caller: &Caller,
    id: VerifiedCredentialId,
) -> Result<VerifiedCredential, Problem> {
    app.store.read().await?.verified_credential(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the credentials that were presented and verified.
pub async fn list_credentials(
    app: &App,
    caller: &Caller,
    filter: &VerifiedCredentialFilter,
    list: &List<()>,
) -> Result<Page<VerifiedCredential>, Problem> {
    Ok(app.store.read().await?.verified_credentials(caller.wallet_id, filter, list).await?)
}

/// Deletes what was disclosed of one credential, for good. That it was verified stays known.
///
/// # Errors
///
/// No such credential (404).
pub async fn delete_credential(app: &App, caller: &Caller, id: VerifiedCredentialId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let credential = change.verified_credential(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.delete_verified_credential(id).await?;
    let detail = json!({"issuer": credential.issuer});
    change.commit(NewEvent::new(Action::VerifiedCredentialDeleted, Target::new(id, &credential.vct)).with(detail)).await
}

/// Tells whoever asked for it how far it has come.
async fn tell(app: &App, change: &mut Transaction<'_>, verification: &Verification, kind: &str) -> Result<(), Problem> {
    let status = kind.rsplit_once('.').map_or(kind, |(_, status)| status);
    let correlation_id = verification.correlation_id.as_deref();
    webhooks::enqueue(change, app, &Notice { kind, session: verification.id.into(), correlation_id, status }).await
}

fn verifiable(query: &serde_json::Value) -> Result<(), DcqlError> {
    Query::parse(query)?.check_as_verifier()
}

fn check_text(fields: &mut Fields, draft: &Draft) {
    if let Some(id) = &draft.correlation_id {
        fields.parse::<CorrelationId>("correlation_id", id);
    }
    if let Some(uri) = &draft.redirect_uri {
        fields.parse::<RedirectUri>("redirect_uri", uri);
    }
}

/// Where the holder's browser is sent, with a code that proves who it is.
struct RedirectUri;

impl FromStr for RedirectUri {
    type Err = &'static str;

    fn from_str(uri: &str) -> Result<Self, &'static str> {
        let refused = "must be an https URL, or an http URL on loopback, without user name and password";
        let url = reqwest::Url::parse(uri).map_err(|_| refused)?;
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
        let plain = url.host_str().is_some() && !has_user(&url);
        let fits = uri.len() <= MAX_REDIRECT_URI && !uri.contains(char::is_control);
        if scheme && plain && fits { Ok(Self) } else { Err(refused) }
    }
}

async fn insert(
    app: &App,
    caller: &Caller,
    change: &mut Transaction<'_>,
    draft: &Draft,
    template: &VerifierTemplate,
) -> Result<VerificationId, Problem> {
    let wallet = change.wallet_id();
    // A template keeps its identifier from being deleted.
    let identifier = change.identifier(wallet, template.identifier_id).await?.ok_or(Code::Internal)?;
    let id: VerificationId = app.randomness.id(change.at());
    let reference = challenge::draw(app);
    let new = NewVerification {
        id,
        template_id: template.id,
        template_name: template.name.as_str().to_owned(),
        correlation_id: draft.correlation_id.clone(),
        identifier_id: identifier.id,
        verifier: identifier.did,
        terms: Terms {
            purpose: template.purpose.as_str().to_owned(),
            query: template.query.clone(),
            trust: template.trust.clone(),
            retention: template.retention,
            request_uri_method: template.request_uri_method,
        },
        redirect_uri: draft.redirect_uri.clone(),
        reference_digest: challenge::REFERENCE.digest(app, &reference),
        reference: challenge::SEALED_REFERENCE.seal(app, id, reference.as_bytes()),
        expires_at: change.at().saturating_add(LIFETIME).map_err(|_| Code::Internal)?,
        created_by: caller.actor(app),
    };
    change.insert_verification(&new).await?;
    Ok(id)
}

async fn asked(app: &App, change: &mut Transaction<'_>, id: VerificationId) -> Result<VerificationView, Problem> {
    let wallet = change.wallet_id();
    let verification = change.verification(wallet, id).await?.ok_or(Code::NotFound)?;
    let sealed = change.sealed_verification_reference(wallet, id).await?;
    let credentials = change.verified_credentials_of(wallet, id).await?;
    with_link(app, verification, sealed, credentials)
}

fn with_link(
    app: &App,
    verification: Verification,
    sealed: Option<Vec<u8>>,
    credentials: Vec<VerifiedCredential>,
) -> Result<VerificationView, Problem> {
    let open = verification.status_at(app.clock.now()).is_open();
    let link = match sealed.filter(|_| open) {
        None => None,
        Some(sealed) => {
            let reference = challenge::SEALED_REFERENCE.open_text(app, verification.id, &sealed)?;
            Some(protocol::link(app, &verification, &reference)?)
        }
    };
    Ok(VerificationView { verification, link, credentials })
}

/// A verification has no name of its own: that of its template stands for it.
fn target(verification: &Verification) -> Target {
    Target::new(verification.id, &verification.template_name)
}

/// The checks that failed, by name: what an event and a stranger are told.
fn failed(result: &model::VerificationResult) -> Vec<model::CheckName> {
    let mut failed = Vec::new();
    for check in result.all_checks().filter(|check| check.outcome == Outcome::Failed) {
        if !failed.contains(&check.check) {
            failed.push(check.check);
        }
    }
    failed
}
