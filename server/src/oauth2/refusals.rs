//! Refused requests of clients reach the audit log as counts: an attack writes a row a minute, not a row a try.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use model::{Action, NewEvent, Target};
use serde_json::json;

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// How many client IDs are counted between two looks; an attacker that makes them up meets this bound.
const CLIENT_IDS: usize = 1024;

/// How often each client ID was refused since the audit log was last told.
#[derive(Default, Debug)]
pub struct Refusals(Mutex<BTreeMap<String, u64>>);

impl Refusals {
    /// Counts one. Nobody has proved anything, so the client ID is only what was claimed.
    pub(super) fn count(&self, client_id: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(client_id) {
            *count += 1;
        } else if counts.len() < CLIENT_IDS && client_id.len() <= 64 {
            counts.insert(client_id.to_owned(), 1);
        }
    }

    fn take(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl App {
    /// Tells the audit log of each wallet how often its clients were refused. Client IDs that no wallet has are
    /// dropped.
    pub async fn flush_refusals(&self) -> Result<(), Problem> {
        let counts = self.refusals.take();
        if counts.is_empty() {
            return Ok(());
        }
        for client in self.gate.clients_named(|client_id| counts.contains_key(client_id)) {
            let count = counts.get(&client.client_id).copied().unwrap_or_default();
            let target = Target::new(client.id, &client.client_id);
            let event = NewEvent::new(Action::AccessTokenRefused, target).with(json!({"count": count}));
            self.begin(&Caller::server(client.wallet)).await?.commit(event).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_bounded() {
        let refusals = Refusals::default();
        for at in 0..2 * CLIENT_IDS {
            refusals.count(&format!("client-{at}"));
            refusals.count("client-0");
        }
        refusals.count(&"x".repeat(65));
        let counts = refusals.take();
        assert_eq!(counts.len(), CLIENT_IDS);
        assert_eq!(counts.get("client-0"), Some(&(2 * CLIENT_IDS as u64 + 1)));
        assert!(refusals.take().is_empty());
    }
}
