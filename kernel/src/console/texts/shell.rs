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
pub(crate) const ISSUE: &str = "Issue";
pub const VERIFY: &str = "Verify";
pub const SETTINGS: &str = "Settings";
pub(crate) const TEAM: &str = "Team";
pub const IAM: &str = "IAM";
pub(crate) const RECORDS: &str = "Records";
pub const DOCUMENTATION: &str = "Documentation";
