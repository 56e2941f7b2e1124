//! The time-outs and bounds of connections, so that no client can hold sockets for ever.

use std::time::Duration;

use kernel::app::Network;

/// The system's own files, the database and requests to others need descriptors too.
const RESERVED: u64 = 64;

/// What holds for the connections of one listener; `None` is no limit.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// How long the head of a request may take from its first byte, and the first request from the connection's
    /// beginning.
    pub header_timeout: Option<Duration>,
    /// How long a body may take to arrive; a second more for each 1024 bytes that arrived.
    pub body_timeout: Option<Duration>,
    /// How long a client may take nothing of an answer.
    pub write_timeout: Option<Duration>,
    /// How long a connection may stay without a request after one was answered.
    pub idle_timeout: Option<Duration>,
    /// After how long without a frame an HTTP/2 client is pinged (RFC 9113 §6.7), and how long it may take to answer.
    pub ping_timeout: Option<Duration>,
    /// How many requests an HTTP/2 connection may have under way (RFC 9113 §5.1.2).
    pub max_streams: Option<u32>,
    /// How many connections there may be.
    pub max_connections: Option<usize>,
    /// How many of them one address may have; an IPv6 network of 64 bits counts as one.
    pub max_connections_per_address: Option<usize>,
    /// Proxies, whose connections are those of many clients: the limit per address is not for them.
    pub trusted_proxies: Vec<Network>,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            header_timeout: Some(Duration::from_secs(10)),
            body_timeout: Some(Duration::from_secs(20)),
            write_timeout: Some(Duration::from_secs(30)),
            // Longer than the 60 seconds for which common proxies keep a connection, so that they end it and no request
            // meets the end.
            idle_timeout: Some(Duration::from_secs(75)),
            ping_timeout: Some(Duration::from_secs(20)),
            max_streams: Some(100),
            max_connections: Some(10_000),
            max_connections_per_address: Some(1000),
            trusted_proxies: Vec::new(),
        }
    }
}

impl ConnectionLimits {
    /// No limit at all: to measure what the limits cost.
    pub fn none() -> Self {
        Self {
            header_timeout: None,
            body_timeout: None,
            write_timeout: None,
            idle_timeout: None,
            ping_timeout: None,
            max_streams: None,
            max_connections: None,
            max_connections_per_address: None,
            trusted_proxies: Vec::new(),
        }
    }

    /// The same where the process may have so many files open: connections never take the last ones, and one address has
    /// at most a quarter of the connections.
    #[must_use]
    pub fn within(mut self, descriptors: Option<u64>) -> Self {
        let left = descriptors.map(|all| usize::try_from(all.saturating_sub(RESERVED).max(1)).unwrap_or(usize::MAX));
        self.max_connections = lesser(self.max_connections, left);
        let quarter = self.max_connections.map(|all| all.div_ceil(4));
        self.max_connections_per_address = lesser(self.max_connections_per_address, quarter);
        self
    }
}

fn lesser(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_and_each_address_leaves_connections() {
        let of = |descriptors| {
            let limits = ConnectionLimits::default().within(descriptors);
            (limits.max_connections, limits.max_connections_per_address)
        };
        assert_eq!(of(None), (Some(10_000), Some(1000)));
        assert_eq!(of(Some(1_048_576)), (Some(10_000), Some(1000)));
        assert_eq!(of(Some(256)), (Some(192), Some(48)));
        assert_eq!(of(Some(10)), (Some(1), Some(1)));
        let limits = ConnectionLimits::none().within(Some(256));
        assert_eq!((limits.max_connections, limits.max_connections_per_address), (Some(192), Some(48)));
        let limits = ConnectionLimits::none().within(None);
        assert_eq!((limits.max_connections, limits.max_connections_per_address), (None, None));
    }
}
