//! The address of the client: that of the connection, or the one that trusted proxies name.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, HeaderName};

use crate::app::Network;

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client. `X-Forwarded-For` is read from the right, as far as trusted proxies wrote it: what
/// stands further left is what the client itself may have sent. Unspecified when the request came over no connection.
pub fn client_address(headers: &HeaderMap, extensions: &Extensions, proxies: &[Network]) -> IpAddr {
    let connection = extensions.get::<ConnectInfo<SocketAddr>>();
    let mut client = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |connection| connection.0.ip());
    let values = headers.get_all(&X_FORWARDED_FOR).into_iter().rev().filter_map(|value| value.to_str().ok());
    for hop in values.flat_map(|value| value.rsplit(',')) {
        let trusted = proxies.iter().any(|network| network.contains(client.to_canonical()));
        match hop.trim().parse() {
            Ok(address) if trusted => client = address,
            _ => break,
        }
    }
    client.to_canonical()
}

/// The network that counts as one client: for IPv6 the whole /64.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        IpAddr::V4(v4) => IpAddr::V4(v4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(&X_FORWARDED_FOR, value.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let proxies: Vec<Network> = proxies.iter().map(|network| network.parse().unwrap()).collect();
        client_address(&headers, &extensions, &proxies).to_string()
    }

    #[test]
    fn a_client_cannot_say_where_it_comes_from() {
        assert_eq!(client("192.0.2.1", &[], &[]), "192.0.2.1");
        assert_eq!(client("192.0.2.1", &["198.51.100.1"], &[]), "192.0.2.1");
        assert_eq!(client("192.0.2.1", &["198.51.100.1"], &["10.0.0.0/8"]), "192.0.2.1");
        assert_eq!(client("::ffff:192.0.2.1", &[], &[]), "192.0.2.1");
    }

    #[test]
    fn trusted_proxies_say_it_from_the_right() {
        let proxies = ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"];
        for (forwarded, expected) in [
            (&["198.51.100.1"][..], "198.51.100.1"),
            (&["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
            (&["203.0.113.9, 198.51.100.1 ,10.1.1.1,fd00::1"], "198.51.100.1"),
            (&["203.0.113.9", "198.51.100.1, 10.1.1.1"], "198.51.100.1"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["10.1.1.1"], "10.1.1.1"),
            // An unreadable entry ends the list: nothing to the left of it is trusted.
            (&["198.51.100.1, unknown"], "127.0.0.1"),
            (&["198.51.100.1, 10.1.1.1:80"], "127.0.0.1"),
            (&[""], "127.0.0.1"),
        ] {
            assert_eq!(client("127.0.0.1", forwarded, &proxies), expected, "{forwarded:?}");
        }
    }

    #[test]
    fn hosts_of_one_ipv6_network_count_as_one() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
