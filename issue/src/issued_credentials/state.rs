//! Revoking, suspending and restoring what was issued: the entry of the status list and what the wallet remembers
//! change together.

use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::{Code, Problem};
use model::{Action, CredentialStatus, Issuance, IssuanceId};

use super::event;
use crate::status_lists::{self, StatusReference};

/// Revokes an issued credential for good.
///
/// # Errors
///
/// No such issuance (404), nothing was issued, or its template had no status list (409).
pub async fn revoke(app: &App, caller: &Caller, id: IssuanceId) -> Result<Issuance, Problem> {
    set(app, caller, id, CredentialStatus::Revoked, Action::IssuanceRevoked).await
}

/// Makes an issued credential invalid until it is restored.
///
/// # Errors
///
/// Those of [`revoke`], and a credential that is revoked (409).
pub async fn suspend(app: &App, caller: &Caller, id: IssuanceId) -> Result<Issuance, Problem> {
    set(app, caller, id, CredentialStatus::Suspended, Action::IssuanceSuspended).await
}

/// Makes a suspended credential valid again.
///
/// # Errors
///
/// Those of [`suspend`].
pub async fn restore(app: &App, caller: &Caller, id: IssuanceId) -> Result<Issuance, Problem> {
    set(app, caller, id, CredentialStatus::Valid, Action::IssuanceRestored).await
}

async fn set(
    app: &App,
    caller: &Caller,
    id: IssuanceId,
    status: CredentialStatus,
    action: Action,
) -> Result<Issuance, Problem> {
    let mut change = app.begin(caller).await?;
    let issuance = change.issuance(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let credential = issuance.credential.as_ref().ok_or(Code::NotIssued)?;
    let entry = credential.status_entry.as_ref().ok_or(Code::NoStatusList)?;
    if credential.status == status {
        return Ok(issuance);
    }
    let reference = StatusReference { uri: entry.uri.clone(), index: entry.index };
    status_lists::set(&mut change, &reference, status).await?;
    let after = change.set_credential_status(id, status).await?.ok_or(Code::Internal)?;
    change.commit(event(action, &after)).await?;
    Ok(after)
}
