//! Verifications and what was verified as JSON.

mod verifications;
mod verified_credentials;

use std::sync::Arc;

use aide::axum::ApiRouter;

use crate::kernel::app::App;

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    verifications::routes().merge(verified_credentials::routes())
}
