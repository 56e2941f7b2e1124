//! `GET /api/v1/identifiers` and `GET /api/v1/identifiers/{id}`

use serde_json::{Value, json};

use super::IDENTIFIERS;
use crate::support::Server;

store::both_databases! {
    async fn identifiers_are_listed_by_name_in_pages(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        for name in ["delta", "Alpha", "charlie", "Bravo"] {
            maker.post(IDENTIFIERS, json!({"name": name, "method": "did:jwk"})).await.is(201);
        }
        assert_eq!(maker.get(IDENTIFIERS).await.is(200).column("name"), ["Alpha", "Bravo", "charlie", "delta"]);
        let page = maker.get(&format!("{IDENTIFIERS}?limit=3&sort=-name")).await.is(200);
        assert_eq!(page.column("name"), ["delta", "charlie", "Bravo"]);
        let rest = maker.get(&format!("{IDENTIFIERS}?limit=3&sort=-name&cursor={}", page.member("next_cursor"))).await;
        assert_eq!(rest.column("name"), ["Alpha"]);
        assert_eq!(rest.json()["next_cursor"], Value::Null);
        assert_eq!(maker.get(&format!("{IDENTIFIERS}?q=L")).await.column("name"), ["Alpha", "charlie", "delta"]);
    }

    async fn an_item_of_the_list_is_the_identifier_with_its_own_keys(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        let mut made = Vec::new();
        for name in ["a", "b"] {
            made.push(maker.post(IDENTIFIERS, json!({"name": name, "method": "did:jwk"})).await.is(201).json());
        }
        assert_eq!(maker.get(IDENTIFIERS).await.is(200).json()["items"], json!(made));
        assert_ne!(made[0]["did"], made[1]["did"], "every identifier has a key of its own");
    }

    async fn parameters_are_read_strictly(db: &Database) {
        let server = Server::start(db).await;
        let viewer = server.wallet("Acme").await.key(&["identifiers:view"]).await;
        for (query, field, code) in [
            ("limit=0", "limit", "invalid"),
            ("limit=201", "limit", "invalid"),
            ("cursor=x", "cursor", "invalid"),
            ("sort=created_at", "sort", "invalid"),
            ("method=did:web", "method", "unknown"),
            ("q=%00", "q", "invalid"),
        ] {
            viewer.get(&format!("{IDENTIFIERS}?{query}")).await.refuses(&[(field, code)]);
        }
    }

    async fn what_is_not_there_is_not_found(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        for id in ["01900000-0000-7000-8000-000000000000", "x", "%00"] {
            let path = format!("{IDENTIFIERS}/{id}");
            maker.get(&path).await.problem(404, "not-found");
            maker.delete(&path).await.problem(404, "not-found");
            maker.post(&format!("{path}/rotate"), json!({})).await.problem(404, "not-found");
        }
    }

    async fn d9_the_identifiers_of_another_wallet_are_out_of_reach(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.key(&["identifiers:change"]).await;
        let other = server.wallet("Bolt").await.administrator_key().await;
        let made = owner.post(IDENTIFIERS, json!({"name": "a", "method": "did:web"})).await.is(201);
        let path = made.header("location");
        other.get(path).await.problem(404, "not-found");
        other.post(&format!("{path}/rotate"), json!({})).await.problem(404, "not-found");
        other.delete(path).await.problem(404, "not-found");
        assert_eq!(other.get(IDENTIFIERS).await.is(200).json()["items"], json!([]));
        assert_eq!(owner.get(path).await.is(200).json(), made.json(), "untouched");
    }
}
