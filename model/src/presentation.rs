//! Requests of verifiers, and what the wallet presented to them (OpenID4VP 1.0).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{CredentialId, PresentationId, WalletId};

/// A request of a verifier, which is answered once: credentials are presented, or it is declined.
#[derive(Clone, PartialEq, Debug)]
pub struct Presentation {
    /// Its id.
    pub id: PresentationId,
    /// The wallet that is asked.
    pub wallet_id: WalletId,
    /// The verifier: the DID that signed the request.
    pub verifier: String,
    /// What the verifier calls itself; nobody has checked it.
    pub verifier_name: Option<String>,
    /// What is asked (DCQL, OpenID4VP 1.0 §6).
    pub query: Value,
    /// Where the answer goes.
    pub response_uri: String,
    /// What became of it, but for the passing of time: see [`Presentation::state_at`].
    pub state: PresentationState,
    /// Why it failed, for people.
    pub reason: Option<String>,
    /// What was presented.
    pub disclosed: Vec<Disclosed>,
    /// Where the verifier sends whoever presented.
    pub redirect_uri: Option<String>,
    /// When the request came.
    pub created_at: Timestamp,
    /// It can be answered while now is before this.
    pub expires_at: Timestamp,
}

/// What of one credential was presented.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Disclosed {
    /// The credential query that it answers.
    pub query: String,
    /// The credential, which may have been deleted since.
    pub credential_id: CredentialId,
    /// Its type.
    pub vct: String,
    /// The claims that were asked for, as people read their paths. Their values are not remembered.
    pub claims: Vec<String>,
}

names! {
    /// What became of a request.
    pub enum PresentationState {
        /// Nobody has decided yet.
        Pending = "pending",
        /// The answer is on its way.
        Sending = "sending",
        /// The verifier has it.
        Sent = "sent",
        /// It was turned down.
        Declined = "declined",
        /// The verifier did not take the answer.
        Failed = "failed",
        /// Its time was over before anybody decided. The clock tells; it is never stored.
        Expired = "expired",
    }
}

impl Presentation {
    /// What became of it by this instant.
    pub fn state_at(&self, now: Timestamp) -> PresentationState {
        let is_over = self.state == PresentationState::Pending && now >= self.expires_at;
        if is_over { PresentationState::Expired } else { self.state }
    }
}
