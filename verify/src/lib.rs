//! Verifying: the wallet as a verifier of verifiable credentials.

pub mod trusted_issuers;
pub mod verifications;
pub mod verifier_templates;
