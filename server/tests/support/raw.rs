//! Bytes on a connection, for requests that no client would send.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// How long a test waits for an answer before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends requests of which the last closes the connection. The statuses of all the answers.
pub(crate) fn send_raw(address: SocketAddr, requests: &[u8]) -> Vec<u16> {
    exchange(address, requests, false)
}

/// Sends what may not be a whole request, and no more. The statuses of the answers, if there are any.
pub(crate) fn send_broken(address: SocketAddr, bytes: &[u8]) -> Vec<u16> {
    exchange(address, bytes, true)
}

/// `GET /api/v1/me` with this header line.
pub(crate) fn get_me(header: &[u8]) -> Vec<u8> {
    [b"GET /api/v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n", header, b"\r\n\r\n"].concat()
}

fn exchange(address: SocketAddr, bytes: &[u8], hang_up: bool) -> Vec<u16> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // The server may have answered and hung up before it has read everything.
    let _ = stream.write_all(bytes);
    if hang_up {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    let text = String::from_utf8_lossy(&answer);
    let lines = text.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ").or(line.strip_prefix("HTTP/1.0 ")));
    lines.map(|line| line.split(' ').next().unwrap().parse().unwrap()).collect()
}
