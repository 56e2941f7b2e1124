//! The state of the server: the store, the gate, the clock, randomness and the settings.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use gate::{DigestKey, Gate, TokenRealm};
use ipnet::IpNet;
use model::{Wallet, WalletId};
use opentelemetry_otlp::ExporterBuildError;
use papaya::HashMap;
use reqwest::Url;
use store::Store;
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::denials::Denials;
use crate::feature::Feature;
use crate::keyed_digest::KeyedDigest;
use crate::master_key::{MasterKey, Purpose};
use crate::memory::Memory;
use crate::outbound::Outbound;
use crate::randomness::Randomness;
use crate::rate_limit::RateLimit;
use crate::refusals::Refusals;
use crate::sealing::Sealing;
use crate::telemetry::Telemetry;

/// One running server.
pub struct App {
    /// The database.
    pub store: Store,
    /// The gate.
    pub gate: Gate,
    /// The time.
    pub clock: Clock,
    /// Random bytes and ids.
    pub randomness: Randomness,
    /// Encryption of private keys.
    pub sealing: Sealing,
    /// Digests of values that are only compared.
    pub digests: KeyedDigest,
    /// The settings of the operator.
    pub settings: Settings,
    /// Requests to addresses that strangers choose.
    pub outbound: Outbound,
    /// Metrics and traces.
    pub telemetry: Telemetry,
    /// The requests per minute of each caller.
    pub rate_limit: RateLimit,
    pub(crate) denials: Denials,
    /// What the features say of themselves.
    pub features: &'static [Feature],
    /// What the features remember.
    pub memory: Memory,
    /// Requests for access tokens and sign-ins that were refused and are not in the audit log yet.
    pub refusals: Refusals,
    /// The revision that the gate works by.
    pub applied: Mutex<i64>,
    /// The wallets, as the feed tells them.
    pub wallets: HashMap<WalletId, Wallet>,
}

/// The settings of the operator.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which clients reach the server, without a slash at the end.
    pub public_url: PublicUrl,
    /// Networks that may be reached although they are private, and over plain http: for development.
    pub allow_networks: Vec<Network>,
    /// How many requests per minute one address may send without a key; 0 for no limit.
    pub public_rate: u32,
    /// How many requests per minute an API key or OAuth client may send that has no limit of its own; 0 for no limit.
    pub key_rate: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether metrics are counted.
    pub metrics: bool,
    /// The base address of the collector that is sent traces, if there is one.
    pub otlp_endpoint: Option<Url>,
}

/// An `http` or `https` origin; plain http only on loopback.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    secure: bool,
}

/// Why a public URL was refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PublicUrlError {
    /// Not `scheme://host[:port]`.
    #[error("the public URL must be an origin, such as https://wallet.example.org")]
    NotAnOrigin,
    /// Plain http to a host that is not this machine.
    #[error("the public URL must be https, except on loopback: keys and cookies would travel in the clear")]
    Insecure,
}

impl std::str::FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let url = Url::parse(text).map_err(|_| PublicUrlError::NotAnOrigin)?;
        let host = url.host_str().ok_or(PublicUrlError::NotAnOrigin)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(PublicUrlError::NotAnOrigin);
        }
        let secure = match url.scheme() {
            "https" => true,
            "http" if is_loopback(host) => false,
            "http" => return Err(PublicUrlError::Insecure),
            _ => return Err(PublicUrlError::NotAnOrigin),
        };
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self { origin: format!("{}://{authority}", url.scheme()), authority, secure })
    }
}

impl PublicUrl {
    /// `https://host[:port]`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `host[:port]`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Who this server's access tokens are from and for: its origin, and its API.
    pub fn token_realm(&self) -> TokenRealm {
        TokenRealm { issuer: self.origin.as_str().into(), audience: format!("{}/api/v1", self.origin).into() }
    }

    /// Whether it is https.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The name of the console's cookie: `__Host-` binds it to this host over https (RFC 6265bis §4.1.3.2).
    pub fn session_cookie(&self) -> &'static str {
        if self.secure { "__Host-claviger" } else { "claviger" }
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database does not answer, or cannot be brought up to date.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The database was made with another master key.
    #[error(
        "this database belongs to another master key: every key would be refused. Start with the master key it was made with"
    )]
    OtherMasterKey,
    /// The guarded client cannot be made.
    #[error("the client for outgoing requests: {0}")]
    Outbound(#[from] reqwest::Error),
    /// The exporter of traces cannot work with the address of the collector.
    #[error("traces: {0}")]
    Traces(#[from] ExporterBuildError),
}

impl App {
    /// The public URL of a wallet, below which its protocol endpoints are. It is also the wallet's credential issuer
    /// identifier (OpenID4VCI 1.0 §12.2.1).
    pub fn wallet_url(&self, wallet: WalletId) -> String {
        format!("{}/wallets/{wallet}", self.settings.public_url.origin())
    }

    /// Puts a server together and fills its gate from the store.
    pub async fn start(
        store: Store,
        master_key: &MasterKey,
        clock: Clock,
        randomness: Randomness,
        settings: Settings,
        features: &'static [Feature],
    ) -> Result<Arc<Self>, StartError> {
        let check = master_key.derive(Purpose::Check);
        if store.settle("master_key_check", check.as_ref()).await? != check.as_ref() {
            return Err(StartError::OtherMasterKey);
        }
        let digest_key = DigestKey::from_bytes(*master_key.derive(Purpose::Digest));
        let public_url = &settings.public_url;
        let gate = Gate::new(digest_key, public_url.session_cookie(), public_url.token_realm())
            .with_requests_per_minute(NonZeroU32::new(settings.key_rate));
        // It chooses the TLS of every client, so it comes first.
        let outbound = Outbound::new(&settings.allow_networks)?;
        let telemetry = Telemetry::new(&settings, &randomness)?;
        let app = Arc::new(Self {
            features,
            store,
            gate,
            clock,
            randomness,
            sealing: Sealing::new(&master_key.derive(Purpose::Sealing)),
            digests: KeyedDigest::new(&master_key.derive(Purpose::KeyedDigest)),
            outbound,
            rate_limit: RateLimit::per_minute(settings.public_rate),
            denials: Denials::default(),
            memory: Memory::default(),
            telemetry,
            settings,
            refusals: Refusals::default(),
            applied: Mutex::new(-1),
            wallets: HashMap::default(),
        });
        app.fill().await?;
        Ok(app)
    }
}

/// A network in CIDR form, such as `127.0.0.0/8`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network(IpNet);

/// Not `address/prefix`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a network is an address and a prefix length, such as 127.0.0.0/8")]
pub struct NotANetwork;

impl std::str::FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        // The address is read as all others are: ipnet would take one with leading zeros.
        let (address, prefix) = text.split_once('/').ok_or(NotANetwork)?;
        let (Ok(address), Ok(prefix)) = (address.parse(), prefix.parse()) else { return Err(NotANetwork) };
        IpNet::new(address, prefix).map(Self).map_err(|_| NotANetwork)
    }
}

impl Network {
    /// Whether the address is in the network; an IPv4 address never is in an IPv6 one.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_and_https_except_on_loopback() {
        let url: PublicUrl = "https://wallet.example.org/".parse().unwrap();
        assert_eq!((url.origin(), url.session_cookie()), ("https://wallet.example.org", "__Host-claviger"));
        let url: PublicUrl = "http://127.0.0.1:8080".parse().unwrap();
        assert_eq!((url.authority(), url.session_cookie()), ("127.0.0.1:8080", "claviger"));
        assert!("http://[::1]:8080".parse::<PublicUrl>().is_ok());
        assert_eq!("http://wallet.example.org".parse::<PublicUrl>(), Err(PublicUrlError::Insecure));
        for text in ["wallet.example.org", "https://a/b", "https://u@a", "ftp://a", "https://a?b"] {
            assert_eq!(text.parse::<PublicUrl>(), Err(PublicUrlError::NotAnOrigin), "{text}");
        }
    }

    #[test]
    fn a_network_contains_its_addresses() {
        let contains =
            |network: &str, address: &str| network.parse::<Network>().unwrap().contains(address.parse().unwrap());
        assert!(contains("127.0.0.0/8", "127.9.9.9") && !contains("127.0.0.0/8", "128.0.0.1"));
        assert!(contains("0.0.0.0/0", "203.0.113.1") && !contains("0.0.0.0/0", "::1"));
        assert!(contains("::1/128", "::1") && !contains("::1/128", "::2"));
        for text in ["", "127.0.0.1", "127.0.0.0/33", "::1/129", "x/8", "010.0.0.0/8"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }
}
