//! Which addresses may be reached: those of the public internet, and networks that the operator opened.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::app::Network;

/// The addresses to which the guarded client may connect.
#[derive(Clone, Debug)]
pub(super) struct Reachable {
    opened: Arc<[Network]>,
}

#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
pub(super) struct NoPublicAddress;

impl Reachable {
    /// The public internet, and these networks.
    pub(super) fn with(opened: &[Network]) -> Self {
        Self { opened: opened.into() }
    }

    pub(super) fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.opens(address)
    }

    /// Whether the operator opened the network of this address.
    pub(super) fn opens(&self, address: IpAddr) -> bool {
        self.opened.iter().any(|network| network.contains(address.to_canonical()))
    }
}

/// Resolves names to addresses that may be reached. The checked addresses are those that are connected to, so a name
/// cannot point elsewhere between the check and the connection.
impl Resolve for Reachable {
    fn resolve(&self, name: Name) -> Resolving {
        let reachable = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reachable.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Public by its number, but on Azure's machines it is the host that they run on.
const AZURE_HOST: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

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
                || v4 == AZURE_HOST
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 192 && b == 88 && c == 99)
                || (a == 198 && (b == 18 || b == 19)))
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            // Only global unicast (2000::/3), less protocol assignments (2001::/23, with Teredo), less
            // documentation, and less 6to4, which like Teredo embeds an IPv4 address behind which a private one
            // could hide.
            first & 0xe000 == 0x2000
                && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
                && first != 0x2002
                && first != 0x3fff
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        for address in ["93.184.216.34", "168.63.129.17", "2606:2800:220:1::1", "2001:200::1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            // This machine and this network.
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fec0::1",
            "ff02::1",
            // Where clouds tell their machines secrets.
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd20:ce::254",
            // Documentation and benchmarks.
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "198.18.0.1",
            "2001:db8::1",
            "2001:2::1",
            "3fff::1",
            // IPv4 in IPv6: mapped, compatible, 6to4, Teredo, NAT64.
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::7f00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "64:ff9b::7f00:1",
            "64:ff9b:1::7f00:1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn an_opened_network_may_be_reached_and_no_other() {
        let reachable = Reachable::with(&["10.0.0.0/8".parse().unwrap()]);
        assert!(reachable.allows("10.1.1.1".parse().unwrap()));
        assert!(reachable.allows("::ffff:10.1.1.1".parse().unwrap()));
        assert!(!reachable.allows("127.0.0.1".parse().unwrap()));
    }
}
