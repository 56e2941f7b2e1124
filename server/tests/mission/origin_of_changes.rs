//! A change with the console's cookie must come from the console itself.

use http::Method;
use serde_json::json;

use crate::support::{Actor, Server};

const KEYS: &str = "/api/v1/api-keys";

store::both_databases! {
    async fn a_change_with_the_cookie_from_another_site_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let user = server.wallet("Acme").await.session(&["api_access:change"]).await;
        let bare = user.without("sec-fetch-site");
        let (own, host) = (server.origin(), server.address.to_string());
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", &host),
            ("origin", &format!("{own}.evil.example")),
            ("referer", &own),
        ] {
            let elsewhere = bare.with(name, value);
            elsewhere.post(KEYS, json!({"name": "a"})).await.problem(403, "cross-origin");
            elsewhere.patch(KEYS, json!({})).await.problem(405, "method-not-allowed");
            elsewhere.delete(&format!("{KEYS}/x")).await.problem(403, "cross-origin");
        }
        bare.post(KEYS, json!({"name": "a"})).await.problem(403, "cross-origin");
        bare.with("sec-fetch-site", "cross-site").with("origin", &own).post(KEYS, json!({"name": "a"})).await.is(403);
        assert!(bare.get(KEYS).await.is(200).column("id").is_empty());
    }

    async fn a_change_with_the_cookie_from_the_console_is_made(db: &Database) {
        let server = Server::start(db).await;
        let user = server.wallet("Acme").await.session(&["api_access:change"]).await;
        user.post(KEYS, json!({"name": "a"})).await.is(201);
        let by_origin = user.without("sec-fetch-site").with("origin", &server.origin());
        by_origin.post(KEYS, json!({"name": "b"})).await.is(201);
    }

    async fn reading_with_the_cookie_needs_no_origin(db: &Database) {
        let server = Server::start(db).await;
        let user = server.wallet("Acme").await.session(&["api_access:view"]).await.without("sec-fetch-site");
        user.get(KEYS).await.is(200);
        Actor::send(user.request(Method::HEAD, KEYS)).await.is(200);
    }

    async fn a_key_may_come_from_anywhere(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["api_access:change"]).await;
        key.with("origin", "https://app.example").post(KEYS, json!({"name": "a"})).await.is(201);
    }

    async fn no_answer_opens_the_api_to_scripts_of_other_sites(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        let answer = key.with("origin", "https://app.example").get("/api/v1/me").await.is(200);
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}
