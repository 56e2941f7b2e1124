//! A request that is sent again with its `Idempotency-Key` makes nothing a second time.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, Key, Server};

const IDENTIFIERS: &str = "/api/v1/identifiers";
const PERMISSIONS: [&str; 1] = ["identifiers:change"];

/// Asks for an identifier with this name under this idempotency key.
async fn ask(caller: &Actor, key: &str, name: &str) -> Answer {
    let body = json!({"name": name, "method": "did:jwk"});
    caller.with("idempotency-key", key).post(IDENTIFIERS, body).await
}

async fn names(caller: &Key) -> Vec<Value> {
    caller.get(IDENTIFIERS).await.is(200).column("name")
}

store::both_databases! {
    async fn the_same_request_answers_the_same_object_also_after_a_restart(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await;
        let key = wallet.key(&PERMISSIONS).await;
        let first = ask(&key, r#""one""#, "Main").await.is(201);
        let again = ask(&key, "one", "Main").await.is(201);
        assert_eq!((again.json(), again.header("location")), (first.json(), first.header("location")));
        let text = key.text.clone();
        let server = server.restart(db).await;
        let key = server.anonymous().with("x-api-key", &text);
        assert_eq!(ask(&key, "one", "Main").await.is(201).json(), first.json());
        assert_eq!(key.get(IDENTIFIERS).await.is(200).column("name"), ["Main"]);
        let events = server.app.store.read().await.unwrap().revision().await.unwrap();
        assert_eq!(ask(&key, "one", "Main").await.is(201).json(), first.json());
        assert_eq!(server.app.store.read().await.unwrap().revision().await.unwrap(), events, "nothing was changed");
    }

    async fn a_key_with_another_body_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&PERMISSIONS).await;
        ask(&key, "one", "Main").await.is(201);
        ask(&key, "one", "Other").await.problem(422, "idempotency-key-reused");
        ask(&key, "two", "Other").await.is(201);
        assert_eq!(names(&key).await, ["Main", "Other"]);
    }

    async fn a_malformed_key_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&PERMISSIONS).await;
        for malformed in ["", "\"\"", "\"open", "a b", "a, b", &"x".repeat(256)] {
            ask(&key, malformed, "Main").await.refuses(&[("idempotency-key", "invalid")]);
        }
        let twice = key.with("idempotency-key", "one").with("idempotency-key", "two");
        twice.post(IDENTIFIERS, json!({"name": "Main", "method": "did:jwk"})).await.refuses(&[("idempotency-key", "invalid")]);
        let bytes = key.with_bytes("idempotency-key", b"\xff");
        bytes.post(IDENTIFIERS, json!({"name": "Main", "method": "did:jwk"})).await.refuses(&[("idempotency-key", "invalid")]);
        assert!(names(&key).await.is_empty());
    }

    async fn a_refused_request_leaves_its_key_free(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&PERMISSIONS).await;
        ask(&key, "one", "").await.refuses(&[("name", "invalid")]);
        ask(&key, "one", "Main").await.is(201);
    }

    async fn a_key_is_of_one_caller(db: &Database) {
        let server = Server::start(db).await;
        let wallet = server.wallet("Acme").await;
        let (first, second) = (wallet.key(&PERMISSIONS).await, wallet.key(&PERMISSIONS).await);
        let other = server.wallet("Other").await.key(&PERMISSIONS).await;
        let made = ask(&first, "one", "Main").await.is(201).member("id");
        ask(&second, "one", "Main").await.problem(409, "name-in-use");
        assert_ne!(ask(&other, "one", "Main").await.is(201).member("id"), made);
    }

    async fn a_key_is_forgotten_after_24_hours(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&PERMISSIONS).await;
        ask(&key, "one", "Main").await.is(201);
        server.move_clock_to("2026-11-24T09:59:59Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        ask(&key, "one", "Other").await.problem(422, "idempotency-key-reused");
        server.move_clock_to("2026-11-24T10:00:00Z");
        ask(&key, "one", "Other").await.is(201);
        server.move_clock_to("2026-11-25T10:00:00Z");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert_eq!(db.execute("DELETE FROM idempotency_keys").await, 0);
    }

    async fn a_request_is_answered_with_not_found_when_what_it_made_is_gone(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let made = ask(&key, "one", "Main").await.is(201).header("location").to_owned();
        key.delete(&made).await.is(204);
        ask(&key, "one", "Main").await.problem(404, "not-found");
    }

    async fn of_two_that_arrive_at_once_one_makes_it_and_both_are_answered(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&PERMISSIONS).await;
        for round in 0..100 {
            let name = format!("Main-{round}");
            let (one, two) = tokio::join!(ask(&key, &name, &name), ask(&key, &name, &name));
            assert_eq!(one.is(201).json(), two.is(201).json());
        }
        assert_eq!(key.get(&format!("{IDENTIFIERS}?limit=200")).await.is(200).column("name").len(), 100);
    }

    async fn nothing_of_a_body_stands_in_the_database(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let body = json!({"name": "Main", "method": "did:jwk"});
        let sha256 = <sha2::Sha256 as sha2::Digest>::digest(serde_json::to_vec(&body).unwrap());
        let request = key.with("idempotency-key", "one").request(Method::POST, IDENTIFIERS).json(&body);
        Actor::send(request).await.is(201);
        let contents = db.contents().await;
        let hexadecimal = sha256.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        for digest in [sha256.as_slice(), hexadecimal.as_bytes()] {
            assert!(!contents.windows(digest.len()).any(|window| window == digest), "an unkeyed digest can be guessed");
        }
    }
}
