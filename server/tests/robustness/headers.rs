//! Headers that are nearly, or not at all, what they should be.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Server, get_me, send_broken, send_raw};

/// The ways to present a key, up to its text.
const WAYS: [&str; 2] = ["x-api-key: ", "authorization: Bearer "];

/// Requests for each property; each is one connection.
const CASES: u32 = 150;

fn line(way: &str, text: &[u8]) -> Vec<u8> {
    get_me(&[way.as_bytes(), text].concat())
}

store::both_databases! {
    async fn every_near_miss_of_a_key_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let text = server.wallet("Acme").await.key(&[]).await.text;
        let (upper, lower, tail) = (text.to_uppercase(), text.to_lowercase(), text[1..].to_owned());
        let long = "x".repeat(64 * 1024);
        let forms: Vec<Vec<u8>> = [
            "", " ", "clvk_", &upper, &lower, &tail, &long, &text[..58], &format!("{text}0"), &format!("{text}\0"),
            &format!("{text} {text}"), &format!("{text},{text}"), &format!("{text}, "), &format!("\"{text}\""),
            &format!("<{text}>"), &format!("{} {}", &text[..30], &text[30..]), &format!("{}\t{}", &text[..5], &text[5..]),
            &format!("{text}{long}"), &format!("{}é", &text[..58]), &text.replace('_', "-"), &format!("Bearer {text}"),
            &format!("{text}\r\n {text}"),
        ]
        .iter()
        .map(|form| form.as_bytes().to_vec())
        .chain([b"\xff\xfe".to_vec(), [text.as_bytes(), b"\xff"].concat(), [b"\x80", text.as_bytes()].concat()])
        .collect();
        for way in WAYS {
            assert_eq!(send_raw(server.address, &line(way, text.as_bytes())), [200], "the key itself");
            for form in &forms {
                let statuses = send_raw(server.address, &line(way, form));
                let shown = String::from_utf8_lossy(&form[..form.len().min(80)]).into_owned();
                assert!(statuses.iter().all(|status| matches!(status, 400 | 401 | 431)), "{way}{shown}: {statuses:?}");
                assert!(statuses.len() == 1, "{way}{shown}: {statuses:?}");
            }
        }
    }

    async fn the_white_space_around_a_header_is_not_part_of_it(db: &Database) {
        let server = Server::start(db).await;
        let text = server.wallet("Acme").await.key(&[]).await.text;
        for padded in [format!("x-api-key:{text}"), format!("x-api-key: \t {text} \t"), format!("X-API-KEY: {text}")] {
            assert_eq!(send_raw(server.address, &get_me(padded.as_bytes())), [200], "RFC 9110 §5.5");
        }
        let spaced = format!("authorization: Bearer   {text}");
        assert_eq!(send_raw(server.address, &get_me(spaced.as_bytes())), [200], "RFC 6750 §2.1");
        let tabbed = format!("authorization: Bearer\t{text}");
        assert_eq!(send_raw(server.address, &get_me(tabbed.as_bytes())), [401], "RFC 6750 §2.1");
        assert_eq!(send_raw(server.address, &get_me(format!("x-api-key : {text}").as_bytes())), [400]);
    }

    async fn a_doubled_header_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let text = server.wallet("Acme").await.key(&[]).await.text;
        for way in WAYS {
            for second in [format!("{way}{text}"), way.to_owned(), way.to_uppercase() + "x"] {
                let header = format!("{way}{text}\r\n{second}");
                assert_eq!(send_raw(server.address, &get_me(header.as_bytes())), [400], "{second}");
            }
        }
    }

    async fn requests_that_no_client_sends_do_not_harm_the_server(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        let many = "a: b\r\n".repeat(10_000);
        for request in [
            "",
            "\r\n\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "GET /api/v1/me HTTP/1.1\r\n",
            "GET /api/v1/me HTTP/1.1\r\nhost: x\r\n\r\n",
            "GET /api/v1/me\u{0} HTTP/1.1\r\nhost: x\r\n\r\n",
            "POST /api/v1/api-keys HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
            "POST /api/v1/api-keys HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{}",
            "POST /api/v1/api-keys HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            &format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\n{many}\r\n"),
            &format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(100_000)),
            &format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\nx-api-key: {}\r\n\r\n", "x".repeat(2 << 20)),
        ] {
            let statuses = send_broken(server.address, request.as_bytes());
            assert!(statuses.iter().all(|status| (400..500).contains(status)), "{statuses:?}");
            key.get("/api/v1/me").await.is(200);
        }
    }

    async fn no_request_is_hidden_behind_another(db: &Database) {
        let server = Server::start(db).await;
        let text = server.wallet("Acme").await.key(&["users:view"]).await.text;
        let hidden = format!("GET /api/v1/users HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {text}\r\n\r\n");
        let request = format!(
            "POST /api/v1/roles HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
            hidden.len() + 5
        );
        let statuses = send_raw(server.address, request.as_bytes());
        assert!(matches!(statuses[..], [400 | 401]), "RFC 9112 §6.1: {statuses:?}");
    }

    async fn only_the_key_itself_is_admitted(db: &Database) {
        let server = Server::start(db).await;
        let text = server.wallet("Acme").await.key(&[]).await.text.into_bytes();
        let byte = any::<u8>().prop_filter("a line ends there", |byte| !matches!(byte, b'\r' | b'\n'));
        let changed = (0..59usize, byte.clone(), 0..3u8).prop_map({
            let text = text.clone();
            move |(at, byte, how)| {
                let mut form = text.clone();
                match how {
                    0 => form[at] = byte,
                    1 => form.insert(at, byte),
                    _ => form.truncate(at),
                }
                form
            }
        });
        let anything = prop::collection::vec(byte, 0..300);
        let forms = (prop::sample::select(&WAYS[..]), prop_oneof![changed, anything]);
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&forms, |(way, form)| {
                let statuses = send_raw(server.address, &line(way, &form));
                // The white space around a header's value is not part of it, nor are the spaces after `Bearer`.
                let start = form.iter().position(|byte| *byte != b' ').unwrap_or(form.len());
                let own = if way == WAYS[0] { form.trim_ascii() } else { form[start..].trim_ascii_end() } == text;
                let expected: &[u16] = if own { &[200] } else { &[400, 401] };
                prop_assert!(statuses.iter().all(|status| expected.contains(status)), "{:?}", statuses);
                prop_assert_eq!(statuses.len(), 1);
                Ok(())
            })
            .unwrap();
    }
}
