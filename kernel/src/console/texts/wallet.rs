//! Settings, Wallet.

pub const TITLE: &str = "Wallet";
pub const LEAD: &str = "What this wallet is called, and when its days end.";
pub const GENERAL: &str = "General";
pub const NAME: &str = "Name";
pub const NAME_HELP: &str = "Your organisation, as others know it.";
pub const TIME_ZONE: &str = "Time zone";
pub const TIME_ZONE_HELP: &str =
    "New expiry dates end with the day in this time zone. Existing keys keep the instant they were given.";
pub const WAS_SAVED: &str = "The wallet was saved.";
