//! D8: what a later release adds, nobody holds who was there before.

use serde_json::json;

use crate::support::Server;

/// Every permission of an imaginary earlier release, which knew two resources, in its stored form.
const EARLIER: &str = "users:change users:view wallet:view";

store::both_databases! {
    async fn d8_keys_and_roles_of_an_earlier_release_gain_nothing(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (key, user) = (acme.administrator_key().await.text, acme.session(&["users:view"]).await.text);
        assert_eq!(db.execute(&format!("UPDATE external_systems SET permissions = '{EARLIER}'")).await, 1);
        assert_eq!(db.execute(&format!("UPDATE roles SET permissions = '{EARLIER}'")).await, 2);
        let server = server.restart(db).await;
        let key = server.anonymous().with("x-api-key", &key);
        let user = server.anonymous().with("cookie", &format!("claviger={user}"));
        for actor in [key, user] {
            let held = actor.get("/api/v1/me").await.is(200).json()["permissions"].clone();
            assert_eq!(held, json!(["users:change", "users:view", "wallet:view"]));
            actor.get("/api/v1/users").await.is(200);
            for path in ["/api/v1/api-keys", "/api/v1/roles", "/api/v1/audit-events"] {
                actor.get(path).await.problem(403, "permission-missing");
            }
        }
    }

    async fn d8_what_a_later_release_gave_is_nothing_to_an_earlier_one(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&["users:view"]).await.text;
        db.execute("UPDATE external_systems SET permissions = 'time_travel:change users:view users:fly *'").await;
        let server = server.restart(db).await;
        let me = server.anonymous().with("x-api-key", &key).get("/api/v1/me").await.is(200);
        assert_eq!(me.json()["permissions"], json!(["users:view"]));
    }
}
