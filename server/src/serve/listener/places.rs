//! The bound of open connections, in all and for each address. Over the bound a new connection replaces one that waits
//! for a request, so that unused sockets cannot exhaust the bound; when all are in use, the new one is closed.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::http::network;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::ConnectionLimits;
use super::activity::Activity;

/// How many connections, from the oldest on, are searched for the one that waits longest.
const LOOKED_AT: usize = 64;
/// The shortest time between two lines of the log about connections that were refused or ended.
const TELL: Duration = Duration::from_mins(1);

/// The connections that there are.
#[derive(Default)]
pub(super) struct Places(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    next: u64,
    all: BTreeMap<u64, Connection>,
    by_address: HashMap<IpAddr, BTreeMap<u64, Arc<Activity>>>,
    refused: u64,
    ended: u64,
    told_at: Option<Instant>,
}

struct Connection {
    /// None of a proxy, of which there may be as many as there are at all.
    address: Option<IpAddr>,
    activity: Arc<Activity>,
    task: Option<AbortHandle>,
}

/// A connection's place, until it is dropped.
pub(super) struct Place {
    number: u64,
    places: Arc<Places>,
}

impl Places {
    /// Takes a place for a connection from this address; none when all are in use.
    pub(super) fn take(
        self: &Arc<Self>,
        address: IpAddr,
        activity: &Arc<Activity>,
        limits: &ConnectionLimits,
    ) -> Option<Place> {
        let is_proxy = limits.trusted_proxies.iter().any(|proxy| proxy.contains(address.to_canonical()));
        let address = (!is_proxy).then(|| network(address));
        let mut inner = self.lock();
        let made = inner.make_room(address, limits);
        if !made {
            inner.refused += 1;
        }
        inner.tell();
        if !made {
            return None;
        }
        let number = inner.next;
        inner.next += 1;
        if let Some(address) = address {
            inner.by_address.entry(address).or_default().insert(number, Arc::clone(activity));
        }
        inner.all.insert(number, Connection { address, activity: Arc::clone(activity), task: None });
        Some(Place { number, places: Arc::clone(self) })
    }

    /// Notes the task of a connection, which ends it.
    pub(super) fn serve(&self, number: u64, task: AbortHandle) {
        if let Some(connection) = self.lock().all.get_mut(&number) {
            connection.task = Some(task);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().remove(self.number);
    }
}

impl Inner {
    /// Whether there is a place, after the end of a connection that waits where one was needed.
    fn make_room(&mut self, address: Option<IpAddr>, limits: &ConnectionLimits) -> bool {
        let own = address.and_then(|address| self.by_address.get(&address));
        if let (Some(own), Some(most)) = (own, limits.max_connections_per_address)
            && own.len() >= most
        {
            let waiting = longest_waiting(own.iter().map(|(number, activity)| (*number, &**activity)));
            return self.end(waiting);
        }
        if limits.max_connections.is_some_and(|most| self.all.len() >= most) {
            let waiting = longest_waiting(self.all.iter().map(|(number, one)| (*number, &*one.activity)));
            return self.end(waiting);
        }
        true
    }

    fn end(&mut self, number: Option<u64>) -> bool {
        let Some(task) = number.and_then(|number| self.remove(number)) else { return false };
        if let Some(task) = task.task {
            task.abort();
        }
        self.ended += 1;
        true
    }

    fn remove(&mut self, number: u64) -> Option<Connection> {
        let connection = self.all.remove(&number)?;
        if let Some(address) = connection.address
            && let Some(own) = self.by_address.get_mut(&address)
        {
            own.remove(&number);
            if own.is_empty() {
                self.by_address.remove(&address);
            }
        }
        Some(connection)
    }

    /// Logs how many connections were refused and ended: at most one line a minute.
    fn tell(&mut self) {
        let is_due = self.told_at.is_none_or(|told_at| told_at.elapsed() >= TELL);
        if is_due && self.refused + self.ended > 0 {
            let (refused, ended) = (std::mem::take(&mut self.refused), std::mem::take(&mut self.ended));
            self.told_at = Some(Instant::now());
            tracing::warn!(
                refused,
                ended,
                open = self.all.len(),
                "too many connections: some were refused, or ended while idle"
            );
        }
    }
}

fn longest_waiting<'a>(connections: impl Iterator<Item = (u64, &'a Activity)>) -> Option<u64> {
    let waiting = connections.take(LOOKED_AT).filter_map(|(number, activity)| Some((activity.idle_since()?, number)));
    waiting.min().map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(all: usize, per_address: usize) -> ConnectionLimits {
        ConnectionLimits {
            max_connections: Some(all),
            max_connections_per_address: Some(per_address),
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            ..ConnectionLimits::default()
        }
    }

    /// A connection that is in use, or waits.
    fn connect(
        places: &Arc<Places>,
        address: &str,
        in_use: bool,
        limits: &ConnectionLimits,
    ) -> Option<(Place, Arc<Activity>)> {
        connect_aged(places, address, in_use, 0, limits)
    }

    /// One that is so many seconds old.
    fn connect_aged(
        places: &Arc<Places>,
        address: &str,
        in_use: bool,
        age: u64,
        limits: &ConnectionLimits,
    ) -> Option<(Place, Arc<Activity>)> {
        let mut activity = Activity::new();
        activity.grow_older(age);
        let activity = Arc::new(activity);
        if in_use {
            std::mem::forget(activity.handle(false));
        }
        let place = places.take(address.parse().unwrap(), &activity, limits)?;
        Some((place, activity))
    }

    #[test]
    fn an_address_in_full_use_keeps_no_other_one_out() {
        let (places, limits) = (Arc::default(), limits(4, 2));
        let _first = connect(&places, "192.0.2.1", true, &limits).unwrap();
        let second = connect(&places, "192.0.2.1", true, &limits).unwrap();
        assert!(connect(&places, "192.0.2.1", true, &limits).is_none());
        assert!(connect(&places, "::ffff:192.0.2.1", true, &limits).is_none());
        let _other = connect(&places, "192.0.2.2", true, &limits).unwrap();
        drop(second);
        let _again = connect(&places, "192.0.2.1", true, &limits).unwrap();
        let _network = connect(&places, "2001:db8::1", true, &limits).unwrap();
        assert!(connect(&places, "2001:db8:1::1", true, &limits).is_none(), "all four are in use");
    }

    #[test]
    fn hosts_of_an_ipv6_network_count_as_one_and_proxies_as_many() {
        let (places, limits) = (Arc::default(), limits(10, 2));
        let _hosts = ["2001:db8::1", "2001:db8::2"].map(|host| connect(&places, host, true, &limits).unwrap());
        assert!(connect(&places, "2001:db8::3", true, &limits).is_none());
        let _proxies = [(); 8].map(|()| connect(&places, "10.1.2.3", true, &limits).unwrap());
        assert!(connect(&places, "10.1.2.3", true, &limits).is_none(), "the bound of all holds for a proxy too");
    }

    #[tokio::test]
    async fn the_connection_that_waits_longest_makes_room() {
        let (places, limits) = (Arc::default(), limits(10, 2));
        let first = connect_aged(&places, "192.0.2.1", false, 2, &limits).unwrap();
        let second = connect_aged(&places, "192.0.2.1", false, 1, &limits).unwrap();
        // The first one is used, so the second one waits longer.
        drop(first.1.handle(false));
        let task = tokio::spawn(std::future::pending::<()>());
        places.serve(second.0.number(), task.abort_handle());
        let third = connect(&places, "192.0.2.1", true, &limits).unwrap();
        assert!(task.await.unwrap_err().is_cancelled());
        drop(second);
        let _fourth = connect(&places, "192.0.2.1", true, &limits).unwrap();
        assert!(connect(&places, "192.0.2.1", true, &limits).is_none());
        drop((first, third));
        assert_eq!(places.lock().all.len(), 1);
    }
}
