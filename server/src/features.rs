//! The features of the server, in the order of the API document and, within a group, of the navigation.

use access::{api_access, audit_log, me, roles, users, wallet};
use hold::{credential_offers, credentials, presentations, public_profile, trusted_contacts};
use issue::{issued_credentials, issuer_templates, status_lists};
use kernel::feature::Feature;
use keys::identifiers;
use verify::{trusted_issuers, verifications, verifier_templates};

use crate::documentation;

/// All of them.
pub static FEATURES: &[Feature] = &[
    me::FEATURE,
    credentials::FEATURE,
    credential_offers::FEATURE,
    presentations::FEATURE,
    identifiers::FEATURE,
    public_profile::FEATURE,
    trusted_contacts::FEATURE,
    issuer_templates::FEATURE,
    issued_credentials::FEATURE,
    status_lists::FEATURE,
    trusted_issuers::FEATURE,
    verifier_templates::FEATURE,
    verifications::FEATURE,
    api_access::FEATURE,
    users::FEATURE,
    roles::FEATURE,
    wallet::FEATURE,
    audit_log::FEATURE,
    documentation::FEATURE,
];
