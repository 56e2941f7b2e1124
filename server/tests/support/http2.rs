//! Requests over HTTP/2 with prior knowledge (RFC 9113 §3.3), frame by frame, for those that no client would send.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a test waits for an answer before it fails.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a client begins with: the preface and a SETTINGS frame that sets nothing (RFC 9113 §3.4).
pub(crate) const BEGINNING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// A type of frames (RFC 9113 §6).
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const GOAWAY: u8 = 7;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// A frame that was received.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) payload: Vec<u8>,
}

/// The HEADERS frame of the first request, which has a body unless it is ended. Each field is a literal (RFC 7541
/// §6.2.2).
pub(crate) fn request(fields: &[(&str, &str)], is_ended: bool) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            assert!(text.len() < 127, "a length of one byte");
            block.push(u8::try_from(text.len()).unwrap());
            block.extend(text.as_bytes());
        }
    }
    let length = u32::try_from(block.len()).unwrap().to_be_bytes();
    let flags = END_HEADERS | if is_ended { END_STREAM } else { 0 };
    [&length[1..], &[HEADERS, flags, 0, 0, 0, 1], &block].concat()
}

/// The whole frames of what was received.
pub(crate) fn frames(mut received: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let [high, middle, low, kind, _flags, _, _, _, _, rest @ ..] = received {
        let length = u32::from_be_bytes([0, *high, *middle, *low]) as usize;
        let Some((payload, after)) = rest.split_at_checked(length) else { break };
        frames.push(Frame { kind: *kind, payload: payload.to_vec() });
        received = after;
    }
    frames
}

/// The status in the first answer; none where the server reset the request.
pub(crate) fn status(frames: &[Frame]) -> Option<u16> {
    let block = &frames.iter().find(|frame| frame.kind == HEADERS)?.payload;
    match block.as_slice() {
        // From the static table (RFC 7541, appendix A).
        [0x88, ..] => Some(200),
        [0x8C, ..] => Some(400),
        [0x8D, ..] => Some(404),
        // A literal with the name of the table and a value in Huffman code (RFC 7541 §6.2).
        [0x08 | 0x18 | 0x48, length, rest @ ..] if length & 0x80 != 0 => {
            Some(digits(&rest[..usize::from(length & 0x7F)]).parse().unwrap())
        }
        [0x08 | 0x18 | 0x48, 3, rest @ ..] => Some(str::from_utf8(&rest[..3]).unwrap().parse().unwrap()),
        other => panic!("a status in a form that is not read here: {other:?}"),
    }
}

/// Sends one request without a body: its status, or none where the server resets it or ends the connection.
pub(crate) fn send(address: SocketAddr, fields: &[(&str, &str)]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(&[BEGINNING, &request(fields, true)].concat()).unwrap();
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut buffer).unwrap();
        received.extend(&buffer[..length]);
        let frames = frames(&received);
        if length == 0 || frames.iter().any(|frame| [HEADERS, RST_STREAM, GOAWAY].contains(&frame.kind)) {
            return status(&frames);
        }
    }
}

/// Three digits in Huffman code (RFC 7541, appendix B): 0 to 2 have five bits, the others six.
fn digits(coded: &[u8]) -> String {
    let bits: Vec<u8> = coded.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    let number = |bits: &[u8]| bits.iter().fold(0, |number, bit| number << 1 | bit);
    let (mut digits, mut at) = (String::new(), 0);
    while digits.len() < 3 {
        let (digit, length) = match number(&bits[at..at + 5]) {
            digit @ 0..=2 => (digit, 5),
            _ => (number(&bits[at..at + 6]) - 0x19 + 3, 6),
        };
        digits.push(char::from(b'0' + digit));
        at += length;
    }
    digits
}
