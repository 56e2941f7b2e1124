//! What it costs to refuse.

use anyhow::Result;

use crate::interleave::{Contestant, Pace, Rate, interleave};
use crate::keys::{unknown, with_bad_checksum};
use crate::load::{Loader, Requests, head};
use crate::numbers::Spread;
use crate::requests::CONNECTIONS;
use crate::seeded::Served;

/// A route that requires a permission.
const PATH: &str = "/api/v1/credentials";

/// A kind of request.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) what: &'static str,
    pub(crate) status: u16,
    pub(crate) rate: Rate,
    /// Its throughput divided by that of an admitted request.
    pub(crate) ratio: Spread,
}

/// The admitted request first, then each kind of refused one.
pub(crate) fn measure(loader: &mut Loader, served: &Served<'_>, pace: Pace) -> Result<Vec<Refusal>> {
    let keys = served.keys;
    let mut without_key = head("GET", PATH);
    without_key.extend_from_slice(b"\r\n");
    let bad = keys.texts().into_iter().map(with_bad_checksum).collect();
    let kinds = [
        ("admitted", 200, Requests::random_key(PATH, keys.texts())),
        ("no key", 401, Requests::fixed(without_key)),
        ("bad checksum", 401, Requests::random_key(PATH, bad)),
        ("unknown key", 401, Requests::random_key(PATH, unknown(10_000)?)),
        ("expired key", 401, Requests::own_key(PATH, vec![keys.expired.text])),
        ("key without the permission", 403, Requests::own_key(PATH, vec![keys.powerless.text])),
    ];
    let (mut names, mut contestants) = (Vec::new(), Vec::new());
    for (what, status, requests) in kinds {
        names.push((what, status));
        let pool = loader.connect(served.address, CONNECTIONS, status, requests)?;
        contestants.push(Contestant::new(&served.server, [pool]));
    }
    interleave(loader, &mut contestants, pace)?;
    let Some(admitted) = contestants.first() else { return Ok(Vec::new()) };
    let refusal = |((what, status), contestant): ((_, _), &Contestant<'_>)| Refusal {
        what,
        status,
        rate: contestant.rate(),
        ratio: contestant.ratio(admitted),
    };
    Ok(names.into_iter().zip(&contestants).map(refusal).collect())
}
