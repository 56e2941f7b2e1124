//! The frame of every page.

pub const LANGUAGE: &str = "en";
pub const PRODUCT: &str = "Claviger";
pub const SKIP: &str = "Skip to content";
pub(crate) const MENU: &str = "Menu";
pub(crate) const CLOSE_MENU: &str = "Close menu";
pub(crate) const ACCOUNT_MENU: &str = ", account menu";
pub(crate) const MAIN_NAVIGATION: &str = "Main";
pub(crate) const BREADCRUMB: &str = "Breadcrumb";
pub(crate) const SIGN_OUT: &str = "Sign out";

pub const WALLET: &str = "Wallet";
pub(crate) const HOLDER_CREDENTIALS: &str = "Holder credentials";
pub(crate) const RECEIVED_OFFERS: &str = "Received offers";
pub const PRESENTATIONS: &str = "Presentations";
pub const IDENTIFIERS: &str = "Identifiers";
pub(crate) const PUBLIC_PROFILE: &str = "Public profile";
pub(crate) const TRUSTED_CONTACTS: &str = "Trusted contacts";
pub(crate) const ISSUE: &str = "Issue";
pub(crate) const ISSUED_CREDENTIALS: &str = "Issued credentials";
pub(crate) const ISSUER_TEMPLATES: &str = "Issuer templates";
pub(crate) const STATUS_LISTS: &str = "Status lists";
pub const VERIFY: &str = "Verify";
pub(crate) const TRUSTED_ISSUERS: &str = "Trusted issuers";
pub(crate) const VERIFIER_TEMPLATES: &str = "Verifier templates";
pub(crate) const VERIFIED_CREDENTIALS: &str = "Verified credentials";
pub const SETTINGS: &str = "Settings";
pub(crate) const TEAM: &str = "Team";
pub const USERS: &str = "Users";
pub const ROLES: &str = "Roles";
pub const IAM: &str = "IAM";
pub(crate) const API_ACCESS: &str = "API Access";
pub(crate) const RECORDS: &str = "Records";
pub(crate) const AUDIT_LOG: &str = "Audit log";
pub(crate) const DOCUMENTATION: &str = "Documentation";
