//! `PATCH` and `DELETE /api/v1/trusted-contacts/{id}`

use serde_json::{Value, json};

use super::CONTACTS;
use crate::support::Server;

store::both_databases! {
    async fn each_member_changes_alone_and_the_others_stay(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        let made = maker.post(CONTACTS, json!({"name": "a", "did": "did:web:a.example", "notes": "n"})).await.is(201);
        let path = made.header("location");
        let mut expected = made.json();
        for (member, value, stored) in [
            ("name", " b ", "b"),
            ("did", "did:web:b.example", "did:web:b.example"),
            ("notes", "", ""),
            ("credential_issuer", "https://b.example", "https://b.example"),
            ("credential_offer_endpoint", "https://b.example/o", "https://b.example/o"),
            ("name", "B", "B"),
        ] {
            expected[member] = stored.into();
            assert_eq!(maker.patch(path, json!({member: value})).await.is(200).json(), expected);
            assert_eq!(maker.get(path).await.is(200).json(), expected);
        }
        for member in ["credential_issuer", "credential_offer_endpoint"] {
            expected[member] = Value::Null;
            assert_eq!(maker.patch(path, json!({member: null})).await.is(200).json(), expected);
        }
    }

    async fn an_edit_tells_before_and_after_and_no_edit_tells_nothing(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change", "audit_log:view"]).await;
        let made = maker.post(CONTACTS, json!({"name": "a", "did": "did:web:a.example"})).await.is(201);
        let path = made.header("location");
        maker.patch(path, json!({})).await.is(200);
        maker.patch(path, json!({"name": "a", "notes": ""})).await.is(200);
        maker.patch(path, json!({"name": "b", "notes": "n"})).await.is(200);
        let events = maker.get(&format!("/api/v1/audit-events?target_id={}", made.member("id"))).await.is(200);
        assert_eq!(events.column("action"), ["trusted_contact.edited", "trusted_contact.created"]);
        assert_eq!(events.column("detail")[0], json!({
            "before": {
                "name": "a", "did": "did:web:a.example", "notes": "",
                "credential_issuer": null, "credential_offer_endpoint": null,
            },
            "after": {
                "name": "b", "did": "did:web:a.example", "notes": "n",
                "credential_issuer": null, "credential_offer_endpoint": null,
            },
        }));
    }

    async fn another_contacts_name_and_did_are_in_use(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        maker.post(CONTACTS, json!({"name": "a", "did": "did:web:a.example"})).await.is(201);
        let made = maker.post(CONTACTS, json!({"name": "b", "did": "did:web:b.example"})).await.is(201);
        let path = made.header("location");
        let name = maker.patch(path, json!({"name": "A"})).await.problem(409, "name-in-use");
        assert_eq!(name.refused(), ["name: name-in-use"]);
        let did = maker.patch(path, json!({"did": "did:web:a.example"})).await.problem(409, "did-in-use");
        assert_eq!(did.refused(), ["did: did-in-use"]);
        assert_eq!(maker.get(path).await.is(200).json(), made.json());
    }

    async fn what_cannot_be_changed_or_is_not_valid_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_contacts:change"]).await;
        let made = maker.post(CONTACTS, json!({"name": "a", "did": "did:web:a.example"})).await.is(201);
        for (body, field, code) in [
            (json!({"name": ""}), "name", "invalid"),
            (json!({"name": null}), "name", "invalid"),
            (json!({"did": "a.example"}), "did", "invalid"),
            (json!({"did": null}), "did", "invalid"),
            (json!({"notes": "x".repeat(2001)}), "notes", "invalid"),
            (json!({"notes": null}), "notes", "invalid"),
            (json!({"id": "mine"}), "id", "unknown"),
            (json!({"created_at": "2026-11-23T10:00:00Z"}), "created_at", "unknown"),
            (Value::Null, "body", "invalid"),
        ] {
            maker.patch(made.header("location"), body).await.refuses(&[(field, code)]);
        }
        assert_eq!(maker.get(made.header("location")).await.is(200).json(), made.json());
    }
}
