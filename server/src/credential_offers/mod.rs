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

pub mod api;
mod client;
pub(crate) mod console;
mod exchange;
mod inbox;
pub(crate) mod pushed;
mod screen;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use model::{Action, CredentialOffer, CredentialOfferId, IdentifierId, NewEvent, OfferState, Target, WalletId};
use serde_json::json;
use store::{Conn, List, OfferFilter, Page, SettledOffer};
use vc::did::Did;
use vc::openid4vci::OfferLink;

use crate::app::App;
use crate::caller::Caller;
use crate::credentials::{Believed, HolderKeys};
use crate::http::Fields;
use crate::identifiers::{Signer, signer};
use crate::problem::{Code, Problem};
use client::ClientError;
pub(crate) use client::shown;
use exchange::{Failure, Order};
pub(crate) use screen::PATH;

/// How long an offer waits for a decision. Its code seldom lives as long; the issuer knows.
const WAITS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// After this a claim is nobody's any more: no exchange takes as long.
const ABANDONED: SignedDuration = SignedDuration::from_mins(5);
/// The longest transaction code, in characters.
const MAX_TX_CODE: usize = 128;

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

/// What became of an offer by now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It has a state that the clock does not change.
    In(OfferState),
    /// Its time was over before anybody decided.
    Expired,
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
    let described = client::describe(app, offer).await.map_err(|error| refused(&error))?;
    if draft.accept {
        check_tx_code(described.code.tx_code.is_some(), draft.terms.tx_code.as_deref())?;
    }
    let new = inbox::entry(app, &described, None, draft.terms.identifier)?;
    let mut change = app.begin(caller).await?;
    inbox::insert(&mut change, &new).await?;
    let offer = change.credential_offer(caller.wallet_id, new.id).await?.ok_or(Code::Internal)?;
    change.commit(event(Action::CredentialOfferCreated, &offer)).await?;
    if draft.accept { accept(app, caller, offer.id, &draft.terms).await } else { Ok(offer) }
}

/// Accepts an offer: exchanges its code, proves the key, and stores what the issuer gives if it can be believed.
/// Whether that went well is in the offer that is returned.
///
/// # Errors
///
/// No such offer (404), one that is not pending any more (409), no identifier, or a transaction code that is missing
/// or that the issuer refuses, in which case the offer stays pending (422).
pub async fn accept(
    app: &Arc<App>,
    caller: &Caller,
    id: CredentialOfferId,
    terms: &Terms,
) -> Result<CredentialOffer, Problem> {
    let wallet = caller.wallet_id;
    let mut conn = app.store.read().await?;
    let offer = conn.credential_offer(wallet, id).await?.ok_or(Code::NotFound)?;
    if status(&offer, app.clock.now()) == Status::Expired {
        return Err(Code::OfferClosed.into());
    }
    check_tx_code(offer.tx_code.is_some(), terms.tx_code.as_deref())?;
    let holder = holder(app, &mut conn, wallet, terms.identifier.or(offer.identifier_id)).await?;
    let (identifier, signer) = holder.ok_or_else(no_identifier)?;
    drop(conn);
    claim(app, caller, &offer, identifier).await?;
    // Whoever asked may hang up; what has begun is finished all the same, because the code is used up.
    let (app, caller, tx_code) = (Arc::clone(app), caller.clone(), terms.tx_code.clone());
    let running = tokio::spawn(async move { finish(&app, &caller, offer, &signer, tx_code.as_deref()).await });
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
    let settled = SettledOffer { state: OfferState::Declined, reason: None, credential_ids: Vec::new() };
    let pending = status(&offer, change.at()) == Status::In(OfferState::Pending);
    if !pending || !change.settle_credential_offer(id, OfferState::Pending, &settled).await? {
        return Err(Code::OfferClosed.into());
    }
    let declined = change.credential_offer(caller.wallet_id, id).await?.ok_or(Code::Internal)?;
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

/// A page of the offers.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: OfferFilter,
    list: &List<()>,
) -> Result<Page<CredentialOffer>, Problem> {
    let now = app.clock.now();
    Ok(app.store.read().await?.credential_offers(caller.wallet_id, filter, now, list).await?)
}

/// What became of an offer at this instant.
pub fn status(offer: &CredentialOffer, now: Timestamp) -> Status {
    match offer.state {
        OfferState::Pending if now >= offer.expires_at => Status::Expired,
        state => Status::In(state),
    }
}

/// Forgets the codes of offers that are over; part of [`App::clean`].
pub(crate) async fn clean(app: &App) -> Result<(), Problem> {
    app.store.forget_codes_of_expired_offers(app.clock.now()).await?;
    Ok(())
}

/// The identifier to whose key credentials are bound, with its key: this one, or the preset one.
async fn holder(
    app: &App,
    conn: &mut Conn,
    wallet: WalletId,
    chosen: Option<IdentifierId>,
) -> Result<Option<(IdentifierId, Signer)>, Problem> {
    let id = match chosen {
        Some(id) => Some(id),
        None => HolderKeys::of(conn, wallet).await?.preset(),
    };
    let Some(id) = id else { return Ok(None) };
    Ok(signer(app, conn, wallet, id).await?.map(|signer| (id, signer)))
}

async fn claim(app: &App, caller: &Caller, offer: &CredentialOffer, identifier: IdentifierId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let abandoned = change.at().saturating_sub(ABANDONED).unwrap_or(Timestamp::MIN);
    if !change.claim_credential_offer(offer.id, Some(identifier), abandoned).await? {
        return Err(Code::OfferClosed.into());
    }
    change.commit(event(Action::CredentialOfferAccepted, offer)).await
}

/// Asks the issuer for what was claimed, and settles the offer by what came.
async fn finish(
    app: &App,
    caller: &Caller,
    offer: CredentialOffer,
    signer: &Signer,
    tx_code: Option<&str>,
) -> Result<CredentialOffer, Problem> {
    let code = inbox::code(app, &offer).await?;
    let contact = contact(app, &offer).await?;
    let tx_code = tx_code.filter(|_| offer.tx_code.is_some());
    let order = Order { offer: &offer, code: &code, contact: contact.as_ref(), tx_code };
    let received = exchange::run(app, order, signer).await;
    // A transaction code can be typed wrongly: how often the issuer lets one try is its own affair.
    if let Err(Failure::Code(why)) = &received
        && offer.tx_code.is_some()
    {
        let mut change = app.begin(caller).await?;
        if change.release_credential_offer(offer.id).await? {
            change.commit(event(Action::CredentialOfferReleased, &offer)).await?;
        }
        return Err(Problem::field("tx_code", "refused", why));
    }
    settle(app, caller, &offer, received.map_err(|failure| failure.to_string())).await
}

/// The DID of the contact that pushed the offer, by which its credentials must be issued, whoever accepts them.
async fn contact(app: &App, offer: &CredentialOffer) -> Result<Option<Did>, Problem> {
    let Some(id) = offer.contact_id else { return Ok(None) };
    let contact = app.store.read().await?.trusted_contact(offer.wallet_id, id).await?;
    Ok(contact.and_then(|contact| contact.did.parse().ok()))
}

/// Writes down how a claimed offer ended: all that came of it, or why nothing did.
async fn settle(
    app: &App,
    caller: &Caller,
    offer: &CredentialOffer,
    received: Result<Vec<Believed>, String>,
) -> Result<CredentialOffer, Problem> {
    let mut change = app.begin(caller).await?;
    let stored = match received {
        Ok(credentials) => inbox::store(app, &mut change, offer, &credentials).await?,
        Err(reason) => Err(reason),
    };
    let settled = match stored {
        Ok(credential_ids) => SettledOffer { state: OfferState::Received, reason: None, credential_ids },
        Err(reason) => SettledOffer { state: OfferState::Failed, reason: Some(reason), credential_ids: Vec::new() },
    };
    // It may have been deleted meanwhile; then nothing comes of it, and the change is dropped.
    if !change.settle_credential_offer(offer.id, OfferState::Accepting, &settled).await? {
        return Err(Code::NotFound.into());
    }
    let settled = change.credential_offer(caller.wallet_id, offer.id).await?.ok_or(Code::Internal)?;
    change.commit(inbox::settled(&settled)).await?;
    Ok(settled)
}

async fn check_identifier(app: &App, wallet: WalletId, chosen: Option<IdentifierId>) -> Result<(), Problem> {
    let Some(id) = chosen else { return Ok(()) };
    match app.store.read().await?.identifier(wallet, id).await? {
        Some(_) => Ok(()),
        None => Err(no_identifier()),
    }
}

/// A code that is not needed is not sent, so it is not refused either.
fn check_tx_code(needed: bool, typed: Option<&str>) -> Result<(), Problem> {
    let mut fields = Fields::default();
    match typed {
        None | Some("") if needed => {
            fields.refuse("tx_code", "required", "is required: the issuer sent it another way");
        }
        Some(typed) if typed.chars().count() > MAX_TX_CODE => {
            fields.refuse("tx_code", "invalid", format!("must have at most {MAX_TX_CODE} characters"));
        }
        _ => {}
    }
    fields.finish(Some(()))
}

fn no_identifier() -> Problem {
    Problem::field("identifier", "unknown", "must be an identifier of this wallet, to whose key credentials are bound")
}

fn refused(error: &ClientError) -> Problem {
    Problem::field("offer", error.code(), error)
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
