//! What the audit log tells of clients and their tokens.

use serde_json::{Value, json};

use crate::support::Server;

fn form<'a>(client_id: &'a str, secret: &'a str) -> [(&'a str, &'a str); 3] {
    [("grant_type", "client_credentials"), ("client_id", client_id), ("client_secret", secret)]
}

store::both_databases! {
    async fn m16_the_audit_log_tells_of_clients_and_of_tokens_issued_and_revoked(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let made = admin.post("/api/v1/oauth-clients", json!({"client_id": "backend"})).await.is(201);
        let path = made.header("location").to_owned();
        admin.patch(&path, json!({"notes": "new"})).await.is(200);
        let client = acme.client_named("other", &["users:view"], None).await;
        let token = client.token().await;
        client.post("/oauth2/revoke", &[("token", &token)]).await.is(200);
        admin.delete(&path).await.is(204);
        let events = admin.get("/api/v1/audit-events?limit=50").await.is(200);
        let actions = events.column("action");
        for action in [
            "oauth_client.created",
            "oauth_client.edited",
            "oauth_client.revoked",
            "access_token.issued",
            "access_token.revoked",
            "token_key.rotated",
        ] {
            assert!(actions.contains(&json!(action)), "{action} is not in {actions:?}");
        }
        let events = events.json();
        let issued = events["items"].as_array().unwrap().iter().find(|event| event["action"] == "access_token.issued");
        let issued: &Value = issued.unwrap();
        assert_eq!((&issued["actor"]["kind"], &issued["actor"]["name"]), (&json!("oauth_client"), &json!("other")));
        assert_eq!(issued["detail"]["permissions"], json!(["users:view"]));
        assert!(!events.to_string().contains(&token));
    }

    async fn m16_refusals_are_counted_and_write_no_row_each(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let reader = acme.key(&["audit_log:view"]).await;
        let before = reader.get("/api/v1/audit-events?limit=200").await.column("id").len();
        for number in 0..40 {
            server.anonymous().post_form("/oauth2/token", &form(&client.client_id, "clvs_wrong")).await.is(401);
            server.anonymous().post_form("/oauth2/token", &form(&format!("nobody-{number}"), "x")).await.is(401);
        }
        client.ask(&[("scope", "wallet:view")]).await.oauth_error(400, "invalid_scope");
        assert_eq!(reader.get("/api/v1/audit-events?limit=200").await.column("id").len(), before);
        for _ in 0..2 {
            server.app.flush_refusals().await.unwrap();
        }
        let events = reader.get("/api/v1/audit-events?limit=200").await;
        assert_eq!(events.column("id").len(), before + 1);
        let newest = &events.json()["items"][0];
        assert_eq!((&newest["action"], &newest["actor"]["kind"]), (&json!("access_token.refused"), &json!("server")));
        assert_eq!((&newest["target"]["name"], &newest["detail"]["count"]), (&json!(client.client_id), &json!(41)));
    }
}
