//! Paths and methods that are not there, and bodies that cannot be read.

use http::Method;
use serde_json::json;

use crate::support::{Actor, Server};

const KEYS: &str = "/api/v1/api-keys";

store::both_databases! {
    async fn an_unknown_path_is_not_found(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        for path in [
            "/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/me", "/api/v1/nothing", "/api/v1/me/", "/api/v1//me",
            "/API/v1/me", "/api/v1/Me", "/api/v1/api-keys/", "/api/v1/users/x/y", "/api/v1/%2e%2e/me", "/nothing",
        ] {
            owner.get(path).await.problem(404, "not-found");
            server.anonymous().get(path).await.problem(404, "not-found");
        }
    }

    async fn a_wrong_method_is_told_the_right_ones(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let item = format!("{KEYS}/x");
        for (method, path, allow) in [
            (Method::PUT, "/api/v1/me", "GET,HEAD"),
            (Method::DELETE, "/api/v1/me", "GET,HEAD"),
            (Method::PUT, KEYS, "GET,HEAD,POST"),
            (Method::PUT, &item, "DELETE,GET,HEAD,PATCH"),
            (Method::POST, &item, "DELETE,GET,HEAD,PATCH"),
            (Method::OPTIONS, KEYS, "GET,HEAD,POST"),
            (Method::TRACE, KEYS, "GET,HEAD,POST"),
            (Method::DELETE, "/api/v1/wallet", "GET,HEAD,PATCH"),
            (Method::GET, "/api/v1/users/x/invitations", "POST"),
        ] {
            let refused = Actor::send(owner.request(method, path)).await.problem(405, "method-not-allowed");
            let mut allowed: Vec<_> = refused.header("allow").split(',').map(str::trim).collect();
            allowed.sort_unstable();
            assert_eq!(allowed.join(","), allow, "{path}");
        }
    }

    async fn head_answers_as_get_without_a_body(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        let head = Actor::send(key.request(Method::HEAD, "/api/v1/me")).await.is(200);
        assert_eq!((head.text.as_str(), head.header("content-type")), ("", "application/json"));
    }

    async fn a_body_that_is_not_json_is_malformed(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let deep = "[".repeat(100_000);
        for body in ["", "{", "}", "{\"name\": \"a\"", "{'name': 'a'}", "{} {}", "name=a", "\u{feff}{}", "NaN", &deep] {
            let request = owner.request(Method::POST, KEYS).header("content-type", "application/json");
            Actor::send(request.body(body.to_owned())).await.problem(400, "malformed-body");
        }
        let request = owner.request(Method::POST, KEYS).header("content-type", "application/json");
        Actor::send(request.body(b"{\"name\": \"\xff\"}".to_vec())).await.problem(400, "malformed-body");
    }

    async fn deeply_nested_json_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        for depth in [100, 1000, 100_000] {
            let body = format!(r#"{{"name": {}{}}}"#, "[".repeat(depth), "]".repeat(depth));
            let request = owner.request(Method::POST, KEYS).header("content-type", "application/json");
            let status = Actor::send(request.body(body)).await.status;
            assert!(status == 400 || status == 422, "{depth}: {status}");
        }
    }

    async fn only_json_is_taken(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", "", "é"] {
            let request = owner.request(Method::POST, KEYS).header("content-type", content_type);
            Actor::send(request.body(r#"{"name": "a"}"#)).await.problem(415, "unsupported-media-type");
        }
        Actor::send(owner.request(Method::POST, KEYS).body(r#"{"name": "a"}"#)).await.is(415);
        for (name, content_type) in [("a", "application/json; charset=utf-8"), ("b", "Application/JSON")] {
            let request = owner.request(Method::POST, KEYS).header("content-type", content_type);
            Actor::send(request.body(json!({"name": name}).to_string())).await.is(201);
        }
    }

    async fn a_body_has_at_most_1_mib(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let body = |length: usize| {
            let frame = r#"{"name": ""}"#;
            frame.replace("\"\"", &format!("\"{}\"", "a".repeat(length - frame.len())))
        };
        let send = async |length: usize| {
            let request = owner.request(Method::POST, KEYS).header("content-type", "application/json");
            Actor::send(request.body(body(length))).await
        };
        send(1 << 20).await.refuses(&[("name", "invalid")]);
        send((1 << 20) + 1).await.problem(413, "payload-too-large");
    }

    async fn a_key_is_asked_for_before_the_body_is_read(db: &Database) {
        let server = Server::start(db).await;
        let request = server.anonymous().request(Method::POST, KEYS).header("content-type", "application/json");
        Actor::send(request.body("x".repeat(2 << 20))).await.problem(401, "unauthenticated");
    }

    async fn the_document_is_served_to_everybody(db: &Database) {
        let server = Server::start(db).await;
        let document = server.anonymous().get("/api/v1/openapi.json").await.is(200);
        assert_eq!(document.json(), serde_json::to_value(claviger::openapi()).unwrap());
    }
}
