//! A connection that does nothing is ended, and no address has all of them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use claviger::ConnectionLimits;
use claviger::router;
use store::testing::Database;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::support::{Server, http2};

/// What each limit is in these tests, unless a test says otherwise.
const SHORT: Duration = Duration::from_millis(200);
/// What is far from every limit.
const LONG: Duration = Duration::from_mins(1);
/// The beginning of what an HTTP/2 client begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const GET: &[u8] = b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// No limit but one.
fn only(set: impl FnOnce(&mut ConnectionLimits)) -> ConnectionLimits {
    let mut limits = ConnectionLimits::none();
    set(&mut limits);
    limits
}

/// A listener of the server with these limits.
struct Listener {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Listener {
    async fn of(server: &Server, limits: ConnectionLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(claviger::serve(listener, router(&server.app), limits, std::future::pending()));
        Self { address, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection that has sent this.
    async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        stream
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Everything that comes until the server ends the connection, and how long that took.
async fn until_end(stream: &mut TcpStream) -> (Vec<u8>, Duration) {
    let (start, mut received) = (Instant::now(), Vec::new());
    let read = tokio::time::timeout(LONG, stream.read_to_end(&mut received)).await.expect("the server ends it");
    // A reset is an end as well.
    let _ = read;
    (received, start.elapsed())
}

/// The answer to one request, of which the connection stays.
async fn one_answer(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    while !received.windows(7).any(|window| window == b"</html>") {
        assert!(stream.read_buf(&mut received).await.unwrap() > 0, "{}", String::from_utf8_lossy(&received));
    }
    String::from_utf8(received).unwrap()
}

/// Whether the server has ended it.
async fn is_open(stream: &mut TcpStream) -> bool {
    tokio::time::timeout(Duration::from_millis(20), stream.read(&mut [0])).await.is_err()
}

async fn start() -> (Database, Server) {
    let db = Database::sqlite().await;
    let server = Server::start(&db).await;
    (db, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_without_the_head_of_a_request_is_ended() {
    let (_db, server) = start().await;
    let listener = Listener::of(&server, only(|limits| limits.header_timeout = Some(SHORT))).await;
    for part in [&b""[..], b"G", b"GET /sign-in HTTP/1.1\r\nhost: x\r\n", b"\r\n", b"PRI * HTTP/2.0\r\n", PREFACE] {
        let mut stream = listener.send(part).await;
        let (received, took) = until_end(&mut stream).await;
        assert!(took >= SHORT / 2, "{part:?}: {took:?}");
        assert!(!received.starts_with(b"HTTP/1.1 2"), "{part:?}");
    }
    let mut stream = listener.send(http2::BEGINNING).await;
    until_end(&mut stream).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_has_one_time_limit_however_slowly_it_comes() {
    let (_db, server) = start().await;
    let listener = Listener::of(&server, only(|limits| limits.header_timeout = Some(SHORT))).await;
    let (mut reader, mut writer) = listener.connect().await.into_split();
    let dribble = async {
        loop {
            if writer.write_all(b"a").await.is_err() {
                return;
            }
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    let mut end = [0; 100];
    tokio::select! {
        () = dribble => {}
        ended = reader.read(&mut end) => assert!(!matches!(ended, Ok(1..)), "no answer"),
        () = tokio::time::sleep(LONG) => panic!("it stays"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_was_used_has_time_for_another_request_and_its_head_has_less() {
    let (_db, server) = start().await;
    let limits = only(|limits| {
        limits.header_timeout = Some(SHORT);
        limits.idle_timeout = Some(LONG);
    });
    let listener = Listener::of(&server, limits).await;
    let mut stream = listener.send(GET).await;
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    tokio::time::sleep(2 * SHORT).await;
    assert!(is_open(&mut stream).await, "longer than a head may take");
    stream.write_all(GET).await.unwrap();
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    stream.write_all(&GET[..10]).await.unwrap();
    let (received, _) = until_end(&mut stream).await;
    assert!(received.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_kept_alive_without_use_is_ended() {
    let (_db, server) = start().await;
    let listener = Listener::of(&server, only(|limits| limits.idle_timeout = Some(SHORT))).await;
    let mut stream = listener.send(GET).await;
    one_answer(&mut stream).await;
    let (received, took) = until_end(&mut stream).await;
    assert!(received.is_empty() && took >= SHORT / 2, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_http2_connection_that_is_kept_alive_without_use_is_told_of_its_end() {
    let (_db, server) = start().await;
    let listener = Listener::of(&server, only(|limits| limits.idle_timeout = Some(SHORT))).await;
    let get = [(":method", "GET"), (":scheme", "http"), (":path", "/sign-in"), (":authority", "a")];
    let mut stream = listener.send(&[http2::BEGINNING, &http2::request(&get, true)].concat()).await;
    let (received, took) = until_end(&mut stream).await;
    let frames = http2::frames(&received);
    assert_eq!(http2::status(&frames), Some(200));
    let goaway = frames.iter().find(|frame| frame.kind == http2::GOAWAY).expect("RFC 9113 §6.8");
    assert_eq!(goaway.payload[4..8], [0; 4], "NO_ERROR");
    assert!(took >= SHORT / 2, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_come_is_answered_and_its_connection_ended_with_a_key_and_without() {
    let (_db, server) = start().await;
    let acme = server.wallet("Acme").await;
    let key = acme.key(&["trusted_contacts:change"]).await;
    let listener = Listener::of(&server, only(|limits| limits.body_timeout = Some(SHORT))).await;
    let api = format!("/api/v1/trusted-contacts HTTP/1.1\r\ncontent-type: application/json\r\nx-api-key: {}", key.text);
    let form = "content-type: application/x-www-form-urlencoded";
    let public = ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke", "/sign-in", "/setup", "/invitation"];
    let own = ["openid4vci/token", "openid4vp/responses/01935500-0000-7000-8000-000000000000"];
    let paths = public.map(ToOwned::to_owned).into_iter().chain(own.map(|path| format!("/wallets/{}/{path}", acme.id)));
    let page = format!("/sign-in HTTP/1.1\r\naccept: text/html\r\nsec-fetch-site: same-origin\r\n{form}");
    let forms = paths.map(|path| format!("{path} HTTP/1.1\r\nsec-fetch-site: same-origin\r\n{form}"));
    for head in forms.chain([api, page]) {
        for framing in ["content-length: 1000\r\n\r\n{", "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n"] {
            let mut stream = listener.send(format!("POST {head}\r\nhost: localhost\r\n{framing}").as_bytes()).await;
            let (received, took) = until_end(&mut stream).await;
            let received = String::from_utf8(received).unwrap();
            assert!(received.starts_with("HTTP/1.1 408"), "{head}: {received}");
            assert!(received.contains("\r\nconnection: close\r\n"), "RFC 9110 §15.5.9: {head}: {received}");
            assert!(received.contains("The body did not arrive in time"), "{head}: {received}");
            assert!(took >= SHORT / 2, "{took:?}");
        }
    }
    // Nothing of a body is waited for when its head is refused.
    let head =
        "POST /api/v1/trusted-contacts HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\ncontent-type: application/json";
    let mut stream = listener.send(format!("{head}\r\n\r\n{{").as_bytes()).await;
    let (received, _) = until_end(&mut stream).await;
    assert!(received.starts_with(b"HTTP/1.1 401"), "{}", String::from_utf8_lossy(&received));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_come_over_http2_ends_its_request_alone() {
    let (_db, server) = start().await;
    let key = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
    let listener = Listener::of(&server, only(|limits| limits.body_timeout = Some(SHORT))).await;
    let post = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/api/v1/trusted-contacts"),
        (":authority", "a"),
        ("content-type", "application/json"),
        ("x-api-key", &key.text),
    ];
    let mut stream = listener.send(&[http2::BEGINNING, &http2::request(&post, false)].concat()).await;
    let mut received = Vec::new();
    while !http2::frames(&received).iter().any(|frame| frame.kind == http2::HEADERS) {
        assert!(stream.read_buf(&mut received).await.unwrap() > 0, "{received:?}");
    }
    assert_eq!(http2::status(&http2::frames(&received)), Some(408));
    assert!(!http2::frames(&received).iter().any(|frame| frame.kind == http2::GOAWAY));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_comes_at_a_pace_is_read_to_its_end() {
    let (_db, server) = start().await;
    let key = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
    let listener = Listener::of(&server, only(|limits| limits.body_timeout = Some(SHORT))).await;
    let body = format!(r#"{{"name":"A","did":"did:web:a.example"{}}}"#, " ".repeat(20_000));
    let head = format!(
        "POST /api/v1/trusted-contacts HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        key.text,
        body.len()
    );
    let mut stream = listener.send(head.as_bytes()).await;
    for piece in body.as_bytes().chunks(4000) {
        stream.write_all(piece).await.unwrap();
        tokio::time::sleep(SHORT / 2).await;
    }
    let (received, _) = until_end(&mut stream).await;
    assert!(received.starts_with(b"HTTP/1.1 201"), "{}", String::from_utf8_lossy(&received));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_takes_no_answers_is_ended() {
    let (_db, server) = start().await;
    let listener = Listener::of(&server, only(|limits| limits.write_timeout = Some(SHORT))).await;
    let mut stream = listener.connect().await;
    // Requests without a look at their answers, until no more fit on the way.
    let flood = async {
        loop {
            if stream.write_all(GET).await.is_err() {
                return;
            }
        }
    };
    tokio::time::timeout(LONG, flood).await.expect("the server ends it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_http2_client_that_answers_no_ping_is_ended() {
    let (_db, server) = start().await;
    let listener = Listener::of(&server, only(|limits| limits.ping_timeout = Some(SHORT))).await;
    let mut stream = listener.send(http2::BEGINNING).await;
    let (received, took) = until_end(&mut stream).await;
    let ping = b"\0\0\x08\x06\0\0\0\0\0";
    assert!(received.windows(ping.len()).any(|window| window == ping), "{received:?}");
    assert!(took >= SHORT, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_http2_client_learns_how_many_requests_it_may_have_under_way() {
    let (_db, server) = start().await;
    let listener = Listener::of(&server, only(|limits| limits.max_streams = Some(7))).await;
    let mut stream = listener.send(http2::BEGINNING).await;
    let mut received = [0; 64];
    let length = stream.read(&mut received).await.unwrap();
    // SETTINGS_MAX_CONCURRENT_STREAMS is the setting 3 (RFC 9113 §6.5.2).
    assert!(received[..length].windows(6).any(|setting| setting == [0, 3, 0, 0, 0, 7]), "{:?}", &received[..length]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_sockets_keep_nobody_out_not_even_their_own_address() {
    let (_db, server) = start().await;
    let limits = only(|limits| {
        limits.max_connections = Some(20);
        limits.max_connections_per_address = Some(10);
    });
    let listener = Listener::of(&server, limits).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(listener.connect().await);
    }
    let mut stream = listener.send(GET).await;
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    let mut open = 0;
    for stream in &mut silent {
        open += usize::from(is_open(stream).await);
    }
    assert!(open < 10, "{open} of the silent ones are left");
    stream.write_all(GET).await.unwrap();
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"), "who is served stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_under_way_keep_their_places_and_a_connection_over_the_bound_is_closed() {
    let (_db, server) = start().await;
    let listener = Listener::of(&server, only(|limits| limits.max_connections_per_address = Some(2))).await;
    let head = "POST /oauth2/token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                connection: close\r\ncontent-length: 1\r\nexpect: 100-continue\r\n\r\n";
    let mut under_way = Vec::new();
    for _ in 0..2 {
        let mut stream = listener.send(head.as_bytes()).await;
        let mut interim = [0; 64];
        let length = stream.read(&mut interim).await.unwrap();
        assert!(interim[..length].starts_with(b"HTTP/1.1 100"), "the body is waited for");
        under_way.push(stream);
    }
    let mut over = listener.send(GET).await;
    assert!(until_end(&mut over).await.0.is_empty());
    for mut stream in under_way {
        stream.write_all(b"x").await.unwrap();
        let (received, _) = until_end(&mut stream).await;
        assert!(received.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&received));
    }
    let mut stream = listener.send(GET).await;
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
}
