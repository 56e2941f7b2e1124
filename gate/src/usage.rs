//! What is counted of one key: in memory at each request, taken out to be written once in a while.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// Earlier than every use.
const NEVER: i64 = i64::MIN;

/// The uses of one key. A request costs a store and an addition, and no lock.
pub(crate) struct Usage {
    /// When the key was last admitted; it only moves forward.
    last: AtomicI64,
    /// Since they were last taken; the refused ones are among the requests.
    requests: AtomicU32,
    refusals: AtomicU32,
}

/// What a request asks of the gate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Noted {
    /// Nothing: the steady case.
    Again,
    /// To queue the key: its first request since the counts were last taken.
    Unflushed,
    /// To queue the key and to tell of it: its first use ever.
    First,
}

/// Requests that were counted.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Requests that proved the key's secret.
    pub requests: u64,
    /// Those among them that were refused all the same: the key had expired, lacked the permission or was over its
    /// limit.
    pub refusals: u64,
}

impl Usage {
    /// With a last use in epoch milliseconds, or none.
    pub(crate) fn new(last: Option<i64>) -> Self {
        Self { last: AtomicI64::new(last.unwrap_or(NEVER)), requests: AtomicU32::new(0), refusals: AtomicU32::new(0) }
    }

    /// The last use, in epoch milliseconds.
    pub(crate) fn last(&self) -> Option<i64> {
        Some(self.last.load(Ordering::Relaxed)).filter(|at| *at != NEVER)
    }

    /// Takes in a last use that somebody else saw.
    pub(crate) fn saw(&self, last: Option<i64>) {
        self.last.fetch_max(last.unwrap_or(NEVER), Ordering::Relaxed);
    }

    /// Notes a request that was admitted.
    pub(crate) fn admitted(&self, now: i64) -> Noted {
        let first = self.used(now);
        // Released, so that whoever takes this count sees the last use that belongs to it.
        let unflushed = self.requests.fetch_add(1, Ordering::Release) == 0;
        match (first, unflushed) {
            (true, _) => Noted::First,
            (false, true) => Noted::Unflushed,
            (false, false) => Noted::Again,
        }
    }

    /// Notes a request that was refused although its secret was proven.
    pub(crate) fn refused(&self) -> Noted {
        self.refusals.fetch_add(1, Ordering::Relaxed);
        if self.requests.fetch_add(1, Ordering::Release) == 0 { Noted::Unflushed } else { Noted::Again }
    }

    /// Notes that a request which was admitted was refused later on.
    pub(crate) fn refused_later(&self) {
        self.refusals.fetch_add(1, Ordering::Relaxed);
    }

    /// What was counted since it was last taken.
    pub(crate) fn pending(&self) -> Counts {
        Counts {
            requests: self.requests.load(Ordering::Relaxed).into(),
            refusals: self.refusals.load(Ordering::Relaxed).into(),
        }
    }

    /// Takes out what was counted. The next request queues the key again.
    pub(crate) fn take(&self) -> Counts {
        Counts {
            requests: self.requests.swap(0, Ordering::Acquire).into(),
            refusals: self.refusals.swap(0, Ordering::Relaxed).into(),
        }
    }

    /// Moves the last use forward; whether it is the first one ever. Stores only what changes: a key in heavy use
    /// would otherwise bounce between cores.
    fn used(&self, now: i64) -> bool {
        let before = self.last.load(Ordering::Relaxed);
        if before >= now {
            return false;
        }
        // Of all requests that find a key unused exactly one wins this exchange.
        let first =
            before == NEVER && self.last.compare_exchange(NEVER, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !first {
            self.last.fetch_max(now, Ordering::Relaxed);
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counts(requests: u64, refusals: u64) -> Counts {
        Counts { requests, refusals }
    }

    #[test]
    fn a_key_is_queued_once_until_its_counts_are_taken() {
        let usage = Usage::new(Some(1));
        assert_eq!(usage.admitted(2), Noted::Unflushed);
        assert_eq!(usage.admitted(3), Noted::Again);
        assert_eq!(usage.refused(), Noted::Again);
        usage.refused_later();
        assert_eq!(usage.pending(), counts(3, 2));
        assert_eq!(usage.take(), counts(3, 2));
        assert_eq!(usage.take(), counts(0, 0));
        assert_eq!(usage.refused(), Noted::Unflushed);
        assert_eq!(usage.admitted(4), Noted::Again);
        assert_eq!((usage.take(), usage.last()), (counts(2, 1), Some(4)));
    }

    #[test]
    fn the_first_use_is_told_once() {
        let usage = Usage::new(None);
        assert_eq!(usage.last(), None);
        assert_eq!(usage.refused(), Noted::Unflushed, "a refused request is no use");
        assert_eq!(usage.last(), None);
        assert_eq!(usage.admitted(5), Noted::First);
        assert_eq!(usage.admitted(6), Noted::Again);
        usage.take();
        assert_eq!(usage.admitted(7), Noted::Unflushed);
    }

    #[test]
    fn the_last_use_never_moves_back() {
        let usage = Usage::new(Some(9));
        usage.admitted(8);
        assert_eq!(usage.last(), Some(9));
        usage.saw(Some(12));
        usage.saw(Some(11));
        usage.saw(None);
        assert_eq!(usage.last(), Some(12));
    }

    #[test]
    fn of_many_first_uses_at_once_exactly_one_is_told_and_every_one_is_counted() {
        let usage = Usage::new(None);
        let (told, taken): (usize, u64) = std::thread::scope(|scope| {
            let threads: Vec<_> = (1..=8)
                .map(|thread| {
                    let usage = &usage;
                    scope.spawn(move || (0..1000).filter(|at| usage.admitted(at * thread) == Noted::First).count())
                })
                .collect();
            let taken = (0..100).map(|_| usage.take().requests).sum();
            (threads.into_iter().map(|thread| thread.join().unwrap()).sum(), taken)
        });
        assert_eq!((told, taken + usage.take().requests), (1, 8000));
    }
}
