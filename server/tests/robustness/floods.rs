//! One address cannot take what strangers reach for itself.

use crate::support::{Answer, Server};

const ME: &str = "/api/v1/me";
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
        assert_eq!(refused.header("retry-after"), "1");
        let browser = server.anonymous().with("accept", "text/html");
        let page = browser.get(DOCUMENT).await.is(429);
        assert!(page.header("content-type").starts_with("text/html"));
        let token = server.anonymous().post_form("/oauth2/token", &[("grant_type", "client_credentials")]).await;
        assert_eq!(token.oauth_error(429, "temporarily_unavailable").header("retry-after"), "1");

        // Whoever has a key or signs in is limited otherwise.
        let key = server.wallet("Acme").await.key(&[]).await;
        key.get("/api/v1/me").await.is(200);
        server.anonymous().get("/sign-in").await.problem(429, "too-many-requests");
        browser.get("/sign-in").await.is(429);
        server.move_clock_to("2026-11-23T10:00:02Z");
        server.anonymous().get(DOCUMENT).await.problem(404, "not-found");
    }

    async fn guessing_keys_is_limited_by_address_and_hurts_no_honest_caller(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 4).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        let unknown = "clvk_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl4aiPDV";
        let (guess, garbage) = (server.anonymous().with("x-api-key", unknown), server.anonymous().with("x-api-key", "x"));
        for (client, remaining) in [(&guess, 3), (&garbage, 2), (&guess, 1), (&server.anonymous(), 0)] {
            let refused = client.get(ME).await.is(401);
            assert_eq!(refused.header("ratelimit-policy"), r#""address";q=4;w=60"#);
            assert_eq!(refused.header("ratelimit"), format!(r#""address";r={remaining};t={}"#, (4 - remaining) * 15));
        }
        for client in [&guess, &garbage, &server.anonymous()] {
            let refused = client.get(ME).await.problem(429, "too-many-requests");
            assert_eq!(refused.header("retry-after"), "15");
        }
        for _ in 0..10 {
            key.get(ME).await.is(200);
        }
        server.move_clock_to("2026-11-23T10:00:15Z");
        guess.get(ME).await.problem(401, "invalid-secret");
    }

    async fn d6_an_address_over_its_limit_learns_nothing_of_a_key(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 1).await;
        let wallet = server.wallet("Acme").await;
        let (owner, key) = (wallet.key(&["api_access:change"]).await, wallet.key(&[]).await);
        owner.delete(&key.path()).await.is(204);
        key.get(ME).await.problem(401, "revoked");
        key.get(ME).await.problem(429, "too-many-requests");
        server.anonymous().with("x-api-key", "x").get(ME).await.problem(429, "too-many-requests");
    }

    async fn a_flood_of_garbage_reads_no_database(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        server.app.store.close().await;
        let unknown = "clvk_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl4aiPDV";
        for presented in [unknown, "clvk_", "x", "eyJhbGciOiJFUzI1NiJ9.e30.AA"] {
            for path in [ME, "/api/v1/credentials", "/api/v1/api-keys"] {
                let presented_to = server.anonymous().with("authorization", &format!("Bearer {presented}"));
                presented_to.get(path).await.problem(401, "invalid-secret");
                server.anonymous().with("x-api-key", presented).get(path).await.problem(401, "invalid-secret");
            }
        }
        key.get(ME).await.is(200);
        key.get("/api/v1/credentials").await.problem(403, "permission-missing");
        assert!(server.app.store.read().await.is_err(), "there was no database to read");
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
