//! The one source of random bytes, passed to everything that needs them; clippy bans every other source.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use uuid::Uuid;

/// Where random bytes come from.
#[derive(Clone, Debug)]
pub struct Randomness(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Seeded(Arc<Mutex<StdRng>>),
}

impl Randomness {
    /// The operating system's generator.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes in every run: for tests that pin ids and key texts.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// Fills the bytes.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness to give: nothing safe can be done then.
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place that draws; without it nothing is safe"
    )]
    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            Source::System => getrandom::fill(bytes).expect("the operating system gives random bytes"),
            Source::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
        }
    }

    /// A new id: a UUIDv7 (RFC 9562 §5.7) of this instant.
    #[expect(clippy::disallowed_methods, reason = "the one place that draws ids")]
    pub fn id<T: From<Uuid>>(&self, now: Timestamp) -> T {
        let mut random = [0; 10];
        match &self.0 {
            // Every request has an id, and a call of the operating system for each would cost more than the gate. An
            // id is no secret, but this generator is a cryptographic one too, seeded anew by the system.
            Source::System => rand::rng().fill_bytes(&mut random),
            Source::Seeded(_) => self.fill(&mut random),
        }
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
