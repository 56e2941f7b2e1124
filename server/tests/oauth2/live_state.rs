//! What is changed in a client holds for its next request, also with the tokens that it has already (mission M12, M13,
//! M16).

use serde_json::json;

use crate::support::Server;

store::both_databases! {
    async fn m16_narrowed_permissions_are_gone_from_tokens_that_are_out(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let client = acme.client(&["users:change", "roles:view"]).await;
        let bearer = client.bearer(&client.token().await);
        bearer.get("/api/v1/roles").await.is(200);
        admin.patch(&client.path(), json!({"permissions": ["users:view"]})).await.is(200);
        bearer.get("/api/v1/roles").await.problem(403, "permission-missing");
        bearer.get("/api/v1/users").await.is(200);
        bearer.post("/api/v1/users", json!({})).await.problem(403, "permission-missing");
    }

    async fn m16_added_permissions_come_with_the_next_token(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let before = client.bearer(&client.token().await);
        let more = json!({"permissions": ["users:view", "roles:view"]});
        acme.administrator_key().await.patch(&client.path(), more).await.is(200);
        before.get("/api/v1/roles").await.problem(403, "permission-missing");
        client.bearer(&client.token().await).get("/api/v1/roles").await.is(200);
    }

    async fn m13_m16_a_deleted_client_is_out_at_once_with_all_its_tokens(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let bearers = [client.bearer(&client.token().await), client.bearer(&client.token().await)];
        acme.administrator_key().await.delete(&client.path()).await.is(204);
        for bearer in bearers {
            bearer.get("/api/v1/users").await.problem(401, "revoked");
        }
    }

    async fn m14_m16_a_token_ends_after_an_hour_and_with_its_client(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let ending = acme.client_named("ending", &["users:view"], Some("2026-11-23")).await;
        let bearer = ending.bearer(&ending.token().await);
        server.move_clock_to("2026-11-23T10:59:59Z");
        bearer.get("/api/v1/users").await.is(200);
        server.move_clock_to("2026-11-23T11:00:00Z");
        bearer.get("/api/v1/users").await.problem(401, "expired");
        server.move_clock_to("2026-11-23T23:59:00Z");
        let last = ending.bearer(&ending.token().await);
        last.get("/api/v1/users").await.is(200);
        server.move_clock_to("2026-11-24T00:00:00Z");
        last.get("/api/v1/users").await.problem(401, "expired");
    }

    async fn m16_what_is_presented_is_known_to_another_server_on_the_same_database_after_a_restart(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_url = "https://wallet.example".parse().unwrap()).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let token = client.token().await;
        let (_, denied) = (client.bearer(&token).get("/api/v1/users").await.is(200), client.token().await);
        client.post("/oauth2/revoke", &[("token", &denied)]).await.is(200);
        let second = Server::start_with(db, |settings| settings.public_url = "https://wallet.example".parse().unwrap()).await;
        let bearer = |token: &str| second.anonymous().with("authorization", &format!("Bearer {token}"));
        bearer(&token).get("/api/v1/users").await.is(200);
        bearer(&denied).get("/api/v1/users").await.problem(401, "revoked");
    }

    async fn d4_what_a_client_makes_cannot_outlive_it_nor_hold_more(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client_named("maker", &["api_access:change", "users:view"], Some("2026-12-31")).await;
        let maker = client.bearer(&client.token().await);
        for (path, name) in [("/api/v1/api-keys", "name"), ("/api/v1/oauth-clients", "client_id")] {
            let made = maker.post(path, json!({name: "made", "permissions": ["users:view"]})).await.is(201).json();
            assert_eq!((&made["expires_on"], &made["created_by"]["kind"]), (&json!("2026-12-31"), &json!("oauth_client")));
            maker.post(path, json!({name: "later", "expires_on": "2027-01-01"})).await.refuses(&[("expires_on", "outlives-maker")]);
            maker.post(path, json!({name: "more", "permissions": ["roles:view"]})).await.problem(403, "permission-exceeds-own");
        }
        maker.patch(&client.path(), json!({"permissions": []})).await.problem(403, "own-permissions");
    }
}
