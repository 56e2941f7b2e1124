//! The limit of requests a minute: a token bucket that is full at first and refills within a minute.
//!
//! It is the generic cell rate algorithm (ITU-T I.371), for which one number is enough: the instant at which the
//! bucket will be full again.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};

/// How long an empty bucket takes to fill up, in seconds.
pub const WINDOW: u32 = 60;
const WINDOW_MICROS: u32 = WINDOW * 1_000_000;

/// A token bucket, full when it is new. Taking from it needs no lock.
#[derive(Default, Debug)]
pub struct Bucket {
    /// In epoch microseconds.
    full_at: AtomicI64,
}

/// The state of a bucket after a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// How many requests a minute may pass; as many at once when the bucket is full.
    pub quota: NonZeroU32,
    /// How long the bucket takes to be full again, in microseconds; within a minute.
    refill: u32,
}

/// A refused request: the bucket held too little. Nothing was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exhausted {
    /// The state of the bucket.
    pub rate: Rate,
    /// The seconds, rounded up, until the bucket holds enough.
    pub retry_after: u32,
}

impl Bucket {
    /// Takes `requests` out of a bucket that holds `quota`, at `now` in epoch milliseconds. A clock that is set back
    /// empties no bucket.
    pub fn take(&self, quota: NonZeroU32, requests: u32, now: i64) -> Result<Rate, Exhausted> {
        let (now, window) = (now.saturating_mul(1000), i64::from(WINDOW_MICROS));
        let taken = i64::from(requests).saturating_mul(micros_each(quota).into());
        let mut full_at = self.full_at.load(Ordering::Relaxed);
        loop {
            // Clamped, because a clock that was set back would make the bucket emptier than empty.
            let before = full_at.clamp(now, now.saturating_add(window)) - now;
            let wait = before.saturating_add(taken) - window;
            let after = if wait > 0 { before } else { before + taken };
            let stored = now.saturating_add(after);
            match self.full_at.compare_exchange_weak(full_at, stored, Ordering::Relaxed, Ordering::Relaxed) {
                Err(other) => full_at = other,
                Ok(_) if wait > 0 => {
                    let retry_after = u32::try_from(wait).unwrap_or(u32::MAX).div_ceil(1_000_000);
                    return Err(Exhausted { rate: Rate::new(quota, after), retry_after });
                }
                Ok(_) => return Ok(Rate::new(quota, after)),
            }
        }
    }

    /// Whether it is full, so that a new bucket could replace it.
    pub fn is_full(&self, now: i64) -> bool {
        self.full_at.load(Ordering::Relaxed) <= now.saturating_mul(1000)
    }
}

impl Rate {
    fn new(quota: NonZeroU32, refill: i64) -> Self {
        Self { quota, refill: u32::try_from(refill).unwrap_or(u32::MAX) }
    }

    /// The number of requests that the bucket holds now.
    pub fn remaining(self) -> u32 {
        (WINDOW_MICROS.saturating_sub(self.refill) / micros_each(self.quota)).min(self.quota.get())
    }

    /// After how many seconds, rounded up, the bucket will be full again.
    pub fn reset(self) -> u32 {
        self.refill.div_ceil(1_000_000)
    }
}

/// The microseconds in which one request is refilled. A quota above one request in a microsecond is no limit.
fn micros_each(quota: NonZeroU32) -> u32 {
    (WINDOW_MICROS / quota.get()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn quota(requests: u32) -> NonZeroU32 {
        NonZeroU32::new(requests).unwrap()
    }

    /// How many of so many requests at one instant pass.
    fn passing(bucket: &Bucket, limit: u32, requests: usize, now: i64) -> usize {
        (0..requests).filter(|_| bucket.take(quota(limit), 1, now).is_ok()).count()
    }

    #[test]
    fn a_bucket_empties_and_fills_up_again_within_a_minute() {
        let bucket = Bucket::default();
        assert_eq!(passing(&bucket, 60, 100, NOW), 60);
        assert!(!bucket.is_full(NOW + 59_999) && bucket.is_full(NOW + 60_000));
        assert_eq!(passing(&bucket, 60, 100, NOW + 10_000), 10);
        assert_eq!(passing(&bucket, 60, 100, NOW + 120_000), 60);
        assert_eq!(passing(&bucket, 60, 100, NOW + 180_000), 60);
    }

    #[test]
    fn it_tells_what_is_left_and_when() {
        let bucket = Bucket::default();
        let rate = bucket.take(quota(60), 1, NOW).unwrap();
        assert_eq!((rate.quota.get(), rate.remaining(), rate.reset()), (60, 59, 1));
        let rate = bucket.take(quota(60), 10, NOW).unwrap();
        assert_eq!((rate.remaining(), rate.reset()), (49, 11));
        let exhausted = bucket.take(quota(60), 50, NOW).unwrap_err();
        assert_eq!((exhausted.rate, exhausted.retry_after), (rate, 1));
        assert_eq!(bucket.take(quota(60), 49, NOW).unwrap().remaining(), 0);
        assert_eq!(bucket.take(quota(60), 1, NOW + 999).unwrap_err().retry_after, 1);
        assert!(bucket.take(quota(60), 1, NOW + 1000).is_ok());
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let bucket = Bucket::default();
        assert_eq!(passing(&bucket, 60, 100, NOW), 60);
        assert_eq!(passing(&bucket, 60, 100, NOW - 3_600_000), 0);
        assert_eq!(bucket.take(quota(60), 1, NOW - 3_600_000).unwrap_err().retry_after, 1);
        assert_eq!(passing(&bucket, 60, 100, NOW - 3_540_000), 60);
    }

    #[test]
    fn a_quota_that_changes_counts_from_the_next_request_on() {
        let bucket = Bucket::default();
        assert_eq!(passing(&bucket, 2, 10, NOW), 2);
        assert_eq!(passing(&bucket, 600, 1000, NOW), 0, "an empty bucket is empty under every quota");
        assert_eq!(passing(&bucket, 600, 1000, NOW + 1000), 10);
        assert_eq!(passing(&bucket, 1, 10, NOW + 1000), 0);
    }

    #[test]
    fn extreme_quotas_and_instants_are_taken() {
        assert_eq!(passing(&Bucket::default(), u32::MAX, 1000, NOW), 1000);
        assert_eq!(passing(&Bucket::default(), 1, 2, 0), 1);
        assert!(Bucket::default().take(quota(1), 1, i64::MAX).is_ok());
        assert!(Bucket::default().take(quota(1), 1, i64::MIN).is_err());
        assert!(Bucket::default().take(quota(1), u32::MAX, NOW).is_err());
    }

    #[test]
    fn many_at_once_get_exactly_what_is_there() {
        let bucket = Bucket::default();
        let passed: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| passing(&bucket, 5000, 1000, NOW))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(passed, 5000);
    }
}
