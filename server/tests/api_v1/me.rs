//! `GET /api/v1/me`

use serde_json::{Value, json};

use crate::support::Server;

const ME: &str = "/api/v1/me";

store::both_databases! {
    async fn m3_a_key_is_sent_with_each_request_without_any_exchange(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["users:change"]).await;
        let me = key.get(ME).await.is(200).json();
        assert_eq!(me, json!({
            "kind": "api_key",
            "id": key.id,
            "name": "key-1",
            "wallet": {"id": acme.id, "name": "Acme"},
            "permissions": ["users:change", "users:view"],
            "expires_at": "2027-11-24T00:00:00Z",
        }));
    }

    async fn m15_the_header_x_api_key_authenticates(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        server.anonymous().with("x-api-key", &key.text).get(ME).await.is(200);
        let nothing = server.anonymous().get(ME).await.problem(401, "unauthenticated");
        assert_eq!(nothing.header("www-authenticate"), r#"Bearer realm="claviger""#);
    }

    async fn d7_a_key_without_permissions_can_call_me_alone(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        assert_eq!(key.get(ME).await.is(200).json()["permissions"], json!([]));
        key.get("/api/v1/users").await.problem(403, "permission-missing");
    }

    async fn a_user_in_the_console_is_told_who_it_is(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let user = acme.session(&["audit_log:view"]).await;
        let me = user.get(ME).await.is(200).json();
        assert_eq!((&me["kind"], &me["id"]), (&json!("user"), &json!(user.user)));
        assert_eq!(me["permissions"], json!(["audit_log:view"]));
        assert_eq!(me["expires_at"], "2026-11-23T22:00:00Z", "a session lasts twelve hours");
    }

    async fn an_ended_session_opens_nothing(db: &Database) {
        let server = Server::start(db).await;
        let user = server.wallet("Acme").await.session(&[]).await;
        server.move_clock_to("2026-11-23T21:59:59.999Z");
        user.get(ME).await.is(200);
        server.move_clock_to("2026-11-23T22:00:00Z");
        user.get(ME).await.problem(401, "expired");
    }

    async fn the_wallet_is_named_as_it_is_called_now(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["wallet:change"]).await;
        key.patch("/api/v1/wallet", json!({"name": "Acme Ltd"})).await.is(200);
        assert_eq!(key.get(ME).await.json()["wallet"]["name"], Value::from("Acme Ltd"));
    }
}
