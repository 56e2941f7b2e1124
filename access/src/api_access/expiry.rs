//! When an external system ends, as people read it.

use jiff::Timestamp;
use kernel::console::texts::api_access as t;
use kernel::console::when;
use model::{ExternalSystem, Wallet, local_date};

/// From how many days before its end one is flagged.
const SOON: i64 = 30;

/// The end of one system, seen at an instant.
pub(super) struct Expiry {
    /// Its last day.
    pub(super) date: String,
    /// The instant, and whether it has passed.
    pub(super) told: String,
    pub(super) expired: bool,
    /// That it ends in a few days.
    pub(super) soon: Option<String>,
}

impl Expiry {
    pub(super) fn new(system: &ExternalSystem, wallet: &Wallet, now: Timestamp) -> Self {
        let instant = when::instant(system.expires_at, &wallet.time_zone);
        let expired = now >= system.expires_at;
        let days = when::days(local_date(now, &wallet.time_zone), system.expires_on);
        Self {
            date: when::date(system.expires_on),
            told: if expired { t::expired_on(&instant) } else { t::valid_until(&instant) },
            expired,
            soon: (!expired && days <= SOON).then(|| t::expires_in(days)),
        }
    }
}
