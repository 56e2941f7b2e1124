//! Every background job: following the database, writing usage and refusals, cleaning up, sending webhooks.

use std::sync::Arc;
use std::time::Duration;

use access::api_access;
use kernel::app::App;
use kernel::outage::Outage;
use kernel::problem::Problem;
use kernel::{idempotency, webhooks};

/// How often to look for what others changed: another process on the same database, such as the
/// command line, is in force within a second.
const POLL: Duration = Duration::from_millis(250);
/// How long usage of keys gathers before some of it is written.
const FLUSH: Duration = Duration::from_secs(5);
/// How often what is over is removed.
const CLEAN: Duration = Duration::from_mins(1);
/// How long refusals of OAuth clients and of sign-ins are counted until the audit log is told.
const WRITE_REFUSALS: Duration = Duration::from_mins(1);

/// Follows the database, writes usage, sends webhooks and removes what is over, until dropped.
pub async fn keep_up(app: Arc<App>) {
    // Neither ends, and neither waits for the other.
    tokio::join!(follow(&app), webhooks::keep_sending(Arc::clone(&app)));
}

async fn follow(app: &App) {
    let mut outage = Outage::default();
    let mut poll = tokio::time::interval(POLL);
    poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut flush = tokio::time::interval(FLUSH);
    flush.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut refusals = tokio::time::interval(WRITE_REFUSALS);
    refusals.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut clean = tokio::time::interval(CLEAN);
    clean.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            _ = poll.tick() => app.refresh().await.map_err(|error| error.to_string()),
            _ = flush.tick() => api_access::flush_some_usage(app).await.map(|_| ()).map_err(|error| error.to_string()),
            _ = refusals.tick() => app.flush_refusals().await.map_err(|problem| problem.to_string()),
            _ = clean.tick() => clean_up(app).await.map_err(|problem| problem.to_string()),
        };
        if outage.note("the database does not answer; the gate works by what it knew", done).is_none() {
            tokio::time::sleep(POLL).await;
        }
    }
}

/// Removes what is over by the clock: called every minute, and by tests that have moved it. Each
/// feature removes a bounded number of rows, and what one cannot remove keeps no other from its own.
///
/// # Errors
///
/// The first failure, after every feature had its turn.
pub async fn clean_up(app: &App) -> Result<(), Problem> {
    let mut done = vec![idempotency::clean(app).await, webhooks::clean(app).await];
    for clean in app.features.iter().filter_map(|feature| feature.clean) {
        done.push(clean(app).await);
    }
    done.into_iter().collect()
}
