//! Usage counts of one key: counted in memory at each request, taken out in batches to be stored.

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

/// Requests that were counted.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Requests that proved the key's secret.
    pub requests: u64,
    /// Those of them that were refused: the key had expired, lacked the permission or was over its limit.
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

    /// Merges a last use that another server stored.
    pub(crate) fn saw(&self, last: Option<i64>) {
        self.last.fetch_max(last.unwrap_or(NEVER), Ordering::Relaxed);
    }

    /// Notes a request that was admitted; whether it is the first one since the counts were last taken.
    pub(crate) fn admitted(&self, now: i64) -> bool {
        // Stores only what changes: a key in heavy use would otherwise bounce between cores.
        if self.last.load(Ordering::Relaxed) < now {
            self.last.fetch_max(now, Ordering::Relaxed);
        }
        // Released, so that the reader of this count sees the last use that belongs to it.
        self.requests.fetch_add(1, Ordering::Release) == 0
    }

    /// Notes a request that was refused although its secret was proven; whether it is the first one since the counts
    /// were last taken.
    pub(crate) fn refused(&self) -> bool {
        self.refusals.fetch_add(1, Ordering::Relaxed);
        self.requests.fetch_add(1, Ordering::Release) == 0
    }

    /// Notes that a request which was admitted was refused later on.
    pub(crate) fn refused_later(&self) {
        self.refusals.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes out what was counted. The next request queues the key again.
    pub(crate) fn take(&self) -> Counts {
        Counts {
            requests: self.requests.swap(0, Ordering::Acquire).into(),
            refusals: self.refusals.swap(0, Ordering::Relaxed).into(),
        }
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
        assert!(usage.admitted(2));
        assert!(!usage.admitted(3) && !usage.refused());
        usage.refused_later();
        assert_eq!(usage.take(), counts(3, 2));
        assert_eq!(usage.take(), counts(0, 0));
        assert!(usage.refused());
        assert!(!usage.admitted(4));
        assert_eq!((usage.take(), usage.last()), (counts(2, 1), Some(4)));
    }

    #[test]
    fn a_refused_request_is_no_use() {
        let usage = Usage::new(None);
        assert!(usage.refused());
        assert_eq!(usage.last(), None);
        usage.admitted(5);
        assert_eq!(usage.last(), Some(5));
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
    fn of_many_at_once_every_request_is_counted_and_queued_as_often_as_it_is_taken() {
        let usage = Usage::new(None);
        let (queued, taken): (usize, Vec<u64>) = std::thread::scope(|scope| {
            let threads: Vec<_> = (1..=8)
                .map(|thread| {
                    let usage = &usage;
                    scope.spawn(move || (0..1000).filter(|at| usage.admitted(at * thread)).count())
                })
                .collect();
            let taken = (0..100).map(|_| usage.take().requests).collect();
            (threads.into_iter().map(|thread| thread.join().unwrap()).sum(), taken)
        });
        let taken: Vec<_> = taken.into_iter().chain([usage.take().requests]).filter(|requests| *requests > 0).collect();
        assert_eq!((taken.len(), taken.iter().sum()), (queued, 8000));
        assert_eq!(usage.last(), Some(999 * 8));
    }
}
