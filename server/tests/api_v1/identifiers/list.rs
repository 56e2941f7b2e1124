//! `GET /api/v1/identifiers` and `GET /api/v1/identifiers/{id}`

use serde_json::json;

use super::IDENTIFIERS;
use crate::support::Server;

store::both_databases! {
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
}
