//! Issuing: the wallet as an issuer of verifiable credentials.

pub mod issued_credentials;
pub mod issuer_templates;
pub mod status_lists;
