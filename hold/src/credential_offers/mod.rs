//! Credential offers: the inbox of what issuers want to give to the wallet, and taking it (OpenID4VCI 1.0, as the
//! holder).
//!
//! ```text
//! somebody of the wallet ─▶ receive ─▶ inbox ─▶ accept ─┐
//!                                       ▲               ├─▶ exchange ─▶ settle
//! a trusted contact ─▶ pushed ──────────┴───────────────┘
//! ```
//!
//! Accepting takes requests to the issuer, during which no transaction is open. So an offer is claimed first, by one
//! request alone, and settled afterwards.

mod api;
mod client;
mod console;
mod deferred;
mod exchange;
mod inbox;
mod offered;
pub mod pushed;
mod pushes;
mod screen;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::Fields;
use kernel::problem::{Code, Problem};
use keys::identifiers::{Signer, signer};
use model::resource;
use model::{
    Action, CredentialOffer, CredentialOfferId, DidMethod, IdentifierId, NewEvent, OfferState, OfferedCredential,
    Target, TxCodeHint, WalletId,
};
use serde_json::json;
use store::{Conn, List, Page, SettledOffer};
use vc::did::Did;
use vc::openid4vci::OfferLink;

use crate::credentials::HolderKeys;
use client::ClientError;
use exchange::{Deferral, Outcome, Source};

pub(crate) use client::shown;
pub use pushes::flush_pushes;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Credential offers", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::HolderCredentials>(
        screen::PATH,
        "import",
        kernel::console::texts::credential_offers::LIST.title,
        Group::Wallet,
    )),
    clean: Some(|app| Box::pin(clean(app))),
    samples: include_str!("samples.json"),
};

/// How long an offer waits for a decision. Its code seldom lives as long; the issuer knows.
const OFFER_LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);
/// After this a claim is nobody's any more: no exchange takes as long.
const ABANDONED: SignedDuration = SignedDuration::from_mins(5);
/// The longest transaction code, in characters.
const MAX_TX_CODE: usize = 128;
/// What is said of an identifier to whose keys the issuer does not bind.
const UNBOUND: &str = "the issuer does not bind what it offers to keys of an identifier by this method: choose another";

/// An offer as somebody brings it.
#[derive(Clone, Default, Debug)]
pub struct Draft {
    /// The link: `openid-credential-offer://…`, or the `https` link of a wallet.
    pub offer: String,
    /// Whether it is accepted at once.
    pub accept: bool,
    /// What accepting it needs.
    pub terms: Terms,
}

/// What somebody accepts an offer with.
#[derive(Clone, Default)]
pub struct Terms {
    /// The transaction code that came another way.
    pub tx_code: Option<String>,
    /// To which of the wallet's identifiers the credentials are bound; the preset one when it is left out.
    pub identifier: Option<IdentifierId>,
}

/// Puts an offer into the inbox, after its issuer was asked what it offers, and accepts it when that is asked for.
///
/// # Errors
///
/// What is no offer, or leads nowhere (422); one that the wallet has already (409).
pub async fn receive(app: &Arc<App>, caller: &Caller, draft: &Draft) -> Result<CredentialOffer, Problem> {
    let link = OfferLink::parse(&draft.offer).map_err(|error| refused(&error.into()))?;
    check_identifier(app, caller.wallet_id, draft.terms.identifier).await?;
    let offer = client::resolve(app, link).await.map_err(|error| refused(&error))?;
    let described = offered::describe(app, offer).await.map_err(|error| refused(&error))?;
    if draft.accept {
        check_tx_code(described.tx_code().as_ref(), draft.terms.tx_code.as_deref())?;
    }
    let new = inbox::entry(app, &described, (None, false), draft.terms.identifier)?;
    let mut change = app.begin(caller).await?;
    let offer = inbox::insert(&mut change, &new).await?;
    change.commit(event(Action::CredentialOfferCreated, &offer)).await?;
    if draft.accept { accept(app, caller, offer.id, &draft.terms).await } else { Ok(offer) }
}

/// Accepts an offer: exchanges its code, proves the key, and stores what the issuer gives if it can be believed.
/// Whether that went well is in the offer that is returned. One that could not be accepted for a reason that used up
/// nothing is pending again, with the reason.
///
/// # Errors
///
/// No such offer (404), one that is not pending any more (409), an identifier that is missing or that the issuer does
/// not bind to, or a transaction code that is missing or that the issuer refuses, in which cases the offer stays
/// pending (422).
pub async fn accept(
    app: &Arc<App>,
    caller: &Caller,
    id: CredentialOfferId,
    terms: &Terms,
) -> Result<CredentialOffer, Problem> {
    let wallet = caller.wallet_id;
    let mut conn = app.store.read().await?;
    let offer = conn.credential_offer(wallet, id).await?.ok_or(Code::NotFound)?;
    if offer.state_at(app.clock.now()) == OfferState::Expired {
        return Err(Code::OfferClosed.into());
    }
    let typed = terms.tx_code.as_deref().map(str::trim).map(str::to_owned);
    check_tx_code(offer.tx_code.as_ref(), typed.as_deref())?;
    let chosen = terms.identifier.or(offer.identifier_id);
    let holder = holder(app, &mut conn, wallet, chosen, |_| true).await?;
    let (identifier, _) = holder.ok_or_else(no_identifier)?;
    drop(conn);
    claim(app, caller, &offer, chosen.unwrap_or(identifier)).await?;
    // Whoever asked may hang up; what has begun is finished all the same, because the code is used up.
    let (app, caller) = (Arc::clone(app), caller.clone());
    let running = tokio::spawn(async move { finish(&app, &caller, offer, chosen, typed.as_deref()).await });
    running.await.map_err(|_| Code::Internal)?
}

/// Turns an offer down.
///
/// # Errors
///
/// No such offer (404), one that is not pending any more (409).
pub async fn decline(app: &App, caller: &Caller, id: CredentialOfferId) -> Result<CredentialOffer, Problem> {
    let mut change = app.begin(caller).await?;
    let offer = change.credential_offer(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let settled = SettledOffer {
        state: OfferState::Declined,
        reason: None,
        credentials: offer.credentials.clone(),
        credential_ids: Vec::new(),
        identifier_id: offer.identifier_id,
        unconfirmed: offer.unconfirmed,
        deferred: None,
    };
    if offer.state_at(change.at()) != OfferState::Pending {
        return Err(Code::OfferClosed.into());
    }
    let declined = change.settle_credential_offer(id, OfferState::Pending, &settled).await?.ok_or(Code::OfferClosed)?;
    change.commit(event(Action::CredentialOfferDeclined, &declined)).await?;
    Ok(declined)
}

/// Deletes an offer from the inbox. Credentials that came from it stay.
///
/// # Errors
///
/// No such offer (404).
pub async fn delete(app: &App, caller: &Caller, id: CredentialOfferId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let offer = change.credential_offer(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.delete_credential_offer(id).await?;
    change.commit(event(Action::CredentialOfferDeleted, &offer)).await
}

/// An offer.
pub async fn get(app: &App, caller: &Caller, id: CredentialOfferId) -> Result<CredentialOffer, Problem> {
    app.store.read().await?.credential_offer(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// A page of the offers; with a state only those that are in it.
pub async fn list(
    app: &App,
    caller: &Caller,
    state: Option<OfferState>,
    list: &List<()>,
) -> Result<Page<CredentialOffer>, Problem> {
    let now = app.clock.now();
    Ok(app.store.read().await?.credential_offers(caller.wallet_id, state, now, list).await?)
}

/// Tells the audit log what was pushed, deletes what was pushed and never confirmed, forgets the codes of offers that are
/// over, and asks for what issuers give later; part of the clean-up.
async fn clean(app: &App) -> Result<(), Problem> {
    flush_pushes(app).await?;
    let now = app.clock.now();
    app.store.delete_expired_pushed_offers(now).await?;
    app.store.forget_codes_of_expired_offers(now).await?;
    deferred::ask(app).await
}

/// The identifier to whose key credentials are bound, with its key: this one, or the first by a method that fits.
async fn holder(
    app: &App,
    conn: &mut Conn,
    wallet: WalletId,
    chosen: Option<IdentifierId>,
    fits: impl Fn(DidMethod) -> bool,
) -> Result<Option<(IdentifierId, Signer)>, Problem> {
    let id = match chosen {
        Some(id) => Some(id),
        None => HolderKeys::of(conn, wallet).await?.preset(fits),
    };
    let Some(id) = id else { return Ok(None) };
    Ok(signer(app, conn, wallet, id).await?.map(|signer| (id, signer)))
}

async fn claim(app: &App, caller: &Caller, offer: &CredentialOffer, identifier: IdentifierId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let abandoned = change.at().saturating_sub(ABANDONED).unwrap_or(Timestamp::MIN);
    change.claim_credential_offer(offer.id, Some(identifier), abandoned).await?.ok_or(Code::OfferClosed)?;
    change.commit(event(Action::CredentialOfferAccepted, offer)).await
}

/// Asks the issuer for what was claimed, and settles the offer by what came. Until the code is sent nothing is used up:
/// then the offer is given back.
async fn finish(
    app: &App,
    caller: &Caller,
    offer: CredentialOffer,
    chosen: Option<IdentifierId>,
    tx_code: Option<&str>,
) -> Result<CredentialOffer, Problem> {
    let code = inbox::code(app, &offer).await?;
    let contact = contact(app, &offer).await?;
    let ids: Vec<String> = offer.credentials.iter().map(|offered| offered.configuration_id.clone()).collect();
    let (metadata, endpoint, credentials) = match offered::judge(app, &offer.credential_issuer, &ids, &code).await {
        Ok(judged) => judged,
        Err(error) => return release(app, caller, &offer, &error.with_advice()).await,
    };
    let offer = CredentialOffer { credentials, ..offer };
    let fits = |method: DidMethod| offered::binds(&metadata, &offer.credentials, method.name());
    let mut conn = app.store.read().await?;
    let holder = holder(app, &mut conn, offer.wallet_id, chosen, fits).await?;
    drop(conn);
    let bound = holder
        .filter(|(_, signer)| offered::binds(&metadata, &offer.credentials, &format!("did:{}", signer.did.method())));
    let Some((identifier, signer)) = bound else {
        release(app, caller, &offer, UNBOUND).await?;
        return Err(Problem::field("identifier", "unsupported", UNBOUND));
    };
    let offer = CredentialOffer { identifier_id: Some(identifier), ..offer };
    let tx_code = tx_code.filter(|_| offer.tx_code.is_some());
    let token = match client::token(app, &endpoint, &code, tx_code).await {
        Ok(token) => token,
        // A transaction code can be typed wrongly: how often the issuer lets one try is its own affair.
        Err(error @ ClientError::Code(_)) if offer.tx_code.is_some() => {
            let why = format!("{error}; check the transaction code, or ask the issuer for a new offer");
            release(app, caller, &offer, &why).await?;
            return Err(Problem::field("tx_code", "refused", why));
        }
        Err(error) => {
            let failed = all_failed(&offer.credentials, &error.with_advice());
            let unconfirmed = offer.unconfirmed;
            return settle(app, caller, &offer, unconfirmed, failed, None).await;
        }
    };
    let source = Source { metadata: &metadata, token: &token, contact: contact.as_ref() };
    let outcomes = exchange::take(app, source, &offer.credentials, &signer).await;
    settle(app, caller, &offer, false, outcomes, deferred::endpoint(source)).await
}

/// Gives a claimed offer back, of which nothing was used up.
async fn release(
    app: &App,
    caller: &Caller,
    offer: &CredentialOffer,
    reason: &str,
) -> Result<CredentialOffer, Problem> {
    let mut change = app.begin(caller).await?;
    let released = change.release_credential_offer(offer.id, reason, offer.identifier_id).await?;
    let released = released.ok_or(Code::NotFound)?;
    change.commit(event(Action::CredentialOfferReleased, &released)).await?;
    Ok(released)
}

/// The same reason for every credential that was to be had.
fn all_failed(credentials: &[OfferedCredential], why: &str) -> Vec<Outcome> {
    let open = credentials.iter().filter(|credential| credential.reason.is_none());
    open.map(|credential| Outcome {
        configuration_id: credential.configuration_id.clone(),
        result: Err(why.to_owned()),
    })
    .collect()
}

/// The DID of the contact that pushed the offer, by which its credentials must be issued, whoever accepts them.
async fn contact(app: &App, offer: &CredentialOffer) -> Result<Option<Did>, Problem> {
    let Some(id) = offer.contact_id else { return Ok(None) };
    let contact = app.store.read().await?.trusted_contact(offer.wallet_id, id).await?;
    Ok(contact.and_then(|contact| contact.did.parse().ok()))
}

/// Writes down what came of a claimed offer, or of one that the issuer is asked for again.
async fn settle(
    app: &App,
    caller: &Caller,
    offer: &CredentialOffer,
    unconfirmed: bool,
    outcomes: Vec<Outcome>,
    deferral: Option<Deferral>,
) -> Result<CredentialOffer, Problem> {
    let from = if offer.state == OfferState::Deferred { OfferState::Deferred } else { OfferState::Accepting };
    let mut change = app.begin(caller).await?;
    let stored = inbox::store(app, &mut change, offer, outcomes).await?;
    let deferred = deferral.map(|deferral| deferred::seal(app, offer, deferral, stored.waiting)).transpose()?.flatten();
    let state = match (&deferred, stored.credential_ids.is_empty()) {
        (Some(_), _) => OfferState::Deferred,
        (None, false) => OfferState::Received,
        (None, true) => OfferState::Failed,
    };
    let settled = SettledOffer {
        state,
        reason: reasons(&stored.credentials),
        credentials: stored.credentials,
        credential_ids: stored.credential_ids,
        identifier_id: offer.identifier_id,
        unconfirmed,
        deferred,
    };
    // It may have been deleted meanwhile; then nothing comes of it, and the change is dropped.
    let settled = change.settle_credential_offer(offer.id, from, &settled).await?.ok_or(Code::NotFound)?;
    change.commit(inbox::settled(&settled)).await?;
    Ok(settled)
}

/// Why credentials of an offer cannot be had, or were not: of one alone its reason, of several each with its name.
fn reasons(credentials: &[OfferedCredential]) -> Option<String> {
    if let [only] = credentials {
        return only.reason.clone();
    }
    let told = |credential: &OfferedCredential| {
        credential.reason.as_ref().map(|reason| format!("{}: {reason}", shown(&credential.configuration_id)))
    };
    let told: Vec<String> = credentials.iter().filter_map(told).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

async fn check_identifier(app: &App, wallet: WalletId, chosen: Option<IdentifierId>) -> Result<(), Problem> {
    let Some(id) = chosen else { return Ok(()) };
    match app.store.read().await?.identifier(wallet, id).await? {
        Some(_) => Ok(()),
        None => Err(no_identifier()),
    }
}

/// A code that cannot be right is not sent: issuers count how often a wrong one comes. One that is not needed is not
/// sent either, so it is not refused.
fn check_tx_code(needed: Option<&TxCodeHint>, typed: Option<&str>) -> Result<(), Problem> {
    let mut fields = Fields::default();
    match (needed, typed) {
        (Some(_), None | Some("")) => {
            fields.refuse("tx_code", "required", "is required: the issuer sent it another way");
        }
        (_, Some(typed)) if typed.chars().count() > MAX_TX_CODE => {
            fields.refuse("tx_code", "invalid", format!("must have at most {MAX_TX_CODE} characters"));
        }
        (Some(hint), Some(typed)) => {
            if hint.numeric && !typed.bytes().all(|byte| byte.is_ascii_digit()) {
                fields.refuse("tx_code", "invalid", "must have digits only");
            } else if let Some(length) = hint.length.filter(|length| typed.chars().count() != *length as usize) {
                fields.refuse("tx_code", "invalid", format!("must have {length} characters"));
            }
        }
        _ => {}
    }
    fields.finish(Some(()))
}

fn no_identifier() -> Problem {
    Problem::field("identifier", "unknown", "must be an identifier of this wallet, to whose key credentials are bound")
}

fn refused(error: &ClientError) -> Problem {
    Problem::field("offer", error.code(), error.with_advice())
}

fn event(action: Action, offer: &CredentialOffer) -> NewEvent {
    let configurations: Vec<&str> = offer.credentials.iter().map(|offered| offered.configuration_id.as_str()).collect();
    NewEvent::new(action, target(offer))
        .with(json!({"credential_issuer": offer.credential_issuer, "credentials": configurations}))
}

/// An offer has no name of its own: its issuer stands for it.
fn target(offer: &CredentialOffer) -> Target {
    Target::new(offer.id, &offer.credential_issuer)
}

/// The code is a secret.
impl std::fmt::Debug for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terms").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}
