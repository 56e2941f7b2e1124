//! `PATCH` and `DELETE /api/v1/verifier-templates/{id}`

use serde_json::{Value, json};

use super::{PERMISSIONS, TEMPLATES, issuer, query, signer, template};
use crate::support::Server;

store::both_databases! {
    async fn each_member_changes_alone_and_the_others_stay(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let made = maker.post(TEMPLATES, template(&signer, json!({}))).await.is(201);
        let other = json!({"name": "Other", "method": "did:jwk"});
        let other = maker.post("/api/v1/identifiers", other).await.is(201).member("id");
        let path = made.header("location");
        let mut expected = made.json();
        for (member, value) in [
            ("name", json!("Access")),
            ("purpose", json!("To enter the building")),
            ("identifier_id", json!(other)),
            ("query", json!({"credentials": [{"id": "a", "format": "dc+sd-jwt", "meta": {}}]})),
            ("trust", json!("any_issuer")),
            ("retention_days", json!(0)),
        ] {
            expected[member] = value.clone();
            assert_eq!(maker.patch(path, json!({member: value})).await.is(200).json(), expected);
            assert_eq!(maker.get(path).await.is(200).json(), expected);
        }
    }

    async fn a_query_takes_the_place_of_the_one_before_as_a_whole(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let mut other = query();
        other["note"] = json!("beyond the standard");
        let made = maker.post(TEMPLATES, template(&signer, json!({"query": other}))).await.is(201);
        let edited = maker.patch(made.header("location"), json!({"query": query()})).await.is(200).json();
        assert_eq!(edited["query"], query());
    }

    async fn a_choice_is_left_with_the_policy_and_made_with_it(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let (one, two) = (issuer(&maker, "one").await, issuer(&maker, "two").await);
        let made = maker.post(TEMPLATES, template(&signer, json!({}))).await.is(201);
        let path = made.header("location");
        maker.patch(path, json!({"trust": "chosen_issuers"})).await.refuses(&[("trusted_issuers", "required")]);
        maker.patch(path, json!({"trusted_issuers": [one]})).await.refuses(&[("trusted_issuers", "invalid")]);
        maker.patch(path, json!({"trust": "chosen_issuers", "trusted_issuers": [one]})).await.is(200);
        let edited = maker.patch(path, json!({"trusted_issuers": [one, two]})).await.is(200).json();
        assert_eq!((&edited["trust"], &edited["trusted_issuers"]), (&json!("chosen_issuers"), &json!([one, two])));
        let edited = maker.patch(path, json!({"trust": "trusted_issuers"})).await.is(200).json();
        assert_eq!(edited["trusted_issuers"], json!([]));
    }

    async fn a_choice_whose_issuers_are_deleted_trusts_nobody_and_can_still_be_edited(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let one = issuer(&maker, "one").await;
        let chosen = json!({"trust": "chosen_issuers", "trusted_issuers": [one]});
        let made = maker.post(TEMPLATES, template(&signer, chosen)).await.is(201);
        let path = made.header("location");
        maker.delete(&format!("/api/v1/trusted-issuers/{one}")).await.is(204);
        let left = maker.patch(path, json!({"retention_days": 1})).await.is(200).json();
        assert_eq!((&left["trust"], &left["trusted_issuers"]), (&json!("chosen_issuers"), &json!([])));
    }

    async fn an_edit_tells_before_and_after_and_no_edit_tells_nothing(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let made = maker.post(TEMPLATES, template(&signer, json!({}))).await.is(201);
        let path = made.header("location");
        maker.patch(path, json!({})).await.is(200);
        maker.patch(path, json!({"retention_days": 30, "trust": "trusted_issuers"})).await.is(200);
        maker.patch(path, json!({"retention_days": 7})).await.is(200);
        let events = maker.get(&format!("/api/v1/audit-events?target_id={}", made.member("id"))).await.is(200);
        assert_eq!(events.column("action"), ["verifier_template.edited", "verifier_template.created"]);
        let detail = &events.column("detail")[0];
        assert_eq!((&detail["before"]["retention_days"], &detail["after"]["retention_days"]), (&json!(30), &json!(7)));
    }

    async fn what_is_wrong_with_values_is_told_beside_what_only_the_wallet_tells(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let made = maker.post(TEMPLATES, template(&signer, json!({}))).await.is(201);
        let unknown = "0193580f-7e00-7000-8000-000000000000";
        let wrong = json!({"name": "", "identifier_id": unknown, "query": {"credentials": [1]}, "retention_days": -1});
        maker.patch(made.header("location"), wrong).await.refuses(&[
            ("name", "invalid"),
            ("identifier_id", "unknown"),
            ("query.credentials[0]", "invalid"),
            ("retention_days", "invalid"),
        ]);
    }

    async fn what_is_not_valid_is_refused_and_changes_nothing(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        maker.post(TEMPLATES, template(&signer, json!({"name": "Taken"}))).await.is(201);
        let made = maker.post(TEMPLATES, template(&signer, json!({}))).await.is(201);
        let path = made.header("location");
        maker.patch(path, json!({"name": "TAKEN"})).await.problem(409, "name-in-use");
        for (body, field, code) in [
            (json!({"name": null}), "name", "invalid"),
            (json!({"purpose": ""}), "purpose", "invalid"),
            (json!({"query": null}), "query", "invalid"),
            (json!({"query": {"credentials": [1]}}), "query.credentials[0]", "invalid"),
            (json!({"trust": "all"}), "trust", "invalid"),
            (json!({"id": "mine"}), "id", "unknown"),
            (Value::Null, "body", "invalid"),
        ] {
            maker.patch(path, body).await.refuses(&[(field, code)]);
        }
        assert_eq!(maker.get(path).await.is(200).json(), made.json());
    }
}
