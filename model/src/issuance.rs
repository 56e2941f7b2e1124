//! Issuances: credentials that the wallet offers, and what it keeps of them once they are issued.

use jiff::Timestamp;

use crate::{Actor, CredentialStatus, IssuanceId, IssuerTemplateId, TrustedContactId, WalletId};

names! {
    /// The status of an issuance.
    pub enum IssuanceStatus {
        /// The offer is open.
        Offered = "offered",
        /// A wallet has exchanged the offer's code and may fetch the credential.
        Accepted = "accepted",
        /// The holder has fetched the credential.
        Issued = "issued",
        /// Its time passed before it was issued.
        Expired = "expired",
        /// It cannot be issued; [`IssuanceFailure`] is the reason.
        Error = "error",
        /// The offer was cancelled before the credential was issued.
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
    /// The issuing wallet.
    pub wallet_id: WalletId,
    /// The template.
    pub template_id: IssuerTemplateId,
    /// The template's name when the issuance was created.
    pub template_name: String,
    /// The type of the credential.
    pub vct: String,
    /// The external system's own id for it.
    pub correlation_id: Option<String>,
    /// The stored status, which does not know of expiry: see [`Issuance::status_at`].
    pub status: IssuanceStatus,
    /// The number of characters of the transaction code, if one is asked for.
    pub tx_code_length: Option<u32>,
    /// How many wrong transaction codes came.
    pub wrong_tries: u32,
    /// When the open offer, or the access token that it was exchanged for, expires.
    pub expires_at: Timestamp,
    /// The first instant at which the credential will not be valid; `None` where the template's period decides.
    pub valid_until: Option<Timestamp>,
    /// The trusted contact that the offer is for.
    pub contact_id: Option<TrustedContactId>,
    /// When the offer reached that contact.
    pub pushed_at: Option<Timestamp>,
    /// When it was offered.
    pub created_at: Timestamp,
    /// The principal that offered it.
    pub created_by: Actor,
    /// When a wallet exchanged the code.
    pub accepted_at: Option<Timestamp>,
    /// Why it cannot be issued.
    pub failure: Option<IssuanceFailure>,
    /// The issued credential.
    pub credential: Option<IssuedCredential>,
}

/// What the issuer keeps of an issued credential; no claims.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssuedCredential {
    /// When it was issued.
    pub issued_at: Timestamp,
    /// The first instant at which it is not valid; none when it has no end.
    pub valid_until: Option<Timestamp>,
    /// The thumbprint of the holder's key (RFC 7638).
    pub holder_key: String,
    /// Its entry in a status list; `None` when it cannot be revoked.
    pub status_entry: Option<StatusEntry>,
    /// The status in that entry.
    pub status: CredentialStatus,
}

/// An entry of a status list (draft-ietf-oauth-status-list §6.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusEntry {
    /// The list's address.
    pub uri: String,
    /// The index in the list.
    pub index: u64,
}

impl Issuance {
    /// The status at this instant.
    pub fn status_at(&self, now: Timestamp) -> IssuanceStatus {
        if self.status.is_open() && now >= self.expires_at { IssuanceStatus::Expired } else { self.status }
    }
}

impl IssuanceStatus {
    /// Whether a wallet can still take the next step.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }
}
