//! What the issuer says of a held credential now: its status list is asked when the credential comes in, and whenever
//! somebody wants to know.

use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::{Code, Problem};
use keys::credential_status::{self, LiveStatus};
use model::{Action, Credential, CredentialId, HeldStatus, NewEvent};
use serde_json::{Value, json};

use super::target;

/// Asks the issuer's status list, and remembers what it says. A credential without a status stays as it is.
///
/// # Errors
///
/// No such credential (404).
pub async fn refresh(app: &App, caller: &Caller, id: CredentialId) -> Result<Credential, Problem> {
    let credential = super::get(app, caller, id).await?;
    // No transaction is open while a stranger's server is asked.
    let Some(status) = ask(app, &credential.issuer, credential.claims.get("status")).await else {
        return Ok(credential);
    };
    let mut change = app.begin(caller).await?;
    let credential = change.set_live_status(id, status).await?.ok_or(Code::NotFound)?;
    let event = NewEvent::new(Action::CredentialStatusChecked, target(&credential));
    change.commit(event.with(json!({"status": status.name()}))).await?;
    Ok(credential)
}

/// What the list says; none where the credential has no status. A list that cannot be had says nothing, and does not
/// keep a credential out.
pub(crate) async fn ask(app: &App, issuer: &str, claim: Option<&Value>) -> Option<HeldStatus> {
    match credential_status::check(app, issuer, claim, app.clock.now()).await {
        Ok(LiveStatus::None) => None,
        Ok(LiveStatus::Valid) => Some(HeldStatus::Valid),
        Ok(LiveStatus::Revoked) => Some(HeldStatus::Revoked),
        Ok(LiveStatus::Suspended) => Some(HeldStatus::Suspended),
        Err(error) => {
            tracing::info!(%error, issuer, "the status of a credential");
            Some(HeldStatus::Unknown)
        }
    }
}
