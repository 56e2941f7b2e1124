//! Requests to addresses that strangers choose: https only, public addresses only, no redirects, bounded in
//! size and time.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};

use crate::app::Network;

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 256 * 1024;
/// The longest that a whole request may take.
const MAX_TIME: Duration = Duration::from_secs(10);

/// The guarded client.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    allowed: Arc<[Network]>,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Not an https URL with a host name.
    #[error("{0} is not an https URL")]
    NotHttps(String),
    /// The address is private, loopback, link-local or otherwise not of the public internet.
    #[error("{0} is not a public address")]
    NotPublic(String),
    /// The other side cannot be reached, or does not answer in time.
    #[error("{0} cannot be reached")]
    Unreachable(String),
    /// An answer other than 200.
    #[error("{url} answers with status {status}")]
    Status {
        /// What was fetched.
        url: String,
        /// What it answered.
        status: u16,
    },
    /// The answer is too long.
    #[error("{0} answers with more than 256 KiB")]
    TooLong(String),
}

impl Outbound {
    /// A client that also reaches these networks, over plain http too: for development.
    pub fn new(allowed: &[Network]) -> Result<Self, reqwest::Error> {
        let allowed: Arc<[Network]> = allowed.into();
        // Fails only when another part of the process chose a provider, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(MAX_TIME)
            .connect_timeout(MAX_TIME)
            .dns_resolver(Arc::new(PublicOnly { allowed: Arc::clone(&allowed) }))
            .user_agent(concat!("claviger/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, allowed })
    }

    /// Fetches a JSON document.
    pub async fn get(&self, url: &str) -> Result<Vec<u8>, OutboundError> {
        let url = self.check(url)?;
        let unreachable = |_| OutboundError::Unreachable(url.to_string());
        let accept = "application/json, application/did+json, application/did+ld+json";
        let request = self.client.get(url.clone()).header(http::header::ACCEPT, accept);
        let mut response = request.send().await.map_err(|error| refusal(&error, &url))?;
        if response.status() != http::StatusCode::OK {
            return Err(OutboundError::Status { url: url.to_string(), status: response.status().as_u16() });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(OutboundError::TooLong(url.to_string()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The scheme, and an address that stands in the URL itself: names are checked after their resolution.
    fn check(&self, text: &str) -> Result<Url, OutboundError> {
        let not_https = || OutboundError::NotHttps(text.chars().take(200).collect());
        let mut url = Url::parse(text).map_err(|_| not_https())?;
        let host = url.host_str().ok_or_else(not_https)?.to_owned();
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        let opened = literal.is_some_and(|address| is_in(address, &self.allowed)) || self.opens_loopback(&host);
        if literal.is_some_and(|address| !is_public(address)) && !opened {
            return Err(OutboundError::NotPublic(host));
        }
        match url.scheme() {
            // A DID has no scheme: did:web is https by definition. On an opened network it may be http.
            "https" if opened && url.port().is_some() => url.set_scheme("http").map_err(|()| not_https())?,
            "https" => {}
            "http" if opened => {}
            _ => return Err(not_https()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(not_https());
        }
        Ok(url)
    }

    fn opens_loopback(&self, host: &str) -> bool {
        host == "localhost" && is_in(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), &self.allowed)
    }
}

fn refusal(error: &reqwest::Error, url: &Url) -> OutboundError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if inner.is::<NoPublicAddress>() {
            return OutboundError::NotPublic(url.host_str().unwrap_or_default().to_owned());
        }
        cause = inner.source();
    }
    OutboundError::Unreachable(url.to_string())
}

#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
struct NoPublicAddress;

/// Resolves names to public addresses only: what is checked here is what is connected to.
struct PublicOnly {
    allowed: Arc<[Network]>,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.allowed);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> =
                found.filter(|address| is_public(address.ip()) || is_in(address.ip(), &allowed)).collect();
            if public.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_in(address: IpAddr, networks: &[Network]) -> bool {
    networks.iter().any(|network| network.contains(address.to_canonical()))
}

/// Whether an address belongs to the public internet (IANA special-purpose address registries, RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 192 && b == 88 && c == 99)
                || (a == 198 && (b == 18 || b == 19)))
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            // Only global unicast (2000::/3), less documentation, and less what embeds an IPv4 address (6to4,
            // Teredo), behind which a private one could hide.
            first & 0xe000 == 0x2000
                && !(first == 0x2001 && (second == 0 || second == 0x0db8))
                && first != 0x2002
                && first != 0x3fff
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(networks: &[&str]) -> Outbound {
        Outbound::new(&networks.iter().map(|network| network.parse().unwrap()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        for address in ["93.184.216.34", "2606:2800:220:1::1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn only_https_to_public_hosts_is_fetched() {
        let outbound = guarded(&[]);
        assert!(outbound.check("https://example.org/did.json").is_ok());
        for url in [
            "http://example.org",
            "file:///etc/passwd",
            "ftp://example.org",
            "https://",
            "x",
            "https://u:p@example.org",
        ] {
            assert!(matches!(outbound.check(url), Err(OutboundError::NotHttps(_))), "{url}");
        }
        for url in ["https://127.0.0.1", "https://[::1]", "https://0x7f.1", "https://2130706433", "http://10.0.0.1"] {
            assert!(matches!(outbound.check(url), Err(OutboundError::NotPublic(_))), "{url}");
        }
    }

    #[test]
    fn an_opened_network_may_be_reached_over_http() {
        let outbound = guarded(&["127.0.0.0/8"]);
        assert_eq!(outbound.check("https://127.0.0.1:9/did.json").unwrap().as_str(), "http://127.0.0.1:9/did.json");
        assert_eq!(outbound.check("https://localhost:9/").unwrap().as_str(), "http://localhost:9/");
        assert!(outbound.check("http://10.0.0.1").is_err());
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_loopback_is_refused() {
        let refused = guarded(&[]).get("https://localhost/did.json").await;
        assert!(matches!(refused, Err(OutboundError::NotPublic(_))), "{refused:?}");
    }
}
