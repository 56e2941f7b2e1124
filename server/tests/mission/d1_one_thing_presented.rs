//! D1: `x-api-key: K` and `Authorization: Bearer K` mean the same; two of anything are refused.

use serde_json::Value;

use crate::support::{Actor, Server};

const ME: &str = "/api/v1/me";

/// A caller as it sees itself.
async fn me(actor: &Actor) -> Value {
    actor.get(ME).await.is(200).json()
}

store::both_databases! {
    async fn d1_bearer_means_the_same(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["users:view"]).await;
        let expected = me(&key).await;
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let bearer = server.anonymous().with("authorization", &format!("{scheme} {}", key.text));
            assert_eq!(me(&bearer).await, expected);
            bearer.get("/api/v1/users").await.is(200);
        }
    }

    async fn d1_two_presented_in_any_combination_are_refused_although_each_is_valid(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (key, other, user) = (acme.key(&[]).await, acme.key(&[]).await, acme.session(&[]).await);
        let cookie = format!("claviger={}", user.text);
        let ways = [
            ("x-api-key", key.text.clone()),
            ("x-api-key", other.text.clone()),
            ("authorization", format!("Bearer {}", key.text)),
            ("authorization", format!("Bearer {}", other.text)),
            ("cookie", cookie.clone()),
            ("cookie", format!("theme=dark; {cookie}")),
        ];
        for (name, value) in &ways {
            let one = server.anonymous().with(name, value);
            one.get(ME).await.is(200);
            for (name, value) in &ways {
                one.with(name, value).get(ME).await.problem(400, "two-secrets");
            }
        }
        let doubled = server.anonymous().with("cookie", &format!("{cookie}; {cookie}"));
        doubled.get(ME).await.problem(400, "two-secrets");
    }

    async fn d1_a_second_thing_counts_although_it_is_worthless(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        for (name, value) in [
            ("x-api-key", ""),
            ("x-api-key", "nonsense"),
            ("authorization", ""),
            ("authorization", "Bearer"),
            ("authorization", "Basic YTpi"),
            ("authorization", "Digest x"),
            ("cookie", "claviger="),
        ] {
            key.with(name, value).get(ME).await.problem(400, "two-secrets");
        }
        key.with("cookie", "theme=dark; clavigers=1; xclaviger=1").get(ME).await.is(200);
    }

    async fn d1_a_key_in_the_query_is_never_read(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["users:view"]).await;
        for name in ["x-api-key", "api_key", "key", "access_token", "authorization", "apikey"] {
            let path = format!("/api/v1/users?{name}={}", key.text);
            server.anonymous().get(&path).await.problem(401, "unauthenticated");
            let refused = key.get(&path).await.refuses(&[(name, "unknown")]);
            assert!(!refused.text.contains(&key.text), "the text does not come back");
        }
    }

    async fn d1_a_key_in_the_cookie_and_a_session_in_a_header_are_nothing(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (key, user) = (acme.key(&[]).await, acme.session(&[]).await);
        for (name, value) in [
            ("cookie", format!("claviger={}", key.text)),
            ("x-api-key", user.text.clone()),
            ("authorization", format!("Bearer {}", user.text)),
        ] {
            server.anonymous().with(name, &value).get(ME).await.problem(401, "invalid-secret");
        }
    }
}
