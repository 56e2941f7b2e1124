//! `requests_per_minute` of a key and of a client

use serde_json::{Value, json};

use super::KEYS;
use crate::support::Server;

const CLIENTS: &str = "/api/v1/oauth-clients";

store::both_databases! {
    async fn a_limit_is_shown_changed_and_taken_away(db: &Database) {
        let server = Server::start(db).await;
        let admin = server.wallet("Acme").await.administrator_key().await;
        for (path, name) in [(KEYS, "name"), (CLIENTS, "client_id")] {
            let made = admin.post(path, json!({name: "acme", "requests_per_minute": 600})).await.is(201);
            let path = made.header("location");
            assert_eq!(made.json()["requests_per_minute"], 600);
            for (sent, shown) in [
                (json!({"notes": "kept"}), json!(600)),
                (json!({"requests_per_minute": 1}), json!(1)),
                (json!({"requests_per_minute": 1_000_000}), json!(1_000_000)),
                (json!({"requests_per_minute": null}), Value::Null),
            ] {
                assert_eq!(admin.patch(path, sent).await.is(200).json()["requests_per_minute"], shown);
                assert_eq!(admin.get(path).await.is(200).json()["requests_per_minute"], shown);
            }
        }
        let none = admin.post(KEYS, json!({"name": "b", "requests_per_minute": null})).await.is(201);
        assert_eq!(none.json()["requests_per_minute"], Value::Null);
    }

    async fn a_limit_is_from_1_to_a_million(db: &Database) {
        let server = Server::start(db).await;
        let admin = server.wallet("Acme").await.administrator_key().await;
        let made = admin.post(KEYS, json!({"name": "acme", "requests_per_minute": 600})).await.is(201);
        for bad in [json!(0), json!(-1), json!(1_000_001), json!(1.5), json!("600"), json!(1e30)] {
            let refused = [("requests_per_minute", "invalid")];
            admin.post(KEYS, json!({"name": "b", "requests_per_minute": bad})).await.refuses(&refused);
            admin.post(CLIENTS, json!({"client_id": "b", "requests_per_minute": bad})).await.refuses(&refused);
            admin.patch(made.header("location"), json!({"requests_per_minute": bad})).await.refuses(&refused);
        }
        let refused = [("name", "invalid"), ("requests_per_minute", "invalid")];
        admin.post(KEYS, json!({"name": "", "requests_per_minute": 0})).await.refuses(&refused);
        assert_eq!(admin.get(made.header("location")).await.json()["requests_per_minute"], 600);
    }

    async fn a_changed_limit_is_told_in_the_audit_log(db: &Database) {
        let server = Server::start(db).await;
        let admin = server.wallet("Acme").await.administrator_key().await;
        let made = admin.post(KEYS, json!({"name": "acme", "requests_per_minute": 600})).await.is(201);
        admin.patch(made.header("location"), json!({"requests_per_minute": 60})).await.is(200);
        admin.patch(made.header("location"), json!({"requests_per_minute": 60})).await.is(200);
        let events = async |action: &str| {
            let path = format!("/api/v1/audit-events?action={action}&target_id={}", made.member("id"));
            admin.get(&path).await.is(200).json()["items"].as_array().cloned().unwrap()
        };
        assert_eq!(events("api_key.created").await[0]["detail"]["requests_per_minute"], 600);
        let edits = events("api_key.edited").await;
        assert_eq!(edits.len(), 1, "an edit that changes nothing is no event");
        let limit = |when: &str| edits[0]["detail"][when]["requests_per_minute"].clone();
        assert_eq!((limit("before"), limit("after")), (json!(600), json!(60)));
    }
}
