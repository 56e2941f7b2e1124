//! The limit of requests of an external system.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// The largest limit of one system.
const MAX: u32 = 1_000_000;

/// How many requests a minute an external system may send: 1 to a million.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct RequestsPerMinute(NonZeroU32);

/// A limit out of its range.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("must be a whole number from 1 to 1000000")]
pub struct LimitError;

impl RequestsPerMinute {
    /// The number.
    pub const fn get(self) -> NonZeroU32 {
        self.0
    }
}

impl TryFrom<i64> for RequestsPerMinute {
    type Error = LimitError;

    fn try_from(requests: i64) -> Result<Self, LimitError> {
        let requests = u32::try_from(requests).ok().filter(|requests| *requests <= MAX);
        requests.and_then(NonZeroU32::new).map(Self).ok_or(LimitError)
    }
}

impl From<RequestsPerMinute> for i64 {
    fn from(requests: RequestsPerMinute) -> Self {
        requests.0.get().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_whole_number_from_1_to_a_million() {
        for requests in [1, 60, 1_000_000] {
            assert_eq!(RequestsPerMinute::try_from(requests).map(i64::from), Ok(requests));
        }
        for requests in [i64::MIN, -1, 0, 1_000_001, i64::MAX] {
            assert_eq!(RequestsPerMinute::try_from(requests), Err(LimitError), "{requests}");
        }
    }
}
