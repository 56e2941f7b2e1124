//! The wallet's credential offer endpoint (OpenID4VCI 1.0 §4.1): trusted contacts push offers to it, and credentials
//! arrive without anybody asking.
//!
//! Anybody can send a request here, so nothing is fetched and nothing is stored for who is no contact. An offer that
//! names a contact is not yet the contact's: only a code that the contact's own server takes makes it one. So the
//! code is tried before anything is stored, but for an offer with a transaction code, which waits for somebody who
//! knows it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{StatusCode, Uri};
use jiff::Timestamp;
use model::{Action, CredentialOffer, IdentifierId, TrustedContact, WalletId};
use serde::Serialize;
use vc::did::Did;
use vc::openid4vci::OfferLink;

use super::client::{self, ClientError, Described};
use super::exchange::{Order, take};
use super::{event, holder, inbox, settle};
use crate::app::App;
use crate::caller::Caller;
use crate::http::{ObjectId, ProtocolError, RequestId};
use crate::identifiers::Signer;
use crate::problem::{Code, Problem};

/// Where it is, below the wallet's address.
pub(crate) const PATH: &str = "/openid4vci/credential-offer";

/// What the issuer is told.
#[derive(Serialize)]
struct Told {
    /// `received`, `pending` or `failed`.
    status: &'static str,
}

pub(crate) fn routes() -> Router<Arc<App>> {
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
    // Whoever pushed may hang up; what has begun is finished all the same, because the code is used up.
    let running = tokio::spawn(async move { take_in(&app, &caller, link).await });
    let offer = running.await.map_err(|_| Problem::from(Code::Internal))??;
    Ok(Json(Told { status: offer.state.name() }).into_response())
}

async fn take_in(app: &App, caller: &Caller, link: OfferLink) -> Result<CredentialOffer, ProtocolError> {
    let wallet = caller.wallet_id;
    let origin = match &link {
        OfferLink::ByValue(_) => None,
        OfferLink::ByReference(url) => Some(origin_of_a_contact(app, wallet, url).await?),
    };
    let offer = match link {
        OfferLink::ByValue(offer) => offer,
        link @ OfferLink::ByReference(_) => client::resolve(app, link).await.map_err(refused)?,
    };
    let mut conn = app.store.read().await?;
    let contact = conn.trusted_contact_of_issuer(wallet, &offer.credential_issuer).await?.ok_or_else(nobody)?;
    if origin.is_some() && origin != origin_of(app, &offer.credential_issuer) {
        return Err(nobody());
    }
    let code = offer.grants.pre_authorized_code.as_ref().ok_or_else(|| refused(ClientError::Grant))?;
    if conn.has_credential_offer(wallet, &inbox::digest(app, &offer.credential_issuer, code)).await? {
        return Err(ProtocolError::refused("invalid_request", "the wallet has this offer already"));
    }
    let holder = holder(app, &mut conn, wallet, None).await?;
    drop(conn);
    let described = client::describe(app, offer).await.map_err(refused)?;
    match holder {
        Some((identifier, signer)) if described.code.tx_code.is_none() => {
            unattended(app, caller, &contact, &described, (identifier, &signer)).await
        }
        // Without an identifier there is no key to bind to: somebody has to make one first.
        _ => Ok(keep(app, caller, &contact, &described).await?),
    }
}

/// Accepts an offer of a contact. Until its server has taken the code, the offer is nobody's, and nothing of it is
/// stored; after that the inbox tells what became of it.
async fn unattended(
    app: &App,
    caller: &Caller,
    contact: &TrustedContact,
    described: &Described,
    (identifier, signer): (IdentifierId, &Signer),
) -> Result<CredentialOffer, ProtocolError> {
    let token = client::token(app, &described.metadata, &described.code, None).await.map_err(refused)?;
    let new = inbox::entry(app, described, Some(contact.id), Some(identifier))?;
    let mut change = app.begin(caller).await?;
    inbox::insert(&mut change, &new).await?;
    change.claim_credential_offer(new.id, Some(identifier), Timestamp::MIN).await?;
    let offer = change.credential_offer(caller.wallet_id, new.id).await?.ok_or(Problem::from(Code::Internal))?;
    change.commit(event(Action::CredentialOfferCreated, &offer)).await?;

    let did: Did = contact.did.parse().map_err(|_| Problem::from(Code::Internal))?;
    let order = Order { offer: &offer, code: &described.code, contact: Some(&did), tx_code: None };
    let received = take(app, order, &described.metadata, &token, signer).await;
    Ok(settle(app, caller, &offer, received.map_err(|failure| failure.to_string())).await?)
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

/// Puts an offer into the inbox, for somebody to decide.
async fn keep(
    app: &App,
    caller: &Caller,
    contact: &TrustedContact,
    described: &Described,
) -> Result<CredentialOffer, Problem> {
    let new = inbox::entry(app, described, Some(contact.id), None)?;
    let mut change = app.begin(caller).await?;
    inbox::insert(&mut change, &new).await?;
    let offer = change.credential_offer(caller.wallet_id, new.id).await?.ok_or(Code::Internal)?;
    change.commit(event(Action::CredentialOfferCreated, &offer)).await?;
    Ok(offer)
}

/// The same answer whether there is no such contact, or it may not push, or the offer is elsewhere.
fn nobody() -> ProtocolError {
    ProtocolError::refused(
        "invalid_request",
        "the wallet takes offers from the credential issuers of its trusted contacts only",
    )
}

fn refused(error: ClientError) -> ProtocolError {
    ProtocolError::refused("invalid_request", error.to_string())
}
