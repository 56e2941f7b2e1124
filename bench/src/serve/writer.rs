//! A thread that edits keys in the gate, a thousand per second: more than a database commits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use claviger::App;
use claviger::problem::Problem;
use gate::{Entry, KeyId, SystemEntry};
use model::{Permission, PermissionSet, RequestsPerMinute, Resource};
use store::SystemChange;

use crate::keys::HELD;

/// The thread's name, by which its CPU time is found.
pub(crate) const THREAD: &str = "key-changes";

/// The time between two edits.
const PAUSE: Duration = Duration::from_millis(1);
/// How many keys are edited in turn.
const MOST: usize = 10_000;

/// The thread.
pub(super) struct Writer {
    state: Arc<State>,
    thread: Thread,
}

#[derive(Default)]
struct State {
    edits: AtomicBool,
    edited: AtomicU64,
}

/// Keys to edit, from all over a database that has so many.
pub(super) async fn entries(app: &App, count: usize) -> Result<Vec<SystemEntry>, Problem> {
    let (mut entries, mut number) = (Vec::new(), 0);
    let held = PermissionSet::from_names(&HELD.to_string());
    let take = |system: SystemChange| {
        number += 1;
        if number % (count / MOST).max(1) == 0 && system.permissions == held {
            entries.extend(entry(system));
        }
    };
    app.store.read().await?.changes_since(-1, app.clock.millis(), take).await?;
    Ok(entries)
}

impl Writer {
    /// Starts the thread; it edits nothing yet.
    pub(super) fn start(app: Arc<App>, entries: Vec<SystemEntry>) -> Self {
        let state = Arc::new(State::default());
        let writer = Arc::clone(&state);
        let spawned = thread::Builder::new().name(THREAD.to_owned()).spawn(move || writer.work(&app, entries));
        // Without the thread nothing is edited, which the load sees in the counter.
        let thread = spawned.map_or_else(|_| thread::current(), |handle| handle.thread().clone());
        Self { state, thread }
    }

    /// Lets it edit, or not. How many edits there were until now.
    pub(super) fn switch(&self, edits: bool) -> u64 {
        self.state.edits.store(edits, Ordering::Relaxed);
        self.thread.unpark();
        self.state.edited.load(Ordering::Relaxed)
    }
}

impl State {
    fn work(&self, app: &App, mut entries: Vec<SystemEntry>) {
        // Of the same length as what the keys hold, so that all answers are of one length.
        let other = PermissionSet::from_names(&Permission::view(Resource::VerifierTemplates).to_string());
        let held = PermissionSet::from_names(&HELD.to_string());
        let mut next = Instant::now();
        // The step is prime, so that each key has its turn and none has its neighbour's.
        for place in (0..entries.len()).cycle().step_by(7919) {
            while !self.edits.load(Ordering::Relaxed) {
                thread::park();
                next = Instant::now();
            }
            if let Some(entry) = entries.get_mut(place) {
                entry.permissions = if entry.permissions == held { other } else { held };
                app.gate.apply(Entry::System(entry.clone()));
                self.edited.fetch_add(1, Ordering::Relaxed);
            }
            next += PAUSE;
            thread::sleep(next.saturating_duration_since(Instant::now()));
        }
    }
}

fn entry(system: SystemChange) -> Option<SystemEntry> {
    Some(SystemEntry {
        id: system.id,
        kind: system.kind,
        key_id: KeyId::parse(&system.key_id)?,
        wallet: system.wallet_id,
        digest: system.digest,
        permissions: system.permissions,
        expires_at: system.expires_at,
        revoked: system.revoked,
        last_used_at: system.last_used_at,
        requests_per_minute: system.requests_per_minute.map(RequestsPerMinute::get),
        name: system.name,
    })
}
