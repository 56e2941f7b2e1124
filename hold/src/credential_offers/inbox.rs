//! An offer in the inbox: what is kept of it, and what comes out of it.

use kernel::app::App;
use kernel::caller::Transaction;
use kernel::problem::{Code, Problem};
use kernel::secrets::{Presented, Sealed};
use model::{
    Action, CredentialId, CredentialOffer, IdentifierId, NewEvent, OfferState, OfferedCredential, Target,
    TrustedContactId,
};
use serde_json::json;
use store::{NewCredentialOffer, StoreError};
use vc::openid4vci::PreAuthorizedCode;

use super::exchange::{Outcome, Taken, Waiting};
use super::offered::Described;
use super::{OFFER_LIFETIME, target};
use crate::credentials::{self, VerifiedForImport};

/// What the issuer wants to see for the credentials, until it has seen it.
const CODE: Sealed = Sealed(" pre-authorized code");
/// Issuer and code, by which a wallet knows an offer again.
const OFFER: Presented = Presented("credential offer");

/// What came of an offer.
pub(super) struct Stored {
    /// Each credential of it, with what became of it.
    pub(super) credentials: Vec<OfferedCredential>,
    /// What was received.
    pub(super) credential_ids: Vec<CredentialId>,
    /// What is asked for again.
    pub(super) waiting: Vec<Waiting>,
}

/// What the inbox keeps of an offer. The code is sealed for its row.
pub(super) fn entry(
    app: &App,
    described: &Described,
    (contact_id, unconfirmed): (Option<TrustedContactId>, bool),
    identifier_id: Option<IdentifierId>,
) -> Result<NewCredentialOffer, Problem> {
    let now = app.clock.now();
    let id = app.randomness.id(now);
    Ok(NewCredentialOffer {
        id,
        credential_issuer: described.offer.credential_issuer.clone(),
        issuer_name: described.issuer_name(),
        credentials: described.credentials.clone(),
        tx_code: described.tx_code(),
        contact_id,
        unconfirmed,
        identifier_id,
        code: Some(CODE.seal_json(app, id, &described.code)?),
        code_digest: digest(app, &described.offer.credential_issuer, &described.code).to_vec(),
        expires_at: now.saturating_add(OFFER_LIFETIME).map_err(|_| Code::Internal)?,
    })
}

/// By what a wallet knows an offer again.
pub(super) fn digest(app: &App, credential_issuer: &str, code: &PreAuthorizedCode) -> [u8; 32] {
    OFFER.digest(app, &format!("{credential_issuer} {}", code.code))
}

/// Puts it there.
pub(super) async fn insert(change: &mut Transaction<'_>, new: &NewCredentialOffer) -> Result<CredentialOffer, Problem> {
    change.insert_credential_offer(new).await.map_err(|error| match error {
        StoreError::Taken => Problem::in_use(Code::AlreadyReceived, "offer"),
        other => other.into(),
    })
}

/// The code, out of its seal.
pub(super) async fn code(app: &App, offer: &CredentialOffer) -> Result<PreAuthorizedCode, Problem> {
    let sealed = app.store.read().await?.credential_offer_code(offer.wallet_id, offer.id).await?;
    CODE.open_json(app, offer.id, &sealed.ok_or(Code::OfferClosed)?)
}

/// Stores what came of an offer, each credential with its event, and says what became of the offer. A credential that
/// the wallet holds already is not stored again.
pub(super) async fn store(
    app: &App,
    change: &mut Transaction<'_>,
    offer: &CredentialOffer,
    outcomes: Vec<Outcome>,
) -> Result<Stored, Problem> {
    let mut stored = Stored {
        credentials: offer.credentials.clone(),
        credential_ids: offer.credential_ids.clone(),
        waiting: Vec::new(),
    };
    for Outcome { configuration_id, result } in outcomes {
        let result = match result {
            Ok(Taken::Now(believed)) => insert_credential(app, change, offer, &believed).await?.map(Some),
            Ok(Taken::Later(waiting)) => {
                stored.waiting.push(waiting);
                Ok(None)
            }
            Err(reason) => Err(reason),
        };
        if let Ok(Some(id)) = result {
            stored.credential_ids.push(id);
        }
        let of = |credential: &&mut OfferedCredential| credential.configuration_id == configuration_id;
        if let Some(credential) = stored.credentials.iter_mut().find(of) {
            credential.received = result.as_ref().ok().copied().flatten();
            credential.reason = result.err();
        }
    }
    Ok(stored)
}

async fn insert_credential(
    app: &App,
    change: &mut Transaction<'_>,
    offer: &CredentialOffer,
    believed: &VerifiedForImport,
) -> Result<Result<CredentialId, String>, Problem> {
    let new = credentials::new_credential(app.randomness.id(change.at()), believed);
    if change.holds_credential(offer.wallet_id, &new.compact_sha256).await? {
        return Ok(Err("the wallet already holds this credential".to_owned()));
    }
    change.insert_credential(&new).await?;
    let detail = json!({"vct": new.vct, "issuer": new.issuer, "credential_issuer": offer.credential_issuer});
    change.record(NewEvent::new(Action::CredentialReceived, Target::new(new.id, &new.vct)).with(detail)).await?;
    Ok(Ok(new.id))
}

/// How an offer ended.
pub(super) fn settled(offer: &CredentialOffer) -> NewEvent {
    match offer.state {
        OfferState::Received => NewEvent::new(Action::CredentialOfferReceived, target(offer)),
        OfferState::Deferred => NewEvent::new(Action::CredentialOfferDeferred, target(offer)),
        _ => NewEvent::new(Action::CredentialOfferFailed, target(offer)).with(json!({"reason": offer.reason})),
    }
}
