//! The messages of OpenID for Verifiable Credential Issuance 1.0, as both sides write and read them:
//! the issuer that this wallet is to others, and the holder that it is to other issuers. In the
//! profile of DIIP v5: pre-authorized code, `dc+sd-jwt`, key proofs of type `jwt`.
//!
//! ```text
//! issuer ── CredentialOffer ──▶ holder
//!        ◀── GET ───────────── IssuerMetadata, AuthorizationServerMetadata
//!        ◀── TokenRequest ──── TokenResponse
//!        ◀── POST ──────────── NonceResponse
//!        ◀── CredentialRequest (with a KeyProof) ── CredentialResponse
//! ```
//!
//! Each type reads like its section of the specification, which its documentation names. Members that
//! this profile has no use for are ignored when they are read, as the specification asks for, and
//! never written. Values that are secrets on their way (codes, access tokens) are not shown by `Debug`.

mod authorization_details;
mod credential;
mod error;
mod key_proof;
mod metadata;
mod obstacle;
mod offer;
mod token;

pub use authorization_details::{AuthorizationDetails, AuthorizationDetailsError, requested_configurations};
pub use credential::{
    CredentialRequest, CredentialResponse, DeferredCredentialRequest, IssuedCredential, MAX_REQUEST_BYTES,
    NonceResponse, Proofs,
};
pub use error::{CredentialErrorCode, ErrorResponse, TokenErrorCode};
pub use key_proof::{KeyProof, KeyProofDraft, KeyProofError, MAX_DID_URL_BYTES, MAX_PROOF_AGE_SECONDS, ProofKey};
pub use metadata::{
    Algorithm, AuthorizationServerMetadata, ClaimDescription, ClaimDisplay, CredentialConfiguration, CredentialDisplay,
    CredentialMetadata, Image, IssuerDisplay, IssuerMetadata, MetadataError, ProofType,
    authorization_server_metadata_url, issuer_metadata_url,
};
pub use obstacle::Obstacle;
pub use offer::{
    CredentialOffer, Grants, InputMode, MAX_OFFER_BYTES, OfferError, OfferLink, PreAuthorizedCode, TxCode,
};
pub use token::{TokenRequest, TokenResponse};

#[cfg(test)]
mod tests;
