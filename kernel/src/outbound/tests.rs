//! The guarded client against servers that mean no good.

use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const STATUS_LIST: &str = "application/statuslist+jwt";

fn guarded(networks: &[&str]) -> Outbound {
    Outbound::new(&networks.iter().map(|network| network.parse().unwrap()).collect::<Vec<_>>()).unwrap()
}

/// A client that reaches the other side of a test, with a time that a test can wait for.
fn hasty() -> Outbound {
    Outbound::within(Duration::from_millis(300), &["127.0.0.0/8".parse().unwrap()]).unwrap()
}

/// A server that answers every connection with what it is told to write, until the client has enough. Returns its URL.
async fn server<F>(write: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            // The client hangs up: that is what is tested.
            let _ = write(stream).await;
        }
    });
    url
}

/// A server with one answer.
async fn answering(head: &str, body: &str) -> String {
    let text = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    server(move |mut stream| {
        let text = text.clone();
        async move { stream.write_all(text.as_bytes()).await }
    })
    .await
}

#[test]
fn only_https_to_public_hosts_is_asked() {
    let outbound = guarded(&[]);
    assert!(outbound.check("https://example.org/did.json").is_ok());
    let long = format!("https://example.org/{}", "a".repeat(MAX_URL));
    for url in
        ["http://example.org", "file:///etc/passwd", "ftp://example.org", "data:application/json,{}", "https://", "x"]
    {
        assert!(matches!(outbound.check(url), Err(OutboundError::NotHttps(_))), "{url}");
    }
    assert_eq!(outbound.check("").unwrap_err().to_string(), "an empty text is not an https URL");
    assert!(matches!(outbound.check(&long), Err(OutboundError::LongUrl(_))));
    for url in ["https://u:p@example.org", "https://u@example.org", "https://:p@example.org/x"] {
        let refused = outbound.check(url).unwrap_err();
        assert_eq!(refused.to_string(), "example.org cannot be asked: its URL has a user name or a password in it");
    }
}

#[test]
fn an_address_that_is_not_public_is_refused_in_every_spelling() {
    let outbound = guarded(&[]);
    for url in [
        "https://127.0.0.1",
        "https://127.0.0.1.",
        "https://127.1",
        "https://0x7f.1",
        "https://0x7f000001",
        "https://0177.0.0.1",
        "https://2130706433",
        "https://①②⑦.0.0.1",
        "https://0",
        "http://10.0.0.1",
        "https://192.168.0.1:8443",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/latest/meta-data/",
        "https://[::1]",
        "https://[::]",
        "https://[::ffff:127.0.0.1]",
        "https://[::ffff:a9fe:a9fe]",
        "https://[fd00:ec2::254]",
        "https://[fe80::1]",
        "https://[64:ff9b::a9fe:a9fe]",
    ] {
        assert!(matches!(outbound.check(url), Err(OutboundError::NotPublic(_))), "{url}");
    }
}

#[test]
fn an_opened_network_may_be_reached_over_http() {
    let outbound = guarded(&["127.0.0.0/8"]);
    for url in ["http://127.0.0.1:9/did.json", "http://localhost:9/", "https://127.0.0.1:9/x", "https://localhost:9/"] {
        assert_eq!(outbound.check(url).unwrap().as_str(), url, "it is asked as it was written");
    }
    assert!(outbound.check("http://10.0.0.1").is_err());
    assert!(outbound.check("http://example.org").is_err());
}

#[tokio::test]
async fn a_name_that_resolves_to_loopback_is_refused_however_it_is_asked() {
    let outbound = guarded(&[]);
    for url in ["https://localhost/", "https://LOCALHOST:8443/"] {
        let refused = outbound.get(url).await;
        assert!(matches!(refused, Err(OutboundError::NotPublic(_))), "{refused:?}");
        let refused = outbound.post_form(url, &[("a", "b")], JSON).await;
        assert!(matches!(refused, Err(OutboundError::NotPublic(_))), "{refused:?}");
        let refused = outbound.post_json(url, &1, None).await;
        assert!(matches!(refused, Err(OutboundError::NotPublic(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn https_stays_https_and_only_a_did_may_be_plain_on_an_opened_machine() {
    let url = answering("200 OK", r#"{"id":"x"}"#).await.replace("http://127.0.0.1", "https://localhost");
    assert!(matches!(hasty().get(&url).await, Err(OutboundError::Unreachable(_))));
    assert!(matches!(hasty().get_text(&url, STATUS_LIST).await, Err(OutboundError::Unreachable(_))));
    assert!(matches!(hasty().post_form(&url, &[], JSON).await, Err(OutboundError::Unreachable(_))));
    assert_eq!(hasty().get_did_document(&url).await.unwrap(), br#"{"id":"x"}"#);
    assert!(matches!(guarded(&[]).get_did_document(&url).await, Err(OutboundError::NotPublic(_))));
}

#[tokio::test]
async fn a_document_that_moved_is_found_and_nothing_else_is_followed() {
    let here = answering("200 OK\r\ncontent-type: application/statuslist+jwt", "a.b.c").await;
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let url = answering(&format!("{status}\r\nlocation: {here}"), "").await;
        assert_eq!(hasty().get(&url).await.unwrap(), b"a.b.c");
        assert_eq!(hasty().get_text(&url, STATUS_LIST).await.unwrap(), "a.b.c");
        let twice = answering(&format!("302 Found\r\nlocation: {url}"), "").await;
        assert_eq!(hasty().get(&twice).await.unwrap(), b"a.b.c");
        // What carries a secret goes where it was sent, or nowhere.
        assert!(matches!(hasty().get_unmoved(&url).await, Err(OutboundError::Status { .. })));
        assert!(hasty().post_json(&url, &1, None).await.unwrap().status.is_redirection());
        assert!(hasty().post_form(&url, &[], JSON).await.unwrap().status.is_redirection());
    }
}

#[tokio::test]
async fn each_hop_passes_the_guard_and_there_are_few() {
    for (target, expected) in [
        ("http://169.254.169.254/", "169.254.169.254 is not a public address"),
        ("https://10.0.0.1/x", "10.0.0.1 is not a public address"),
        ("http://example.org/", "http://example.org/ is not an https URL"),
        ("file:///etc/passwd", "file:///etc/passwd is not an https URL"),
        ("https://u:p@example.org/", "user name or a password"),
    ] {
        let url = answering(&format!("302 Found\r\nlocation: {target}"), "").await;
        let refused = hasty().get(&url).await.unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused}");
    }
    let circle = answering("302 Found\r\nlocation: ?again", "").await;
    assert!(matches!(hasty().get(&circle).await, Err(OutboundError::Redirect(_))));
    let nowhere = answering("302 Found", "").await;
    assert!(matches!(hasty().get(&nowhere).await, Err(OutboundError::Redirect(_))));
    let unchanged = answering("304 Not Modified\r\nlocation: /", "").await;
    assert!(matches!(hasty().get(&unchanged).await, Err(OutboundError::Status { status: 304, .. })));
}

fn gzipped(plain: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// A server with one answer, in this encoding.
async fn encoding(header: &'static str, body: Vec<u8>) -> String {
    server(move |mut stream| {
        let length = body.len();
        let head =
            format!("HTTP/1.1 200 OK\r\n{header}content-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        let text = [head.as_bytes(), &body].concat();
        async move { stream.write_all(&text).await }
    })
    .await
}

#[tokio::test]
async fn a_compressed_answer_is_read_however_it_was_asked_for() {
    let plain = br#"{"a":1}"#.as_slice();
    let members = [gzipped(b"{\"a\""), gzipped(b":1}")].concat();
    for (header, body) in [
        ("content-encoding: gzip\r\n", gzipped(plain)),
        ("Content-Encoding: X-GZIP\r\n", gzipped(plain)),
        ("content-encoding: identity, gzip\r\n", gzipped(plain)),
        ("content-encoding: gzip\r\n", members),
        ("content-encoding: identity\r\n", plain.to_vec()),
        ("", plain.to_vec()),
    ] {
        let url = encoding(header, body).await;
        assert_eq!(hasty().get(&url).await.unwrap(), plain, "{header}");
        assert_eq!(hasty().get_text(&url, JSON).await.unwrap().as_bytes(), plain, "{header}");
        assert_eq!(hasty().post_form(&url, &[], JSON).await.unwrap().body, plain, "{header}");
        assert_eq!(hasty().post_json(&url, &1, None).await.unwrap().body, plain, "{header}");
    }
}

#[tokio::test]
async fn an_answer_is_bounded_after_it_is_decompressed() {
    let bomb = gzipped(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < crate::sizes::MAX_ANSWER);
    let url = encoding("content-encoding: gzip\r\n", bomb).await;
    let guarded = guarded(&["127.0.0.0/8"]);
    assert!(matches!(guarded.get(&url).await, Err(OutboundError::TooLong(_))));
    assert!(matches!(guarded.post_json(&url, &1, None).await, Err(OutboundError::TooLong(_))));
    let longest = encoding("content-encoding: gzip\r\n", gzipped(&vec![b'x'; crate::sizes::MAX_ANSWER])).await;
    assert_eq!(guarded.get(&longest).await.unwrap().len(), crate::sizes::MAX_ANSWER);
}

#[tokio::test]
async fn an_encoding_that_was_not_asked_for_and_a_broken_one_are_told() {
    for (header, named) in [
        ("content-encoding: br\r\n", "encoding br;"),
        ("content-encoding: gzip, gzip\r\n", "encoding gzip,gzip;"),
        ("content-encoding: deflate\r\n", "encoding deflate;"),
    ] {
        let refused = hasty().get(&encoding(header, gzipped(b"x")).await).await.unwrap_err().to_string();
        assert!(refused.contains(named), "{refused}");
    }
    let cut = {
        let whole = gzipped(&[7; 5000]);
        whole[..whole.len() - 9].to_vec()
    };
    for body in [b"{}".to_vec(), cut] {
        let refused = hasty().get(&encoding("content-encoding: gzip\r\n", body).await).await;
        assert!(matches!(refused, Err(OutboundError::Compression(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn one_time_limit_holds_for_headers_and_bodies_that_trickle() {
    for (head, drop) in [("", "x-drop: 1\r\n"), ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\nx\r\n")]
    {
        let url = server(move |mut stream| async move {
            stream.write_all(head.as_bytes()).await?;
            loop {
                stream.write_all(drop.as_bytes()).await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
        let slow = hasty().get(&url).await;
        assert!(matches!(slow, Err(OutboundError::TooSlow(_) | OutboundError::Unreachable(_))), "{slow:?}");
    }
    // Says nothing at all.
    let url = server(|stream| async move {
        let _open = stream;
        std::future::pending().await
    })
    .await;
    let silent = hasty().get(&url).await;
    assert!(matches!(silent, Err(OutboundError::TooSlow(_))), "{silent:?}");
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let url = server(move |mut stream| {
        let chunk = chunk.clone();
        async move {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            loop {
                stream.write_all(chunk.as_bytes()).await?;
            }
        }
    })
    .await;
    let endless = guarded(&["127.0.0.0/8"]).get(&url).await;
    assert!(matches!(endless, Err(OutboundError::TooLong(_))), "{endless:?}");
    let announced = server(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n").await?;
        std::future::pending().await
    })
    .await;
    assert!(matches!(hasty().get(&announced).await, Err(OutboundError::TooLong(_))));
    let longest = answering("200 OK", &"x".repeat(crate::sizes::MAX_ANSWER)).await;
    assert_eq!(guarded(&["127.0.0.0/8"]).get(&longest).await.unwrap().len(), crate::sizes::MAX_ANSWER);
}

#[tokio::test]
async fn endless_headers_are_cut_off() {
    for header in ["x: y\r\n".to_owned(), format!("x: {}\r\n", "y".repeat(0x4000))] {
        let url = server(move |mut stream| {
            let header = header.clone();
            async move {
                stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
                loop {
                    stream.write_all(header.as_bytes()).await?;
                }
            }
        })
        .await;
        let endless = guarded(&["127.0.0.0/8"]).get(&url).await;
        assert!(matches!(endless, Err(OutboundError::Unreachable(_))), "{endless:?}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_not_http_is_none() {
    for text in ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx", "SSH-2.0-OpenSSH\r\n", ""] {
        let url = server(move |mut stream| async move { stream.write_all(text.as_bytes()).await }).await;
        let broken = hasty().get(&url).await;
        assert!(matches!(broken, Err(OutboundError::Unreachable(_))), "{text:?} {broken:?}");
    }
    let refused = hasty().get("http://127.0.0.1:1/").await;
    assert!(matches!(refused, Err(OutboundError::Unreachable(_))), "{refused:?}");
}

#[tokio::test]
async fn a_text_must_be_of_the_media_type_that_was_asked_for() {
    for head in ["content-type: application/statuslist+jwt", "Content-Type: Application/StatusList+JWT; charset=utf-8"]
    {
        let url = answering(&format!("200 OK\r\n{head}"), "a.b.c").await;
        assert_eq!(hasty().get_text(&url, STATUS_LIST).await.unwrap(), "a.b.c");
    }
    for head in ["content-type: text/html", "content-type: application/json", "x: y"] {
        let url = answering(&format!("200 OK\r\n{head}"), "a.b.c").await;
        let other = hasty().get_text(&url, STATUS_LIST).await;
        assert!(matches!(other, Err(OutboundError::MediaType { expected: STATUS_LIST, .. })), "{other:?}");
    }
    let url = answering("404 Not Found\r\ncontent-type: application/statuslist+jwt", "a.b.c").await;
    assert!(matches!(hasty().get_text(&url, STATUS_LIST).await, Err(OutboundError::Status { status: 404, .. })));
}

#[tokio::test]
async fn an_error_of_a_protocol_comes_with_its_status_and_body() {
    let url = answering("400 Bad Request\r\ncontent-type: application/json", r#"{"error":"invalid_grant"}"#).await;
    let answer = hasty().post_form(&url, &[("grant_type", "x")], JSON).await.unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["error"], "invalid_grant");
    assert!(matches!(answer.json::<Vec<u8>>(), Err(OutboundError::NotJson(_))));
    let url = answering("200 OK\r\ncontent-type: text/html", "{}").await;
    let answer = hasty().post_json(&url, &1, None).await.unwrap();
    assert!(matches!(answer.json::<serde_json::Value>(), Err(OutboundError::MediaType { expected: JSON, .. })));
}

/// A server that answers with what it was sent, and keeps it.
async fn echoing() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/path?q=1", listener.local_addr().unwrap());
    let kept = Arc::new(Mutex::new(String::new()));
    let keep = Arc::clone(&kept);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let mut length = 0;
            while !request[..length].ends_with(b"end") && !request[..length].ends_with(b"\"end\"}") {
                length += stream.read(&mut request[length..]).await.unwrap();
            }
            *keep.lock().unwrap() = String::from_utf8_lossy(&request[..length]).to_lowercase();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream.write_all(&[head.as_bytes(), &request[..length]].concat()).await.unwrap();
        }
    });
    (url, kept)
}

#[tokio::test]
async fn a_request_is_sent_as_it_was_meant() {
    let (url, kept) = echoing().await;
    let sent = || kept.lock().unwrap().clone();
    let outbound = hasty();

    let answer = outbound.post_form(&url, &[("a", "b c"), ("d", "end")], STATUS_LIST).await.unwrap();
    let form = sent();
    assert!(form.starts_with("post /path?q=1 http/1.1\r\n") && form.ends_with("\r\n\r\na=b+c&d=end"), "{form}");
    assert!(form.contains("content-type: application/x-www-form-urlencoded\r\n"), "{form}");
    assert!(form.contains("accept: application/statuslist+jwt\r\n"), "{form}");
    assert!(form.contains("accept-encoding: gzip\r\n"), "{form}");
    assert_eq!(answer.body.len(), form.len());

    outbound.post_json(&url, &serde_json::json!({"a": "end"}), Some("t0ken")).await.unwrap();
    let json = sent();
    assert!(json.contains("authorization: bearer t0ken\r\n") && json.ends_with(r#"{"a":"end"}"#), "{json}");
    assert!(json.contains("content-type: application/json\r\n"), "{json}");

    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, "text/plain".parse().unwrap())]);
    assert_eq!(outbound.post_bytes(&url, headers, b"the end".to_vec()).await.unwrap(), 200);
    let bytes = sent();
    assert!(bytes.contains("content-type: text/plain\r\n") && bytes.ends_with("\r\n\r\nthe end"), "{bytes}");
}
