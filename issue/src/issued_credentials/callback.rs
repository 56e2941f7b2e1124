//! Telling the external system behind an issuance what became of it, where it asked for that.

use kernel::app::App;
use kernel::caller::Transaction;
use kernel::problem::Problem;
use kernel::webhooks::{self, Notice};
use model::{Issuance, IssuanceStatus};

/// Tells how far the issuance has come, in the change that brings it there.
pub(super) async fn tell(app: &App, change: &mut Transaction<'_>, issuance: &Issuance) -> Result<(), Problem> {
    let kind = match issuance.status {
        // Whoever offers knows.
        IssuanceStatus::Offered => return Ok(()),
        IssuanceStatus::Accepted => "issuance.accepted",
        IssuanceStatus::Issued => "issuance.issued",
        IssuanceStatus::Expired => "issuance.expired",
        IssuanceStatus::Error => "issuance.error",
        IssuanceStatus::Cancelled => "issuance.cancelled",
    };
    let notice = Notice {
        kind,
        session: issuance.id.into(),
        correlation_id: issuance.correlation_id.as_deref(),
        status: issuance.status.name(),
    };
    webhooks::enqueue(change, app, &notice).await
}
