//! Every background job: following the database, writing usage and refusals, cleaning up, sending webhooks.

use std::sync::Arc;
use std::time::Duration;

use crate::access::api_access;
use crate::hold::{credential_offers, presentations};
use crate::issue::issued_credentials;
use crate::kernel::app::App;
use crate::kernel::outage::Outage;
use crate::kernel::problem::Problem;
use crate::kernel::{idempotency, webhooks};
use crate::verify::verifications;

/// How often to look for what others changed: another process on the same database, such as the
/// command line, is in force within a second.
const POLL: Duration = Duration::from_millis(250);
/// How long usage of keys gathers before some of it is written.
const FLUSH: Duration = Duration::from_secs(5);
/// How often what is over is removed.
const CLEAN: Duration = Duration::from_mins(1);
/// How long refusals of OAuth clients and of sign-ins are counted until the audit log is told.
const WRITE_REFUSALS: Duration = Duration::from_mins(1);

impl App {
    /// Follows the database, writes usage, sends webhooks and removes what is over, until dropped.
    pub async fn keep_up(self: Arc<Self>) {
        // Neither ends, and neither waits for the other.
        tokio::join!(self.follow(), webhooks::keep_sending(Arc::clone(&self)));
    }

    async fn follow(&self) {
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
                _ = poll.tick() => self.refresh().await.map_err(|error| error.to_string()),
                _ = flush.tick() => self.flush_some_usage().await.map(|_| ()).map_err(|error| error.to_string()),
                _ = refusals.tick() => self.flush_refusals().await.map_err(|problem| problem.to_string()),
                _ = clean.tick() => self.clean().await.map_err(|problem| problem.to_string()),
            };
            if outage.note("the database does not answer; the gate works by what it knew", done).is_none() {
                tokio::time::sleep(POLL).await;
            }
        }
    }

    /// Removes what is over by the clock: called every minute, and by tests that have moved it. One line for each
    /// feature; each removes a bounded number of rows, and what one cannot remove keeps no other from its own.
    ///
    /// # Errors
    ///
    /// The first failure, after every feature had its turn.
    pub async fn clean(&self) -> Result<(), Problem> {
        let done = [
            api_access::clean(self).await,
            idempotency::clean(self).await,
            webhooks::clean(self).await,
            issued_credentials::clean(self).await,
            credential_offers::clean(self).await,
            presentations::clean(self).await,
            verifications::clean(self).await,
        ];
        done.into_iter().collect()
    }
}
