//! The times of a JWT: `iat`, `nbf` and `exp` (RFC 7519 §4.1.4 to §4.1.6), read and judged in the same way in every
//! signed message.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::names::claim;

/// How far the clocks of signer and reader may differ, in seconds, in favour of the message (RFC 7519 §4.1.4: "no more
/// than a few minutes").
pub const LEEWAY_SECONDS: i64 = 60;

/// The seconds since 1970-01-01T00:00:00Z that are a time of the years 1 to 9999, so that each can be shown as a date.
const RANGE: core::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_207_200;

/// The time claims of a JWT, in whole seconds since 1970-01-01T00:00:00Z, in the years 1 to 9999.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// When it was made (`iat`).
    pub issued_at: Option<i64>,
    /// The first second of its validity (`nbf`).
    pub valid_from: Option<i64>,
    /// The first second after its validity (`exp`).
    pub valid_until: Option<i64>,
}

/// Why a JWT is not valid by its times, as the end of a sentence that begins with the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The claim is no NumericDate (RFC 7519 §2), or lies outside the years 1 to 9999.
    #[error("has no readable `{0}`, which must be a number of seconds since 1970, in the years 1 to 9999")]
    Unreadable(&'static str),
    /// `iat` is in the future.
    #[error("says it was made in the future, at {at}; it is {now} now", at = shown_time(*issued_at), now = shown_time(*now))]
    IssuedInFuture {
        /// `iat`.
        issued_at: i64,
        /// The time of the check.
        now: i64,
    },
    /// `nbf` is in the future (RFC 7519 §4.1.5).
    #[error("is not valid before {at}; it is {now} now", at = shown_time(*valid_from), now = shown_time(*now))]
    NotYetValid {
        /// `nbf`.
        valid_from: i64,
        /// The time of the check.
        now: i64,
    },
    /// `exp` has passed (RFC 7519 §4.1.4).
    #[error("expired at {at}; it is {now} now", at = shown_time(*valid_until), now = shown_time(*now))]
    Expired {
        /// `exp`.
        valid_until: i64,
        /// The time of the check.
        now: i64,
    },
}

impl Times {
    /// Reads the time claims. One that is absent is none; one that is no time is refused, because what it was to limit
    /// would otherwise hold without a limit.
    pub fn of(claims: &Map<String, Value>) -> Result<Self, TimeError> {
        let time = |name| claims.get(name).map(|value| seconds(value).ok_or(TimeError::Unreadable(name))).transpose();
        Ok(Self { issued_at: time(claim::IAT)?, valid_from: time(claim::NBF)?, valid_until: time(claim::EXP)? })
    }

    /// Whether a message of these times is valid at `now`, in seconds since 1970-01-01T00:00:00Z, with
    /// [`LEEWAY_SECONDS`]. What is over comes first: waiting does not help it.
    pub fn check(&self, now: i64) -> Result<(), TimeError> {
        let (early, late) = (now.saturating_sub(LEEWAY_SECONDS), now.saturating_add(LEEWAY_SECONDS));
        match (self.issued_at, self.valid_from, self.valid_until) {
            (.., Some(valid_until)) if valid_until <= early => Err(TimeError::Expired { valid_until, now }),
            (Some(issued_at), ..) if issued_at > late => Err(TimeError::IssuedInFuture { issued_at, now }),
            (_, Some(valid_from), _) if valid_from > late => Err(TimeError::NotYetValid { valid_from, now }),
            _ => Ok(()),
        }
    }
}

/// A time for people, such as `2026-11-23T10:00:00Z`.
pub fn shown_time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| "an unknown time".to_owned(), |time| time.to_string())
}

/// A NumericDate (RFC 7519 §2), which may have a fraction; the fraction is dropped.
fn seconds(value: &Value) -> Option<i64> {
    // Every whole number within RANGE is exact in an f64, and a conversion out of the range of an i64 saturates.
    #[expect(clippy::cast_possible_truncation, reason = "RANGE is checked next, and `as` saturates")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    seconds.filter(|seconds| RANGE.contains(seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn times(claims: &Value) -> Result<Times, TimeError> {
        Times::of(claims.as_object().unwrap())
    }

    fn check(claims: &Value) -> Result<(), TimeError> {
        times(claims)?.check(NOW)
    }

    #[test]
    fn a_time_is_a_number_with_or_without_a_fraction() {
        for (value, seconds) in [
            (json!(1_700_000_000), 1_700_000_000),
            (json!(1_700_000_000.9), 1_700_000_000),
            (json!(1.7e9), 1_700_000_000),
            (json!(0), 0),
            (json!(-1), -1),
            (json!(-0.5), -1),
            (json!(-62_135_596_800_i64), -62_135_596_800),
            (json!(253_402_207_200_i64), 253_402_207_200),
        ] {
            for name in ["iat", "nbf", "exp"] {
                let found = times(&json!({name: value})).unwrap();
                let found = found.issued_at.or(found.valid_from).or(found.valid_until);
                assert_eq!(found, Some(seconds), "{name}: {value}");
            }
        }
        assert_eq!(times(&json!({"sub": "x"})), Ok(Times::default()));
    }

    #[test]
    fn what_is_no_time_is_refused_with_the_name_of_its_claim() {
        let values = [
            json!("1700000000"),
            json!(""),
            Value::Null,
            json!(true),
            json!([1_700_000_000]),
            json!({}),
            json!(1e300),
            json!(-1e300),
            json!(u64::MAX),
            json!(i64::MAX),
            json!(i64::MIN),
            json!(253_402_207_201_i64),
        ];
        for value in values {
            for name in ["iat", "nbf", "exp"] {
                assert_eq!(times(&json!({name: value})), Err(TimeError::Unreadable(name)), "{name}: {value}");
            }
        }
    }

    #[test]
    fn each_time_is_judged_to_the_second_with_the_leeway() {
        assert_eq!(check(&json!({"iat": NOW + 60, "nbf": NOW + 60, "exp": NOW - 59})), Ok(()));
        for (claims, error) in [
            (json!({"iat": NOW + 61}), TimeError::IssuedInFuture { issued_at: NOW + 61, now: NOW }),
            (json!({"nbf": NOW + 61}), TimeError::NotYetValid { valid_from: NOW + 61, now: NOW }),
            (json!({"exp": NOW - 60}), TimeError::Expired { valid_until: NOW - 60, now: NOW }),
            (json!({"exp": 0}), TimeError::Expired { valid_until: 0, now: NOW }),
        ] {
            assert_eq!(check(&claims), Err(error), "{claims}");
        }
    }

    #[test]
    fn what_is_over_is_not_called_early() {
        let claims = json!({"iat": NOW + 100, "nbf": NOW + 100, "exp": NOW - 100});
        assert!(matches!(check(&claims), Err(TimeError::Expired { .. })));
    }

    #[test]
    fn a_reason_shows_dates() {
        let error = check(&json!({"exp": NOW - 3600})).unwrap_err();
        assert_eq!(error.to_string(), "expired at 2027-01-15T07:00:00Z; it is 2027-01-15T08:00:00Z now");
        assert!(check(&json!({"nbf": NOW + 3600})).unwrap_err().to_string().contains("2027-01-15T09:00:00Z"));
        assert!(check(&json!({"iat": NOW + 3600})).unwrap_err().to_string().contains("2027-01-15T09:00:00Z"));
        assert!(check(&json!({"exp": "x"})).unwrap_err().to_string().contains("`exp`"));
    }
}
