//! What a system sent on each day, drawn as SVG by the server and told in words beside it.

use askama::Template;
use askama::filters::HtmlSafe;
use kernel::console::texts::api_access as t;
use kernel::console::when;
use model::DailyUsage;

use super::Usage;

/// The height of the busiest day's bar, and the distance from one day to the next.
const HEIGHT: u64 = 80;
const STEP: usize = 10;
/// A day with one request among days with thousands is still seen, and so is one refusal.
const LEAST: u64 = 3;

/// A bar for each day; prints itself as HTML.
#[derive(Template)]
#[template(path = "api_access/chart.html")]
pub(super) struct Chart {
    bars: Vec<Bar>,
    most: u64,
    first: String,
    title: String,
    summary: String,
}

/// One day. A bar stands on the ground, and the refused part stands within it.
#[derive(PartialEq, Eq, Debug)]
struct Bar {
    x: usize,
    height: u64,
    refused: u64,
    told: String,
}

impl Chart {
    /// Of days on which something came; of others there is nothing to draw.
    pub(super) fn new(usage: &Usage) -> Option<Self> {
        let days = &usage.days;
        let busiest = days.iter().max_by_key(|day| day.requests).filter(|day| day.requests > 0)?;
        let first = when::date(days.first()?.day);
        Some(Self {
            bars: days.iter().enumerate().map(|(at, day)| Bar::new(at, day, busiest.requests)).collect(),
            most: busiest.requests,
            title: t::requests_of_days(days.len()),
            summary: t::chart(&first, (usage.requests, usage.refusals), (&when::date(busiest.day), busiest.requests)),
            first,
        })
    }

    fn width(&self) -> usize {
        self.bars.len() * STEP
    }
}

impl Bar {
    fn new(at: usize, day: &DailyUsage, most: u64) -> Self {
        let height = scaled(day.requests, most);
        Self {
            x: at * STEP,
            height,
            refused: scaled(day.refusals, most).min(height),
            told: t::day(&when::date(day.day), day.requests, day.refusals),
        }
    }
}

fn scaled(count: u64, most: u64) -> u64 {
    match count {
        0 => 0,
        _ => (count.saturating_mul(HEIGHT) / most.max(1)).clamp(LEAST, HEIGHT),
    }
}

// What is in it is numbers, dates and the program's own words.
impl HtmlSafe for Chart {}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use super::*;

    fn usage(counts: &[(u64, u64)]) -> Usage {
        let first = date(2026, 11, 1);
        let day = |(at, &(requests, refusals))| DailyUsage {
            day: first.saturating_add(i64::try_from(at).unwrap().days()),
            requests,
            refusals,
            last_used_at: None,
        };
        Usage {
            days: counts.iter().enumerate().map(day).collect(),
            requests: counts.iter().map(|(requests, _)| requests).sum(),
            refusals: counts.iter().map(|(_, refusals)| refusals).sum(),
            last_used_at: None,
        }
    }

    fn bars(counts: &[(u64, u64)]) -> Vec<(usize, u64, u64)> {
        Chart::new(&usage(counts)).unwrap().bars.iter().map(|bar| (bar.x, bar.height, bar.refused)).collect()
    }

    #[test]
    fn the_busiest_day_is_as_high_as_the_chart_and_the_others_in_proportion() {
        assert_eq!(bars(&[(500, 0), (1000, 250), (0, 0)]), [(0, 40, 0), (10, 80, 20), (20, 0, 0)]);
        assert_eq!(bars(&[(10_000_000_000, 0), (1, 0)]), [(0, 80, 0), (10, 3, 0)]);
    }

    #[test]
    fn one_request_and_one_refusal_are_seen_among_thousands() {
        assert_eq!(bars(&[(100_000, 1), (1, 0)]), [(0, 80, 3), (10, 3, 0)]);
    }

    #[test]
    fn the_refused_part_is_never_higher_than_its_bar() {
        assert_eq!(
            bars(&[(100_000, 0), (1, 1), (7, 7), (50_000, 50_000)])[1..],
            [(10, 3, 3), (20, 3, 3), (30, 40, 40)]
        );
    }

    #[test]
    fn days_without_a_request_have_nothing_to_draw() {
        assert!(Chart::new(&usage(&[(0, 0), (0, 0)])).is_none());
        assert!(Chart::new(&usage(&[])).is_none());
    }

    #[test]
    fn the_chart_says_in_words_what_it_shows() {
        let chart = Chart::new(&usage(&[(0, 0), (1234, 12), (1, 0)])).unwrap().render().unwrap();
        for told in [
            "<title id=\"chart-title\">Requests of the last 3 days</title>",
            "From 1 Nov 2026 to today 1,235 requests came, 12 of them refused. The busiest day was 2 Nov 2026 with 1,234.",
            "<title>1 Nov 2026: no requests</title>",
            "<title>2 Nov 2026: 1,234 requests, 12 refused</title>",
            "<title>3 Nov 2026: 1 request</title>",
            "viewBox=\"0 0 30 80\"",
        ] {
            assert!(chart.contains(told), "{told} in {chart}");
        }
        assert!(!chart.contains("style="), "the policy forbids it: {chart}");
    }
}
