//! Dates and instants as people read them, on the wallet's calendar.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use model::{TimeZoneName, local_date};

use super::texts::common as t;

/// Such as "23 Nov 2027".
pub fn date(date: Date) -> String {
    let month = usize::try_from(date.month() - 1).ok().and_then(|month| t::MONTHS.get(month));
    t::date(date.day(), month.copied().unwrap_or_default(), date.year())
}

/// Such as "24 Nov 2027, 00:00 (+01:00, Europe/Oslo)".
pub fn instant(at: Timestamp, zone: &TimeZoneName) -> String {
    let local = at.to_zoned_datetime(zone.rules().clone());
    t::in_zone(&date_and_time(at, zone), &local.strftime("%:z").to_string(), zone.as_str())
}

/// Such as "24 Nov 2027, 00:00".
pub fn date_and_time(at: Timestamp, zone: &TimeZoneName) -> String {
    let local = at.to_zoned_datetime(zone.rules().clone());
    t::date_and_time(&date(local.date()), &time(local.time()))
}

/// Such as "24 Nov 2027, 00:00:00".
pub fn date_and_seconds(at: Timestamp, zone: &TimeZoneName) -> String {
    let local = at.to_zoned_datetime(zone.rules().clone());
    t::date_and_time(&date(local.date()), &local.strftime("%H:%M:%S").to_string())
}

/// The instant with the zone's offset, for `<time datetime>`.
pub fn datetime(at: Timestamp, zone: &TimeZoneName) -> String {
    at.to_zoned_datetime(zone.rules().clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Such as "2 minutes ago" or "Yesterday, 16:41".
pub fn ago(at: Option<Timestamp>, now: Timestamp, zone: &TimeZoneName) -> String {
    let Some(at) = at else { return t::NEVER.to_owned() };
    let elapsed = now.duration_since(at).max(SignedDuration::ZERO);
    if elapsed < SignedDuration::from_hours(1) {
        return t::minutes_ago(elapsed.as_mins());
    }
    let local = at.to_zoned_datetime(zone.rules().clone());
    let time = time(local.time());
    match days(local.date(), local_date(now, zone)) {
        0 => t::today(&time),
        1 => t::yesterday(&time),
        _ => date(local.date()),
    }
}

/// How many days after `from` the date `to` is.
pub fn days(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

fn time(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZoneName {
        "Europe/Oslo".parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn d2_an_instant_is_told_with_its_offset_in_the_wallets_zone() {
        assert_eq!(instant(at("2027-11-23T23:00:00Z"), &zone()), "24 Nov 2027, 00:00 (+01:00, Europe/Oslo)");
        assert_eq!(instant(at("2027-07-01T22:00:00Z"), &zone()), "2 Jul 2027, 00:00 (+02:00, Europe/Oslo)");
        assert_eq!(datetime(at("2027-07-01T22:00:00Z"), &zone()), "2027-07-02T00:00:00+02:00");
    }

    #[test]
    fn the_time_that_has_passed_is_told_in_the_nearest_words() {
        let now = at("2026-11-23T08:00:00Z");
        let ago = |text: &str| ago(Some(at(text)), now, &zone());
        assert_eq!(ago("2026-11-23T07:59:30Z"), "Just now");
        assert_eq!(ago("2026-11-23T07:58:00Z"), "2 minutes ago");
        assert_eq!(ago("2026-11-22T23:00:00Z"), "Today, 00:00");
        assert_eq!(ago("2026-11-22T22:59:00Z"), "Yesterday, 23:59");
        assert_eq!(ago("2026-10-30T08:00:00Z"), "30 Oct 2026");
        assert_eq!(super::ago(None, now, &zone()), "Never");
    }

    #[test]
    fn days_are_counted_on_the_calendar() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(days(day("2026-11-23"), day("2026-12-05")), 12);
        assert_eq!(days(day("2026-11-23"), day("2026-11-22")), -1);
    }
}
