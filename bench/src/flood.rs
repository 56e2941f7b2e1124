//! What is left for honest callers while others send garbage as fast as they can.

use anyhow::Result;

use crate::interleave::{Contestant, Pace, Rate, interleave};
use crate::keys::{unknown, with_bad_checksum};
use crate::load::{Loader, Requests};
use crate::numbers::Spread;
use crate::requests::{CONNECTIONS, ME};
use crate::seeded::Served;

/// The outcome.
#[derive(Debug)]
pub(crate) struct Flood {
    /// Honest callers alone.
    pub(crate) alone: Rate,
    /// Honest callers beside the flood.
    pub(crate) beside: Rate,
    /// Their throughput beside the flood divided by that alone.
    pub(crate) ratio: Spread,
    /// Unknown keys per second.
    pub(crate) unknown: Spread,
    /// Malformed keys per second.
    pub(crate) malformed: Spread,
}

/// As many connections of each side.
pub(crate) fn measure(loader: &mut Loader, served: &Served<'_>, pace: Pace) -> Result<Flood> {
    let garbage = unknown(10_000)?;
    let malformed = garbage.iter().copied().map(with_bad_checksum).collect();
    let mut honest = || loader.connect(served.address, CONNECTIONS, 200, Requests::own_key(ME, served.keys.texts()));
    let (alone, beside) = (honest()?, honest()?);
    let mut flood = |keys| loader.connect(served.address, CONNECTIONS / 2, 401, Requests::random_key(ME, keys));
    let pools = [beside, flood(garbage)?, flood(malformed)?];
    let mut contestants = [Contestant::new(&served.server, [alone]), Contestant::new(&served.server, pools)];
    interleave(loader, &mut contestants, pace)?;
    let [alone, beside] = &contestants;
    Ok(Flood {
        alone: alone.rate(),
        beside: beside.rate(),
        ratio: beside.ratio(alone),
        unknown: beside.rate_of(1),
        malformed: beside.rate_of(2),
    })
}
