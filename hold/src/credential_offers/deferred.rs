//! Credentials that an issuer gives later (OpenID4VCI 1.0 §9): it is asked again, not sooner than it says, until it gives
//! them or its time is over.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::{Code, Problem};
use kernel::secrets::Sealed;
use model::{CredentialOffer, CredentialOfferId, OfferState, WalletId};
use store::DeferredOffer;

use super::exchange::{Deferral, Outcome, Source, Waiting, ask_again};
use super::{contact, settle};

/// What asking again takes.
const DEFERRED: Sealed = Sealed(" deferred credentials");
/// How long an issuer is asked again.
const LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long an issuer is waited for that does not say how long, and the longest that any is.
const INTERVAL: u64 = 5 * 60;
const MAX_INTERVAL: u64 = 24 * 60 * 60;
/// How many issuers are asked at a time, and for how long their offers are nobody else's to ask.
const BATCH: u32 = 10;
const TAKEN: SignedDuration = SignedDuration::from_mins(5);

/// With what the issuer is asked again; none when it has no endpoint for it.
pub(super) fn endpoint(source: Source<'_>) -> Option<Deferral> {
    let endpoint = source.metadata.deferred_credential_endpoint.clone()?;
    Some(Deferral { endpoint, access_token: source.token.access_token.clone(), waiting: Vec::new() })
}

/// What is kept of what is waited for; nothing when nothing is.
pub(super) fn seal(
    app: &App,
    offer: &CredentialOffer,
    deferral: Deferral,
    waiting: Vec<Waiting>,
) -> Result<Option<DeferredOffer>, Problem> {
    if waiting.is_empty() {
        return Ok(None);
    }
    let asked_again_at = asked_again_at(app, &waiting)?;
    let latest = app.clock.now().saturating_add(LIFETIME).map_err(|_| Code::Internal)?;
    let expires_at = if offer.state == OfferState::Deferred { offer.expires_at } else { latest };
    let sealed = DEFERRED.seal_json(app, offer.id, &Deferral { waiting, ..deferral })?;
    Ok(Some(DeferredOffer { sealed, asked_again_at, expires_at }))
}

/// When the issuer may be asked again for all that is waited for.
fn asked_again_at(app: &App, waiting: &[Waiting]) -> Result<Timestamp, Problem> {
    let interval = waiting.iter().map(|waiting| waiting.interval.unwrap_or(INTERVAL)).max().unwrap_or(INTERVAL);
    let wait = SignedDuration::from_secs(interval.min(MAX_INTERVAL).cast_signed());
    app.clock.now().saturating_add(wait).map_err(|_| Code::Internal.into())
}

/// Asks the issuers whose time has come, side by side.
pub(super) async fn ask(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    let until = now.saturating_add(TAKEN).map_err(|_| Code::Internal)?;
    let taken = app.store.take_deferred_offers(now, until, BATCH).await?;
    let asked = join_all(taken.into_iter().map(|(wallet, id)| ask_one(app, wallet, id, now))).await;
    asked.into_iter().collect()
}

async fn ask_one(app: &App, wallet: WalletId, id: CredentialOfferId, now: Timestamp) -> Result<(), Problem> {
    let mut conn = app.store.read().await?;
    let offer = conn.credential_offer(wallet, id).await?;
    let sealed = conn.deferred_credential_offer(wallet, id).await?;
    drop(conn);
    let (Some(offer), Some(sealed)) = (offer, sealed) else { return Ok(()) };
    let deferral: Deferral = DEFERRED.open_json(app, id, &sealed)?;
    let contact = contact(app, &offer).await?;
    let mut outcomes = Vec::new();
    for waiting in &deferral.waiting {
        outcomes.push(if now >= offer.expires_at {
            let why = "the issuer has not given it in time".to_owned();
            Outcome { configuration_id: waiting.configuration_id.clone(), result: Err(why) }
        } else {
            ask_again(app, &deferral, waiting, contact.as_ref()).await
        });
    }
    // What is as it was is no change, and no event: an issuer may take weeks.
    if outcomes.iter().zip(&deferral.waiting).all(|(outcome, waiting)| outcome.is_still(waiting)) {
        let at = asked_again_at(app, &deferral.waiting)?;
        return Ok(app.store.postpone_deferred_offer(wallet, id, at).await?);
    }
    match settle(app, &Caller::server(wallet), &offer, false, outcomes, Some(deferral)).await {
        Ok(_) => Ok(()),
        // It was deleted meanwhile.
        Err(problem) if problem == Problem::from(Code::NotFound) => Ok(()),
        Err(problem) => Err(problem),
    }
}
