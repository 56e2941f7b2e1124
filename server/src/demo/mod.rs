//! `claviger --demo`: a throw-away wallet with sample content, made through the ordinary operations.

mod bakery;
mod content;
mod customer;
mod exchange;
mod sample;
mod story;
mod usage;

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use claviger::{App, FEATURES};
use kernel::app::Settings;
use kernel::clock::Clock;
use kernel::master_key::MasterKey;
use kernel::randomness::Randomness;
use store::{Location, Store};
use zeroize::Zeroizing;

use self::story::Story;
use crate::cli::{Listeners, Options, Stop, accept, print};

/// Serves it until told to stop; nothing is kept.
pub(crate) async fn serve(options: &Options) -> anyhow::Result<()> {
    let stop = Stop::on_signals()?;
    let limits = options.connection_limits();
    let listeners = Listeners::bind(options).await?;
    let settings = settings(options, listeners.address()?)?;
    let origin = settings.public_url.origin().to_owned();
    let folder = tempfile::Builder::new().prefix("claviger-demo-").tempdir()?;
    let store = Store::open(&Location::Sqlite(folder.path().join("claviger.db"))).await?;
    let (master_key, randomness) = (master_key()?, Randomness::system());

    let now = Clock::system().now();
    let past =
        App::start(store.clone(), &master_key, Clock::set_to(now), randomness.clone(), settings.clone(), FEATURES)
            .await?;
    let sample = sample::fill(&past, now).await?;
    drop(past);
    let app = App::start(store, &master_key, Clock::system(), randomness, settings, FEATURES).await?;

    let sample::Sample { email, password, bank, bakery, exchange } = sample;
    let lines = Story { origin: &origin, bank: &bank, bakery: &bakery, exchange: &exchange };
    print(&format!(
        "Claviger's demo: two wallets with sample content, which are gone when this ends (Ctrl-C).\n\
         \n\
         Console: {origin}/\n\
         sign in with {email}, password {}\n\
         (and with daan@bank.example, who hands out access, or amira@audit.example, who may only look; {} is of the \
         other wallet)\n\
         \n\
         curl -s -H 'x-api-key: {}' {origin}/api/v1/credentials\n\
         \n\
         {lines}",
        password.as_str(),
        bakery::EMAIL,
        bank.reveal()
    ))?;
    let served = accept(app, listeners, limits, stop).await;
    folder.close()?;
    served
}

/// What the operator chose; and the server may reach itself, because its two wallets deal with each other.
fn settings(options: &Options, address: SocketAddr) -> anyhow::Result<Settings> {
    let mut settings = options.settings(address)?;
    if address.ip().is_loopback() {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        settings.allow_networks.push(format!("{}/{bits}", address.ip()).parse()?);
    }
    Ok(settings)
}

/// A new key, which dies with the process.
fn master_key() -> anyhow::Result<MasterKey> {
    let mut bytes = Zeroizing::new([0; 32]);
    Randomness::system().fill(bytes.as_mut());
    Ok(MasterKey::parse(&Zeroizing::new(BASE64.encode(bytes.as_ref())))?)
}
