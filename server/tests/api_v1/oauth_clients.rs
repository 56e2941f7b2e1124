//! `/api/v1/oauth-clients`: as `/api/v1/api-keys`, with a client ID in the place of the name. What both share is tried
//! there; here is what differs.

use serde_json::json;

use crate::support::Server;

const CLIENTS: &str = "/api/v1/oauth-clients";

store::both_databases! {
    async fn m16_a_client_is_made_with_a_secret_that_is_shown_once(db: &Database) {
        let server = Server::start(db).await;
        let admin = server.wallet("Acme").await.administrator_key().await;
        let asked = json!({"client_id": " acme-backend ", "notes": "Acme", "permissions": ["users:change"]});
        let made = admin.post(CLIENTS, asked).await.is(201);
        let client = made.json();
        let secret = made.member("client_secret");
        assert!(secret.starts_with("clvs_") && secret.len() == 59);
        assert_eq!((&client["client_id"], &client["status"]), (&json!("acme-backend"), &json!("active")));
        assert_eq!((&client["expires_on"], &client["key_id"]), (&json!("2027-11-23"), &json!(secret[5..21])));
        assert_eq!(client["permissions"], json!(["users:change", "users:view"]));
        assert_eq!((client.get("name"), client.get("key")), (None, None));
        let path = made.header("location");
        assert_eq!(path, format!("{CLIENTS}/{}", client["id"].as_str().unwrap()));
        let viewed = admin.get(path).await.is(200);
        let listed = admin.get(CLIENTS).await.is(200);
        assert!(!viewed.text.contains(&secret[21..53]) && !listed.text.contains(&secret[21..53]));
        assert_eq!(listed.json()["items"][0], viewed.json());
    }

    async fn d3_a_client_id_is_unique_among_clients_and_of_its_own_characters(db: &Database) {
        let server = Server::start(db).await;
        let admin = server.wallet("Acme").await.administrator_key().await;
        admin.post("/api/v1/api-keys", json!({"name": "acme"})).await.is(201);
        admin.post(CLIENTS, json!({"client_id": "acme"})).await.is(201);
        let clash = admin.post(CLIENTS, json!({"client_id": "ACME"})).await.problem(409, "name-in-use");
        assert_eq!(clash.refused(), ["client_id: name-in-use"]);
        for bad in ["", "a b", "a:b", "é", "a/b", &"a".repeat(65)] {
            admin.post(CLIENTS, json!({"client_id": bad})).await.refuses(&[("client_id", "invalid")]);
        }
        let wrong_name = admin.post(CLIENTS, json!({"name": "acme"})).await;
        wrong_name.refuses(&[("name", "unknown"), ("client_id", "required")]);
        admin.post(CLIENTS, json!({})).await.refuses(&[("client_id", "required")]);
    }

    async fn m12_roles_and_notes_of_a_client_change_and_nothing_else(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (admin, client) = (acme.administrator_key().await, acme.client(&["users:view"]).await);
        let edited = admin.patch(&client.path(), json!({"permissions": ["roles:view"], "notes": "n"})).await.is(200).json();
        assert_eq!((&edited["permissions"], &edited["notes"]), (&json!(["roles:view"]), &json!("n")));
        for member in ["client_id", "expires_on"] {
            admin.patch(&client.path(), json!({member: "2027-01-01"})).await.refuses(&[(member, "immutable")]);
        }
    }

    async fn m16_a_key_is_no_client_and_a_client_no_key(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let (key, client) = (acme.key(&[]).await, acme.client(&[]).await);
        for path in [format!("{CLIENTS}/{}", key.id), format!("/api/v1/api-keys/{}", client.id)] {
            admin.get(&path).await.problem(404, "not-found");
            admin.patch(&path, json!({"notes": "x"})).await.problem(404, "not-found");
            admin.delete(&path).await.problem(404, "not-found");
        }
        assert_eq!(admin.get(CLIENTS).await.is(200).column("client_id"), [client.client_id.as_str()]);
    }

    async fn m16_the_list_of_clients_sorts_filters_and_tells_the_last_use(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let admin = acme.administrator_key().await;
        let beta = acme.client_named("beta", &[], None).await;
        acme.client_named("Alpha", &[], Some("2026-11-23")).await;
        let ids = async |query: &str| admin.get(&format!("{CLIENTS}{query}")).await.is(200).column("client_id");
        assert_eq!(ids("").await, ["Alpha", "beta"]);
        assert_eq!(ids("?sort=-client_id").await, ["beta", "Alpha"]);
        assert_eq!(ids("?q=ALP").await, ["Alpha"]);
        admin.get(&format!("{CLIENTS}?sort=name")).await.problem(422, "invalid-request");
        beta.bearer(&beta.token().await).get("/api/v1/me").await.is(200);
        assert_eq!(admin.get(&beta.path()).await.json()["last_used_at"], "2026-11-23T10:00:00Z");
        server.move_clock_to("2026-11-24T00:00:00Z");
        assert_eq!(ids("?status=expired").await, ["Alpha"]);
    }
}
