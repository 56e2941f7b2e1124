//! One address cannot take what strangers reach for itself.

use crate::support::{Answer, Server};

const DOCUMENT: &str = "/dids/01935500-0000-7000-8000-000000000000/did.json";

async fn ask(server: &Server, forwarded_for: &str) -> Answer {
    server.anonymous().with("x-forwarded-for", forwarded_for).get(DOCUMENT).await
}

store::both_databases! {
    async fn an_address_that_asks_too_much_is_told_when_to_come_back(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 60).await;
        for _ in 0..60 {
            server.anonymous().get(DOCUMENT).await.problem(404, "not-found");
        }
        let refused = server.anonymous().get(DOCUMENT).await.problem(429, "too-many-requests");
        assert_eq!(refused.header("retry-after"), "2");
        let browser = server.anonymous().with("accept", "text/html");
        let page = browser.get(DOCUMENT).await.is(429);
        assert!(page.header("content-type").starts_with("text/html"));
        let token = server.anonymous().post_form("/oauth2/token", &[("grant_type", "client_credentials")]).await;
        assert_eq!(token.oauth_error(429, "temporarily_unavailable").header("retry-after"), "2");

        // The API and the console have their keys and their throttle.
        let key = server.wallet("Acme").await.key(&[]).await;
        key.get("/api/v1/me").await.is(200);
        server.anonymous().get("/sign-in").await.is(200);
        server.move_clock_to("2026-11-23T10:00:02Z");
        server.anonymous().get(DOCUMENT).await.problem(404, "not-found");
    }

    async fn who_says_to_come_from_elsewhere_is_not_believed(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 2).await;
        for address in ["198.51.100.1", "198.51.100.2"] {
            ask(&server, address).await.is(404);
        }
        ask(&server, "198.51.100.3").await.is(429);
    }

    async fn behind_a_trusted_proxy_each_client_has_a_limit_of_its_own(db: &Database) {
        let server = Server::start_with(db, |settings| {
            settings.public_rate = 1;
            settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        })
        .await;
        ask(&server, "198.51.100.1").await.is(404);
        ask(&server, "198.51.100.1").await.is(429);
        ask(&server, "203.0.113.7, 198.51.100.1").await.is(429);
        ask(&server, "198.51.100.1, 203.0.113.7").await.is(404);
    }

    async fn without_a_limit_everybody_is_answered(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 0).await;
        for _ in 0..200 {
            server.anonymous().get(DOCUMENT).await.is(404);
        }
    }
}
