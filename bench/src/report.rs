//! All results of one run.

use crate::changes::Changes;
use crate::deletion::Deletion;
use crate::divan::Timing;
use crate::flood::Flood;
use crate::machine::Machine;
use crate::peers::Peers;
use crate::refusals::Refusal;
use crate::requests::Pair;
use crate::run::Scale;
use crate::start::Start;

/// What was measured.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) scale: Scale,
    /// The gate alone.
    pub(crate) gate: Vec<Timing>,
    /// Routes with the gate against the same without it.
    pub(crate) with_gate: Vec<Pair>,
    /// Routes of the server against bare axum.
    pub(crate) with_server: Vec<Pair>,
    /// A route on connections with limits against the same without.
    pub(crate) with_limits: Pair,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) changes: Changes,
    pub(crate) deletion: Deletion,
    pub(crate) flood: Flood,
    pub(crate) start: Start,
    /// Not in the short run.
    pub(crate) peers: Option<Peers>,
    /// The crate `vc`; not in the short run.
    pub(crate) credentials: Option<Vec<Timing>>,
}

impl Report {
    /// The median of a benchmark of the gate alone with so many keys, in nanoseconds.
    pub(crate) fn gate(&self, bench: &str, count: usize) -> Option<f64> {
        let count = count.to_string();
        let found = self.gate.iter().find(|timing| *timing.path == [bench, &count]);
        found.map(|timing| timing.median)
    }
}
