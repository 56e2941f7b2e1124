//! A server in this process, reached over real HTTP, and those who call it.
//!
//! ```text
//! let server = Server::start(db).await;
//! let acme = server.wallet("Acme").await;
//! acme.key(&["users:view"]).await.get("/api/v1/users").await.is(200);
//! ```

mod actor;
mod answer;
mod collector;
mod credential_issuer;
mod forged;
pub(crate) mod holder;
pub(crate) mod http2;
mod issuing;
pub(crate) mod log;
mod metrics;
mod objects;
mod raw;
mod receiver;
mod strangers;
mod verifier;
mod wallet;

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use claviger::{App, ConnectionLimits};
use kernel::app::Settings;
use kernel::clock::Clock;
use kernel::master_key::MasterKey;
use kernel::randomness::Randomness;
use store::testing::Database;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) use actor::Actor;
pub(crate) use answer::Answer;
pub(crate) use collector::Collector;
pub(crate) use credential_issuer::{CredentialIssuer, VCT, key, membership};
pub(crate) use forged::forged;
pub(crate) use issuing::{Holder, ISSUANCES, Issuer, claims, follow, now};
pub(crate) use metrics::{ask_metrics, scrape};
pub(crate) use objects::{make, make_identifier, sample};
pub(crate) use raw::{get_me, send_broken, send_raw};
pub(crate) use receiver::Receiver;
pub(crate) use verifier::{Verifier, link as request_link};
pub(crate) use wallet::{Client, Key, PASSWORD, Session, Wallet};

/// The time at which every test starts, a Monday.
pub(crate) const NOW: &str = "2026-11-23T10:00:00Z";

/// 32 zero bytes: the master key of every test.
const MASTER_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A running server, until dropped.
pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) address: SocketAddr,
    client: reqwest::Client,
    names: AtomicU32,
    serving: JoinHandle<()>,
}

impl Server {
    /// Starts on this database, at [`NOW`].
    pub(crate) async fn start(db: &Database) -> Self {
        Self::start_with(db, |_| {}).await
    }

    /// Starts with other settings than [`Server::start`].
    pub(crate) async fn start_with(db: &Database, choose: impl FnOnce(&mut Settings)) -> Self {
        Self::start_at(db, NOW.parse().unwrap(), 1, choose).await
    }

    /// Stops, and starts again on the same database at the same time.
    pub(crate) async fn restart(self, db: &Database) -> Self {
        self.restart_with(db, |_| {}).await
    }

    /// [`Server::restart`] with other settings.
    pub(crate) async fn restart_with(self, db: &Database, choose: impl FnOnce(&mut Settings)) -> Self {
        let now = self.app.clock.now();
        let names = self.names.load(Ordering::SeqCst);
        self.app.store.close().await;
        drop(self);
        let again = Self::start_at(db, now, 2, choose).await;
        again.names.store(names, Ordering::SeqCst);
        again
    }

    /// Moves the clock to this instant.
    pub(crate) fn move_clock_to(&self, instant: &str) {
        self.app.clock.move_to(instant.parse().unwrap());
    }

    /// A new wallet in UTC.
    pub(crate) async fn wallet(&self, name: &str) -> Wallet<'_> {
        self.wallet_in("UTC", name).await
    }

    /// A new wallet in this time zone.
    pub(crate) async fn wallet_in(&self, time_zone: &str, name: &str) -> Wallet<'_> {
        let wallet = access::wallet::create(&self.app, name, time_zone).await.unwrap();
        Wallet::new(self, wallet.id)
    }

    /// A caller who presents nothing.
    pub(crate) fn anonymous(&self) -> Actor {
        Actor::new(self.client.clone(), self.origin())
    }

    /// Where requests go: `http://127.0.0.1:<port>`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A number that this server has not given before, for names that must be unique.
    fn number(&self) -> u32 {
        self.names.fetch_add(1, Ordering::SeqCst)
    }

    /// Each start needs a seed of its own: the same one would draw the ids that are already taken.
    async fn start_at(db: &Database, now: jiff::Timestamp, seed: u64, choose: impl FnOnce(&mut Settings)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = Settings {
            // A host name, because an address cannot be part of a did:web.
            public_url: format!("http://localhost:{}", address.port()).parse().unwrap(),
            allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
            // The clock of a test stands, so what is taken would never come back.
            public_rate: 0,
            key_rate: 0,
            trusted_proxies: Vec::new(),
            metrics: false,
            otlp_endpoint: None,
        };
        choose(&mut settings);
        let master_key = MasterKey::parse(MASTER_KEY).unwrap();
        let (clock, randomness) = (Clock::set_to(now), Randomness::seeded(seed));
        let app =
            App::start(db.store().await, &master_key, clock, randomness, settings, claviger::FEATURES).await.unwrap();
        let serving =
            tokio::spawn(claviger::serve(listener, claviger::router(&app), ConnectionLimits::default(), pending()));
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { app, address, client, names: AtomicU32::new(1), serving }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
