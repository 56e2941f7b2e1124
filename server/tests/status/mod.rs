//! Whether a credential is revoked, asked of lists of this server and of others.

mod issuer;
mod others;
mod own;

use keys::credential_status::{self, LiveStatus};
use serde_json::Value;

use crate::support::Server;

/// What is known of a credential of this issuer with this claim `status`, or the code of why nothing is.
async fn check(server: &Server, issuer: &str, claim: &Value) -> Result<LiveStatus, &'static str> {
    let answer = credential_status::check(&server.app, issuer, Some(claim), server.app.clock.now()).await;
    answer.map_err(|error| error.code())
}
