//! Single requests beside the load: to prepare it, and to see whether a server is there.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::answer::Answer;
use crate::keys::Text;
use crate::load::head;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The bytes of a request with a JSON body.
pub(crate) fn request(method: &str, path: &str, key: &Text, body: &str) -> Vec<u8> {
    let mut text = head(method, path);
    text.extend_from_slice(b"x-api-key: ");
    text.extend_from_slice(key);
    text.extend_from_slice(
        format!("\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(),
    );
    text.extend_from_slice(body.as_bytes());
    text
}

/// Sends one request on a connection of its own. The status and the body of its answer.
pub(crate) fn send(address: SocketAddr, request: &[u8]) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut buffer)?;
        ensure!(length > 0, "no complete answer");
        received.extend_from_slice(buffer.get(..length).unwrap_or_default());
        if let Some(answer) = Answer::read(&received)? {
            let body = String::from_utf8_lossy(received.get(answer.head..).unwrap_or_default()).into_owned();
            return Ok((answer.status, body));
        }
    }
}

/// [`send`], and an error unless the answer has this status.
pub(crate) fn expect(status: u16, address: SocketAddr, request: &[u8]) -> Result<String> {
    let (found, body) = send(address, request)?;
    ensure!(found == status, "status {found}, not {status}: {body}");
    Ok(body)
}

/// A loopback address that nobody listens on.
pub(crate) fn free_address() -> Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr().context("no free loopback port")
}
