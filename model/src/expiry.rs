//! Expiry dates: from a calendar date to the instant at which it is over (mission D2).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// The furthest expiry date, in years from today.
const LATEST_YEARS: i32 = 10;

/// Why an expiry date was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExpiryError {
    /// Before today in the wallet's time zone.
    #[error("must not be before today, {0}")]
    Past(Date),
    /// More than ten years from today.
    #[error("must not be after {0}, ten years from today")]
    TooFar(Date),
}

/// A time zone by its IANA name, such as `Europe/Amsterdam`.
#[derive(Clone, PartialEq, Debug)]
pub struct TimeZoneName(TimeZone);

/// A name that the IANA database does not have.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("must be the name of a time zone, such as Europe/Amsterdam")]
pub struct UnknownTimeZone;

impl TimeZoneName {
    /// `UTC`, the default of a wallet.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The IANA name.
    pub fn as_str(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The zone's rules.
    pub fn rules(&self) -> &TimeZone {
        &self.0
    }

    /// Every name that can be chosen, sorted.
    pub fn available() -> Vec<String> {
        let mut names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        names.sort();
        names
    }
}

impl FromStr for TimeZoneName {
    type Err = UnknownTimeZone;

    fn from_str(name: &str) -> Result<Self, UnknownTimeZone> {
        let zone = jiff::tz::db().get(name).map_err(|_| UnknownTimeZone)?;
        zone.iana_name().is_some().then_some(Self(zone)).ok_or(UnknownTimeZone)
    }
}

impl fmt::Display for TimeZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The date on the wallet's calendar at this instant.
pub fn local_date(now: Timestamp, zone: &TimeZoneName) -> Date {
    now.to_zoned_datetime(zone.0.clone()).date()
}

/// The default expiry date in the console and the API: one year from today; 29 February becomes 28 February.
pub fn default_expires_on(today: Date) -> Date {
    plus(today, 1.year())
}

/// Ten years from today.
pub fn latest_expires_on(today: Date) -> Date {
    plus(today, LATEST_YEARS.years())
}

/// Today is the earliest date, ten years from today the latest.
pub fn check_expires_on(on: Date, today: Date) -> Result<(), ExpiryError> {
    let latest = latest_expires_on(today);
    if on < today {
        return Err(ExpiryError::Past(today));
    }
    if on > latest {
        return Err(ExpiryError::TooFar(latest));
    }
    Ok(())
}

/// The first instant at which a key with this date is no longer valid: the start of the next day.
///
/// Where the clocks change at midnight the day starts at the first instant that bears its date.
pub fn expires_at(on: Date, zone: &TimeZoneName) -> Timestamp {
    plus(on, 1.day())
        .to_zoned_datetime(zone.0.clone())
        .and_then(|midnight| midnight.start_of_day())
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

fn plus(date: Date, span: Span) -> Date {
    date.saturating_add(span)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(on: Date, zone: &str) -> String {
        expires_at(on, &zone.parse().unwrap()).to_string()
    }

    #[test]
    fn d2_a_key_is_valid_through_the_end_of_the_day_in_the_wallets_time_zone() {
        assert_eq!(at(date(2027, 11, 23), "UTC"), "2027-11-24T00:00:00Z");
        assert_eq!(at(date(2027, 11, 23), "Pacific/Kiritimati"), "2027-11-23T10:00:00Z");
        assert_eq!(at(date(2027, 11, 23), "America/Los_Angeles"), "2027-11-24T08:00:00Z");
    }

    #[test]
    fn d2_the_days_on_which_the_clocks_change() {
        // 23 hours and 25 hours long.
        assert_eq!(at(date(2027, 3, 27), "Europe/Amsterdam"), "2027-03-27T23:00:00Z");
        assert_eq!(at(date(2027, 3, 28), "Europe/Amsterdam"), "2027-03-28T22:00:00Z");
        assert_eq!(at(date(2027, 10, 30), "Europe/Amsterdam"), "2027-10-30T22:00:00Z");
        assert_eq!(at(date(2027, 10, 31), "Europe/Amsterdam"), "2027-10-31T23:00:00Z");
        // A day that starts at 01:00, because midnight is skipped.
        assert_eq!(at(date(2018, 11, 3), "America/Sao_Paulo"), "2018-11-04T03:00:00Z");
    }

    #[test]
    fn d2_29_february_plus_one_year_is_28_february() {
        assert_eq!(default_expires_on(date(2028, 2, 29)), date(2029, 2, 28));
        assert_eq!(default_expires_on(date(2026, 11, 23)), date(2027, 11, 23));
    }

    #[test]
    fn d2_today_is_the_earliest_date_and_ten_years_the_latest() {
        let today = date(2026, 11, 23);
        assert_eq!(check_expires_on(today, today), Ok(()));
        assert_eq!(check_expires_on(date(2026, 11, 22), today), Err(ExpiryError::Past(today)));
        assert_eq!(check_expires_on(date(2036, 11, 23), today), Ok(()));
        assert_eq!(check_expires_on(date(2036, 11, 24), today), Err(ExpiryError::TooFar(date(2036, 11, 23))));
    }

    #[test]
    fn d2_today_is_a_date_of_the_wallets_calendar() {
        let now: Timestamp = "2026-11-23T11:00:00Z".parse().unwrap();
        assert_eq!(local_date(now, &"Pacific/Kiritimati".parse().unwrap()), date(2026, 11, 24));
        assert_eq!(local_date(now, &"Pacific/Pago_Pago".parse().unwrap()), date(2026, 11, 23));
    }

    #[test]
    fn a_time_zone_is_an_iana_name() {
        assert_eq!("europe/amsterdam".parse::<TimeZoneName>().unwrap().as_str(), "Europe/Amsterdam");
        for bad in ["", "Amsterdam", "+01:00", "Europe/Amsterdam\0"] {
            assert_eq!(bad.parse::<TimeZoneName>(), Err(UnknownTimeZone), "{bad}");
        }
        assert!(TimeZoneName::available().iter().any(|name| name == "Pacific/Kiritimati"));
    }
}
