//! A request says once for which host it is (RFC 9112 §3.2), and sends its body as it is.

use http::Method;
use serde_json::json;

use crate::support::{Actor, Server, http2, send_raw};

store::both_databases! {
    async fn a_request_without_a_clear_host_is_refused(db: &Database) {
        let server = Server::start_with(db, |_| {}).await;
        let text = server.wallet("Acme").await.key(&[]).await.text;
        let me = |target: &str, version: &str, hosts: &str| {
            let request = format!("GET {target} {version}\r\n{hosts}connection: close\r\nx-api-key: {text}\r\n\r\n");
            send_raw(server.address, request.as_bytes())
        };
        for (version, hosts) in [
            ("HTTP/1.1", ""),
            ("HTTP/1.1", "host: a\r\nhost: a\r\n"),
            ("HTTP/1.1", "host: a\r\nHost: b\r\n"),
            ("HTTP/1.1", "host: a b\r\n"),
            ("HTTP/1.1", "host: a/b\r\n"),
            ("HTTP/1.1", "host: http://a\r\n"),
            ("HTTP/1.1", "host: u@a\r\n"),
            ("HTTP/1.1", "host: a:b\r\n"),
            ("HTTP/1.1", "host: [::1\r\n"),
            ("HTTP/1.1", "host: \u{e9}\r\n"),
            ("HTTP/1.0", "host: a\r\nhost: b\r\n"),
            ("HTTP/1.0", "host: a, b\r\n"),
        ] {
            for target in ["/api/v1/me", "http://a/api/v1/me", "/", "/nothing"] {
                assert_eq!(me(target, version, hosts), [400], "{target} {version} {hosts:?}");
            }
        }
        for (version, hosts) in [
            ("HTTP/1.1", "host: a\r\n"),
            ("HTTP/1.1", "Host: a.example:8080\r\n"),
            ("HTTP/1.1", "host: 127.0.0.1\r\n"),
            ("HTTP/1.1", "host: [::1]:1\r\n"),
            ("HTTP/1.1", "host:\r\n"),
            ("HTTP/1.0", ""),
            ("HTTP/1.0", "host: a\r\n"),
        ] {
            for target in ["/api/v1/me", "http://a/api/v1/me"] {
                assert_eq!(me(target, version, hosts), [200], "{target} {version} {hosts:?}");
            }
        }
    }

    async fn over_http2_authority_says_for_which_host_a_request_is(db: &Database) {
        let server = Server::start(db).await;
        let text = server.wallet("Acme").await.key(&[]).await.text;
        let send = |path: &str, hosts: &[(&str, &str)]| {
            let mut fields = vec![(":method", "GET"), (":scheme", "http"), (":path", path)];
            fields.extend(hosts);
            fields.push(("x-api-key", &text));
            http2::send(server.address, &fields)
        };
        for hosts in [
            &[(":authority", "a")][..],
            &[(":authority", "a.example:8080")],
            &[(":authority", "[::1]:1")],
            &[(":authority", "a"), ("host", "a")],
            &[(":authority", "a"), ("host", "A")],
            &[("host", "a")],
        ] {
            assert_eq!(send("/api/v1/me", hosts), Some(200), "RFC 9113 §8.3.1: {hosts:?}");
        }
        for hosts in [
            &[][..],
            &[(":authority", "a"), ("host", "b")],
            &[(":authority", "a"), ("host", "a:1")],
            &[(":authority", "a"), ("host", "a"), ("host", "a")],
            &[(":authority", "a"), (":authority", "a")],
            &[(":authority", "u@a")],
            &[(":authority", "u:p@a")],
            &[(":authority", "a b")],
            &[(":authority", "a/b")],
            &[(":authority", "http://a")],
            &[(":authority", "a:b")],
            &[(":authority", "a:1:2")],
            &[(":authority", "[::1")],
            &[(":authority", "[a]")],
            &[(":authority", "\u{e9}")],
            &[("host", "a b")],
            &[("host", "u@a")],
        ] {
            for path in ["/api/v1/me", "/", "/nothing"] {
                let status = send(path, hosts);
                assert!(matches!(status, None | Some(400)), "{path} {hosts:?}: {status:?}");
            }
        }
    }

    async fn over_http2_a_form_is_of_the_same_origin_as_the_authority(db: &Database) {
        let server = Server::start(db).await;
        let send = |authority: &str, origin: &str| {
            http2::send(server.address, &[
                (":method", "POST"), (":scheme", "http"), (":path", "/sign-in"), (":authority", authority),
                ("origin", origin), ("content-type", "application/x-www-form-urlencoded"),
            ])
        };
        assert_eq!(send("a", "http://a"), Some(422), "it is read");
        assert_eq!(send("a", "http://b"), Some(403));
        assert_eq!(send("a:1", "http://a"), Some(403));
    }

    async fn a_form_is_of_the_same_origin_as_the_target_of_the_request(db: &Database) {
        let server = Server::start(db).await;
        let send = |target: &str, host: &str, origin: &str| {
            let form = "email=a%40b.example&password=x";
            let request = format!(
                "POST {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\norigin: {origin}\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
                form.len()
            );
            send_raw(server.address, request.as_bytes())
        };
        assert_eq!(send("/sign-in", "a", "http://a"), [422], "it is read");
        assert_eq!(send("http://a/sign-in", "b", "http://a"), [422], "the target counts (RFC 9112 §3.2.2)");
        assert_eq!(send("http://a/sign-in", "b", "http://b"), [403]);
        assert_eq!(send("/sign-in", "a", "http://b"), [403]);
    }

    async fn a_body_that_is_compressed_is_refused_wherever_bodies_are_read(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let wallet = "01935500-0000-7000-8000-000000000000";
        for path in [
            "/api/v1/api-keys".to_owned(),
            "/api/v1/roles".to_owned(),
            "/oauth2/token".to_owned(),
            "/oauth2/introspect".to_owned(),
            "/oauth2/revoke".to_owned(),
            "/sign-in".to_owned(),
            format!("/wallets/{wallet}/openid4vci/token"),
            format!("/wallets/{wallet}/openid4vci/credential"),
            format!("/wallets/{wallet}/openid4vp/responses/{wallet}"),
        ] {
            for coding in ["gzip", "br", "deflate", "zstd", "identity, gzip", "x-unknown"] {
                let request = owner.request(Method::POST, &path).header("content-encoding", coding);
                let refused = Actor::send(request.body("{}")).await.problem(415, "unsupported-media-type");
                assert_eq!(refused.header("accept-encoding"), "identity", "RFC 9110 §15.5.16: {path}");
            }
        }
        let role = owner.request(Method::POST, "/api/v1/roles").header("content-encoding", "identity");
        Actor::send(role.json(&json!({"name": "Readers"}))).await.is(201);
        Actor::send(owner.request(Method::GET, "/api/v1/me").header("content-encoding", "gzip")).await.is(200);
    }

    async fn a_patch_takes_both_media_types(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let role = owner.post("/api/v1/roles", json!({"name": "Readers"})).await.is(201).header("location").to_owned();
        let send = async |method: Method, path: &str, content_type: &str, name: &str| {
            let request = owner.request(method, path).header("content-type", content_type);
            Actor::send(request.body(json!({"name": name}).to_string())).await
        };
        for (at, content_type) in
            ["application/merge-patch+json", "Application/Merge-Patch+JSON; charset=utf-8", "application/json"].into_iter().enumerate()
        {
            let name = format!("Readers {at}");
            assert_eq!(send(Method::PATCH, &role, content_type, &name).await.is(200).member("name"), name, "RFC 7396");
        }
        send(Method::PATCH, &role, "application/json-patch+json", "x").await.problem(415, "unsupported-media-type");
        send(Method::POST, "/api/v1/roles", "application/merge-patch+json", "x").await.problem(415, "unsupported-media-type");
    }

    async fn an_authorization_that_holds_no_key_says_how_to_send_one(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        for value in ["Basic YTpi", "Digest username=a", "DPoP x", "Negotiate", key.text.as_str(), ""] {
            let refused = server.anonymous().with("authorization", value).get("/api/v1/me").await;
            let refused = refused.problem(401, "unauthenticated");
            assert_eq!(refused.header("www-authenticate"), r#"Bearer realm="claviger""#, "RFC 6750 §3.1: {value}");
            let detail = refused.member("detail");
            assert!(detail.contains("x-api-key") && detail.contains("Authorization: Bearer"), "{detail}");
            assert!(!refused.text.contains(&key.text));
        }
        let nothing = server.anonymous().get("/api/v1/me").await.problem(401, "unauthenticated");
        assert!(nothing.member("detail").contains("x-api-key"));
        let spaced = server.anonymous().with("authorization", &format!("bearer   {}", key.text));
        spaced.get("/api/v1/me").await.is(200);
    }
}
