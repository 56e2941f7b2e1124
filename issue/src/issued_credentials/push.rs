//! Direct issue: an offer is sent to the trusted contact that it is for, at the contact's credential offer endpoint
//! (OpenID4VCI 1.0 §4.1), instead of waiting for somebody to scan it.

use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::{Code, Problem};
use model::{Action, Issuance};

use super::{OpenOffer, event};

/// Sends an offer, after it was committed and with no change open. What the contact answers is not read; that it
/// took the offer is remembered. Returns why it could not be reached, if so: the offer holds all the same.
pub(super) async fn push(
    app: &App,
    caller: &Caller,
    issuance: Issuance,
    offer: &OpenOffer,
    endpoint: &str,
) -> Result<(Issuance, Option<String>), Problem> {
    if let Err(error) = offer.send(app, endpoint).await {
        return Ok((issuance, Some(error)));
    }
    let mut change = app.begin(caller).await?;
    let after = change.set_issuance_pushed(issuance.id).await?.ok_or(Code::Internal)?;
    change.commit(event(Action::IssuancePushed, &after)).await?;
    Ok((after, None))
}
