//! Issuing: an offer that a wallet takes up (OpenID4VCI 1.0), and what is known of the credential afterwards.
//!
//! ```text
//! create ─▶ offered ─▶ accepted ─▶ issued ─▶ revoke, suspend, restore
//!              │ token     │ credential
//!              └─▶ cancelled, expired, error ◀─┘
//! ```
//!
//! The claims are sealed while they wait, and gone from the disk when the credential is with its holder or its time
//! is over. What a stranger presents (code, transaction code, access token) is kept as a keyed digest; only the code
//! of an open offer is sealed as well, because the offer is shown again.

mod api;
mod callback;
mod console;
mod credential;
mod form;
mod lifecycle;
mod nonce;
pub(crate) mod offer;
pub mod protocol;
mod push;
mod screen;
mod state;

use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::Fields;
use kernel::idempotency::IdempotencyKey;
use kernel::problem::{Code, FieldError, Problem};
use kernel::sessions::CorrelationId;
use kernel::webhooks::{self, Callback, CheckedCallback};
use model::resource;
use model::resource::IssueCredentials;
use model::{Action, Issuance, IssuanceId, IssuerTemplate, IssuerTemplateId, NewEvent, Target, TrustedContactId};
use serde_json::{Map, Value, json};
use store::{IssuanceFilter, List, NewIssuance, Page};
use vc::sd_jwt_vc::IssueError;

use crate::issuer_templates::check_claims;

pub use lifecycle::cancel;
pub use lifecycle::clean;
pub use offer::OpenOffer;
pub use state::{restore, revoke, suspend};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Issuances", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::IssueCredentials>(
        screen::PATH,
        "issue",
        kernel::console::texts::issuances::LIST.title,
        Group::Issue,
    )),
    clean: Some(|app| Box::pin(clean(app))),
    samples: include_str!("samples.json"),
};

/// How long an offer holds, in seconds, when nobody says.
pub const DEFAULT_LIFETIME: i64 = 24 * 60 * 60;
/// The shortest and the longest that an offer can hold, in seconds.
pub const LIFETIMES: std::ops::RangeInclusive<i64> = 60..=30 * 24 * 60 * 60;
/// How many digits a transaction code has.
const TX_CODE_LENGTHS: std::ops::RangeInclusive<usize> = 4..=8;

/// What somebody asks for in a new issuance.
#[derive(Clone)]
pub struct Draft {
    /// What to issue.
    pub template: IssuerTemplateId,
    /// What it says.
    pub claims: Map<String, Value>,
    /// What the external system calls it.
    pub correlation_id: Option<String>,
    /// Whether the holder must also type a code that comes another way.
    pub tx_code: TxCode,
    /// How long the offer holds, in seconds.
    pub expires_in: i64,
    /// The end of the credential, where it is not the template's to say.
    pub valid_until: Option<Timestamp>,
    /// The trusted contact that the offer goes to.
    pub contact: Option<TrustedContactId>,
    /// Whom to tell what becomes of it.
    pub callback: Option<Callback>,
}

/// A transaction code (OpenID4VCI 1.0 §4.1.1).
#[derive(Clone, PartialEq, Eq)]
pub enum TxCode {
    /// None is asked for.
    None,
    /// One that the server makes.
    Made,
    /// One that the caller chose.
    Chosen(String),
}

/// How long an offer holds.
struct Lifetime;

impl TryFrom<i64> for Lifetime {
    type Error = String;

    fn try_from(seconds: i64) -> Result<Self, String> {
        let refused = || format!("must be {} to {} seconds", LIFETIMES.start(), LIFETIMES.end());
        LIFETIMES.contains(&seconds).then_some(Self).ok_or_else(refused)
    }
}

/// An issuance as it was made just now.
pub struct Offered {
    /// The record.
    pub issuance: Issuance,
    /// The offer, while it is open.
    pub offer: Option<OpenOffer>,
    /// The transaction code that the server made, told this once.
    pub tx_code: Option<String>,
    /// Why the contact could not be reached; the offer holds all the same.
    pub push_error: Option<String>,
}

/// Offers a credential; to a trusted contact also by sending the offer to it. When the same request has made one
/// before, it is that one.
///
/// # Errors
///
/// Refused fields, claims that do not fit the template, a key that was used for another request (422).
pub async fn create(
    app: &App,
    caller: &Caller,
    draft: &Draft,
    idempotency: &IdempotencyKey,
) -> Result<Offered, Problem> {
    let mut change = app.begin(caller).await?;
    if let Some(made) = change.repeated(idempotency).await? {
        return again(app, change, made, draft).await;
    }
    let ValidDraft { template, endpoint, callback } = check(app, &mut change, draft).await?;
    let id: IssuanceId = app.randomness.id(change.at());
    let code = offer::new_code(app);
    let tx_code = draft.tx_code.text(app, id);
    let new = NewIssuance {
        id,
        template_id: template.id,
        template_name: template.name.as_str().to_owned(),
        vct: template.vct.as_str().to_owned(),
        correlation_id: draft.correlation_id.clone(),
        code: offer::SEALED_CODE.seal(app, id, code.as_bytes()),
        code_digest: offer::CODE.digest(app, &code),
        tx_code: tx_code.as_deref().map(|text| (offer::tx_code_digest(app, id, text), length(text))),
        claims: offer::CLAIMS.seal_json(app, id, &draft.claims)?,
        expires_at: ends_at(change.at(), draft),
        valid_until: draft.valid_until,
        contact_id: draft.contact,
        created_by: caller.actor(app),
    };
    let issuance = change.insert_issuance(&new).await?;
    webhooks::register(&mut change, app, id, callback.as_ref()).await?;
    change.remember(idempotency, id).await?;
    change.commit(event(Action::IssuanceCreated, &issuance)).await?;
    let offer = OpenOffer::of(app, &issuance, &code);
    let tx_code = tx_code.filter(|_| draft.tx_code == TxCode::Made);
    match endpoint {
        None => Ok(Offered { issuance, offer: Some(offer), tx_code, push_error: None }),
        Some(endpoint) => {
            let (issuance, push_error) = push::push(app, caller, issuance, &offer, &endpoint).await?;
            Ok(Offered { issuance, offer: Some(offer), tx_code, push_error })
        }
    }
}

/// An issuance.
pub async fn get(app: &App, caller: &Caller, id: IssuanceId) -> Result<Issuance, Problem> {
    app.store.read().await?.issuance(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// An issuance; with its offer while that is open, for a caller that could have made it. An offer is worth its
/// credential, so View does not show it.
pub async fn get_with_offer(
    app: &App,
    caller: &Caller,
    id: IssuanceId,
) -> Result<(Issuance, Option<OpenOffer>), Problem> {
    let mut read = app.store.read().await?;
    let issuance = read.issuance(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let offer = if caller.holds::<model::Change<IssueCredentials>>() {
        OpenOffer::find(app, &mut read, &issuance).await?
    } else {
        None
    };
    Ok((issuance, offer))
}

/// A page of the issuances, by the time of their creation.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: &IssuanceFilter,
    list: &List<()>,
) -> Result<Page<Issuance>, Problem> {
    Ok(app.store.read().await?.issuances(caller.wallet_id, filter, list).await?)
}

/// What the same request made before. A code that the server made is told again: it follows from the issuance's id.
async fn again(app: &App, mut change: Transaction<'_>, id: IssuanceId, draft: &Draft) -> Result<Offered, Problem> {
    let wallet = change.wallet_id();
    let issuance = change.issuance(wallet, id).await?.ok_or(Code::NotFound)?;
    let offer = OpenOffer::find(app, &mut change, &issuance).await?;
    let tx_code = draft.tx_code.text(app, id).filter(|_| draft.tx_code == TxCode::Made && offer.is_some());
    Ok(Offered { issuance, offer, tx_code, push_error: None })
}

/// A draft in which nothing is wrong.
struct ValidDraft {
    template: IssuerTemplate,
    /// Where the contact takes offers.
    endpoint: Option<String>,
    callback: Option<CheckedCallback>,
}

async fn check(app: &App, change: &mut Transaction<'_>, draft: &Draft) -> Result<ValidDraft, Problem> {
    let (wallet, now) = (change.wallet_id(), change.at());
    let mut fields = Fields::default();
    if let Some(id) = &draft.correlation_id {
        fields.parse::<CorrelationId>("correlation_id", id);
    }
    if let Some(refusal) = draft.tx_code.refusal() {
        fields.refuse("tx_code", "invalid", refusal);
    }
    fields.take("expires_in", Lifetime::try_from(draft.expires_in));
    if draft.valid_until.is_some_and(|until| until <= now) {
        fields.refuse("valid_until", "invalid", "must be in the future");
    }
    let endpoint = match draft.contact {
        None => None,
        Some(id) => match change.trusted_contact(wallet, id).await? {
            None => {
                fields.refuse("contact", "unknown", "is no trusted contact");
                None
            }
            Some(contact) => {
                if contact.credential_offer_endpoint.is_none() {
                    fields.refuse("contact", "no-endpoint", "has no credential offer endpoint");
                }
                contact.credential_offer_endpoint
            }
        },
    };
    let template = change.issuer_template(wallet, draft.template).await?;
    match &template {
        None => fields.refuse("template", "unknown", "is no issuer template"),
        Some(template) => {
            let refused = check_claims(template, &draft.claims).err().unwrap_or_default();
            if refused.is_empty() {
                check_issuable(app, change, template, draft, &mut fields).await?;
            }
            for FieldError { field, code, message } in refused {
                fields.refuse(&field, &code, message);
            }
        }
    }
    let callback = webhooks::check(app, draft.callback.as_ref(), &mut fields);
    Ok(ValidDraft { template: fields.finish(template)?, endpoint, callback })
}

/// What is offered can be issued: it is refused now, not when its holder comes for it.
async fn check_issuable(
    app: &App,
    change: &mut Transaction<'_>,
    template: &IssuerTemplate,
    draft: &Draft,
    fields: &mut Fields,
) -> Result<(), Problem> {
    let now = change.at();
    let valid_until = draft.valid_until.filter(|until| *until > now);
    match credential::refusal(app, change, template, draft.claims.clone(), valid_until).await? {
        None => {}
        Some(IssueError::NeverValid) => fields.refuse("valid_until", "invalid", "must be in the future"),
        Some(IssueError::TooLarge(size)) => {
            fields.refuse("claims", "too-large", format!("are too large: the credential would have {size}"));
        }
        Some(other) => fields.refuse("claims", "invalid", other),
    }
    Ok(())
}

/// An offer never outlives the credential that it is about.
fn ends_at(now: Timestamp, draft: &Draft) -> Timestamp {
    let end = now.saturating_add(SignedDuration::from_secs(draft.expires_in)).unwrap_or(now);
    draft.valid_until.map_or(end, |until| until.min(end))
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

impl TxCode {
    fn refusal(&self) -> Option<&'static str> {
        let Self::Chosen(code) = self else { return None };
        let fits = TX_CODE_LENGTHS.contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
        (!fits).then_some("must be true, or 4 to 8 digits")
    }

    /// The code itself.
    fn text(&self, app: &App, id: IssuanceId) -> Option<String> {
        match self {
            Self::None => None,
            Self::Made => Some(offer::made_tx_code(app, id)),
            Self::Chosen(code) => Some(code.clone()),
        }
    }
}

/// Whoever reads it could take the offer up.
impl std::fmt::Debug for TxCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Made => "Made",
            Self::Chosen(_) => "Chosen",
        })
    }
}

/// What was done to an issuance. Its claims are nobody's business there.
fn event(action: Action, issuance: &Issuance) -> NewEvent {
    let detail = json!({
        "template": issuance.template_name,
        "vct": issuance.vct,
        "correlation_id": issuance.correlation_id,
    });
    NewEvent::new(action, target(issuance)).with(detail)
}

/// An issuance has no name of its own: what the external system calls it stands for it, or its template.
fn target(issuance: &Issuance) -> Target {
    Target::new(issuance.id, issuance.correlation_id.as_deref().unwrap_or(&issuance.template_name))
}
