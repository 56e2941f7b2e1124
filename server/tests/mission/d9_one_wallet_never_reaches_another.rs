//! D9: the caller's wallet is the only one that it can reach. The access matrix tries every operation; here
//! stands what it cannot: lists, references and what stays untouched.

use serde_json::{Value, json};

use crate::support::Server;

store::both_databases! {
    async fn d9_lists_of_one_wallet_show_nothing_of_another(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let owner = acme.administrator_key().await;
        acme.session(&["users:view"]).await;
        let other = bolt.administrator_key().await;
        assert!(other.get("/api/v1/users").await.is(200).column("id").is_empty());
        assert_eq!(other.get("/api/v1/api-keys").await.is(200).column("id"), [json!(other.id)]);
        for path in ["/api/v1/users", "/api/v1/roles", "/api/v1/api-keys", "/api/v1/audit-events"] {
            let theirs = other.get(path).await.is(200).column("id");
            assert!(owner.get(path).await.is(200).column("id").iter().all(|id| !theirs.contains(id)), "{path}");
        }
        let searched = other.get(&format!("/api/v1/audit-events?actor_id={}", owner.id)).await.is(200);
        assert!(searched.column("id").is_empty());
    }

    async fn d9_another_wallets_object_is_neither_seen_nor_changed(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let (owner, user) = (acme.administrator_key().await, acme.session(&[]).await);
        let other = bolt.administrator_key().await;
        let event = owner.get("/api/v1/audit-events").await.is(200).column("id")[0].as_str().unwrap().to_owned();
        for (path, edit) in [
            (owner.path(), json!({"notes": "mine"})),
            (format!("/api/v1/users/{}", user.user), json!({"name": "mine"})),
            (format!("/api/v1/roles/{}", user.role), json!({"name": "mine"})),
        ] {
            let before = owner.get(&path).await.is(200).json();
            other.get(&path).await.problem(404, "not-found");
            other.patch(&path, edit).await.problem(404, "not-found");
            other.delete(&path).await.problem(404, "not-found");
            assert_eq!(owner.get(&path).await.is(200).json()["name"], before["name"]);
        }
        other.get(&format!("/api/v1/audit-events/{event}")).await.problem(404, "not-found");
        let invite = format!("/api/v1/users/{}/invitations", user.user);
        other.post(&invite, json!({})).await.problem(404, "not-found");
        user.get("/api/v1/me").await.is(200);
    }

    async fn d9_another_wallets_role_cannot_be_given(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let (foreign, owner) = (acme.session(&[]).await, bolt.administrator_key().await);
        let asked = json!({"name": "u", "email": "u@x", "roles": [foreign.role]});
        owner.post("/api/v1/users", asked).await.refuses(&[("roles[0]", "unknown")]);
        let made = owner.post("/api/v1/users", json!({"name": "u", "email": "u@x"})).await.is(201);
        let roles = json!({"roles": [foreign.role]});
        owner.patch(made.header("location"), roles).await.refuses(&[("roles[0]", "unknown")]);
        assert_eq!(owner.get(made.header("location")).await.json()["roles"], json!([]));
    }

    async fn d9_a_change_to_one_wallet_is_not_in_anothers_log(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let (owner, other) = (acme.administrator_key().await, bolt.administrator_key().await);
        let before: Vec<Value> = other.get("/api/v1/audit-events").await.is(200).column("id");
        owner.patch("/api/v1/wallet", json!({"time_zone": "Europe/Paris"})).await.is(200);
        assert_eq!(other.get("/api/v1/audit-events").await.column("id"), before);
        assert_eq!(other.get("/api/v1/wallet").await.is(200).member("time_zone"), "UTC");
    }
}
