//! The one clock, passed to everything that needs the time; clippy bans every other source.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Where the time comes from, to the millisecond.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    /// With the moment at which it was made.
    System(Instant),
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System(Instant::now()))
    }

    /// A clock that stops until it is moved: for sample content of the past, and for tests.
    pub fn set_to(now: Timestamp) -> Self {
        Self(Source::Set(Arc::new(AtomicI64::new(now.as_millisecond()))))
    }

    /// Moves a stopped clock; the machine's clock is not moved.
    pub fn move_to(&self, now: Timestamp) {
        if let Source::Set(at) = &self.0 {
            at.store(now.as_millisecond(), Ordering::SeqCst);
        }
    }

    /// Now, in epoch milliseconds.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn millis(&self) -> i64 {
        match &self.0 {
            Source::System(_) => Timestamp::now().as_millisecond(),
            Source::Set(at) => at.load(Ordering::SeqCst),
        }
    }

    /// A reading that never goes back, whatever happens to the time of day: the difference of two is a duration.
    pub fn monotonic(&self) -> Duration {
        match &self.0 {
            Source::System(start) => start.elapsed(),
            Source::Set(at) => Duration::from_millis(at.load(Ordering::SeqCst).unsigned_abs()),
        }
    }

    /// Now, cut to the millisecond, so that stored and answered instants are equal.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.millis()).unwrap_or_default()
    }
}
