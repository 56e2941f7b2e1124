//! The run: one measurement after the other, then the tables.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::interleave::Pace;
use crate::load::Loader;
use crate::machine::Machine;
use crate::report::Report;
use crate::seeded::Seeded;
use crate::{changes, deletion, divan, document, figures, flood, peers, process, refusals, requests, start};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Fewer keys and cycles, and no peers; fails when a figure is missed by far
    #[arg(long)]
    short: bool,
    /// Write the tables to this file, too
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
}

/// How much is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scale {
    /// What `docs/benchmarks.md` tells.
    Full,
    /// What fits into a check of every change.
    Short,
}

impl Scale {
    const fn gate_counts(self) -> &'static [usize] {
        match self {
            Self::Full => &[1000, 100_000, 1_000_000, 10_000_000],
            Self::Short => &[1000, 100_000],
        }
    }

    /// How many keys the larger data folder has; the smaller one has a thousand.
    pub(crate) const fn many(self) -> usize {
        match self {
            Self::Full => 1_000_000,
            Self::Short => 100_000,
        }
    }

    pub(crate) const fn cycles(self) -> usize {
        match self {
            Self::Full => 200,
            Self::Short => 20,
        }
    }

    /// Of what is compared with each other.
    const fn pace(self) -> Pace {
        Pace { cycles: self.cycles(), slice: Duration::from_millis(50) }
    }

    /// Of what needs longer slices, but fewer.
    const fn slow_pace(self) -> Pace {
        Pace { cycles: self.cycles() / 4, slice: Duration::from_millis(200) }
    }

    const fn deletions(self) -> usize {
        match self {
            Self::Full => 200,
            Self::Short => 50,
        }
    }
}

/// Five rounds of two seconds each.
pub(crate) const PEERS: Pace = Pace { cycles: 5, slice: Duration::from_secs(2) };

/// Measures, prints, writes. False when the short run misses a figure by far.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let scale = if options.short { Scale::Short } else { Scale::Full };
    let report = measure(scale)?;
    println!("{}", document::text(&report));
    if let Some(file) = &options.document {
        fs::write(file, document::text(&report)).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let broken: Vec<_> = figures::of(&report).into_iter().filter(figures::Figure::is_missed_by_far).collect();
    for figure in &broken {
        eprintln!("missed by far: {figure}");
    }
    Ok(scale == Scale::Full || broken.is_empty())
}

fn measure(scale: Scale) -> Result<Report> {
    let machine = Machine::this()?;
    step("data folders");
    let (few, many) = (Seeded::new(1000)?, Seeded::new(scale.many())?);
    divan::build(scale)?;
    process::take_load_core()?;
    step("the gate alone");
    let gate = divan::gate(scale.gate_counts())?;
    let credentials = match scale {
        Scale::Full => Some(divan::credentials()?),
        Scale::Short => None,
    };
    let mut loader = Loader::new()?;

    let served = few.serve()?;
    step("requests with a thousand keys");
    let mut with_gate = requests::with_and_without_gate(&mut loader, &served, scale.pace())?;
    let with_server = requests::with_and_without_server(&mut loader, &served, scale.pace())?;
    step("limits of connections");
    let with_limits = requests::with_and_without_limits(&mut loader, &served, scale.pace())?;
    step("refusals");
    let refusals = refusals::measure(&mut loader, &served, scale.slow_pace())?;
    let flood = flood::measure(&mut loader, &served, scale.slow_pace())?;
    step("deletions");
    let deletion = deletion::measure(&mut loader, &served, scale.deletions())?;
    step("peers");
    let peers = match scale {
        Scale::Full => Some(peers::measure(&mut loader, &served, PEERS)?),
        Scale::Short => None,
    };
    drop(served);

    let served = many.serve()?;
    step("requests with many keys");
    with_gate.extend(requests::with_and_without_gate(&mut loader, &served, scale.pace())?);
    step("changes");
    let changes = changes::measure(&mut loader, &served, scale.slow_pace())?;
    drop(served);
    step("starts");
    let start = start::measure(&many, 3)?;
    Ok(Report {
        machine,
        scale,
        gate,
        with_gate,
        with_server,
        with_limits,
        refusals,
        changes,
        deletion,
        flood,
        start,
        peers,
        credentials,
    })
}

fn step(what: &str) {
    eprintln!("… {what}");
}
