//! Verifications and what was verified as JSON.

mod verifications;
mod verified_credentials;

use std::sync::Arc;

use aide::axum::ApiRouter;
use kernel::app::App;

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    verifications::routes().merge(verified_credentials::routes())
}
