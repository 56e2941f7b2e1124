//! Credential offers that came to the wallet: its inbox (OpenID4VCI 1.0 §4).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CredentialId, CredentialOfferId, IdentifierId, TrustedContactId, WalletId};

/// An offer of somebody who wants to issue credentials to the wallet. The code that makes it worth something is
/// kept apart, sealed.
#[derive(Clone, PartialEq, Debug)]
pub struct CredentialOffer {
    /// Its id.
    pub id: CredentialOfferId,
    /// The wallet that was offered something.
    pub wallet_id: WalletId,
    /// Who offers: the credential issuer identifier (OpenID4VCI 1.0 §12.2.1).
    pub credential_issuer: String,
    /// What the issuer calls itself; nobody has checked it.
    pub issuer_name: Option<String>,
    /// What is offered, at least one credential.
    pub credentials: Vec<OfferedCredential>,
    /// The transaction code that is needed, which came another way.
    pub tx_code: Option<TxCodeHint>,
    /// The trusted contact that pushed it; none when somebody of the wallet brought it.
    pub contact_id: Option<TrustedContactId>,
    /// Whether it only says that it is of the contact: anybody can send an offer with a contact's name, until the
    /// contact's own server has served it or taken its code.
    pub unconfirmed: bool,
    /// The identifier to whose key the credentials are bound, when one was chosen.
    pub identifier_id: Option<IdentifierId>,
    /// What became of it, but for the passing of time: see [`CredentialOffer::state_at`].
    pub state: OfferState,
    /// Why it failed, or why it was not accepted yet, for people.
    pub reason: Option<String>,
    /// What was received.
    pub credential_ids: Vec<CredentialId>,
    /// When it came.
    pub created_at: Timestamp,
    /// It can be accepted while now is before this.
    pub expires_at: Timestamp,
}

/// One credential of an offer, as the issuer's metadata describes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OfferedCredential {
    /// The issuer's name for it (`credential_configuration_ids`).
    pub configuration_id: String,
    /// The type that it will have, as far as the issuer tells.
    pub vct: Option<String>,
    /// What the issuer calls it for people.
    pub name: Option<String>,
    /// Why it cannot be had, or was not, for people.
    #[serde(default)]
    pub reason: Option<String>,
    /// The held credential that came of it.
    #[serde(default)]
    pub received: Option<CredentialId>,
}

/// How a transaction code looks (OpenID4VCI 1.0 §4.1.1, `tx_code`).
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TxCodeHint {
    /// Whether it is made of digits alone.
    pub numeric: bool,
    /// How many characters it has, as far as the issuer tells.
    pub length: Option<u32>,
    /// How it comes, in the issuer's words.
    pub description: Option<String>,
}

names! {
    /// What became of an offer.
    pub enum OfferState {
        /// Nobody has decided yet.
        Pending = "pending",
        /// The issuer is being asked for the credentials.
        Accepting = "accepting",
        /// The issuer gives some of the credentials later (OpenID4VCI 1.0 §9), and is asked again for them.
        Deferred = "deferred",
        /// What could be had of the credentials is in the wallet.
        Received = "received",
        /// It was turned down.
        Declined = "declined",
        /// It was accepted, and nothing that could be believed came.
        Failed = "failed",
        /// Its time was over before anybody decided. The clock tells; it is never stored.
        Expired = "expired",
    }
}

impl CredentialOffer {
    /// What became of it by this instant.
    pub fn state_at(&self, now: Timestamp) -> OfferState {
        let is_over = self.state == OfferState::Pending && now >= self.expires_at;
        if is_over { OfferState::Expired } else { self.state }
    }
}
