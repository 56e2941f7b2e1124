//! What every command is told: where the database is, which master key it was made with, and under which
//! address the server is known.

use std::fs::DirBuilder;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use claviger::{App, ConnectionLimits, FEATURES};
use kernel::app::{Network, PublicUrl, Settings};
use kernel::clock::Clock;
use kernel::master_key::{MasterKey, MasterKeyError};
use kernel::randomness::Randomness;
use reqwest::Url;
use store::{Location, Store, StoreError};
use zeroize::Zeroizing;

use super::connections::ConnectionOptions;
use super::lock::ServerLock;
use super::usage;

/// Has no option: an argument is seen by everybody on the machine.
const MASTER_KEY: &str = "CLAVIGER_MASTER_KEY";
const CANNOT_OPEN: &str = "the database cannot be opened";

/// The options of every command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Folder of the SQLite database and the master key.
    #[arg(long, global = true, env = "CLAVIGER_DATA", value_name = "DIR", default_value = "./claviger-data")]
    data: PathBuf,
    /// A PostgreSQL database to use in the place of SQLite.
    #[arg(long, global = true, env = "CLAVIGER_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<String>,
    /// File with the master key (32 bytes in base64); <DIR>/master.key when it is left out. The key itself can
    /// be given in CLAVIGER_MASTER_KEY.
    #[arg(long, global = true, env = "CLAVIGER_MASTER_KEY_FILE", value_name = "FILE")]
    master_key_file: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long, global = true, env = "CLAVIGER_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Address under which clients reach the server, such as https://wallet.example.org; http://ADDRESS when it
    /// is left out and the server listens on loopback.
    #[arg(long, global = true, env = "CLAVIGER_PUBLIC_URL", value_name = "URL")]
    public_url: Option<PublicUrl>,
    /// Private network that may be reached, over plain http too, such as 127.0.0.0/8: for development.
    #[arg(
        long = "allow-network",
        global = true,
        env = "CLAVIGER_ALLOW_NETWORKS",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    allow_networks: Vec<Network>,
    /// How many requests per minute one address may send without a key; 0 for no limit.
    #[arg(
        long = "public-rate",
        global = true,
        env = "CLAVIGER_PUBLIC_RATE",
        value_name = "REQUESTS",
        default_value_t = 3000
    )]
    public_rate: u32,
    /// How many requests per minute an API key or OAuth client may send that has no limit of its own; 0 for no limit.
    #[arg(
        long = "key-rate",
        global = true,
        env = "CLAVIGER_KEY_RATE",
        value_name = "REQUESTS",
        default_value_t = 60_000
    )]
    key_rate: u32,
    /// Proxy whose X-Forwarded-For is believed, such as 127.0.0.1/32: without it all clients behind a proxy count as
    /// one address.
    #[arg(
        long = "trusted-proxy",
        global = true,
        env = "CLAVIGER_TRUSTED_PROXIES",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    trusted_proxies: Vec<Network>,
    #[command(flatten)]
    connections: ConnectionOptions,
    /// Address and port on which metrics are served, such as 127.0.0.1:9464; not served when it is left out. It asks
    /// for no key: bind it to loopback or a private network.
    #[arg(long, global = true, env = "CLAVIGER_METRICS_LISTEN", value_name = "ADDRESS")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// OpenTelemetry collector that is sent a span for each request (OTLP over HTTP), such as http://localhost:4318; no
    /// traces when it is left out. The SDK reads other variables too: OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER.
    #[arg(
        long,
        global = true,
        env = "OTEL_EXPORTER_OTLP_ENDPOINT",
        hide_env_values = true,
        value_name = "URL",
        value_parser = collector
    )]
    otlp_endpoint: Option<Url>,
}

impl Options {
    /// The server on its database, known under the address that was bound or will be. Makes the data folder, the master
    /// key and the database where they are missing.
    pub(crate) async fn open(&self, address: SocketAddr) -> anyhow::Result<Arc<App>> {
        let settings = self.settings(address)?;
        let randomness = Randomness::system();
        if self.keeps_in_folder() {
            make_folder(&self.data)?;
        }
        let make = |file: &Path| MasterKey::read_or_make(file, &randomness);
        let master_key = self.master_key(make)?;
        let store = Store::open(&self.location()?).await.context(CANNOT_OPEN)?;
        Ok(App::start(store, &master_key, Clock::system(), randomness, settings, FEATURES).await?)
    }

    /// The same for a command on what is there: it makes nothing, because a folder or a database without content is
    /// one whose name was mistyped.
    pub(super) async fn open_existing(&self) -> anyhow::Result<Arc<App>> {
        let settings = self.settings(self.listen)?;
        let store = match Store::open_existing(&self.location()?).await {
            Err(StoreError::Absent) if self.database_url.is_none() => anyhow::bail!(
                "there is no database of Claviger in {} (choose the folder with --data). `claviger wallet add NAME` \
                 makes one",
                self.data.display()
            ),
            Err(StoreError::Absent) => anyhow::bail!(
                "the database of --database-url is not one of Claviger's. `claviger wallet add NAME` makes it one"
            ),
            opened => opened.context(CANNOT_OPEN)?,
        };
        let master_key = self.master_key(MasterKey::read_private)?;
        Ok(App::start(store, &master_key, Clock::system(), Randomness::system(), settings, FEATURES).await?)
    }

    /// Keeps other servers from the data folder while this one runs; PostgreSQL may have several.
    pub(super) fn lock(&self) -> anyhow::Result<Option<ServerLock>> {
        if self.database_url.is_some() {
            return Ok(None);
        }
        make_folder(&self.data)?;
        ServerLock::take(&self.data).map(Some)
    }

    /// What the operator chose, for a server at this address.
    pub(crate) fn settings(&self, address: SocketAddr) -> anyhow::Result<Settings> {
        let public_url = match &self.public_url {
            Some(url) => url.clone(),
            // By name, because a did:web cannot stand on an IP address.
            None if address.ip().is_loopback() => format!("http://localhost:{}", address.port()).parse()?,
            None => {
                return Err(usage(format!(
                    "--public-url is needed to listen on {address}: the https address under which clients reach the \
                     server, such as https://wallet.example.org (TLS ends at a proxy before it)"
                )));
            }
        };
        Ok(Settings {
            public_url,
            allow_networks: self.allow_networks.clone(),
            public_rate: self.public_rate,
            key_rate: self.key_rate,
            trusted_proxies: self.trusted_proxies.clone(),
            metrics: self.metrics_listen.is_some(),
            otlp_endpoint: self.otlp_endpoint.clone(),
        })
    }

    /// What holds for the connections of a server; raises how many files the process may have open.
    pub(crate) fn connection_limits(&self) -> ConnectionLimits {
        self.connections.limits(&self.trusted_proxies)
    }

    /// Whether the data folder holds anything: the database, or the master key.
    fn keeps_in_folder(&self) -> bool {
        self.database_url.is_none() || (std::env::var_os(MASTER_KEY).is_none() && self.master_key_file.is_none())
    }

    fn master_key(
        &self,
        in_folder: impl FnOnce(&Path) -> Result<MasterKey, MasterKeyError>,
    ) -> anyhow::Result<MasterKey> {
        let text = std::env::var(MASTER_KEY).ok().map(Zeroizing::new);
        match (text, &self.master_key_file) {
            (Some(_), Some(_)) => Err(usage(format!("{MASTER_KEY} and --master-key-file exclude each other"))),
            (Some(text), None) => MasterKey::parse(&text).context(MASTER_KEY),
            (None, Some(file)) => Ok(MasterKey::read(file)?),
            (None, None) => Ok(in_folder(&self.data.join("master.key"))?),
        }
    }

    fn location(&self) -> anyhow::Result<Location> {
        match &self.database_url {
            None => Ok(Location::Sqlite(self.data.join("claviger.db"))),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Location::Postgres(url.clone()))
            }
            // The URL bears a password, so it is not repeated.
            Some(_) => Err(usage("--database-url must begin with postgres://")),
        }
    }
}

/// The address of a collector. What opens it belongs into the headers, where no log shows it.
fn collector(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "not a URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("only OTLP over HTTP is spoken: the URL begins with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("a scheme, a host and a path; a secret goes into OTEL_EXPORTER_OTLP_HEADERS");
    }
    Ok(url)
}

/// Makes the folder where it is missing, for its owner alone.
fn make_folder(path: &Path) -> anyhow::Result<()> {
    let mut folder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.recursive(true).create(path).with_context(|| format!("the data folder {} cannot be made", path.display()))
}
