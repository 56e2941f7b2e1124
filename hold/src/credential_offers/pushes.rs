//! Counts of pushed offers for the audit log: one event a minute for each contact, because the endpoint is public and a
//! flood of offers in a contact's name would fill the log.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::Problem;
use model::{Action, NewEvent, Target, TrustedContactId, WalletId};
use serde_json::json;

/// The offers in the name of each contact since they were last written to the audit log. Only contacts are counted, so
/// there are no more entries than contacts.
#[derive(Default, Debug)]
pub(crate) struct Pushes(Mutex<BTreeMap<(WalletId, TrustedContactId), Count>>);

#[derive(Clone, Copy, Default, Debug)]
struct Count {
    kept: u64,
    refused: u64,
}

impl Pushes {
    /// Counts one that waits in the inbox, or one that had no place there any more.
    pub(super) fn count(&self, wallet: WalletId, contact: TrustedContactId, kept: bool) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((wallet, contact)).or_default();
        if kept { count.kept += 1 } else { count.refused += 1 }
    }

    fn take(&self) -> BTreeMap<(WalletId, TrustedContactId), Count> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells the audit log of each wallet how many offers came under the names of its contacts and wait, and how many had
/// no place.
///
/// # Errors
///
/// The database fails.
pub async fn flush_pushes(app: &App) -> Result<(), Problem> {
    for ((wallet, id), Count { kept, refused }) in app.memory.of::<Pushes>().take() {
        let Some(contact) = app.store.read().await?.trusted_contact(wallet, id).await? else { continue };
        let target = Target::new(contact.id, contact.name.as_str());
        let detail = json!({"credential_issuer": contact.credential_issuer, "kept": kept, "refused": refused});
        let event = NewEvent::new(Action::CredentialOffersPushed, target).with(detail);
        app.begin(&Caller::server(wallet)).await?.commit(event).await?;
    }
    Ok(())
}
