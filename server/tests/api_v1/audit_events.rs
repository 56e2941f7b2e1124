//! `/api/v1/audit-events…`

use serde_json::{Value, json};

use crate::support::Server;

const EVENTS: &str = "/api/v1/audit-events";

store::both_databases! {
    async fn an_event_tells_who_did_what_to_what_when_and_in_which_request(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let user = acme.session(&["api_access:change", "audit_log:view"]).await;
        server.move_clock_to("2026-11-23T11:00:00Z");
        let made = user.post("/api/v1/api-keys", json!({"name": "a", "notes": "n"})).await.is(201);
        let events = user.get(&format!("{EVENTS}?limit=1")).await.is(200).json()["items"].clone();
        let id = events[0]["id"].as_str().unwrap();
        assert_eq!(events, json!([{
            "id": id,
            "at": "2026-11-23T11:00:00Z",
            "actor": {"kind": "user", "id": user.user, "name": "user-1"},
            "action": "api_key.created",
            "target": {"id": made.member("id"), "name": "a"},
            "detail": {"permissions": [], "expires_on": "2027-11-23", "notes": "n", "requests_per_minute": null},
            "request_id": made.header("x-request-id"),
        }]));
        assert_eq!(user.get(&format!("{EVENTS}/{id}")).await.is(200).json(), events[0]);
    }

    async fn every_change_is_told_newest_first(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let key = owner.post("/api/v1/api-keys", json!({"name": "a"})).await.is(201).header("location").to_owned();
        let role = owner.post("/api/v1/roles", json!({"name": "r"})).await.is(201).header("location").to_owned();
        let user = owner.post("/api/v1/users", json!({"name": "u", "email": "u@x"})).await.is(201);
        let user = user.header("location").to_owned();
        owner.patch(&key, json!({"notes": "n"})).await.is(200);
        owner.patch(&role, json!({"name": "s"})).await.is(200);
        owner.patch(&user, json!({"name": "v"})).await.is(200);
        owner.patch("/api/v1/wallet", json!({"name": "Acme Ltd"})).await.is(200);
        owner.delete(&user).await.is(204);
        owner.delete(&role).await.is(204);
        owner.delete(&key).await.is(204);
        let told = owner.get(&format!("{EVENTS}?actor_id={}", owner.id)).await.is(200).column("action");
        assert_eq!(told, [
            "api_key.revoked", "role.deleted", "user.deleted", "wallet.edited", "user.edited",
            "role.edited", "api_key.edited", "user.created", "role.created", "api_key.created",
        ]);
        let first = owner.get(&format!("{EVENTS}?sort=at&limit=3")).await.is(200);
        let mut actions = first.column("action");
        assert_eq!(actions.pop().unwrap(), "api_key.created");
        assert!(actions.contains(&json!("wallet.created")) && actions.contains(&json!("role.created")));
        assert_eq!(first.json()["items"][0]["actor"]["kind"], "operator");
        assert_eq!(first.json()["items"][0]["request_id"], Value::Null);
    }

    async fn refused_changes_are_no_events(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["api_access:change", "audit_log:view"]).await;
        let count = key.get(EVENTS).await.is(200).column("id").len();
        key.post("/api/v1/api-keys", json!({"name": "key-1"})).await.is(409);
        key.post("/api/v1/api-keys", json!({"name": "b", "permissions": ["users:view"]})).await.is(403);
        key.patch(&key.path(), json!({"name": "b"})).await.is(422);
        key.patch(&key.path(), json!({})).await.is(200);
        assert_eq!(key.get(EVENTS).await.column("id").len(), count);
    }

    async fn the_log_is_filtered_searched_and_cut_in_pages(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        for name in ["Alpha", "Beta", "Gamma"] {
            owner.post("/api/v1/roles", json!({"name": name})).await.is(201);
        }
        let targets = async |query: &str| -> Vec<String> {
            let items = owner.get(&format!("{EVENTS}?{query}")).await.is(200).column("target");
            items.iter().map(|target| target["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(targets("action=role.created").await, ["Gamma", "Beta", "Alpha", "Administrator"]);
        assert_eq!(targets("q=BETA").await, ["Beta"]);
        assert_eq!(targets("sort=at&limit=2&action=role.created").await, ["Administrator", "Alpha"]);
        assert!(targets("action=role.unheard_of").await.is_empty());
        assert!(targets("target_id=01900000-0000-7000-8000-000000000000").await.is_empty());
        let first = owner.get(&format!("{EVENTS}?limit=2")).await.is(200);
        assert_eq!(targets(&format!("limit=1&cursor={}", first.member("next_cursor"))).await, ["Alpha"]);
        for (query, field, code) in [
            ("colour=red", "colour", "unknown"),
            ("actor_id=x", "actor_id", "invalid"),
            ("action=%00", "action", "invalid"),
            ("sort=name", "sort", "invalid"),
            ("limit=201", "limit", "invalid"),
            ("cursor=x", "cursor", "invalid"),
        ] {
            owner.get(&format!("{EVENTS}?{query}")).await.refuses(&[(field, code)]);
        }
    }

    async fn nobody_can_change_the_log(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let id = owner.get(EVENTS).await.is(200).column("id")[0].as_str().unwrap().to_owned();
        let path = format!("{EVENTS}/{id}");
        for answer in [
            owner.delete(&path).await,
            owner.patch(&path, json!({})).await,
            owner.post(EVENTS, json!({})).await,
            owner.delete(EVENTS).await,
        ] {
            assert_eq!(answer.problem(405, "method-not-allowed").header("allow"), "GET,HEAD");
        }
        owner.get(&format!("{EVENTS}/x")).await.problem(404, "not-found");
        owner.get(&format!("{EVENTS}/01900000-0000-7000-8000-000000000000")).await.problem(404, "not-found");
    }
}
