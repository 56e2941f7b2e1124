//! What readers notice of changes: a thousand per second in the gate, and as many as the database commits.

use std::cell::Cell;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use model::{Permission, Resource};

use crate::control;
use crate::interleave::{Contestant, Pace, Rate, interleave};
use crate::keys::HELD;
use crate::load::{Loader, Pool, Requests};
use crate::numbers::{Spread, per_second};
use crate::requests::{CONNECTIONS, ME};
use crate::seeded::Served;
use crate::serve::Edited;

/// The outcome.
#[derive(Debug)]
pub(crate) struct Changes {
    /// How many keys the server knows.
    pub(crate) count: usize,
    /// Readers without changes.
    pub(crate) quiet: Rate,
    /// Readers during changes in the gate.
    pub(crate) during: Rate,
    /// The second divided by the first.
    pub(crate) ratio: Spread,
    /// Readers without changes divided by themselves.
    pub(crate) noise: Spread,
    /// Changes in the gate per second.
    pub(crate) per_second: f64,
    /// The part of the time that it took to make them.
    pub(crate) writer: f64,
    /// Changes over HTTP per second, each committed to the disk.
    pub(crate) durable: Spread,
    /// Readers during those divided by readers without changes.
    pub(crate) durable_ratio: Spread,
}

/// Readers that each keep their key; keys from all over the database are changed.
pub(crate) fn measure(loader: &mut Loader, served: &Served<'_>, pace: Pace) -> Result<Changes> {
    let switch = |edits: &str| {
        let path = format!("/bench/changes/{edits}");
        let request = control::request("POST", &path, &served.keys.administrator.text, "");
        control::expect(200, served.address, &request)?.parse::<Edited>()
    };
    // The first one starts the writer.
    let before = switch("off")?;
    let (since, on) = (Cell::new(None::<Instant>), Cell::new(Duration::ZERO));
    let turn_on = || {
        switch("on")?;
        since.set(Some(Instant::now()));
        Ok(())
    };
    let turn_off = || {
        switch("off")?;
        on.set(on.get() + since.take().map_or(Duration::ZERO, |since| since.elapsed()));
        Ok(())
    };
    let (quiet, during, again) = (readers(loader, served)?, readers(loader, served)?, readers(loader, served)?);
    let mut contestants = [
        Contestant::new(&served.server, [quiet]).after(turn_off),
        Contestant::new(&served.server, [during]).after(turn_on),
        Contestant::new(&served.server, [again]).after(turn_off),
    ];
    interleave(loader, &mut contestants, pace)?;
    turn_off()?;
    let after = switch("off")?;
    let (durable, durable_ratio) = durable(loader, served, pace)?;
    let [quiet, during, again] = &contestants;
    Ok(Changes {
        count: served.count,
        quiet: quiet.rate(),
        during: during.rate(),
        ratio: during.ratio(quiet),
        noise: again.ratio(quiet),
        per_second: per_second(after.count - before.count, on.get()),
        writer: after.took.saturating_sub(before.took).as_secs_f64() / on.get().as_secs_f64(),
        durable,
        durable_ratio,
    })
}

/// One caller that edits the same key over and over, beside the readers.
fn durable(loader: &mut Loader, served: &Served<'_>, pace: Pace) -> Result<(Spread, Spread)> {
    let key = served.keys.ordinary.first().context("no key")?;
    let path = format!("/api/v1/api-keys/{}", key.id);
    let edit = |permission: Permission| {
        let body = format!("{{\"permissions\":[\"{permission}\"]}}");
        control::request("PATCH", &path, &served.keys.administrator.text, &body)
    };
    let edits = Requests::in_turn(vec![edit(HELD), edit(Permission::view(Resource::VerifierTemplates))]);
    let (quiet, beside) = (readers(loader, served)?, readers(loader, served)?);
    let writer = loader.connect(served.address, 1, 200, edits)?;
    let mut contestants = [Contestant::new(&served.server, [quiet]), Contestant::new(&served.server, [beside, writer])];
    interleave(loader, &mut contestants, pace)?;
    let [quiet, beside] = &contestants;
    Ok((beside.rate_of(1), beside.ratio(quiet)))
}

fn readers(loader: &mut Loader, served: &Served<'_>) -> Result<Pool> {
    loader.connect(served.address, CONNECTIONS, 200, Requests::own_key(ME, served.keys.texts()))
}
