//! `GET /api/v1/api-keys/{id}`

use serde_json::{Value, json};

use super::KEYS;
use crate::support::Server;

store::both_databases! {
    async fn m10_the_key_text_cannot_be_had_again_by_anyone(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let administrator = acme.administrator_key().await;
        let made = administrator.post(KEYS, json!({"name": "a"})).await.is(201);
        let mut expected = made.json();
        expected.as_object_mut().unwrap().remove("key");
        let viewed = administrator.get(made.header("location")).await.is(200);
        assert_eq!(viewed.json(), expected);
        for path in [made.header("location"), KEYS, "/api/v1/audit-events"] {
            assert!(!administrator.get(path).await.is(200).text.contains(&made.member("key")[21..53]), "{path}");
        }
    }

    async fn m7_viewing_a_key_needs_view(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, stranger) = (acme.key(&["api_access:view"]).await, acme.key(&["roles:change"]).await);
        viewer.get(&stranger.path()).await.is(200);
        let refused = stranger.get(&viewer.path()).await.problem(403, "permission-missing");
        assert_eq!(refused.member("required_permission"), "api_access:view");
    }

    async fn the_first_use_stands_in_the_next_answer(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, used) = (acme.key(&["api_access:view"]).await, acme.key(&[]).await);
        assert_eq!(viewer.get(&used.path()).await.is(200).json()["last_used_at"], Value::Null);
        server.move_clock_to("2026-11-23T10:00:01.234Z");
        used.get("/api/v1/me").await.is(200);
        assert_eq!(viewer.get(&used.path()).await.member("last_used_at"), "2026-11-23T10:00:01.234Z");
        server.move_clock_to("2026-11-23T10:00:02Z");
        used.get("/api/v1/users").await.is(403);
        assert_eq!(viewer.get(&used.path()).await.member("last_used_at"), "2026-11-23T10:00:02Z");
    }

    async fn a_written_last_use_survives_a_restart(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, used) = (acme.key(&["api_access:view"]).await, acme.key(&[]).await);
        used.get("/api/v1/me").await.is(200);
        access::api_access::flush_usage(&server.app).await.unwrap();
        let (path, text) = (used.path(), viewer.text.clone());
        let server = server.restart(db).await;
        let viewer = server.anonymous().with("x-api-key", &text);
        assert_eq!(viewer.get(&path).await.is(200).member("last_used_at"), "2026-11-23T10:00:00Z");
    }

    async fn a_refused_request_is_no_use(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, key) = (acme.key(&["api_access:view"]).await, acme.key_until("2026-11-23", &[]).await);
        key.with("authorization", &format!("Bearer {}", key.text)).get("/api/v1/me").await.is(400);
        server.move_clock_to("2026-11-24T00:00:00Z");
        key.get("/api/v1/me").await.problem(401, "expired");
        assert_eq!(viewer.get(&key.path()).await.is(200).json()["last_used_at"], Value::Null);
    }

    async fn the_operator_is_named_as_the_maker(db: &Database) {
        let server = Server::start(db).await;
        let viewer = server.wallet("Acme").await.key(&["api_access:view"]).await;
        let made_by = viewer.get(&viewer.path()).await.is(200).json()["created_by"].clone();
        assert_eq!(made_by, json!({"kind": "operator", "id": null, "name": "command line"}));
    }

    async fn the_status_follows_the_clock(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, key) = (acme.key(&["api_access:view"]).await, acme.key_until("2026-11-23", &[]).await);
        server.move_clock_to("2026-11-23T23:59:59.999Z");
        assert_eq!(viewer.get(&key.path()).await.member("status"), "active");
        server.move_clock_to("2026-11-24T00:00:00Z");
        assert_eq!(viewer.get(&key.path()).await.member("status"), "expired");
    }
}
