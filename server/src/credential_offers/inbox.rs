//! An offer in the inbox: what is kept of it, and what comes out of it.

use std::collections::BTreeSet;

use model::{Action, CredentialId, CredentialOffer, IdentifierId, NewEvent, OfferState, Target, TrustedContactId};
use serde_json::json;
use store::{NewCredentialOffer, StoreError};
use vc::openid4vci::PreAuthorizedCode;

use super::client::Described;
use super::{WAITS, target};
use crate::app::App;
use crate::caller::Change;
use crate::credentials::{self, Believed};
use crate::problem::{Code, Problem};

/// What the inbox keeps of an offer. The code is sealed for its row.
pub(super) fn entry(
    app: &App,
    described: &Described,
    contact_id: Option<TrustedContactId>,
    identifier_id: Option<IdentifierId>,
) -> Result<NewCredentialOffer, Problem> {
    let now = app.clock.now();
    let id = app.randomness.id(now);
    let code = serde_json::to_vec(&described.code).map_err(|_| Code::Internal)?;
    Ok(NewCredentialOffer {
        id,
        credential_issuer: described.offer.credential_issuer.clone(),
        issuer_name: described.issuer_name(),
        credentials: described.credentials(),
        tx_code: described.tx_code(),
        contact_id,
        identifier_id,
        code: Some(app.sealing.seal(&code, &place(id), &app.randomness)),
        code_digest: digest(app, &described.offer.credential_issuer, &described.code).to_vec(),
        expires_at: now.saturating_add(WAITS).map_err(|_| Code::Internal)?,
    })
}

/// By what a wallet knows an offer again.
pub(super) fn digest(app: &App, credential_issuer: &str, code: &PreAuthorizedCode) -> [u8; 32] {
    app.digests.of("credential offer", format!("{credential_issuer} {}", code.code).as_bytes())
}

/// Puts it there.
pub(super) async fn insert(change: &mut Change<'_>, new: &NewCredentialOffer) -> Result<(), Problem> {
    change.insert_credential_offer(new).await.map_err(|error| match error {
        StoreError::Taken => Problem::in_use(Code::AlreadyReceived, "offer"),
        other => other.into(),
    })
}

/// The code, out of its seal.
pub(super) async fn code(app: &App, offer: &CredentialOffer) -> Result<PreAuthorizedCode, Problem> {
    let sealed = app.store.read().await?.credential_offer_code(offer.wallet_id, offer.id).await?;
    let code = app.sealing.open(&sealed.ok_or(Code::OfferClosed)?, &place(offer.id)).map_err(|error| {
        tracing::error!(%error, id = %offer.id, "the code of an offer");
        Code::Internal
    })?;
    serde_json::from_slice(&code).map_err(|_| Code::Internal.into())
}

/// Stores the credentials of an offer, each with its event; or says why they cannot be stored.
pub(super) async fn store(
    app: &App,
    change: &mut Change<'_>,
    offer: &CredentialOffer,
    received: &[Believed],
) -> Result<Result<Vec<CredentialId>, String>, Problem> {
    let at = change.at();
    let new: Vec<_> =
        received.iter().map(|believed| credentials::new_credential(app.randomness.id(at), believed)).collect();
    let mut texts = BTreeSet::new();
    for credential in &new {
        let wallet = change.wallet_id();
        if !texts.insert(&credential.compact_sha256)
            || change.holds_credential(wallet, &credential.compact_sha256).await?
        {
            return Ok(Err("the wallet already holds this credential".to_owned()));
        }
    }
    for new in &new {
        change.insert_credential(new).await?;
        let detail = json!({"vct": new.vct, "issuer": new.issuer, "credential_issuer": offer.credential_issuer});
        change.record(NewEvent::new(Action::CredentialReceived, Target::new(new.id, &new.vct)).with(detail)).await?;
    }
    Ok(Ok(new.iter().map(|credential| credential.id).collect()))
}

/// How an offer ended.
pub(super) fn settled(offer: &CredentialOffer) -> NewEvent {
    match offer.state {
        OfferState::Received => NewEvent::new(Action::CredentialOfferReceived, target(offer)),
        _ => NewEvent::new(Action::CredentialOfferFailed, target(offer)).with(json!({"reason": offer.reason})),
    }
}

/// Where the code is sealed for.
fn place(id: impl std::fmt::Display) -> String {
    format!("{id} pre-authorized code")
}
