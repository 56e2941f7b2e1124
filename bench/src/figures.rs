//! The figures that Claviger is to reach, and whether it does.

use std::fmt;

use crate::numbers::power;
use crate::peers::Peers;
use crate::report::Report;
use crate::requests::{Choice, ME, OK, Pair};

/// A figure and what was measured.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Figure {
    pub(crate) what: String,
    pub(crate) bound: Bound,
    pub(crate) measured: f64,
    unit: &'static str,
    decimals: usize,
}

/// What is good enough.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

/// Peers by the name of their folder, and how many times their throughput Claviger is to reach.
const PEERS: [(&str, f64); 4] =
    [("nginx", 0.7), ("better-auth", 20.0), ("django-rest-framework-api-key", 50.0), ("fastapi", 20.0)];

/// All figures that this run has measured.
pub(crate) fn of(report: &Report) -> Vec<Figure> {
    let mut figures = gate(report);
    figures.extend(start(report));
    figures.extend(requests(report));
    figures.extend(report.peers.iter().flat_map(peers));
    let changes = &report.changes;
    // What the readers may lose is the writer's own part, within what they vary by without it.
    let lost = changes.writer + (1.0 - changes.noise.median).abs();
    figures.push(Figure::ratio(
        "throughput of readers during 1,000 changes per second ÷ without, less the writer's own CPU".to_owned(),
        1.0 - lost,
        changes.ratio.median,
    ));
    figures.push(Figure {
        what: "requests admitted after the answer of a DELETE".to_owned(),
        bound: Bound::AtMost(0.0),
        measured: crate::numbers::real(report.deletion.admitted),
        unit: "",
        decimals: 0,
    });
    let what = "throughput of honest callers beside a flood of garbage keys ÷ alone".to_owned();
    figures.push(Figure::ratio(what, 0.5, report.flood.ratio.median));
    figures
}

impl Figure {
    fn ratio(what: String, at_least: f64, measured: f64) -> Self {
        Self { what, bound: Bound::AtLeast(at_least), measured, unit: "", decimals: 2 }
    }

    fn at_most(what: String, most: f64, unit: &'static str, decimals: usize, measured: f64) -> Self {
        Self { what, bound: Bound::AtMost(most), measured, unit, decimals }
    }

    /// Whether it is reached; what could not be measured is not.
    pub(crate) fn is_reached(&self) -> bool {
        self.bound.holds(self.measured)
    }

    /// Whether even ten times the amount, or half the ratio, is missed: that is no noise.
    pub(crate) fn is_missed_by_far(&self) -> bool {
        let generous = match self.bound {
            Bound::AtMost(most) => Bound::AtMost(most * 10.0),
            Bound::AtLeast(least) => Bound::AtLeast(least / 2.0),
        };
        !generous.holds(self.measured)
    }

    /// The figure itself: `≤ 300 ns`.
    pub(crate) fn bound(&self) -> String {
        match self.bound {
            Bound::AtMost(most) => format!("≤ {}", self.number(most)),
            Bound::AtLeast(least) => format!("≥ {}", self.number(least)),
        }
    }

    /// What was measured: `211 ns`.
    pub(crate) fn measured(&self) -> String {
        self.number(self.measured)
    }

    fn number(&self, number: f64) -> String {
        let Self { unit, decimals, .. } = self;
        format!("{number:.decimals$} {unit}").trim_end().to_owned()
    }
}

impl Bound {
    fn holds(self, measured: f64) -> bool {
        match self {
            Self::AtMost(most) => measured <= most,
            Self::AtLeast(least) => measured >= least,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, measured {}", self.what, self.bound(), self.measured())
    }
}

fn gate(report: &Report) -> Vec<Figure> {
    let wanted = [
        ("hit", "a key that may pass", 100_000, 300.0),
        ("hit", "a key that may pass", 1_000_000, 500.0),
        ("bad_checksum", "a bad checksum", 100_000, 60.0),
        ("bad_checksum", "a bad checksum", 1_000_000, 60.0),
        ("unknown", "an unknown key", 100_000, 200.0),
        ("unknown", "an unknown key", 1_000_000, 200.0),
    ];
    let figure = |(bench, what, count, most)| {
        let measured = report.gate(bench, count)?;
        Some(Figure::at_most(format!("the gate alone, {what}, {} keys", power(count)), most, "ns", 1, measured))
    };
    wanted.into_iter().filter_map(figure).collect()
}

fn start(report: &Report) -> [Figure; 2] {
    let start = &report.start;
    let count = power(start.count);
    [
        Figure::at_most(
            format!("memory above the empty server, {count} keys"),
            200.0,
            "bytes per key",
            1,
            start.bytes_per_key(),
        ),
        Figure::at_most(format!("start to the first answer, {count} keys"), 5.0, "s", 2, start.seconds.median),
    ]
}

/// What the gate takes of an ordinary request, and what the server takes of one that only needs the answer which bare
/// axum gives.
fn requests(report: &Report) -> Vec<Figure> {
    let with_gate = report.with_gate.iter().filter(|pair| pair.first == ME).map(|pair| {
        let least = match (pair.choice, pair.count) {
            (Choice::Own, _) => 0.97,
            (Choice::Random, ..=1000) => 0.95,
            (Choice::Random, _) => 0.90,
        };
        Figure::ratio(named(pair), least, pair.ratio.median)
    });
    let with_server = report.with_server.iter().filter(|pair| pair.first == OK);
    let with_server = with_server.map(|pair| Figure::ratio(named(pair), 0.80, pair.ratio.median));
    // What the limits of connections cost is not to be told from noise.
    let with_limits = Figure::ratio(named(&report.with_limits), 0.97, report.with_limits.ratio.median);
    with_gate.chain(with_server).chain([with_limits]).collect()
}

fn named(pair: &Pair) -> String {
    format!("`{}` ÷ `{}`, {} keys, {}", pair.first, pair.second, power(pair.count), pair.choice.shown())
}

fn peers(peers: &Peers) -> Vec<Figure> {
    let mut figures = Vec::new();
    for peer in &peers.peers {
        let Some((_, least)) = PEERS.iter().find(|(name, _)| *name == peer.name) else { continue };
        for ((route, _), ratio) in peers.own.iter().zip(&peer.ratios) {
            let what = format!("Claviger's `{route}` ÷ {}", peer.name);
            figures.push(Figure { decimals: 1, ..Figure::ratio(what, *least, ratio.median) });
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_reached_or_missed_and_by_far() {
        let time = |measured| Figure::at_most("time".to_owned(), 300.0, "ns", 0, measured);
        assert!(time(300.0).is_reached() && !time(301.0).is_reached());
        assert!(!time(3000.0).is_missed_by_far() && time(3001.0).is_missed_by_far());
        assert_eq!(time(211.4).to_string(), "time: ≤ 300 ns, measured 211 ns");
        let ratio = |measured| Figure::ratio("ratio".to_owned(), 0.9, measured);
        assert!(ratio(0.9).is_reached() && !ratio(0.89).is_reached());
        assert!(!ratio(0.46).is_missed_by_far() && ratio(0.44).is_missed_by_far());
        assert_eq!(ratio(0.9).to_string(), "ratio: ≥ 0.90, measured 0.90");
    }

    #[test]
    fn of_nothing_more_is_too_much_and_what_was_not_measured_is_missed() {
        let none = |measured| Figure::at_most("admitted".to_owned(), 0.0, "", 0, measured);
        assert!(none(0.0).is_reached() && !none(0.0).is_missed_by_far());
        assert!(!none(1.0).is_reached() && none(1.0).is_missed_by_far());
        assert!(!none(f64::NAN).is_reached() && none(f64::NAN).is_missed_by_far());
    }
}
