//! The options of connections, and the descriptors that they may take.

use std::time::Duration;

use claviger::ConnectionLimits;
use kernel::app::Network;

/// The limits of connections; 0 is no limit.
#[derive(clap::Args)]
pub(crate) struct ConnectionOptions {
    /// How long the head of a request may take; 0 for no limit, as with the other limits of connections.
    #[arg(long, global = true, env = "CLAVIGER_HEADER_TIMEOUT", value_name = "SECONDS", default_value_t = 10)]
    header_timeout: u32,
    /// How long the body of a request may take; a second more for each 1024 bytes that arrived.
    #[arg(long, global = true, env = "CLAVIGER_BODY_TIMEOUT", value_name = "SECONDS", default_value_t = 20)]
    body_timeout: u32,
    /// How long a client may take nothing of an answer.
    #[arg(long, global = true, env = "CLAVIGER_WRITE_TIMEOUT", value_name = "SECONDS", default_value_t = 30)]
    write_timeout: u32,
    /// How long a connection may stay after an answer without another request; longer than a proxy before the server keeps
    /// it.
    #[arg(long, global = true, env = "CLAVIGER_IDLE_TIMEOUT", value_name = "SECONDS", default_value_t = 75)]
    idle_timeout: u32,
    /// After how long without a frame an HTTP/2 client is pinged, and how long it may take to answer.
    #[arg(long, global = true, env = "CLAVIGER_PING_TIMEOUT", value_name = "SECONDS", default_value_t = 20)]
    ping_timeout: u32,
    /// How many requests an HTTP/2 connection may have under way.
    #[arg(long, global = true, env = "CLAVIGER_MAX_STREAMS", value_name = "COUNT", default_value_t = 100)]
    max_streams: u32,
    /// How many connections there may be; fewer where the system allows fewer open files.
    #[arg(long, global = true, env = "CLAVIGER_MAX_CONNECTIONS", value_name = "COUNT", default_value_t = 10_000)]
    max_connections: u32,
    /// How many connections one address may have, and a quarter of all at most; a trusted proxy may have all.
    #[arg(
        long,
        global = true,
        env = "CLAVIGER_MAX_CONNECTIONS_PER_ADDRESS",
        value_name = "COUNT",
        default_value_t = 1000
    )]
    max_connections_per_address: u32,
}

impl ConnectionOptions {
    /// What holds for this process.
    pub(super) fn limits(&self, trusted_proxies: &[Network]) -> ConnectionLimits {
        let seconds = |seconds: u32| (seconds > 0).then(|| Duration::from_secs(seconds.into()));
        let count = |count: u32| (count > 0).then(|| usize::try_from(count).unwrap_or(usize::MAX));
        let limits = ConnectionLimits {
            header_timeout: seconds(self.header_timeout),
            body_timeout: seconds(self.body_timeout),
            write_timeout: seconds(self.write_timeout),
            idle_timeout: seconds(self.idle_timeout),
            ping_timeout: seconds(self.ping_timeout),
            max_streams: (self.max_streams > 0).then_some(self.max_streams),
            max_connections: count(self.max_connections),
            max_connections_per_address: count(self.max_connections_per_address),
            trusted_proxies: trusted_proxies.to_vec(),
        };
        let asked = limits.max_connections;
        let limits = limits.within(raise_descriptors());
        if limits.max_connections != asked {
            tracing::warn!(
                connections = limits.max_connections,
                per_address = limits.max_connections_per_address,
                "the system allows fewer open files than --max-connections needs (ulimit -n)"
            );
        }
        limits
    }
}

/// Takes as many open files as the system gives; how many these are, or none for as many as one likes.
#[cfg(unix)]
fn raise_descriptors() -> Option<u64> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let soft = std::mem::replace(&mut limit.current, limit.maximum);
    match setrlimit(Resource::Nofile, limit) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::warn!(%error, "the number of open files cannot be raised");
            soft
        }
    }
}

#[cfg(not(unix))]
fn raise_descriptors() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Sample {
        #[command(flatten)]
        connections: ConnectionOptions,
    }

    #[test]
    fn the_options_default_to_the_limits_of_the_library() {
        let sample = Sample::parse_from(["claviger"]);
        let (asked, expected) =
            (sample.connections.limits(&[]), ConnectionLimits::default().within(raise_descriptors()));
        assert_eq!(format!("{asked:?}"), format!("{expected:?}"));
    }

    #[test]
    fn zero_is_no_limit() {
        let zero = "--header-timeout=0 --body-timeout=0 --write-timeout=0 --idle-timeout=0 --ping-timeout=0 \
                    --max-streams=0 --max-connections=0 --max-connections-per-address=0";
        let sample = Sample::parse_from(std::iter::once("claviger").chain(zero.split_whitespace()));
        let (asked, expected) = (sample.connections.limits(&[]), ConnectionLimits::none().within(raise_descriptors()));
        assert_eq!(format!("{asked:?}"), format!("{expected:?}"));
    }
}
