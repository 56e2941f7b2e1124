//! Sign-in is slowed down after failed attempts. What is hard (no attempt before a time) is counted so that a stranger
//! can only hold up themselves: for an account and an address together, for an address, and for a device cookie (OWASP,
//! Slow Down Online Guessing Attacks with Device Cookies). What is counted for an account alone is soft: while many
//! fail against it, every address has one attempt instead of five before it waits, but each has that one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use kernel::http::network;

/// Failed attempts of one address for one account before it waits.
const FREE_FOR_PAIR: u32 = 5;
/// The same while the account is under attack.
const FREE_UNDER_ATTACK: u32 = 1;
/// Failed attempts of all addresses for one account, from which on it is under attack.
const ATTACK: u32 = 50;
/// Failed attempts from one address before it waits; many people may share one.
const FREE_FOR_ADDRESS: u32 = 30;
/// Failed attempts with one device cookie before it counts for nothing.
const FREE_FOR_DEVICE: u32 = 10;
/// The longest wait of an address for one account, in milliseconds.
const LONGEST_FOR_PAIR: i64 = 15 * 60_000;
/// The longest wait of an address, in milliseconds; others behind it wait, too.
const LONGEST_FOR_ADDRESS: i64 = 60_000;
/// Failures are forgotten after this time without a new one, in milliseconds; longer than every wait.
const FORGET: i64 = 60 * 60_000;
/// More counters than these are not kept apart: those with the fewest failures are forgotten. About 2 MB.
const MAX_COUNTERS: usize = 20_000;

/// What stands for an account: a keyed digest of the address that was typed, whether there is such an account or not.
pub(crate) type AccountKey = [u8; 32];
/// The number of a device cookie.
pub(crate) type DeviceKey = [u8; 16];

/// Who attempts: from which address, for which account, and with a device cookie of that account or without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    pub(crate) account: AccountKey,
    pub(crate) address: IpAddr,
    /// Only a cookie that was proven to be of this account.
    pub(crate) device: Option<DeviceKey>,
}

/// An attempt that may be made. It is counted as failed until [`Throttle::succeeded`] is told.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    counted: Vec<Counter>,
    /// Whether a browser that signed in before makes it, so that strangers must not hold it up.
    pub(crate) is_known: bool,
}

/// Counts failed attempts, in memory.
#[derive(Default)]
pub(super) struct Throttle(Mutex<HashMap<Counter, Failures>>);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Counter {
    Pair(AccountKey, IpAddr),
    Address(IpAddr),
    Account(AccountKey),
    Device(DeviceKey),
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: i64,
}

impl Throttle {
    /// Lets an attempt be made at an instant (in epoch milliseconds), or tells how many seconds to wait.
    pub(crate) fn attempt(&self, attempt: Attempt, now: i64) -> Result<Allowed, u64> {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = |counter| counters.get(&counter).copied().unwrap_or_default().at(now);
        let address = network(attempt.address);
        let device = attempt.device.map(Counter::Device).filter(|device| failures(*device).count < FREE_FOR_DEVICE);
        let counted = match device {
            Some(device) => vec![device],
            None => vec![
                Counter::Pair(attempt.account, address),
                Counter::Address(address),
                Counter::Account(attempt.account),
            ],
        };
        let under_attack = failures(Counter::Account(attempt.account)).count >= ATTACK;
        let wait = counted.iter().map(|counter| failures(*counter).wait(*counter, under_attack, now)).max();
        if let Some(wait) = wait.filter(|wait| *wait > 0) {
            return Err(u64::try_from(wait.div_euclid(1000)).unwrap_or(0) + 1);
        }
        make_room(&mut counters, counted.len(), now);
        for counter in &counted {
            let failures = counters.entry(*counter).or_default();
            *failures = Failures { count: failures.at(now).count.saturating_add(1), last: now };
        }
        Ok(Allowed { counted, is_known: device.is_some() })
    }

    /// Takes an attempt back that did not fail: the pair or the device starts anew, the others forget this one alone.
    pub(crate) fn succeeded(&self, allowed: &Allowed) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for counter in &allowed.counted {
            if matches!(counter, Counter::Pair(..) | Counter::Device(_)) {
                counters.remove(counter);
            } else if let Some(failures) = counters.get_mut(counter) {
                failures.count = failures.count.saturating_sub(1);
            }
        }
    }
}

/// Removes counters whose time is over, and if that is not enough the half with the fewest failures: one failure for each
/// of many names cannot displace the counters of an attack.
fn make_room(counters: &mut HashMap<Counter, Failures>, needed: usize, now: i64) {
    if counters.len() + needed <= MAX_COUNTERS {
        return;
    }
    counters.retain(|_, failures| failures.at(now).count > 0);
    if counters.len() + needed <= MAX_COUNTERS {
        return;
    }
    let mut all: Vec<(u32, i64, Counter)> =
        counters.iter().map(|(counter, failures)| (failures.count, failures.last, *counter)).collect();
    let half = all.len() / 2;
    all.select_nth_unstable_by_key(half, |(count, last, _)| (*count, *last));
    for (_, _, counter) in all.into_iter().take(half) {
        counters.remove(&counter);
    }
}

impl Failures {
    /// What is left of them at an instant.
    fn at(self, now: i64) -> Self {
        if now.saturating_sub(self.last) >= FORGET { Self::default() } else { self }
    }

    /// Milliseconds to wait: doubling from one second, or from half a minute while the account is under attack.
    fn wait(self, counter: Counter, under_attack: bool, now: i64) -> i64 {
        let (free, first, longest) = match counter {
            Counter::Pair(..) if under_attack => (FREE_UNDER_ATTACK, 30_000_i64, LONGEST_FOR_PAIR),
            Counter::Pair(..) => (FREE_FOR_PAIR, 1000, LONGEST_FOR_PAIR),
            Counter::Address(_) => (FREE_FOR_ADDRESS, 1000, LONGEST_FOR_ADDRESS),
            // Soft, and bounded by what it is worth.
            Counter::Account(_) | Counter::Device(_) => return 0,
        };
        let Some(over) = self.count.checked_sub(free) else { return 0 };
        let wait = first.saturating_mul(1 << over.min(20)).min(longest);
        self.last.saturating_add(wait).saturating_sub(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: AccountKey = [1; 32];
    const GRACE: AccountKey = [2; 32];

    fn address(number: u32) -> IpAddr {
        IpAddr::V4(number.into())
    }

    /// Attempts without a device cookie.
    fn from(account: AccountKey, number: u32) -> Attempt {
        Attempt { account, address: address(number), device: None }
    }

    fn waits(throttle: &Throttle, attempt: Attempt, now: i64) -> Option<u64> {
        throttle.attempt(attempt, now).err()
    }

    #[test]
    fn an_address_waits_after_five_failures_for_one_account_and_longer_each_time() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(waits(&throttle, from(ADA, 1), 0), None);
        }
        assert_eq!(waits(&throttle, from(ADA, 1), 0), Some(2));
        assert_eq!(waits(&throttle, from(GRACE, 1), 0), None, "another account");
        assert_eq!(waits(&throttle, from(ADA, 2), 0), None, "another address");
        let right = throttle.attempt(from(ADA, 1), 1000).unwrap();
        assert_eq!(waits(&throttle, from(ADA, 1), 1001), Some(2));
        throttle.succeeded(&right);
        assert_eq!(waits(&throttle, from(ADA, 1), 1001), None, "a success ends the wait");
    }

    #[test]
    fn a_guesser_on_one_address_gets_a_few_dozen_attempts_a_day() {
        let throttle = Throttle::default();
        let day = 24 * 60 * 60;
        let attempts = (0..day).filter(|second| waits(&throttle, from(ADA, 1), second * 1000).is_none()).count();
        assert!((90..130).contains(&attempts), "{attempts}");
    }

    #[test]
    fn an_address_waits_when_it_fails_for_many_accounts() {
        let throttle = Throttle::default();
        for number in 0..30 {
            assert_eq!(waits(&throttle, from([100 + number; 32], 1), 0), None);
        }
        assert!(waits(&throttle, from(ADA, 1), 0).is_some());
        assert_eq!(waits(&throttle, from(ADA, 2), 0), None);
        assert_eq!(waits(&throttle, from(ADA, 1), FORGET), None);
    }

    #[test]
    fn however_many_addresses_fail_for_an_account_another_one_has_its_attempt() {
        let throttle = Throttle::default();
        for number in 0..10_000 {
            for _ in 0..5 {
                let _ = throttle.attempt(from(ADA, number), i64::from(number));
            }
            assert_eq!(waits(&throttle, from(ADA, 1_000_000 + number), i64::from(number)), None);
        }
    }

    #[test]
    fn an_account_under_attack_gives_each_address_one_attempt_before_it_waits() {
        let throttle = Throttle::default();
        for number in 0..50 {
            assert_eq!(waits(&throttle, from(ADA, number), 0), None);
        }
        assert_eq!(waits(&throttle, from(ADA, 99), 0), None);
        assert_eq!(waits(&throttle, from(ADA, 99), 0), Some(31));
        assert_eq!(waits(&throttle, from(GRACE, 99), 0), None);
    }

    #[test]
    fn a_device_cookie_passes_where_strangers_made_its_address_and_account_wait() {
        let throttle = Throttle::default();
        for account in 0..40 {
            for number in 0..60 {
                let _ = throttle.attempt(from([account; 32], number), 0);
            }
        }
        let known = Attempt { device: Some([7; 16]), ..from(ADA, 1) };
        assert!(waits(&throttle, from(ADA, 1), 0).is_some());
        for _ in 0..100 {
            let allowed = throttle.attempt(known, 0).unwrap();
            assert!(allowed.is_known);
            throttle.succeeded(&allowed);
        }
    }

    #[test]
    fn a_device_cookie_that_fails_ten_times_counts_for_nothing() {
        let throttle = Throttle::default();
        let stolen = Attempt { device: Some([7; 16]), ..from(ADA, 1) };
        for _ in 0..10 {
            assert!(throttle.attempt(stolen, 0).unwrap().is_known);
        }
        let as_stranger =
            (0..100).filter(|_| throttle.attempt(stolen, 0).is_ok_and(|allowed| !allowed.is_known)).count();
        assert_eq!(as_stranger, 5, "as without it");
        let other = Attempt { device: Some([8; 16]), ..from(ADA, 1) };
        assert!(throttle.attempt(other, 0).unwrap().is_known, "another browser of the same account");
    }

    #[test]
    fn memory_is_bounded_and_many_names_hide_no_guesser() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            let _ = throttle.attempt(from(ADA, 1), 0);
        }
        for number in 0..50_000_u32 {
            let mut account = [0; 32];
            account[..4].copy_from_slice(&number.to_be_bytes());
            let _ = throttle.attempt(Attempt { account, address: address(number), device: None }, 1);
        }
        assert!(throttle.0.lock().unwrap().len() <= MAX_COUNTERS);
        assert!(waits(&throttle, from(ADA, 1), 2).is_some());
    }
}
