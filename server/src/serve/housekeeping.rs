//! What is removed when its time is over, without anybody asking.

use crate::access::api_access;
use crate::hold::{credential_offers, presentations};
use crate::issue::issued_credentials;
use crate::kernel::app::App;
use crate::kernel::problem::Problem;
use crate::kernel::{idempotency, webhooks};
use crate::verify::verifications;

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
            issued_credentials::clean(self).await,
            credential_offers::clean(self).await,
            presentations::clean(self).await,
            verifications::clean(self).await,
        ];
        done.into_iter().collect()
    }
}
