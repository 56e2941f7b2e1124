//! Refused attempts to prove oneself reach the audit log as counts: an attack on a client or on an account writes a row
//! a minute, not a row a try. What was presented is not kept, and nothing is written for what no wallet knows.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use model::{Action, Email, NewEvent, Stored as _, Target, WalletId};
use serde_json::json;

use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::http::network;
use crate::kernel::problem::Problem;

/// How many names are counted between two looks; an attacker that makes them up meets this bound.
const NAMES: usize = 1024;
/// Of how many addresses it is known that they differ, for each name.
const ADDRESSES: usize = 64;

/// In whose name an attempt was made. Nobody has proved anything, so it is only what was claimed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Claimed {
    /// A client ID.
    Client(String),
    /// The folded e-mail address of an account that exists.
    Account(String),
}

/// What came in one name.
#[derive(Clone, Default, Debug)]
struct Count {
    attempts: u64,
    addresses: BTreeSet<IpAddr>,
}

/// How often each name was refused since the audit log was last told.
#[derive(Default, Debug)]
pub(crate) struct Refusals(Mutex<BTreeMap<Claimed, Count>>);

impl Refusals {
    /// Counts a refused client.
    pub(crate) fn count_client(&self, client_id: &str, address: IpAddr) {
        if client_id.len() <= 64 {
            self.count(Claimed::Client(client_id.to_owned()), address);
        }
    }

    /// Counts a refused sign-in with the e-mail address of an account that exists: those of others would leave no room
    /// for it.
    pub(crate) fn count_account(&self, email: &Email, address: IpAddr) {
        self.count(Claimed::Account(email.key()), address);
    }

    fn count(&self, claimed: Claimed, address: IpAddr) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= NAMES && !counts.contains_key(&claimed) {
            return;
        }
        let count = counts.entry(claimed).or_default();
        count.attempts += 1;
        if count.addresses.len() < ADDRESSES {
            count.addresses.insert(network(address));
        }
    }

    fn take(&self) -> BTreeMap<Claimed, Count> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, counts: BTreeMap<Claimed, Count>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (claimed, count) in counts {
            let since = held.entry(claimed).or_default();
            since.attempts += count.attempts;
            since.addresses.extend(count.addresses);
        }
    }
}

impl App {
    /// Writes to the audit log of each wallet how often its clients and its users were refused. Names that no wallet has
    /// are dropped; what the database does not take is kept for the next time.
    pub async fn flush_refusals(&self) -> Result<(), Problem> {
        let mut left = self.refusals.take();
        let done = self.write_refusals(&mut left).await;
        self.refusals.put_back(left);
        done
    }

    /// Takes out of the counts what was written.
    async fn write_refusals(&self, left: &mut BTreeMap<Claimed, Count>) -> Result<(), Problem> {
        let is_counted = |client_id: &str| left.contains_key(&Claimed::Client(client_id.to_owned()));
        let any_client = left.keys().any(|claimed| matches!(claimed, Claimed::Client(_)));
        let clients = if any_client { self.gate.clients_named(is_counted) } else { Vec::new() };
        for (claimed, count) in left.clone() {
            match &claimed {
                Claimed::Client(client_id) => {
                    for client in clients.iter().filter(|client| client.client_id == *client_id) {
                        let target = Target::new(client.id, &client.client_id);
                        self.tell(client.wallet, Action::AccessTokenRefused, target, &count).await?;
                    }
                }
                Claimed::Account(key) => self.tell_of_account(key, &count).await?,
            }
            left.remove(&claimed);
        }
        Ok(())
    }

    async fn tell_of_account(&self, key: &str, count: &Count) -> Result<(), Problem> {
        // A folded address is its own folded form.
        let accounts = self.store.read().await?.accounts(&Email::stored(key.to_owned())).await?;
        for account in accounts {
            let target = Target::new(account.user_id, &account.name);
            self.tell(account.wallet_id, Action::UserSignInRefused, target, count).await?;
        }
        Ok(())
    }

    async fn tell(&self, wallet: WalletId, action: Action, target: Target, count: &Count) -> Result<(), Problem> {
        let detail = json!({"count": count.attempts, "addresses": count.addresses.len()});
        self.begin(&Caller::server(wallet)).await?.commit(NewEvent::new(action, target).with(detail)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u32) -> IpAddr {
        IpAddr::V4(number.into())
    }

    #[test]
    fn what_is_counted_is_bounded() {
        let refusals = Refusals::default();
        for at in 0..2 * u32::try_from(NAMES).unwrap() {
            refusals.count_client(&format!("client-{at}"), address(at));
            refusals.count_client("client-0", address(at));
        }
        refusals.count_client(&"x".repeat(65), address(1));
        let counts = refusals.take();
        assert_eq!(counts.len(), NAMES);
        let first = &counts[&Claimed::Client("client-0".to_owned())];
        assert_eq!((first.attempts, first.addresses.len()), (2 * NAMES as u64 + 1, ADDRESSES));
        assert!(refusals.take().is_empty());
    }

    #[test]
    fn an_address_is_counted_once_and_an_account_without_regard_to_case() {
        let refusals = Refusals::default();
        for (email, at) in [("ada@example.org", 1), ("ADA@example.org", 1), ("Ada@Example.Org", 2)] {
            refusals.count_account(&email.parse().unwrap(), address(at));
        }
        let counts: Vec<_> =
            refusals.take().into_values().map(|count| (count.attempts, count.addresses.len())).collect();
        assert_eq!(counts, [(3, 2)]);
    }
}
