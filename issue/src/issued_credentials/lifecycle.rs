//! How an offer ends that never becomes a credential: somebody takes it back, its time passes, or it cannot be
//! issued. Whatever the reason, the claims and every secret of it leave the disk.

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::problem::{Code, Problem};
use model::{Action, Issuance, IssuanceFailure, IssuanceId, IssuanceStatus};

use super::{callback, event};

/// How many overdue offers one round of cleaning ends.
const BATCH: u32 = 200;

/// Takes an offer back.
///
/// # Errors
///
/// No such issuance (404), one that is not open (409).
pub async fn cancel(app: &App, caller: &Caller, id: IssuanceId) -> Result<Issuance, Problem> {
    let mut change = app.begin(caller).await?;
    let issuance = change.issuance(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    if !issuance.status_at(change.at()).is_open() {
        return Err(Code::OfferOver.into());
    }
    end(app, change, &issuance, IssuanceStatus::Cancelled, None).await
}

/// Ends an offer that cannot be issued.
pub(super) async fn fail(
    app: &App,
    change: Transaction<'_>,
    issuance: &Issuance,
    failure: IssuanceFailure,
) -> Result<Issuance, Problem> {
    end(app, change, issuance, IssuanceStatus::Error, Some(failure)).await
}

/// Ends the offers whose time has passed, and forgets nonces that are too old; part of the clean-up.
pub async fn clean(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    app.store.forget_nonces(now).await?;
    let overdue = app.store.read().await?.overdue_issuances(now, BATCH).await?;
    for issuance in overdue {
        let mut change = app.begin(&Caller::server(issuance.wallet_id)).await?;
        // Another server may have been faster.
        let issuance = change.issuance(issuance.wallet_id, issuance.id).await?;
        if let Some(issuance) = issuance.filter(|found| found.status.is_open()) {
            end(app, change, &issuance, IssuanceStatus::Expired, None).await?;
        }
    }
    Ok(())
}

async fn end(
    app: &App,
    mut change: Transaction<'_>,
    issuance: &Issuance,
    status: IssuanceStatus,
    failure: Option<IssuanceFailure>,
) -> Result<Issuance, Problem> {
    let action = match status {
        IssuanceStatus::Cancelled => Action::IssuanceCancelled,
        IssuanceStatus::Expired => Action::IssuanceExpired,
        _ => Action::IssuanceFailed,
    };
    let after = change.end_issuance(issuance.id, status, failure).await?.ok_or(Code::Internal)?;
    callback::tell(app, &mut change, &after).await?;
    let mut event = event(action, &after);
    if let (Some(failure), Some(detail)) = (failure, event.detail.as_object_mut()) {
        detail.insert("reason".to_owned(), failure.name().into());
    }
    change.commit(event).await?;
    Ok(after)
}
