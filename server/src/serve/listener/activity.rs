//! The state of a connection, and the deadline that follows from it.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

use tokio::time::Instant;

use super::ConnectionLimits;

/// Of one connection. Relaxed atomics: HTTP/2 answers in tasks of their own, and no decision here needs more than the
/// latest that is known.
#[derive(Debug)]
pub(super) struct Activity {
    began: Instant,
    /// Requests under way.
    handling: AtomicU32,
    /// Whether a request has come.
    used: AtomicBool,
    http2: AtomicBool,
    /// Milliseconds from the beginning, and one, because 0 is none: when something last happened, since when the head of
    /// a request is arriving, and since when nothing can be written.
    moved: AtomicU64,
    head: AtomicU64,
    blocked: AtomicU64,
}

/// A request under way, until it is dropped.
pub(super) struct Handling<'a>(&'a Activity);

impl Activity {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            handling: AtomicU32::new(0),
            used: AtomicBool::new(false),
            http2: AtomicBool::new(false),
            moved: AtomicU64::new(0),
            head: AtomicU64::new(0),
            blocked: AtomicU64::new(0),
        }
    }

    /// The head of a request is there.
    pub(super) fn handle(&self, http2: bool) -> Handling<'_> {
        self.handling.fetch_add(1, Relaxed);
        self.used.store(true, Relaxed);
        self.http2.store(http2, Relaxed);
        self.head.store(0, Relaxed);
        Handling(self)
    }

    /// Bytes came.
    pub(super) fn read(&self) {
        if self.handling.load(Relaxed) == 0 && self.head.load(Relaxed) == 0 {
            self.head.store(self.now(), Relaxed);
        }
    }

    /// The client took so many bytes. HTTP/2 frames that keep a connection alive are short, and no sign of use.
    pub(super) fn wrote(&self, bytes: usize) {
        const LONGEST_PING: usize = 256;
        let was_blocked = self.blocked.load(Relaxed) != 0;
        if was_blocked {
            self.blocked.store(0, Relaxed);
        }
        if was_blocked || (bytes > LONGEST_PING && self.http2.load(Relaxed)) {
            self.moved.store(self.now(), Relaxed);
        }
    }

    /// The client takes nothing.
    pub(super) fn cannot_write(&self) {
        if self.blocked.load(Relaxed) == 0 {
            self.blocked.store(self.now(), Relaxed);
        }
    }

    /// When the connection is to be ended unless it does something else before.
    pub(super) fn deadline(&self, limits: &ConnectionLimits) -> Option<Instant> {
        let from = |at: u64, timeout: Option<std::time::Duration>| {
            Some(self.began + std::time::Duration::from_millis(at.saturating_sub(1)) + timeout?)
        };
        let (head, blocked) = (self.head.load(Relaxed), self.blocked.load(Relaxed));
        if blocked != 0 {
            from(blocked, limits.write_timeout)
        } else if self.handling.load(Relaxed) > 0 {
            None
        } else if !self.used.load(Relaxed) {
            from(0, limits.header_timeout)
        } else if head != 0 && !self.http2.load(Relaxed) {
            from(head, limits.header_timeout)
        } else {
            from(self.moved.load(Relaxed), limits.idle_timeout)
        }
    }

    /// When something last happened, of a connection that waits for a request; none of another one.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let waits = self.handling.load(Relaxed) == 0 && self.blocked.load(Relaxed) == 0;
        waits.then(|| self.began + std::time::Duration::from_millis(self.moved.load(Relaxed)))
    }

    /// Whether it is an HTTP/2 connection that waits for a request.
    pub(super) fn is_idle_http2(&self) -> bool {
        self.http2.load(Relaxed) && self.idle_since().is_some()
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }
}

impl Drop for Handling<'_> {
    fn drop(&mut self) {
        self.0.moved.store(self.0.now(), Relaxed);
        self.0.handling.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    impl Activity {
        /// The same so many seconds later.
        pub(in crate::serve::listener) fn grow_older(&mut self, seconds: u64) {
            self.began = self.began.checked_sub(Duration::from_secs(seconds)).unwrap();
        }

        /// Its deadline, in seconds from its beginning.
        fn ends(&self, limits: &ConnectionLimits) -> Option<u64> {
            self.deadline(limits).map(|at| (at - self.began).as_secs())
        }
    }

    #[test]
    fn each_state_has_a_time_limit_of_its_own() {
        let limits = ConnectionLimits::default();
        let mut activity = Activity::new();
        activity.grow_older(3);
        assert_eq!(activity.ends(&limits), Some(10), "silent from the beginning");
        activity.read();
        assert_eq!(activity.ends(&limits), Some(10), "the first head has no time of its own");
        let handling = activity.handle(false);
        assert_eq!(activity.ends(&limits), None, "a request is handled for as long as that takes");
        activity.cannot_write();
        assert_eq!(activity.ends(&limits), Some(33));
        activity.wrote(1);
        assert_eq!(activity.ends(&limits), None);
        drop(handling);
        assert_eq!(activity.ends(&limits), Some(3 + 75), "kept alive");
        activity.grow_older(50);
        activity.read();
        assert_eq!(activity.ends(&limits), Some(53 + 10), "the head of the next one");
        activity.grow_older(5);
        activity.read();
        assert_eq!(activity.ends(&limits), Some(53 + 10), "however slowly it comes");
        drop(activity.handle(false));
        assert_eq!(activity.ends(&limits), Some(58 + 75));
    }

    #[test]
    fn frames_that_keep_an_http2_connection_alive_are_no_use_of_it() {
        let limits = ConnectionLimits::default();
        let mut activity = Activity::new();
        drop(activity.handle(true));
        activity.grow_older(20);
        activity.wrote(17);
        activity.read();
        assert_eq!(activity.ends(&limits), Some(75));
        activity.wrote(16_384);
        assert_eq!(activity.ends(&limits), Some(20 + 75), "a part of an answer is");
    }

    #[test]
    fn without_limits_nothing_is_ended() {
        let activity = Activity::new();
        let none = ConnectionLimits::none();
        assert_eq!(activity.deadline(&none), None);
        activity.cannot_write();
        assert_eq!(activity.deadline(&none), None);
    }
}
