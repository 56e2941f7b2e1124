//! Issuances: a credential offered by the wallet, and what remains of it when it is issued.

use jiff::Timestamp;

use crate::{Actor, CredentialStatus, IssuanceId, IssuerTemplateId, TrustedContactId, WalletId};

names! {
    /// How far an issuance has come.
    pub enum IssuanceStatus {
        /// The offer waits for a wallet.
        Offered = "offered",
        /// A wallet has exchanged the offer's code and may fetch the credential.
        Accepted = "accepted",
        /// The credential is with its holder.
        Issued = "issued",
        /// Its time passed before it was issued.
        Expired = "expired",
        /// It cannot be issued; [`IssuanceFailure`] tells why.
        Error = "error",
        /// Somebody of the wallet took it back before it was issued.
        Cancelled = "cancelled",
    }

    /// Why a credential cannot be issued.
    pub enum IssuanceFailure {
        /// Too many wrong transaction codes.
        TxCodeTries = "tx-code-tries",
        /// The issuer template was deleted.
        TemplateDeleted = "template-deleted",
        /// The claims do not fit the issuer template any more.
        TemplateChanged = "template-changed",
        /// The credential would be larger than holders and verifiers read.
        CredentialTooLarge = "credential-too-large",
        /// No credential can be made of the claims, although they fit the issuer template.
        ClaimsUnissuable = "claims-unissuable",
        /// The identifier that signs was deleted.
        IdentifierDeleted = "identifier-deleted",
        /// The status list is full or was deleted.
        StatusListUnusable = "status-list-unusable",
    }
}

/// A credential that the wallet offers, or has issued. The claims are kept apart, sealed, until it is issued.
#[derive(Clone, PartialEq, Debug)]
pub struct Issuance {
    /// Its id.
    pub id: IssuanceId,
    /// The wallet that issues.
    pub wallet_id: WalletId,
    /// The template.
    pub template_id: IssuerTemplateId,
    /// What the template was called then.
    pub template_name: String,
    /// The type of the credential.
    pub vct: String,
    /// What the external system calls it.
    pub correlation_id: Option<String>,
    /// How far it has come, but for the passing of time: see [`Issuance::status_at`].
    pub status: IssuanceStatus,
    /// The number of characters of the transaction code, if one is asked for.
    pub tx_code_length: Option<u32>,
    /// How many wrong transaction codes came.
    pub wrong_tries: u32,
    /// Until when the next step must come, while there is one.
    pub expires_at: Timestamp,
    /// The first instant at which the credential will not be valid, where the template's period is not meant.
    pub valid_until: Option<Timestamp>,
    /// The trusted contact that the offer is for.
    pub contact_id: Option<TrustedContactId>,
    /// When the offer reached that contact.
    pub pushed_at: Option<Timestamp>,
    /// When it was offered.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Actor,
    /// When a wallet exchanged the code.
    pub accepted_at: Option<Timestamp>,
    /// Why it cannot be issued.
    pub failure: Option<IssuanceFailure>,
    /// What was issued.
    pub credential: Option<IssuedCredential>,
}

/// What the issuer remembers of a credential: not its claims.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssuedCredential {
    /// When.
    pub issued_at: Timestamp,
    /// The first instant at which it is not valid; none when it has no end.
    pub valid_until: Option<Timestamp>,
    /// The thumbprint of the holder's key (RFC 7638).
    pub holder_key: String,
    /// Where its status stands; none when it cannot be revoked.
    pub status_entry: Option<StatusEntry>,
    /// What stands there.
    pub status: CredentialStatus,
}

/// A place in a status list (draft-ietf-oauth-status-list §6.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusEntry {
    /// The list's address.
    pub uri: String,
    /// The place in it.
    pub index: u64,
}

impl Issuance {
    /// How far it has come at this instant.
    pub fn status_at(&self, now: Timestamp) -> IssuanceStatus {
        if self.status.is_open() && now >= self.expires_at { IssuanceStatus::Expired } else { self.status }
    }
}

impl IssuanceStatus {
    /// Whether a wallet can still do something about it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }
}
