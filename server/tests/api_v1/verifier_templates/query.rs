//! The query of a template: what is refused of it names the place.

use serde_json::{Value, json};

use super::{PERMISSIONS, TEMPLATES, query, signer, template};
use crate::support::Server;

/// The query of the other tests, with one member set.
fn with(pointer: &str, value: Value) -> Value {
    let mut query = query();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    query.pointer_mut(parent).unwrap()[member] = value;
    query
}

store::both_databases! {
    async fn a_query_that_is_not_valid_is_refused_in_its_place(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let twice = json!([{"path": ["name"]}, {"path": ["name"], "values": [1]}]);
        for (query, field, code) in [
            (json!([]), "query", "invalid"),
            (json!("pid"), "query", "invalid"),
            (json!({}), "query.credentials", "required"),
            (json!({"credentials": []}), "query.credentials", "invalid"),
            (with("/credentials/0/id", json!("a b")), "query.credentials[0].id", "invalid"),
            (with("/credentials/0/format", json!("mso_mdoc")), "query.credentials[0].format", "invalid"),
            (with("/credentials/0/claims", json!([{}])), "query.credentials[0].claims[0].path", "required"),
            (with("/credentials/0/claims", twice), "query.credentials[0].claims[1].path", "invalid"),
            (with("/credentials/0/claims/0/path", json!([-1])), "query.credentials[0].claims[0].path[0]", "invalid"),
            (with("/credentials/0/claim_sets", json!([["a"]])), "query.credentials[0].claims[0].id", "required"),
            (with("/credential_sets", json!([{"options": [["x"]]}])), "query.credential_sets[0].options[0][0]", "invalid"),
            (with("/note", json!("x".repeat(40_000))), "query", "invalid"),
        ] {
            maker.post(TEMPLATES, template(&signer, json!({"query": query}))).await.refuses(&[(field, code)]);
        }
    }

    async fn a_query_is_kept_as_it_was_written(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(&PERMISSIONS).await;
        let signer = signer(&maker).await;
        let written = json!({
            "credentials": [
                {"id": "a", "format": "dc+sd-jwt", "meta": {}, "multiple": true, "x-extension": [1, {"y": null}]},
                {"id": "b", "format": "dc+sd-jwt", "meta": {"vct_values": ["b"]}, "claims": [
                    {"id": "age", "path": ["age_over_18"], "values": [true]}, {"id": "born", "path": ["birthdate"]},
                ], "claim_sets": [["age"], ["born"]]},
            ],
            "credential_sets": [{"options": [["a"], ["b"]], "required": false}],
        });
        let made = maker.post(TEMPLATES, template(&signer, json!({"query": written}))).await.is(201);
        assert_eq!(made.json()["query"], written);
        assert_eq!(maker.get(made.header("location")).await.is(200).json()["query"], written);
    }
}
