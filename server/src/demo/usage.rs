//! What the sample systems sent: more on working days, a little refused now and then.

use jiff::civil::Weekday;
use jiff::{Timestamp, ToSpan as _};
use model::{ExternalSystemId, Wallet, local_date};
use store::NewUsage;

/// How far back it goes, in days.
const DAYS: i64 = 60;

/// The days from when a system was made to its last use. `busy` is how much it sends on a working day.
pub(super) fn of(
    wallet: &Wallet,
    system_id: ExternalSystemId,
    busy: u64,
    made: Timestamp,
    last_used_at: Timestamp,
) -> Vec<NewUsage> {
    let zone = &wallet.time_zone;
    let last = local_date(last_used_at, zone);
    let first = local_date(made, zone).max(last.saturating_sub(DAYS.days()));
    let days = first.series(1.day()).take_while(|day| *day <= last);
    days.map(|day| {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        // Some up and down, the same in every demo.
        let swing = u64::from(day.day().unsigned_abs()) * 37 % 50 + 75;
        let requests = busy * swing / if weekend { 600 } else { 100 } + 1;
        let refusals = if day.day() % 11 == 3 { requests / 40 + 1 } else { 0 };
        NewUsage {
            system_id,
            wallet_id: wallet.id,
            day,
            requests,
            refusals,
            last_used_at: (day == last).then_some(last_used_at),
        }
    })
    .collect()
}
