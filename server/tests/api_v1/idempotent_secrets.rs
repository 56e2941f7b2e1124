//! A request for a key or a client that is sent again with its `Idempotency-Key` answers the same secret for ten minutes,
//! and the database never holds it.

use serde_json::json;

use crate::support::{Actor, Answer, Server};

/// The collections, the member with the name, and the one with the secret.
const KINDS: [(&str, &str, &str); 2] =
    [("/api/v1/api-keys", "name", "key"), ("/api/v1/oauth-clients", "client_id", "client_secret")];

async fn ask(caller: &Actor, key: &str, (path, member, _): (&str, &str, &str), name: &str) -> Answer {
    let body = json!({member: name, "permissions": ["users:view"]});
    caller.with("idempotency-key", key).post(path, body).await
}

store::both_databases! {
    async fn the_same_request_answers_the_same_secret_also_after_a_restart(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.key(&["api_access:change", "users:view"]).await;
        let mut first = Vec::new();
        for kind in KINDS {
            let made = ask(&owner, "one", kind, "acme").await.is(201);
            let again = ask(&owner, "one", kind, "acme").await.is(201);
            assert_eq!((again.json(), again.header("location")), (made.json(), made.header("location")));
            first.push(made);
        }
        server.anonymous().with("x-api-key", &first[0].member("key")).get("/api/v1/users").await.is(200);
        let text = owner.text.clone();
        let server = server.restart(db).await;
        let owner = server.anonymous().with("x-api-key", &text);
        server.move_clock_to("2026-11-23T10:09:59Z");
        for (kind, made) in KINDS.into_iter().zip(&first) {
            assert_eq!(ask(&owner, "one", kind, "acme").await.is(201).member(kind.2), made.member(kind.2));
            ask(&owner, "one", kind, "other").await.problem(422, "idempotency-key-reused");
            ask(&owner, "two", kind, "acme").await.problem(409, "name-in-use");
            let list = owner.get(kind.0).await.is(200).column(kind.1);
            assert_eq!(list.iter().filter(|name| name.as_str() == Some("acme")).count(), 1);
        }
    }

    async fn after_ten_minutes_the_answer_says_what_to_do(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.key(&["api_access:change", "users:view"]).await;
        let mut made = Vec::new();
        for kind in KINDS {
            made.push(ask(&owner, "one", kind, "acme").await.is(201));
        }
        server.move_clock_to("2026-11-23T10:10:00Z");
        for (kind, made) in KINDS.into_iter().zip(&made) {
            let refused = ask(&owner, "one", kind, "acme").await.problem(409, "secret-shown");
            assert!(refused.member("detail").contains(made.header("location")), "{}", refused.text);
            assert!(!refused.text.contains(&made.member(kind.2)));
            owner.delete(made.header("location")).await.is(204);
            ask(&owner, "one", kind, "acme").await.problem(404, "not-found");
            let again = ask(&owner, "two", kind, "acme").await.is(201);
            assert_ne!(again.member(kind.2), made.member(kind.2));
        }
        // A key of the client that is forgotten makes another secret.
        server.move_clock_to("2026-11-24T10:00:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        let again = ask(&owner, "one", KINDS[0], "later").await.is(201);
        assert_ne!(again.member("key"), made[0].member("key"));
    }

    async fn a_secret_follows_from_its_caller_and_its_object_as_well(db: &Database) {
        let server = Server::start(db).await;
        let (acme, other) = (server.wallet("Acme").await, server.wallet("Other").await);
        let permissions = ["api_access:change", "users:view"];
        let callers = [acme.key(&permissions).await, acme.key(&permissions).await, other.key(&permissions).await];
        let mut secrets = Vec::new();
        for (at, caller) in callers.iter().enumerate() {
            secrets.push(ask(caller, "one", KINDS[0], &format!("acme-{at}")).await.is(201).member("key"));
        }
        secrets.sort();
        secrets.dedup();
        assert_eq!(secrets.len(), 3);
    }

    async fn a_caller_that_could_not_give_it_any_more_is_not_told_again(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await;
        let owner = wallet.key(&["api_access:change", "users:view"]).await;
        ask(&owner, "one", KINDS[0], "acme").await.is(201);
        let admin = wallet.administrator_key().await;
        admin.patch(&owner.path(), json!({"permissions": ["api_access:change"]})).await.is(200);
        ask(&owner, "one", KINDS[0], "acme").await.problem(403, "permission-exceeds-own");
    }

    async fn the_secret_is_not_in_the_database(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.key(&["api_access:change", "users:view"]).await;
        for kind in KINDS {
            let secret = ask(&owner, "one", kind, "acme").await.is(201).member(kind.2);
            let contents = db.contents().await;
            let found = |text: &[u8]| contents.windows(text.len()).any(|window| window == text);
            assert!(found(b"acme") && !found(&secret.as_bytes()[21..53]));
        }
    }
}
