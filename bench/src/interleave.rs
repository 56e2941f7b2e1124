//! Comparing what a machine with changing speed does: each contestant in turn for a short time, over and over.

use std::time::Duration;

use anyhow::Result;

use crate::load::{Loader, Pool};
use crate::numbers::{Spread, per_second, real};
use crate::process::Server;

/// How often and how long each one is measured.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) cycles: usize,
    pub(crate) slice: Duration,
}

/// What is compared with others: pools that load at the same time. The first one is what counts.
pub(crate) struct Contestant<'a> {
    server: &'a Server,
    pools: Vec<Pool>,
    before: Box<dyn FnMut() -> Result<()> + 'a>,
    /// Answers per second of each pool, slice by slice.
    slices: Vec<Vec<f64>>,
    cpu: Duration,
    answers: u64,
}

/// What a contestant reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// Answers per second.
    pub(crate) per_second: Spread,
    /// CPU time of the server per answer, in microseconds.
    pub(crate) cpu: f64,
}

impl<'a> Contestant<'a> {
    /// One that is made of these pools.
    pub(crate) fn new(server: &'a Server, pools: impl Into<Vec<Pool>>) -> Self {
        let pools = pools.into();
        let slices = vec![Vec::new(); pools.len()];
        Self { server, pools, before: Box::new(|| Ok(())), slices, cpu: Duration::ZERO, answers: 0 }
    }

    /// The same, with something to do before each of its slices.
    pub(crate) fn after(self, before: impl FnMut() -> Result<()> + 'a) -> Self {
        Self { before: Box::new(before), ..self }
    }

    /// What its first pool reached; the CPU time is that of all its answers.
    pub(crate) fn rate(&self) -> Rate {
        Rate { per_second: self.rate_of(0), cpu: self.cpu.as_secs_f64() * 1e6 / real(self.answers.max(1)) }
    }

    /// Answers per second of one of its pools.
    pub(crate) fn rate_of(&self, pool: usize) -> Spread {
        Spread::of(self.slices.get(pool).into_iter().flatten().copied())
    }

    /// This divided by the other, cycle by cycle.
    pub(crate) fn ratio(&self, other: &Self) -> Spread {
        let (own, others) = (self.slices.first(), other.slices.first());
        let pairs = own.into_iter().flatten().zip(others.into_iter().flatten());
        Spread::of(pairs.map(|(own, other)| own / other))
    }

    fn slice(&mut self, loader: &mut Loader, time: Duration) -> Result<()> {
        (self.before)()?;
        let before = self.server.cpu()?;
        let (answers, took) = loader.load(&mut self.pools, time)?;
        self.cpu += self.server.cpu()?.saturating_sub(before);
        for (slices, count) in self.slices.iter_mut().zip(&answers) {
            slices.push(per_second(*count, took));
        }
        self.answers += answers.iter().sum::<u64>();
        Ok(())
    }

    fn forget(&mut self) {
        self.slices.iter_mut().for_each(Vec::clear);
        self.cpu = Duration::ZERO;
        self.answers = 0;
    }
}

/// Measures each one in turn; each cycle begins with the next one, so that nobody always comes after the same.
pub(crate) fn interleave(loader: &mut Loader, contestants: &mut [Contestant<'_>], pace: Pace) -> Result<()> {
    // What is slow the first time, such as connections and caches, is not what is measured.
    for contestant in &mut *contestants {
        contestant.slice(loader, pace.slice)?;
        contestant.forget();
    }
    for cycle in 0..pace.cycles {
        let (after, before) = contestants.split_at_mut(cycle % contestants.len());
        for contestant in before.iter_mut().chain(after) {
            contestant.slice(loader, pace.slice)?;
        }
    }
    Ok(())
}
