//! The wallet's credential offer endpoint (OpenID4VCI 1.0 §4.1): trusted contacts push offers to it, which are accepted
//! unattended.
//!
//! The endpoint is public, so nothing is fetched and nothing is stored unless the offer names the credential issuer of a
//! contact. Even then the contact may not have sent it: that is proven when the contact's own server takes the code. So
//! the code is tried before anything is stored. An offer with a transaction code cannot be tried, and waits in the inbox
//! for a person: as unconfirmed and without the sender's words, unless the contact itself serves the offer (by reference,
//! below its credential issuer identifier). The number of unconfirmed offers is bounded.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{StatusCode, Uri};
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::http::{ObjectId, ProtocolError, RequestId};
use kernel::problem::{Code, Problem};
use keys::identifiers::Signer;
use model::{Action, CredentialOffer, IdentifierId, TrustedContact, WalletId};
use serde::Serialize;
use store::{PushedOffer, StoreError};
use vc::did::Did;
use vc::openid4vci::OfferLink;

use super::client::{self, ClientError};
use super::exchange::{Source, take};
use super::offered::{self, Described};
use super::pushes::Pushes;
use super::{deferred, event, holder, inbox, settle};

/// Where it is, below the wallet's address.
pub(crate) const PATH: &str = "/openid4vci/credential-offer";

/// How many pushed offers wait for a decision under the name of one contact: as many again that the contact itself
/// keeps, so that strangers who invent offers do not keep out its own.
const MAX_WAITING: i64 = 20;

/// What the issuer is told.
#[derive(Serialize)]
struct PushAnswer {
    /// `received`, `pending`, `deferred` or `failed`; what became of it meanwhile where it came before.
    status: &'static str,
}

/// The routes of the protocol.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route(&format!("/wallets/{{id}}{PATH}"), get(push).head(push_nothing))
}

/// HEAD changes nothing (RFC 9110 §9.2.1), so no offer comes with it.
async fn push_nothing() -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn push(
    State(app): State<Arc<App>>,
    ObjectId(wallet): ObjectId<WalletId>,
    uri: Uri,
    request_id: RequestId,
) -> Result<Response, ProtocolError> {
    if app.store.read().await?.wallet(wallet).await?.is_none() {
        return Err(Problem::from(Code::NotFound).into());
    }
    let link = OfferLink::parse(&format!("openid-credential-offer://?{}", uri.query().unwrap_or_default()))
        .map_err(|error| ProtocolError::refused("invalid_request", error.to_string()))?;
    let caller = Caller::stranger(wallet, request_id);
    // A task of its own: the code is used up, so the exchange is finished even when the sender hangs up.
    let running = tokio::spawn(async move { take_in(&app, &caller, link).await });
    let offer = running.await.map_err(|_| Problem::from(Code::Internal))??;
    Ok(Json(PushAnswer { status: offer.state.name() }).into_response())
}

async fn take_in(app: &App, caller: &Caller, link: OfferLink) -> Result<CredentialOffer, ProtocolError> {
    let wallet = caller.wallet_id;
    let kept_at = match &link {
        OfferLink::ByValue(_) => None,
        OfferLink::ByReference(url) => Some((url.clone(), origin_of_a_contact(app, wallet, url).await?)),
    };
    let offer = match link {
        OfferLink::ByValue(offer) => offer,
        // From exactly there: a redirect could leave the contact's origin.
        OfferLink::ByReference(url) => {
            let json = app.outbound.get_unmoved(&url).await.map_err(|error| refused(&error.into()))?;
            vc::openid4vci::CredentialOffer::parse(&json).map_err(|error| refused(&error.into()))?
        }
    };
    let mut conn = app.store.read().await?;
    let contact = conn.trusted_contact_of_issuer(wallet, &offer.credential_issuer).await?.ok_or_else(nobody)?;
    if let Some((_, origin)) = &kept_at
        && Some(origin) != origin_of(app, &offer.credential_issuer).as_ref()
    {
        return Err(nobody());
    }
    let code = offer.grants.pre_authorized_code.as_ref().ok_or_else(|| refused(&ClientError::Grant))?;
    // A repeat changes nothing and is answered as the first was.
    let digest = inbox::digest(app, &offer.credential_issuer, code);
    if let Some(known) = conn.credential_offer_with_code(wallet, &digest).await? {
        return Ok(known);
    }
    let unconfirmed = !kept_at.is_some_and(|(url, _)| is_below(&url, &offer.credential_issuer));
    let waiting = conn.pushed_credential_offers(wallet, contact.id, unconfirmed, app.clock.now()).await?;
    drop(conn);
    if code.tx_code.is_some() && waiting >= MAX_WAITING {
        return Err(full(app, wallet, &contact));
    }
    let described = offered::describe(app, offer).await.map_err(|error| refused(&error))?;
    let mut conn = app.store.read().await?;
    let holder = holder(app, &mut conn, wallet, None, |method| described.binds(method.name())).await?;
    drop(conn);
    match holder {
        Some((identifier, signer)) if described.code.tx_code.is_none() => {
            unattended(app, caller, &contact, &described, (identifier, &signer)).await
        }
        // Without an identifier there is no key to bind to: a person has to make one first.
        _ => keep(app, wallet, &contact, &described, unconfirmed).await,
    }
}

/// Accepts an offer in the name of a contact. Nothing of it is stored before the contact's server has taken the code;
/// after that its outcome is in the inbox.
async fn unattended(
    app: &App,
    caller: &Caller,
    contact: &TrustedContact,
    described: &Described,
    (identifier, signer): (IdentifierId, &Signer),
) -> Result<CredentialOffer, ProtocolError> {
    let endpoint = &described.token_endpoint;
    let token = client::token(app, endpoint, &described.code, None).await.map_err(|error| refused(&error))?;
    let new = inbox::entry(app, described, (Some(contact.id), false), Some(identifier))?;
    let mut change = app.begin(caller).await?;
    inbox::insert(&mut change, &new).await?;
    let offer = change.claim_credential_offer(new.id, Some(identifier), Timestamp::MIN).await?;
    let offer = offer.ok_or(Problem::from(Code::Internal))?;
    change.commit(event(Action::CredentialOfferCreated, &offer)).await?;

    let did: Did = contact.did.parse().map_err(|_| Problem::from(Code::Internal))?;
    let source = Source { metadata: &described.metadata, token: &token, contact: Some(&did) };
    let outcomes = take(app, source, &offer.credentials, signer).await;
    Ok(settle(app, caller, &offer, false, outcomes, deferred::endpoint(source)).await?)
}

/// The origin of an offer by reference, if one of the contacts is at home there: nothing else is fetched.
async fn origin_of_a_contact(app: &App, wallet: WalletId, url: &str) -> Result<String, ProtocolError> {
    let origin = origin_of(app, url).ok_or_else(nobody)?;
    let contacts = app.store.read().await?.trusted_contacts_that_push(wallet).await?;
    let mut homes = contacts.iter().filter_map(|contact| origin_of(app, contact.credential_issuer.as_deref()?));
    if homes.any(|home| home == origin) { Ok(origin) } else { Err(nobody()) }
}

fn origin_of(app: &App, url: &str) -> Option<String> {
    app.outbound.check(url).ok().map(|url| url.origin().ascii_serialization())
}

/// Whether an offer is kept at an address of its issuer, which only the issuer can answer.
fn is_below(url: &str, credential_issuer: &str) -> bool {
    let issuer = credential_issuer.trim_end_matches('/');
    url.strip_prefix(issuer).is_some_and(|rest| rest.starts_with('/')) && !url.contains("..") && !url.contains('\\')
}

/// Puts an offer into the inbox, for somebody to decide, while there is a place for it.
async fn keep(
    app: &App,
    wallet: WalletId,
    contact: &TrustedContact,
    described: &Described,
    unconfirmed: bool,
) -> Result<CredentialOffer, ProtocolError> {
    let new = inbox::entry(app, described, (Some(contact.id), unconfirmed), None)?;
    let now = app.clock.now();
    match app.store.keep_pushed_offer(wallet, contact.id, &new, MAX_WAITING, now).await {
        Ok(PushedOffer::Kept) => app.memory.of::<Pushes>().count(wallet, contact.id, true),
        Ok(PushedOffer::Full) => return Err(full(app, wallet, contact)),
        Ok(PushedOffer::NoContact) => return Err(nobody()),
        // The same one came at the same moment.
        Err(StoreError::Taken) => {}
        Err(error) => return Err(error.into()),
    }
    let kept = app.store.read().await?.credential_offer_with_code(wallet, &new.code_digest).await?;
    kept.ok_or_else(|| Problem::from(Code::Internal).into())
}

fn full(app: &App, wallet: WalletId, contact: &TrustedContact) -> ProtocolError {
    app.memory.of::<Pushes>().count(wallet, contact.id, false);
    ProtocolError::refused(
        "invalid_request",
        format!("{MAX_WAITING} offers of this credential issuer wait already: somebody has to decide on them first"),
    )
}

/// The same answer whether there is no such contact, or it may not push, or the offer is elsewhere.
fn nobody() -> ProtocolError {
    ProtocolError::refused(
        "invalid_request",
        "the wallet takes offers from the credential issuers of its trusted contacts only",
    )
}

fn refused(error: &ClientError) -> ProtocolError {
    ProtocolError::refused("invalid_request", error.to_string())
}
