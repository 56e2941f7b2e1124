//! Requirements of an issuer that a holder of this profile cannot meet. The metadata has them before anything is
//! requested, so a code need not be used up to find it out.

use core::fmt;

/// Why a credential cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Obstacle {
    /// The metadata has no such configuration.
    #[error("the issuer does not describe it in its metadata")]
    Undescribed,
    /// A member that decides cannot be read.
    #[error("the issuer describes it in a form that cannot be read: `{0}` is missing or malformed")]
    Unreadable(&'static str),
    /// Another format than `dc+sd-jwt`.
    #[error("its format is {0}; only SD-JWT VC (dc+sd-jwt) can be held")]
    Format(String),
    /// `credential_signing_alg_values_supported` without ES256.
    #[error("the issuer signs it with {0}; only ES256 can be verified")]
    SigningAlgorithms(String),
    /// `cryptographic_binding_methods_supported` without one that is known.
    #[error("the issuer binds it to keys as {0}; only jwk, did:jwk and did:web are supported")]
    Binding(String),
    /// `proof_types_supported` without `jwt`.
    #[error("the issuer wants the key proven as {0}; only proofs of the type jwt can be made")]
    ProofType(String),
    /// `proof_signing_alg_values_supported` without ES256.
    #[error("the issuer wants the key proven with {}; only ES256 is supported", named(.0))]
    ProofAlgorithms(String),
    /// `key_attestations_required`.
    #[error("the issuer wants an attestation of the key (key_attestations_required), which this wallet cannot give")]
    KeyAttestation,
    /// `credential_request_encryption.encryption_required`.
    #[error("the issuer takes encrypted requests only (credential_request_encryption), which are not supported")]
    RequestEncryption,
    /// `credential_response_encryption.encryption_required`.
    #[error("the issuer gives encrypted answers only (credential_response_encryption), which are not supported")]
    ResponseEncryption,
}

fn named(algorithms: &str) -> impl fmt::Display {
    if algorithms.is_empty() { "an algorithm that it does not name".to_owned() } else { algorithms.to_owned() }
}
