//! A task that edits keys in the gate, a thousand per second: more than a database commits. As in `claviger` it shares
//! its worker with the requests.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use claviger::App;
use gate::Entry;
use kernel::problem::Problem;
use model::in_force::System;
use model::{Permission, PermissionSet, Resource};
use tokio::sync::Notify;

use crate::keys::HELD;

/// The time between two edits.
const PAUSE: Duration = Duration::from_millis(1);
/// How many keys are edited in turn.
const MAX_EDITED: usize = 10_000;

/// The task.
#[derive(Default)]
pub(super) struct Writer {
    edits: AtomicBool,
    told: Notify,
    edited: AtomicU64,
    nanoseconds: AtomicU64,
}

/// What it has done.
pub(crate) struct Edited {
    pub(crate) count: u64,
    /// How long it took to bring them into force.
    pub(crate) took: Duration,
}

/// Keys to edit, from all over a database that has so many.
pub(super) async fn entries(app: &App, count: usize) -> Result<Vec<System>, Problem> {
    let (mut entries, mut number) = (Vec::new(), 0);
    let held = PermissionSet::from_names(&HELD.to_string());
    let take = |system: System| {
        number += 1;
        if number % (count / MAX_EDITED).max(1) == 0 && system.permissions == held {
            entries.push(system);
        }
    };
    app.store.read().await?.changes_since(-1, app.clock.millis(), take).await?;
    Ok(entries)
}

impl Writer {
    /// Starts the task; it edits nothing yet.
    pub(super) fn start(app: Arc<App>, entries: Vec<System>) -> Arc<Self> {
        let writer = Arc::new(Self::default());
        tokio::spawn(Arc::clone(&writer).work(app, entries));
        writer
    }

    /// Lets it edit, or not. What it has done until now.
    pub(super) fn switch(&self, edits: bool) -> Edited {
        self.edits.store(edits, Ordering::Relaxed);
        self.told.notify_one();
        let nanoseconds = self.nanoseconds.load(Ordering::Relaxed);
        Edited { count: self.edited.load(Ordering::Relaxed), took: Duration::from_nanos(nanoseconds) }
    }

    async fn work(self: Arc<Self>, app: Arc<App>, mut entries: Vec<System>) {
        // Of the same length as what the keys hold, so that all answers are of one length.
        let other = PermissionSet::from_names(&Permission::view(Resource::VerifierTemplates).to_string());
        let held = PermissionSet::from_names(&HELD.to_string());
        let mut pause = tokio::time::interval(PAUSE);
        // The step is prime, so that each key has its turn and none has its neighbour's.
        for place in (0..entries.len()).cycle().step_by(7919) {
            while !self.edits.load(Ordering::Relaxed) {
                self.told.notified().await;
                pause.reset();
            }
            pause.tick().await;
            if let Some(entry) = entries.get_mut(place) {
                let start = Instant::now();
                entry.permissions = if entry.permissions == held { other } else { held };
                let _ = app.gate.apply(Entry::System(entry.clone()));
                self.edited.fetch_add(1, Ordering::Relaxed);
                let nanoseconds = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
                self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
            }
        }
    }
}

impl fmt::Display for Edited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.took.as_nanos())
    }
}

impl FromStr for Edited {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (count, nanoseconds) = text.split_once(' ').context("two numbers are missing")?;
        Ok(Self { count: count.parse()?, took: Duration::from_nanos(nanoseconds.parse()?) })
    }
}
