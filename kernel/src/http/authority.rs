//! The authority of a request: the host for which it is (RFC 9112 §3.2, RFC 9113 §8.3.1).

use std::net::Ipv6Addr;

use axum::extract::Request;
use http::{HeaderMap, HeaderValue, Uri, Version, header};

/// The host and port that a request is for: of the target itself where that names one, and else of `Host` (RFC 9112
/// §3.2.2).
pub fn authority<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let host = || headers.get(header::HOST).and_then(|host| host.to_str().ok());
    uri.authority().map(http::uri::Authority::as_str).or_else(host)
}

/// The reason why the host of a request is not clear; `None` when it is.
pub fn unclear(request: &Request) -> Option<&'static str> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Some("Host stands in the request more than once.");
    }
    if host.is_some_and(|host| !is_host(host.as_bytes())) {
        return Some("Host must be a host name or an address, with a port or without.");
    }
    match (request.uri().authority(), host) {
        // Who signs in with the address of a server means another one (RFC 9110 §4.2.4).
        (Some(target), _) if target.as_str().contains('@') => Some("The target of the request names a user."),
        (Some(target), _) if !is_host(target.as_str().as_bytes()) => {
            Some("The target of the request must name a host name or an address, with a port or without.")
        }
        (Some(target), Some(host)) if request.version() == Version::HTTP_2 && !is_same(target.as_str(), host) => {
            Some(":authority and Host name different hosts.")
        }
        (_, Some(_)) => None,
        (target, None) => {
            let is_enough = match request.version() {
                Version::HTTP_09 | Version::HTTP_10 => true,
                Version::HTTP_11 => false,
                _ => target.is_some(),
            };
            (!is_enough).then_some("The request does not say for which host it is: send the header Host.")
        }
    }
}

fn is_same(target: &str, host: &HeaderValue) -> bool {
    target.as_bytes().eq_ignore_ascii_case(host.as_bytes())
}

/// `uri-host [ ":" port ]` (RFC 9110 §7.2). Empty is a host, too: that of a target without one (RFC 9112 §3.2).
fn is_host(value: &[u8]) -> bool {
    let (host, port) = match value.strip_prefix(b"[") {
        Some(rest) => {
            let Some(end) = rest.iter().position(|byte| *byte == b']') else { return false };
            let (literal, after) = rest.split_at(end);
            let is_address = str::from_utf8(literal).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok());
            if !is_address {
                return false;
            }
            (&b""[..], after.get(1..).unwrap_or_default())
        }
        None => value.split_at(value.iter().position(|byte| *byte == b':').unwrap_or(value.len())),
    };
    let is_port = match port.split_first() {
        None => true,
        Some((colon, digits)) => *colon == b':' && digits.iter().all(u8::is_ascii_digit),
    };
    is_port && is_name(host)
}

/// `reg-name` (RFC 3986 §3.2.2), which IPv4 addresses are among.
fn is_name(name: &[u8]) -> bool {
    let mut bytes = name.iter();
    while let Some(byte) = bytes.next() {
        let is_allowed = match byte {
            b'%' => (0..2).all(|_| bytes.next().is_some_and(u8::is_ascii_hexdigit)),
            byte => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(byte),
        };
        if !is_allowed {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port_or_without() {
        for host in
            ["", "a", "a.example", "A_b~.example:", "a:8080", "127.0.0.1:1", "[::1]", "[2001:db8::1]:443", "%C3%A9"]
        {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "a b",
            "a/b",
            "http://a",
            "u@a",
            "a:b",
            "a:1:2",
            "::1",
            "[::1",
            "[]",
            "[a]",
            "[::1]x",
            "[::1]:x",
            "a?b",
            "a#b",
            "%",
            "%4",
            "%zz",
            "é",
            "a\\b",
            "a\"b",
            "<a>",
            "a:-1",
            "[::1%eth0]",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    fn refused(version: Version, target: &str, hosts: &[&str]) -> bool {
        let mut request = Request::builder().version(version).uri(target);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        unclear(&request.body(Body::empty()).unwrap()).is_some()
    }

    #[test]
    fn a_request_says_once_for_which_host_it_is() {
        use Version as V;
        for (version, target, hosts) in [
            (V::HTTP_11, "/", &["a"][..]),
            (V::HTTP_11, "http://a/", &["a"]),
            // The target counts (RFC 9112 §3.2.2).
            (V::HTTP_11, "http://a/", &["b"]),
            (V::HTTP_10, "/", &[]),
            (V::HTTP_10, "/", &["a"]),
            (V::HTTP_2, "http://a/", &[]),
            (V::HTTP_2, "http://a/", &["A"]),
            (V::HTTP_2, "/", &["a"]),
        ] {
            assert!(!refused(version, target, hosts), "{version:?} {target} {hosts:?}");
        }
        for (version, target, hosts) in [
            (V::HTTP_11, "/", &[][..]),
            (V::HTTP_11, "http://a/", &[]),
            (V::HTTP_11, "/", &["a", "a"]),
            (V::HTTP_11, "/", &["a b"]),
            (V::HTTP_11, "http://u@a/", &["a"]),
            (V::HTTP_10, "/", &["a", "b"]),
            (V::HTTP_10, "/", &["a/b"]),
            (V::HTTP_2, "/", &[]),
            (V::HTTP_2, "http://a/", &["b"]),
            (V::HTTP_2, "http://a/", &["a", "a"]),
        ] {
            assert!(refused(version, target, hosts), "{version:?} {target} {hosts:?}");
        }
    }

    #[test]
    fn the_target_counts_before_the_header() {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("b"))]);
        assert_eq!(authority(&Uri::from_static("http://a:1/x"), &headers), Some("a:1"));
        assert_eq!(authority(&Uri::from_static("/x"), &headers), Some("b"));
        assert_eq!(authority(&Uri::from_static("/x"), &HeaderMap::new()), None);
    }
}
