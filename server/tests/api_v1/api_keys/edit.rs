//! `PATCH /api/v1/api-keys/{id}`

use serde_json::{Value, json};

use super::KEYS;
use crate::support::Server;

store::both_databases! {
    async fn m12_an_edit_applies_to_the_next_request(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let key = acme.key(&[]).await;
        for _ in 0..20 {
            key.get("/api/v1/users").await.problem(403, "permission-missing");
            owner.patch(&key.path(), json!({"permissions": ["users:view"]})).await.is(200);
            key.get("/api/v1/users").await.is(200);
            owner.patch(&key.path(), json!({"permissions": []})).await.is(200);
        }
    }

    async fn m12_permissions_and_notes_change_and_all_else_stays(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let made = owner.post(KEYS, json!({"name": "a", "notes": "old", "permissions": ["roles:view"]})).await.is(201);
        let path = made.header("location");
        let mut expected = made.json();
        expected.as_object_mut().unwrap().remove("key");
        expected["notes"] = json!("new");
        assert_eq!(owner.patch(path, json!({"notes": "new"})).await.is(200).json(), expected);
        expected["permissions"] = json!(["users:change", "users:view"]);
        assert_eq!(owner.patch(path, json!({"permissions": ["users:change"]})).await.is(200).json(), expected);
        assert_eq!(owner.patch(path, json!({})).await.is(200).json(), expected);
        assert_eq!(owner.get(path).await.is(200).json(), expected);
    }

    async fn m12_name_and_expiry_date_never_change(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let key = acme.key(&[]).await;
        let before = owner.get(&key.path()).await.json();
        for (body, field) in [
            (json!({"name": "b"}), "name"),
            (json!({"name": before["name"]}), "name"),
            (json!({"name": null}), "name"),
            (json!({"expires_on": "2030-01-01"}), "expires_on"),
            (json!({"expires_on": before["expires_on"], "notes": "new"}), "expires_on"),
        ] {
            owner.patch(&key.path(), body).await.refuses(&[(field, "immutable")]);
        }
        assert_eq!(owner.get(&key.path()).await.json(), before);
    }

    async fn m7_editing_a_key_needs_change(db: &Database) {
        let server = Server::start(db).await;
        let viewer = server.wallet("Acme").await.key(&["api_access:view"]).await;
        let refused = viewer.patch(&viewer.path(), json!({"notes": "new"})).await.problem(403, "permission-missing");
        assert_eq!(refused.member("required_permission"), "api_access:change");
        assert_eq!(viewer.get(&viewer.path()).await.member("notes"), "");
    }

    async fn an_edit_keeps_the_last_use(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let key = acme.key(&[]).await;
        key.get("/api/v1/me").await.is(200);
        let edited = owner.patch(&key.path(), json!({"notes": "new"})).await.is(200);
        assert_eq!(edited.member("last_used_at"), "2026-11-23T10:00:00Z");
        assert_eq!(owner.get(&key.path()).await.member("last_used_at"), "2026-11-23T10:00:00Z");
    }

    async fn an_edit_is_told_with_before_and_after(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let owner = acme.administrator_key().await;
        let key = acme.key(&[]).await;
        let edited = owner.patch(&key.path(), json!({"permissions": ["users:view"], "notes": "new"})).await.is(200);
        owner.patch(&key.path(), json!({"notes": "new"})).await.is(200);
        let events = owner.get(&format!("/api/v1/audit-events?action=api_key.edited&target_id={}", key.id)).await;
        let events = events.is(200).json()["items"].as_array().cloned().unwrap();
        assert_eq!(events.len(), 1, "an edit that changes nothing is no event");
        assert_eq!(events[0]["actor"], json!({"kind": "api_key", "id": owner.id, "name": "key-1"}));
        assert_eq!(events[0]["request_id"], Value::from(edited.header("x-request-id")));
        assert_eq!(events[0]["detail"], json!({
            "before": {"permissions": [], "notes": "", "requests_per_minute": null},
            "after": {"permissions": ["users:view"], "notes": "new", "requests_per_minute": null},
        }));
    }
}
