//! `/api/v1/wallet`

use serde_json::json;

use crate::support::Server;

const WALLET: &str = "/api/v1/wallet";

store::both_databases! {
    async fn the_wallet_is_viewed_and_edited(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (viewer, owner) = (acme.key(&["wallet:view"]).await, acme.key(&["wallet:change"]).await);
        let mut expected =
            json!({"id": acme.id, "name": "Acme", "time_zone": "UTC", "created_at": "2026-11-23T10:00:00Z"});
        assert_eq!(viewer.get(WALLET).await.is(200).json(), expected);
        expected["time_zone"] = json!("Europe/Amsterdam");
        assert_eq!(owner.patch(WALLET, json!({"time_zone": "Europe/Amsterdam"})).await.is(200).json(), expected);
        expected["name"] = json!("Acme Ltd");
        assert_eq!(owner.patch(WALLET, json!({"name": " Acme Ltd "})).await.is(200).json(), expected);
        assert_eq!(owner.patch(WALLET, json!({})).await.is(200).json(), expected);
        assert_eq!(viewer.get(WALLET).await.is(200).json(), expected);
        let refused = viewer.patch(WALLET, json!({"name": "Mine"})).await.problem(403, "permission-missing");
        assert_eq!(refused.member("required_permission"), "wallet:change");
    }

    async fn d9_a_name_is_answered_alike_whether_another_wallet_has_it_or_not(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.key(&["wallet:change"]).await;
        server.wallet("Bolt").await;
        for name in ["BOLT", "Nobody", "ACME"] {
            assert_eq!(owner.patch(WALLET, json!({"name": name})).await.is(200).member("name"), name);
        }
    }

    async fn refused_members_are_named(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.key(&["wallet:change"]).await;
        for (body, field, code) in [
            (json!({"name": ""}), "name", "invalid"),
            (json!({"name": null}), "name", "invalid"),
            (json!({"time_zone": null}), "time_zone", "invalid"),
            (json!({"time_zone": "Europe/Nowhere"}), "time_zone", "invalid"),
            (json!({"time_zone": "+02:00"}), "time_zone", "invalid"),
            (json!({"time_zone": "../../etc/passwd"}), "time_zone", "invalid"),
            (json!({"id": "x"}), "id", "unknown"),
        ] {
            owner.patch(WALLET, body).await.refuses(&[(field, code)]);
        }
    }
}
