//! Settings, Wallet.

pub(crate) const TITLE: &str = "Wallet";
pub(crate) const LEAD: &str = "What this wallet is called, and when its days end.";
pub(crate) const GENERAL: &str = "General";
pub(crate) const NAME: &str = "Name";
pub(crate) const NAME_HELP: &str = "Your organisation, as others know it.";
pub(crate) const TIME_ZONE: &str = "Time zone";
pub(crate) const TIME_ZONE_HELP: &str =
    "New expiry dates end with the day in this time zone. Existing keys keep the instant they were given.";
pub(crate) const WAS_SAVED: &str = "The wallet was saved.";
