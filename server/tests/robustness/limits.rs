//! How many requests a minute a key or client may send, as it learns of it over HTTP.

use serde_json::json;

use crate::support::{Answer, Server};

const ME: &str = "/api/v1/me";

/// Quota, what remains, and after how many seconds all of it is there again.
fn told(answer: &Answer) -> (&str, &str) {
    (answer.header("ratelimit-policy"), answer.header("ratelimit"))
}

store::both_databases! {
    async fn every_answer_to_a_key_tells_what_is_left_and_the_limit_refuses(db: &Database) {
        let server = Server::start_with(db, |settings| settings.key_rate = 3).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        assert_eq!(told(&key.get(ME).await.is(200)), (r#""key";q=3;w=60"#, r#""key";r=2;t=20"#));
        assert_eq!(told(&key.get("/api/v1/users").await.is(403)), (r#""key";q=3;w=60"#, r#""key";r=1;t=40"#));
        let bearer = server.anonymous().with("authorization", &format!("Bearer {}", key.text));
        assert_eq!(told(&bearer.get(ME).await.is(200)), (r#""key";q=3;w=60"#, r#""key";r=0;t=60"#));
        let refused = key.get(ME).await.problem(429, "too-many-requests");
        assert_eq!((told(&refused), refused.header("retry-after")), ((r#""key";q=3;w=60"#, r#""key";r=0;t=60"#), "20"));
        server.move_clock_to("2026-11-23T10:00:20Z");
        key.get(ME).await.is(200);
        key.get(ME).await.is(429);
    }

    async fn without_a_limit_no_header_tells_of_one(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        let answer = key.get(ME).await.is(200);
        assert!(answer.headers.get("ratelimit").is_none() && answer.headers.get("ratelimit-policy").is_none());
    }

    async fn m12_a_limit_of_its_own_is_in_force_for_the_next_request(db: &Database) {
        let server = Server::start_with(db, |settings| settings.key_rate = 100).await;
        let acme = server.wallet("Acme").await;
        let (owner, key, other) = (acme.administrator_key().await, acme.key(&[]).await, acme.key(&[]).await);
        owner.patch(&key.path(), json!({"requests_per_minute": 2})).await.is(200);
        assert_eq!(told(&key.get(ME).await.is(200)).0, r#""key";q=2;w=60"#);
        key.get(ME).await.is(200);
        key.get(ME).await.is(429);
        assert_eq!(told(&other.get(ME).await.is(200)).0, r#""key";q=100;w=60"#);
        owner.delete(&key.path()).await.is(204);
        key.get(ME).await.problem(401, "revoked");
    }

    async fn m16_the_tokens_of_a_client_share_its_limit_and_each_costs_a_hundredth_of_it(db: &Database) {
        let server = Server::start_with(db, |settings| settings.key_rate = 300).await;
        let client = server.wallet("Acme").await.client(&[]).await;
        let (first, second) = (client.token().await, client.token().await);
        // Each exchange is a request too.
        assert_eq!(told(&client.bearer(&first).get(ME).await.is(200)).1, r#""key";r=291;t=2"#);
        assert_eq!(told(&client.bearer(&second).get(ME).await.is(200)).1, r#""key";r=290;t=2"#);
        for _ in 0..72 {
            client.ask(&[]).await.is(200);
        }
        let refused = client.ask(&[]).await.oauth_error(429, "temporarily_unavailable");
        assert_eq!(refused.header("retry-after"), "1");
        client.bearer(&first).get(ME).await.is(200);
    }
}
