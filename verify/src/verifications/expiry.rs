//! What the clock ends: requests that nobody answered, and outcomes that were kept for as long as their template says.

use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::Problem;
use model::{Action, NewEvent, Verification, VerificationStatus};
use serde_json::json;
use store::VerificationEnd;

use super::{target, tell};

/// How many of each are ended in one go; the next minute takes the rest.
const AT_ONCE: u32 = 100;

/// Expires and deletes what is due; part of the clean-up.
pub async fn clean(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    let overdue = app.store.read().await?.overdue_verifications(now, AT_ONCE).await?;
    for verification in overdue {
        expire(app, &verification, now).await?;
    }
    let outlived = app.store.read().await?.outlived_verifications(now, AT_ONCE).await?;
    for verification in outlived {
        forget(app, &verification).await?;
    }
    Ok(())
}

/// An answer may come in between: then there is nothing to expire.
async fn expire(app: &App, verification: &Verification, now: Timestamp) -> Result<(), Problem> {
    let mut change = app.begin(&Caller::server(verification.wallet_id)).await?;
    let end = VerificationEnd {
        status: VerificationStatus::Expired,
        result: None,
        response_code_digest: None,
        kept_until: Some(verification.terms.retention.until(now)),
    };
    if !change.expire_verification(verification.id, &end).await? {
        return Ok(());
    }
    tell(app, &mut change, verification, Action::VerificationExpired.name()).await?;
    change.commit(NewEvent::new(Action::VerificationExpired, target(verification))).await
}

async fn forget(app: &App, verification: &Verification) -> Result<(), Problem> {
    let mut change = app.begin(&Caller::server(verification.wallet_id)).await?;
    change.delete_callback(verification.id.into()).await?;
    if !change.delete_verification(verification.id).await? {
        return Ok(());
    }
    let detail = json!({"retention_days": verification.terms.retention.days()});
    change.commit(NewEvent::new(Action::VerificationDeleted, target(verification)).with(detail)).await
}
