//! What is removed when its time is over, without anybody asking.

use crate::app::App;
use crate::problem::Problem;
use crate::{api_access, credential_offers, idempotency, issuances, presentations, verifications, webhooks};

impl App {
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
            issuances::clean(self).await,
            credential_offers::clean(self).await,
            presentations::clean(self).await,
            verifications::clean(self).await,
        ];
        done.into_iter().collect()
    }
}
