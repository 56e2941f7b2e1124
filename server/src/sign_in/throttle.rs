//! Sign-in is slowed down after failed attempts, per account and per address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::http::network;

/// Failed attempts for one account before it is slowed down.
const FREE_FOR_ACCOUNT: u32 = 5;
/// Failed attempts from one address before it is slowed down; many people may share one.
const FREE_FOR_ADDRESS: u32 = 30;
/// The longest wait, in milliseconds. It is short enough that nobody can lock another out for good.
const LONGEST: i64 = 60_000;
/// Failures are forgotten after this time without a new one, in milliseconds.
const FORGET: i64 = 15 * 60_000;
/// More accounts and addresses than these are not kept apart: the oldest are forgotten.
const MOST: usize = 10_000;

/// Counts failed attempts, in memory.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<Who, Failures>>);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    Account(String),
    Address(IpAddr),
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: i64,
}

impl Throttle {
    /// Counts an attempt as failed until [`Throttle::succeeded`] is told, so that attempts at the same time
    /// count too. `Err` is the number of seconds to wait.
    pub(crate) fn attempt(&self, account: &str, address: IpAddr, now: i64) -> Result<(), u64> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = [Who::Account(account.chars().take(254).collect()), Who::Address(network(address))];
        let wait = keys.iter().filter_map(|who| failures.get(who).map(|failures| failures.wait(who, now))).max();
        if let Some(wait) = wait.filter(|wait| *wait > 0) {
            return Err(u64::try_from(wait.div_euclid(1000)).unwrap_or(0) + 1);
        }
        if failures.len() >= MOST {
            failures.retain(|_, failures| now - failures.last < FORGET);
        }
        if failures.len() >= MOST {
            failures.clear();
        }
        for who in keys {
            let entry = failures.entry(who).or_insert(Failures { count: 0, last: now });
            if now - entry.last >= FORGET {
                entry.count = 0;
            }
            *entry = Failures { count: entry.count.saturating_add(1), last: now };
        }
        Ok(())
    }

    /// Forgets the account's failures and this attempt of the address.
    pub(crate) fn succeeded(&self, account: &str, address: IpAddr) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&Who::Account(account.chars().take(254).collect()));
        if let Some(entry) = failures.get_mut(&Who::Address(network(address))) {
            entry.count = entry.count.saturating_sub(1);
        }
    }
}

impl Failures {
    /// Milliseconds to wait: doubling from one second.
    fn wait(self, who: &Who, now: i64) -> i64 {
        let free = match who {
            Who::Account(_) => FREE_FOR_ACCOUNT,
            Who::Address(_) => FREE_FOR_ADDRESS,
        };
        let Some(over) = self.count.checked_sub(free) else { return 0 };
        let wait = 1000_i64.checked_shl(over.min(16)).unwrap_or(LONGEST).min(LONGEST);
        self.last + wait - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn an_account_is_slowed_down_after_five_failures_and_recovers() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.attempt("ada", HOME, 0), Ok(()));
        }
        assert_eq!(throttle.attempt("ada", HOME, 0), Err(2));
        assert_eq!(throttle.attempt("grace", HOME, 0), Ok(()));
        assert_eq!(throttle.attempt("ada", HOME, 1000), Ok(()));
        assert_eq!(throttle.attempt("ada", HOME, 1001), Err(2));
        assert_eq!(throttle.attempt("ada", HOME, 3000), Ok(()));
        throttle.succeeded("ada", HOME);
        assert_eq!(throttle.attempt("ada", HOME, 3000), Ok(()));
    }

    #[test]
    fn an_address_is_slowed_down_over_many_accounts() {
        let throttle = Throttle::default();
        for account in 0..30 {
            assert_eq!(throttle.attempt(&account.to_string(), HOME, 0), Ok(()));
        }
        assert!(throttle.attempt("another", HOME, 0).is_err());
        assert_eq!(throttle.attempt("another", "192.0.2.1".parse().unwrap(), 0), Ok(()));
        assert_eq!(throttle.attempt("another", HOME, FORGET), Ok(()));
    }

    #[test]
    fn the_wait_has_an_end() {
        let failures = Failures { count: u32::MAX, last: 0 };
        assert_eq!(failures.wait(&Who::Address(HOME), 0), LONGEST);
    }
}
