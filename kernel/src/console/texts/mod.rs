//! The English texts of the console. Another language is another folder like this one: no template and no handler holds
//! a sentence of its own.

pub mod api_access;
pub mod audit_log;
pub mod common;
pub mod credential_offers;
pub mod credentials;
pub mod documentation;
pub mod doors;
pub mod identifiers;
pub mod issuances;
pub mod issuer_templates;
pub mod presentations;
pub mod problems;
pub mod public_profile;
pub mod roles;
pub mod shell;
pub mod status_lists;
pub mod trusted_contacts;
pub mod trusted_issuers;
pub mod users;
pub mod verifications;
pub mod verifier_templates;
pub mod wallet;
