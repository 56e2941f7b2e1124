//! `PATCH` and `DELETE /api/v1/status-lists/{id}`

use serde_json::{Value, json};

use super::{LISTS, MAKER, make, reserve};
use crate::support::Server;

fn path(list: &Value) -> String {
    format!("{LISTS}/{}", list["id"].as_str().unwrap())
}

store::both_databases! {
    async fn a_list_gets_another_name_and_tells_both(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(MAKER).await;
        let mut list = make(&maker, "a").await;
        assert_eq!(maker.patch(&path(&list), json!({})).await.is(200).json(), list);
        assert_eq!(maker.patch(&path(&list), json!({"name": "a"})).await.is(200).json(), list);
        list["name"] = "B".into();
        assert_eq!(maker.patch(&path(&list), json!({"name": " B "})).await.is(200).json(), list);
        assert_eq!(maker.get(&path(&list)).await.is(200).json(), list);
        let events = maker.get(&format!("/api/v1/audit-events?target_id={}", list["id"].as_str().unwrap())).await;
        assert_eq!(events.column("action"), ["status_list.edited", "status_list.created"]);
        assert_eq!(events.column("detail")[0], json!({"before": {"name": "a"}, "after": {"name": "B"}}));
    }

    async fn what_cannot_be_changed_or_is_not_valid_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(MAKER).await;
        let (list, other) = (make(&maker, "a").await, make(&maker, "b").await);
        for (body, field, code) in [
            (json!({"name": ""}), "name", "invalid"),
            (json!({"name": null}), "name", "invalid"),
            (json!({"identifier_id": other["identifier_id"]}), "identifier_id", "immutable"),
            (json!({"size": 7}), "size", "unknown"),
            (Value::Null, "body", "invalid"),
        ] {
            maker.patch(&path(&list), body).await.refuses(&[(field, code)]);
        }
        let taken = maker.patch(&path(&list), json!({"name": "B"})).await.problem(409, "name-in-use");
        assert_eq!(taken.refused(), ["name: name-in-use"]);
        assert_eq!(maker.get(&path(&list)).await.is(200).json(), list);
    }

    async fn a_list_that_nothing_refers_to_is_deleted_with_its_address(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(MAKER).await;
        let list = make(&maker, "a").await;
        let public = list["uri"].as_str().unwrap();
        assert_eq!(reqwest::get(public).await.unwrap().status(), 200);
        assert_eq!(maker.delete(&path(&list)).await.is(204).text, "");
        maker.delete(&path(&list)).await.problem(404, "not-found");
        maker.get(&path(&list)).await.problem(404, "not-found");
        maker.patch(&path(&list), json!({"name": "b"})).await.problem(404, "not-found");
        assert_eq!(reqwest::get(public).await.unwrap().status(), 404);
        maker.post(LISTS, json!({"name": "A", "identifier_id": list["identifier_id"]})).await.is(201);
    }

    async fn a_list_that_credentials_refer_to_stays(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let maker = acme.key(MAKER).await;
        let list = make(&maker, "a").await;
        reserve(&acme, &server, &list).await.unwrap();
        maker.delete(&path(&list)).await.problem(409, "status-list-in-use");
        assert_eq!(maker.get(&path(&list)).await.is(200).json()["used"], 1);
    }

    async fn an_identifier_that_signs_a_list_stays(db: &Database) {
        let server = Server::start(db).await;
        let maker = server.wallet("Acme").await.key(MAKER).await;
        let list = make(&maker, "Membership").await;
        let signer = format!("/api/v1/identifiers/{}", list["identifier_id"].as_str().unwrap());
        let refused = maker.delete(&signer).await.problem(409, "identifier-in-use");
        assert!(refused.member("detail").contains("Membership"), "{}", refused.text);
        maker.get(&signer).await.is(200);
        maker.delete(&path(&list)).await.is(204);
        maker.delete(&signer).await.is(204);
    }
}
