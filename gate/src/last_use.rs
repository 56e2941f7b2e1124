//! When a key was last used: a store in memory for each request, a row to flush once in a while.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Earlier than every use.
const NEVER: i64 = i64::MIN;

/// The last use of one key. It only moves forward.
pub(crate) struct LastUse {
    at: AtomicI64,
    /// Whether the key waits in the queue of what is to be flushed.
    queued: AtomicBool,
}

/// What a use asks of the gate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Used {
    /// Nothing: the steady case.
    Again,
    /// To queue the key: its first use since the last flush.
    Unflushed,
    /// To queue the key and to tell of it: its first use ever.
    First,
}

impl LastUse {
    /// A last use in epoch milliseconds, or none.
    pub(crate) fn new(at: Option<i64>) -> Self {
        Self { at: AtomicI64::new(at.unwrap_or(NEVER)), queued: AtomicBool::new(false) }
    }

    /// The last use, in epoch milliseconds.
    pub(crate) fn at(&self) -> Option<i64> {
        Some(self.at.load(Ordering::Relaxed)).filter(|at| *at != NEVER)
    }

    /// Notes a use. Stores only what changes: a key in heavy use would otherwise bounce between cores.
    pub(crate) fn note(&self, now: i64) -> Used {
        let before = self.at.load(Ordering::Relaxed);
        if before >= now {
            return Used::Again;
        }
        // Of all requests that find a key unused exactly one wins this exchange.
        let first =
            before == NEVER && self.at.compare_exchange(NEVER, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !first {
            self.at.store(now, Ordering::Relaxed);
        }
        let unflushed = !self.queued.load(Ordering::Relaxed) && !self.queued.swap(true, Ordering::AcqRel);
        match (first, unflushed) {
            (true, _) => Used::First,
            (false, true) => Used::Unflushed,
            (false, false) => Used::Again,
        }
    }

    /// Leaves the queue, in which the key stood with this use, and tells the last one.
    pub(crate) fn take(&self, queued: i64) -> i64 {
        self.queued.swap(false, Ordering::AcqRel);
        self.at.fetch_max(queued, Ordering::Relaxed).max(queued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_queued_once_until_it_is_flushed() {
        let last_use = LastUse::new(Some(1));
        assert_eq!(last_use.note(2), Used::Unflushed);
        assert_eq!(last_use.note(3), Used::Again);
        assert_eq!(last_use.take(2), 3);
        assert_eq!(last_use.note(3), Used::Again);
        assert_eq!(last_use.note(4), Used::Unflushed);
    }

    #[test]
    fn the_first_use_is_told_once() {
        let last_use = LastUse::new(None);
        assert_eq!(last_use.at(), None);
        assert_eq!(last_use.note(5), Used::First);
        assert_eq!(last_use.note(6), Used::Again);
        assert_eq!(last_use.take(5), 6);
        assert_eq!(last_use.note(7), Used::Unflushed);
    }

    #[test]
    fn the_last_use_never_moves_back() {
        let last_use = LastUse::new(Some(9));
        assert_eq!(last_use.note(8), Used::Again);
        assert_eq!(last_use.at(), Some(9));
    }

    #[test]
    fn of_many_first_uses_at_once_exactly_one_is_told() {
        let last_use = LastUse::new(None);
        let told: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (1..=8)
                .map(|thread| {
                    let last_use = &last_use;
                    scope.spawn(move || (0..1000).filter(|at| last_use.note(at * thread) == Used::First).count())
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(told, 1);
    }
}
