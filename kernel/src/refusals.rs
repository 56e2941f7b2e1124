//! Counts of refused client authentications and sign-ins for the audit log: one event a minute for each client or
//! account, so that an attack cannot fill the log. Presented secrets are not kept, and names that no wallet has are
//! dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{Action, Email, NewEvent, Stored as _, Target, WalletId};
use serde_json::json;

use crate::app::App;
use crate::caller::Caller;
use crate::http::network;
use crate::problem::Problem;

/// The most names that are counted at a time: a bound for an attacker that makes names up.
const NAMES: usize = 1024;
/// The most e-mail addresses that are counted before it is known whether an account has them: a sign-in that has to wait
/// is refused without a query.
const UNKNOWN: usize = 256;
/// The largest number of different addresses that are counted for one name.
const ADDRESSES: usize = 64;

/// The client or the account that an attempt claimed to be, without proof.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Claimed {
    /// A client ID.
    Client(String),
    /// The folded e-mail address of an account.
    Account(String),
}

/// The refused attempts for one name.
#[derive(Clone, Default, Debug)]
struct Count {
    attempts: u64,
    addresses: BTreeSet<IpAddr>,
}

/// The refused attempts since they were last written to the audit log.
#[derive(Default, Debug)]
pub struct Refusals(Mutex<Counts>);

/// Names that exist have a bound of their own, so that made-up ones leave room for them.
#[derive(Default, Debug)]
struct Counts {
    known: BTreeMap<Claimed, Count>,
    /// Of accounts that may not exist.
    unknown: BTreeMap<Claimed, Count>,
}

impl Refusals {
    /// Counts a refused client.
    pub fn count_client(&self, client_id: &str, address: IpAddr) {
        if client_id.len() <= 64 {
            let claimed = Claimed::Client(client_id.to_owned());
            count(&mut self.lock().known, NAMES, claimed, address);
        }
    }

    /// Counts a refused sign-in with the e-mail address of an account that exists: those of others would leave no room
    /// for it.
    pub fn count_account(&self, email: &Email, address: IpAddr) {
        count(&mut self.lock().known, NAMES, Claimed::Account(email.key()), address);
    }

    /// Counts a sign-in that has to wait; whether there is an account with this e-mail address is looked up when the
    /// counts are written.
    pub fn count_waiting(&self, email: &Email, address: IpAddr) {
        let claimed = Claimed::Account(email.key());
        let mut counts = self.lock();
        if counts.known.contains_key(&claimed) {
            count(&mut counts.known, NAMES, claimed, address);
        } else {
            count(&mut counts.unknown, UNKNOWN, claimed, address);
        }
    }

    fn take(&self) -> BTreeMap<Claimed, Count> {
        let Counts { known, unknown } = std::mem::take(&mut *self.lock());
        let mut all = known;
        add(&mut all, unknown);
        all
    }

    fn put_back(&self, counts: BTreeMap<Claimed, Count>) {
        add(&mut self.lock().known, counts);
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(counts: &mut BTreeMap<Claimed, Count>, most: usize, claimed: Claimed, address: IpAddr) {
    if counts.len() >= most && !counts.contains_key(&claimed) {
        return;
    }
    let count = counts.entry(claimed).or_default();
    count.attempts += 1;
    if count.addresses.len() < ADDRESSES {
        count.addresses.insert(network(address));
    }
}

fn add(counts: &mut BTreeMap<Claimed, Count>, others: BTreeMap<Claimed, Count>) {
    for (claimed, other) in others {
        let count = counts.entry(claimed).or_default();
        count.attempts += other.attempts;
        count.addresses.extend(other.addresses);
    }
}

impl App {
    /// Writes to the audit log of each wallet how often its clients and its users were refused. Names that no wallet
    /// has are dropped; counts that cannot be written are kept for the next time.
    pub async fn flush_refusals(&self) -> Result<(), Problem> {
        let mut left = self.refusals.take();
        let done = self.write_refusals(&mut left).await;
        self.refusals.put_back(left);
        done
    }

    /// Removes the counts that were written.
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
    fn e_mail_addresses_that_may_be_made_up_leave_room_for_accounts() {
        let refusals = Refusals::default();
        let email = |at: usize| format!("made-up-{at}@example.org").parse::<Email>().unwrap();
        for at in 0..2 * NAMES {
            refusals.count_waiting(&email(at), address(1));
        }
        let ada = "ada@example.org".parse().unwrap();
        refusals.count_waiting(&ada, address(1));
        refusals.count_account(&ada, address(1));
        refusals.count_waiting(&ada, address(2));
        refusals.count_account(&email(0), address(3));
        let counts = refusals.take();
        assert_eq!(counts.len(), UNKNOWN + 1);
        let of = |email: &Email| {
            let count = &counts[&Claimed::Account(email.key())];
            (count.attempts, count.addresses.len())
        };
        assert_eq!((of(&ada), of(&email(0))), ((2, 2), (2, 2)));
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
