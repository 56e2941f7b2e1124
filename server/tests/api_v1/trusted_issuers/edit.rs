//! `PATCH` and `DELETE /api/v1/trusted-issuers/{id}`

use serde_json::{Value, json};

use super::ISSUERS;
use crate::support::Server;

store::both_databases! {
    async fn each_member_changes_alone_and_the_others_stay(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change"]).await;
        let body = json!({"name": "a", "issuer": "https://a.example", "vcts": ["urn:a"], "notes": "n"});
        let made = maker.post(ISSUERS, body).await.is(201);
        let path = made.header("location");
        let mut expected = made.json();
        for (member, value) in [
            ("name", json!("b")),
            ("issuer", json!("did:web:b.example")),
            ("vcts", json!(["urn:b", "urn:c"])),
            ("notes", json!("")),
        ] {
            expected[member] = value.clone();
            assert_eq!(maker.patch(path, json!({member: value})).await.is(200).json(), expected);
            assert_eq!(maker.get(path).await.is(200).json(), expected);
        }
    }

    async fn any_takes_the_place_of_the_list_and_a_list_that_of_any(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change"]).await;
        let made = maker.post(ISSUERS, json!({"name": "a", "issuer": "https://a.example", "vcts": ["urn:a"]})).await.is(201);
        let path = made.header("location");
        let types = async |change: Value| {
            let edited = maker.patch(path, change).await.is(200).json();
            (edited["any_vct"].clone(), edited["vcts"].clone())
        };
        assert_eq!(types(json!({"any_vct": true})).await, (json!(true), json!([])));
        assert_eq!(types(json!({"notes": "x"})).await, (json!(true), json!([])), "stays");
        maker.patch(path, json!({"any_vct": false})).await.refuses(&[("vcts", "invalid")]);
        assert_eq!(types(json!({"vcts": ["urn:b"]})).await, (json!(false), json!(["urn:b"])));
        assert_eq!(types(json!({"any_vct": false})).await, (json!(false), json!(["urn:b"])));
        maker.patch(path, json!({"vcts": []})).await.refuses(&[("vcts", "invalid")]);
        maker.patch(path, json!({"any_vct": true, "vcts": ["urn:c"]})).await.refuses(&[("any_vct", "invalid")]);
    }

    async fn an_edit_tells_before_and_after_and_no_edit_tells_nothing(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change", "audit_log:view"]).await;
        let made = maker.post(ISSUERS, json!({"name": "a", "issuer": "https://a.example", "vcts": ["urn:a"]})).await.is(201);
        let path = made.header("location");
        maker.patch(path, json!({})).await.is(200);
        maker.patch(path, json!({"name": "a", "vcts": ["urn:a"]})).await.is(200);
        maker.patch(path, json!({"any_vct": true})).await.is(200);
        let events = maker.get(&format!("/api/v1/audit-events?target_id={}", made.member("id"))).await.is(200);
        assert_eq!(events.column("action"), ["trusted_issuer.edited", "trusted_issuer.created"]);
        let detail = &events.column("detail")[0];
        assert_eq!((&detail["before"]["any_vct"], &detail["before"]["vcts"]), (&json!(false), &json!(["urn:a"])));
        assert_eq!((&detail["after"]["any_vct"], &detail["after"]["vcts"]), (&json!(true), &json!([])));
    }

    async fn another_ones_name_and_issuer_are_in_use_and_what_is_not_valid_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&["trusted_issuers:change"]).await;
        maker.post(ISSUERS, json!({"name": "a", "issuer": "https://a.example", "any_vct": true})).await.is(201);
        let made = maker.post(ISSUERS, json!({"name": "b", "issuer": "https://b.example", "any_vct": true})).await.is(201);
        let path = made.header("location");
        maker.patch(path, json!({"name": "A"})).await.problem(409, "name-in-use");
        maker.patch(path, json!({"issuer": "https://a.example"})).await.problem(409, "issuer-in-use");
        for (body, field, code) in [
            (json!({"name": null}), "name", "invalid"),
            (json!({"issuer": "b.example"}), "issuer", "invalid"),
            (json!({"vcts": null}), "vcts", "invalid"),
            (json!({"id": "mine"}), "id", "unknown"),
            (Value::Null, "body", "invalid"),
        ] {
            maker.patch(path, body).await.refuses(&[(field, code)]);
        }
        assert_eq!(maker.get(path).await.is(200).json(), made.json());
    }
}
