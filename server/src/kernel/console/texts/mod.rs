//! The English texts of the console. Another language is another folder like this one: no template and no handler holds
//! a sentence of its own.

pub(crate) mod api_access;
pub(crate) mod audit_log;
pub(crate) mod common;
pub(crate) mod credential_offers;
pub(crate) mod credentials;
pub(crate) mod documentation;
pub(crate) mod doors;
pub(crate) mod identifiers;
pub(crate) mod issuances;
pub(crate) mod issuer_templates;
pub(crate) mod presentations;
pub(crate) mod problems;
pub(crate) mod public_profile;
pub(crate) mod roles;
pub(crate) mod shell;
pub(crate) mod status_lists;
pub(crate) mod trusted_contacts;
pub(crate) mod trusted_issuers;
pub(crate) mod users;
pub(crate) mod verifications;
pub(crate) mod verifier_templates;
pub(crate) mod wallet;
