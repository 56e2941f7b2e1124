//! A data folder with as many API keys as asked for, made through the server's own store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::wallet;
use anyhow::{Context, Result, ensure};
use claviger::App;
use gate::{KeyKind, KeyText};
use jiff::{Timestamp, ToSpan as _};
use kernel::app::Settings;
use kernel::caller::Caller;
use kernel::clock::Clock;
use kernel::master_key::MasterKey;
use kernel::randomness::Randomness;
use model::{Action, Actor, ExternalSystemId, NewEvent, Notes, PermissionSet, SystemKind, Target, Wallet, local_date};
use store::{Location, NewExternalSystem, Store};

use crate::keys::{HELD, Key, Keys};

/// Keys in one change.
const BATCH: usize = 100_000;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The folder, which must be there and empty
    #[arg(long)]
    data: PathBuf,
    /// How many keys there will be, the special ones among them
    #[arg(long)]
    count: usize,
    /// The file for their texts, which must not be there
    #[arg(long)]
    keys: PathBuf,
}

/// Makes the folder.
pub(crate) fn run(options: &Options) -> Result<()> {
    ensure!(options.count >= 4, "at least four keys");
    tokio::runtime::Runtime::new()?.block_on(async {
        let app = open(&options.data).await?;
        let wallet = wallet::create(&app, "Benchmark", "UTC").await?;
        let seeder = Seeder { app: &app, operator: Caller::operator(wallet.id), wallet };
        let keys = seeder.seed(options.count).await?;
        app.store.close().await;
        keys.write(&options.keys)
    })
}

/// The server on a data folder, as the `claviger` binary opens it, with metrics; its limits count, but are too high
/// ever to refuse.
pub(crate) async fn open(data: &Path) -> Result<Arc<App>> {
    let randomness = Randomness::system();
    let master_key = MasterKey::read_or_make(&data.join("master.key"), &randomness)?;
    let store = Store::open(&Location::Sqlite(data.join("claviger.db"))).await?;
    let settings = Settings {
        public_url: "http://localhost:8080".parse()?,
        allow_networks: Vec::new(),
        public_rate: u32::MAX,
        key_rate: u32::MAX,
        trusted_proxies: Vec::new(),
        metrics: true,
        otlp_endpoint: None,
    };
    Ok(App::start(store, &master_key, Clock::system(), randomness, settings, claviger::FEATURES).await?)
}

struct Seeder<'a> {
    app: &'a App,
    operator: Caller,
    wallet: Wallet,
}

/// What a key of the data folder is like.
struct Kind {
    permissions: PermissionSet,
    /// The first instant at which it is not valid.
    expires_at: Timestamp,
}

impl Seeder<'_> {
    async fn seed(&self, count: usize) -> Result<Keys> {
        let now = self.app.clock.now();
        let (past, future) = (now - 24.hours(), now + (24 * 365).hours());
        let valid = |permissions| Kind { permissions, expires_at: future };
        let held = PermissionSet::from_names(&HELD.to_string());
        let powerless = self.one("powerless", &valid(PermissionSet::EMPTY)).await?;
        let expired = self.one("expired", &Kind { permissions: held, expires_at: past }).await?;
        let administrator = self.one("administrator", &valid(PermissionSet::ALL)).await?;
        let mut ordinary = Vec::with_capacity(count - 3);
        while ordinary.len() < count - 3 {
            let batch = (count - 3 - ordinary.len()).min(BATCH);
            // Names of one length, so that all answers have one length.
            let names = (ordinary.len()..).take(batch).map(|number| format!("acme-{number:08}"));
            ordinary.extend(self.insert(names, &valid(held)).await?);
        }
        Ok(Keys { ordinary, powerless, expired, administrator })
    }

    async fn one(&self, name: &str, kind: &Kind) -> Result<Key> {
        self.insert(std::iter::once(name.to_owned()), kind).await?.pop().context("no key was made")
    }

    /// Inserts keys in one change; its event names the last one.
    async fn insert(&self, names: impl Iterator<Item = String>, kind: &Kind) -> Result<Vec<Key>> {
        let mut change = self.app.begin(&self.operator).await?;
        let expires_on = local_date(kind.expires_at, &self.wallet.time_zone);
        let (mut keys, mut last) = (Vec::new(), None);
        for name in names {
            let text = KeyText::generate(KeyKind::ApiKey, &mut |bytes| self.app.randomness.fill(bytes));
            let id: ExternalSystemId = self.app.randomness.id(change.at());
            change
                .insert_external_system(&NewExternalSystem {
                    id,
                    kind: SystemKind::ApiKey,
                    name: name.parse()?,
                    permissions: kind.permissions,
                    requests_per_minute: None,
                    expires_on,
                    expires_at: kind.expires_at,
                    notes: Notes::none(),
                    key_id: text.key_id().to_string(),
                    digest: self.app.gate.digest_key().digest(&text),
                    created_by: Actor::operator(),
                })
                .await?;
            keys.push(Key { id, text: text.reveal().as_bytes().try_into()? });
            last = Some(Target::new(id, &name));
        }
        change.commit(NewEvent::new(Action::ApiKeyCreated, last.context("no key to insert")?)).await?;
        Ok(keys)
    }
}
