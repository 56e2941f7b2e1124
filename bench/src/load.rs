//! What loads a server: keep-alive connections in one thread, each with one request under way. The next one is sent
//! when the answer is complete and has been checked.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Registry, Token};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::answer::Answer;
use crate::keys::{LENGTH, Text};

/// The token of a connection is its pool's number times this and its own.
const MAX_CONNECTIONS: usize = 1024;
/// How often a connection is made anew for one request: a server may have closed it while it stood idle.
const ATTEMPTS: usize = 3;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The thread's connections.
pub(crate) struct Loader {
    poll: Poll,
    events: Events,
    pools: usize,
}

/// What the connections of a pool send.
pub(crate) struct Requests {
    /// Sent in turn.
    texts: Vec<Vec<u8>>,
    /// Where in the text the key stands that is put in.
    key_at: usize,
    keys: Keys,
}

enum Keys {
    /// What the text has.
    Fixed,
    /// Each connection has one of the texts.
    Whole,
    /// Each connection has one of them.
    Own(Vec<Text>),
    /// Each request has one of them.
    Random(Vec<Text>),
}

/// Connections to one server that send the same kind of request.
pub(crate) struct Pool {
    number: usize,
    address: SocketAddr,
    registry: Registry,
    requests: Requests,
    random: StdRng,
    expected: Option<u16>,
    /// The length of the first body that had the expected status.
    length: Option<usize>,
    connections: Vec<Connection>,
}

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    sent: usize,
    received: Vec<u8>,
    busy: bool,
    attempts: usize,
    turn: usize,
}

/// An answer, and to whom.
#[derive(Clone, Copy)]
pub(crate) struct Answered {
    /// The pool's place among those that were given to [`Loader::drive`].
    pub(crate) pool: usize,
    /// The connection's number in the pool.
    pub(crate) connection: usize,
    /// The status of the answer.
    pub(crate) status: u16,
}

impl Requests {
    /// The same text every time.
    pub(crate) fn fixed(text: Vec<u8>) -> Self {
        Self::in_turn(vec![text])
    }

    /// One text after the other.
    pub(crate) fn in_turn(texts: Vec<Vec<u8>>) -> Self {
        Self { texts, key_at: 0, keys: Keys::Fixed }
    }

    /// Each connection sends one of these, and always the same.
    pub(crate) fn one_each(texts: Vec<Vec<u8>>) -> Self {
        Self { texts, key_at: 0, keys: Keys::Whole }
    }

    /// A GET request with an API key, of which each connection has its own one of these.
    pub(crate) fn own_key(path: &str, keys: Vec<Text>) -> Self {
        Self::get(path, Keys::Own(keys))
    }

    /// A GET request with an API key, each time any of these.
    pub(crate) fn random_key(path: &str, keys: Vec<Text>) -> Self {
        Self::get(path, Keys::Random(keys))
    }

    fn get(path: &str, keys: Keys) -> Self {
        let text = get(path, &[b'?'; LENGTH]);
        let key_at = text.len() - LENGTH - "\r\n\r\n".len();
        Self { texts: vec![text], key_at, keys }
    }
}

/// A GET request as an ordinary client sends it; the key stands at its end.
pub(crate) fn get(path: &str, key: &Text) -> Vec<u8> {
    let mut text = head("GET", path);
    text.extend_from_slice(b"x-api-key: ");
    text.extend_from_slice(key);
    text.extend_from_slice(b"\r\n\r\n");
    text
}

/// The beginning of every request; the empty line is still to come.
pub(crate) fn head(method: &str, path: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost:8080\r\nuser-agent: acme-backend/1.4\r\naccept: application/json\r\n"
    )
    .into_bytes()
}

impl Loader {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self { poll: Poll::new()?, events: Events::with_capacity(MAX_CONNECTIONS), pools: 0 })
    }

    /// Connects so often. An answer of another status than `expected`, or of another length than the first one, is an
    /// error.
    pub(crate) fn connect(
        &mut self,
        address: SocketAddr,
        connections: usize,
        expected: impl Into<Option<u16>>,
        requests: Requests,
    ) -> Result<Pool> {
        ensure!(connections < MAX_CONNECTIONS, "too many connections");
        self.pools += 1;
        let mut pool = Pool {
            number: self.pools,
            address,
            registry: self.poll.registry().try_clone()?,
            requests,
            random: StdRng::seed_from_u64(self.pools as u64),
            expected: expected.into(),
            length: None,
            connections: Vec::new(),
        };
        for number in 0..connections {
            let stream = pool.stream(number)?;
            let (request, received) = (Vec::new(), Vec::new());
            let connection = Connection { stream, request, sent: 0, received, busy: false, attempts: 0, turn: 0 };
            pool.connections.push(connection);
            pool.give_key(number);
        }
        Ok(pool)
    }

    /// Loads with these pools at once until the time is over and every answer is there. How many answers each got,
    /// and how long it took.
    pub(crate) fn load(&mut self, pools: &mut [Pool], time: Duration) -> Result<(Vec<u64>, Duration)> {
        let mut answers = vec![0; pools.len()];
        let start = Instant::now();
        self.drive(pools, |answered| {
            if let Some(count) = answers.get_mut(answered.pool) {
                *count += 1;
            }
            start.elapsed() < time
        })?;
        Ok((answers, start.elapsed()))
    }

    /// Sends one request on every connection, and another one after each answer for which `next` says so; returns when
    /// no request is under way.
    pub(crate) fn drive(&mut self, pools: &mut [Pool], mut next: impl FnMut(Answered) -> bool) -> Result<()> {
        let mut under_way = 0;
        for pool in &mut *pools {
            for number in 0..pool.connections.len() {
                pool.send(number)?;
                under_way += 1;
            }
        }
        while under_way > 0 {
            self.poll.poll(&mut self.events, Some(PATIENCE)).or_else(ignore_interrupts)?;
            ensure!(!self.events.is_empty(), "no answer within {} seconds", PATIENCE.as_secs());
            for event in &self.events {
                let (owner, number) = (event.token().0 / MAX_CONNECTIONS, event.token().0 % MAX_CONNECTIONS);
                // What else happens on idle connections of others is seen when they are used again.
                let Some(place) = pools.iter().position(|pool| pool.number == owner) else { continue };
                let Some(pool) = pools.get_mut(place) else { continue };
                let Some(status) = pool.receive(number)? else { continue };
                if next(Answered { pool: place, connection: number, status }) {
                    pool.send(number)?;
                } else {
                    under_way -= 1;
                }
            }
        }
        Ok(())
    }
}

impl Pool {
    /// From now on every connection sends these.
    pub(crate) fn set_requests(&mut self, requests: Requests) {
        self.requests = requests;
        self.length = None;
        (0..self.connections.len()).for_each(|number| self.give_key(number));
    }

    fn stream(&self, number: usize) -> Result<TcpStream> {
        let stream = std::net::TcpStream::connect(self.address).context("cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        let token = Token(self.number * MAX_CONNECTIONS + number);
        self.registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(stream)
    }

    /// Writes the request of a connection anew, with the key that it keeps.
    fn give_key(&mut self, number: usize) {
        let Some(connection) = self.connections.get_mut(number) else { return };
        let (texts, keys) = (&self.requests.texts, &self.requests.keys);
        let text = if let Keys::Whole = keys { number % texts.len().max(1) } else { 0 };
        connection.turn = 0;
        connection.request = texts.get(text).cloned().unwrap_or_default();
        if let Keys::Own(keys) | Keys::Random(keys) = keys {
            put_key(&mut connection.request, self.requests.key_at, keys, &mut self.random);
        }
    }

    fn send(&mut self, number: usize) -> Result<()> {
        let connection = self.connections.get_mut(number).context("no such connection")?;
        if let Keys::Random(keys) = &self.requests.keys {
            put_key(&mut connection.request, self.requests.key_at, keys, &mut self.random);
        } else if let (Keys::Fixed, [_, _, ..]) = (&self.requests.keys, &*self.requests.texts) {
            connection.turn += 1;
            let text = self.requests.texts.get(connection.turn % self.requests.texts.len()).context("no text")?;
            connection.request.clone_from(text);
        }
        connection.sent = 0;
        connection.attempts = 0;
        connection.busy = true;
        connection.received.clear();
        self.write(number)
    }

    /// Writes what the socket takes.
    fn write(&mut self, number: usize) -> Result<()> {
        let connection = self.connections.get_mut(number).context("no such connection")?;
        while let Some(rest) = connection.request.get(connection.sent..).filter(|rest| !rest.is_empty()) {
            match connection.stream.write(rest) {
                Ok(written) => connection.sent += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_closed(&error) => return self.again(number),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads what there is; the status of a complete answer.
    fn receive(&mut self, number: usize) -> Result<Option<u16>> {
        self.write(number)?;
        let mut buffer = [0; 16 * 1024];
        loop {
            let connection = self.connections.get_mut(number).context("no such connection")?;
            if !connection.busy {
                return Ok(None);
            }
            match connection.stream.read(&mut buffer) {
                Ok(0) => {
                    ensure!(
                        connection.received.is_empty(),
                        "the server closed the connection in the midst of an answer"
                    );
                    self.again(number)?;
                }
                Ok(length) => {
                    connection.received.extend_from_slice(buffer.get(..length).unwrap_or_default());
                    if let Some(answer) = Answer::read(&connection.received)? {
                        connection.busy = false;
                        return self.check(number, answer).map(Some);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_closed(&error) => self.again(number)?,
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn check(&mut self, number: usize, answer: Answer) -> Result<u16> {
        if let Some(expected) = self.expected {
            let length = *self.length.get_or_insert(answer.body);
            if (answer.status, answer.body) != (expected, length) {
                let received = self.connections.get(number).map(|connection| &*connection.received).unwrap_or_default();
                let said = String::from_utf8_lossy(received);
                bail!("status {} with {} bytes, not {expected} with {length}: {said}", answer.status, answer.body);
            }
        }
        if answer.close {
            self.reconnect(number)?;
        }
        Ok(answer.status)
    }

    /// Sends the request once more, on a new connection.
    fn again(&mut self, number: usize) -> Result<()> {
        self.reconnect(number)?;
        let connection = self.connections.get_mut(number).context("no such connection")?;
        connection.attempts += 1;
        ensure!(connection.attempts < ATTEMPTS, "the server closes the connection without an answer");
        connection.sent = 0;
        self.write(number)
    }

    fn reconnect(&mut self, number: usize) -> Result<()> {
        let stream = self.stream(number)?;
        let connection = self.connections.get_mut(number).context("no such connection")?;
        // The old one leaves the registry when it is closed.
        connection.stream = stream;
        Ok(())
    }
}

fn put_key(request: &mut [u8], at: usize, keys: &[Text], random: &mut StdRng) {
    let place = request.get_mut(at..at + LENGTH);
    if let (Some(place), Some(key)) = (place, keys.get(random.random_range(0..keys.len().max(1)))) {
        place.copy_from_slice(key);
    }
}

fn is_closed(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted)
}

fn ignore_interrupts(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == ErrorKind::Interrupted { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that answers each request in two pieces, and closes the connection after so many.
    fn serve(listener: TcpListener, until_close: usize) {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                for count in 1.. {
                    let (mut buffer, mut length) = ([0; 1024], 0);
                    while !buffer[..length].ends_with(b"\r\n\r\n") {
                        match stream.read(&mut buffer[length..]) {
                            Ok(0) | Err(_) => return,
                            Ok(more) => length += more,
                        }
                    }
                    stream.set_nodelay(true).unwrap();
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le").unwrap();
                    stream.write_all(b"ngth: 2\r\n\r\n{}").unwrap();
                    if count == until_close {
                        return;
                    }
                }
            });
        }
    }

    fn server(until_close: usize) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || serve(listener, until_close));
        address
    }

    #[test]
    fn every_answer_is_counted_also_when_the_server_closes_connections() {
        let address = server(10);
        let mut loader = Loader::new().unwrap();
        let requests = Requests::random_key("/", crate::keys::unknown(3).unwrap());
        let mut pools = [loader.connect(address, 4, 200, requests).unwrap()];
        let mut answers = 0;
        loader
            .drive(&mut pools, |answered| {
                answers += 1;
                assert_eq!(answered.status, 200);
                answers <= 100
            })
            .unwrap();
        assert_eq!(answers, 104);
    }

    #[test]
    fn an_unexpected_answer_is_an_error() {
        let address = server(10);
        let mut loader = Loader::new().unwrap();
        let mut pools = [loader.connect(address, 1, 401, Requests::fixed(get("/", &[b'0'; LENGTH]))).unwrap()];
        let error = loader.load(&mut pools, Duration::ZERO).unwrap_err().to_string();
        assert!(error.contains("status 200"), "{error}");
    }

    #[test]
    fn the_key_is_put_where_it_belongs() {
        let keys = crate::keys::unknown(1).unwrap();
        let address = server(10);
        let mut loader = Loader::new().unwrap();
        let pool = loader.connect(address, 1, 200, Requests::own_key("/me", keys.clone())).unwrap();
        assert_eq!(pool.connections[0].request, get("/me", &keys[0]));
    }
}
