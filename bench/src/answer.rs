//! Reading HTTP/1.1 answers, which come in pieces of any size.

use anyhow::{Context, Result, bail, ensure};

/// More header fields than any server here sends.
const MAX_FIELDS: usize = 48;

/// What a load needs to know of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// Where the body begins; the length of the head.
    pub(crate) head: usize,
    /// The length of the body.
    pub(crate) body: usize,
    /// Whether the server closes the connection after it.
    pub(crate) close: bool,
}

impl Answer {
    /// Reads an answer; none while it is not complete. An error when it is not HTTP, does not tell its length, or more
    /// follows than was asked for.
    pub(crate) fn read(received: &[u8]) -> Result<Option<Self>> {
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut response = httparse::Response::new(&mut fields);
        let httparse::Status::Complete(head) = response.parse(received)? else { return Ok(None) };
        let status = response.code.context("an answer without a status")?;
        let (mut body, mut close) = (None, false);
        for field in response.headers.iter() {
            if field.name.eq_ignore_ascii_case("content-length") {
                body = Some(str::from_utf8(field.value)?.trim().parse()?);
            } else if field.name.eq_ignore_ascii_case("connection") {
                close = field.value.eq_ignore_ascii_case(b"close");
            }
        }
        let body = match body {
            Some(length) => length,
            None if status == 204 || status == 304 => 0,
            None => bail!("an answer of status {status} without content-length"),
        };
        ensure!(received.len() <= head + body, "more than one answer to one request");
        Ok((received.len() == head + body).then_some(Self { status, head, body, close }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    #[test]
    fn an_answer_is_read_however_it_is_split() {
        for length in 0..OK.len() {
            assert_eq!(Answer::read(&OK[..length]).unwrap(), None, "{length} bytes");
        }
        let expected = Answer { status: 200, head: OK.len() - 2, body: 2, close: false };
        assert_eq!(Answer::read(OK).unwrap(), Some(expected));
    }

    #[test]
    fn an_answer_may_be_empty_or_end_the_connection() {
        let empty = Answer::read(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap();
        assert_eq!((empty.status, empty.body, empty.close), (204, 0, false));
        let last = Answer::read(b"HTTP/1.1 401 Unauthorized\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n");
        assert!(last.unwrap().unwrap().close);
    }

    #[test]
    fn what_cannot_be_counted_is_an_error() {
        let error = |bytes: &[u8]| Answer::read(bytes).unwrap_err().to_string();
        error(b"SSH-2.0-OpenSSH\r\n\r\n");
        assert!(error(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").contains("content-length"));
        assert!(error(&[OK, b"{}"].concat()).contains("more than one answer"));
    }
}
