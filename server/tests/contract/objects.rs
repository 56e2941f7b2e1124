//! The life of an object: it is where `Location` says, it is told of in the audit log, and it is gone when it is deleted.

use http::Method;
use serde_json::{Map, Value};

use super::document::{Operation, lists, of_objects, operations};
use crate::support::{Actor, Server, make, sample};

/// What is no id of any object.
const NOWHERE: [&str; 5] = ["01900000-0000-7000-8000-000000000000", "x", "%00", "..%2f..", "nil"];

/// The name of the objects of a list in the audit log.
fn kind(collection: &str) -> String {
    collection.rsplit('/').next().unwrap().trim_end_matches('s').replace('-', "_")
}

/// What the audit log tells of an object, the newest first.
async fn told(owner: &Actor, id: &str) -> Vec<Value> {
    owner.get(&format!("/api/v1/audit-events?target_id={id}")).await.is(200).column("action")
}

async fn is_not_found(operation: &Operation, actor: &Actor, path: &str) {
    let answer = operation.send(actor, &operation.at(path), operation.least_body()).await;
    assert_eq!(answer.status, 404, "{} {}: {}", operation.method, operation.at(path), answer.text);
    answer.problem(404, "not-found");
}

store::both_databases! {
    async fn what_is_not_there_is_not_found(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        for operation in of_objects() {
            let collection = operation.collection().unwrap();
            for id in NOWHERE.into_iter().chain([&*"1".repeat(3000)]) {
                is_not_found(&operation, &owner, &format!("{collection}/{id}")).await;
            }
        }
    }

    async fn the_id_of_an_object_of_another_kind_is_not_found(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let mut made = Vec::new();
        for list in lists() {
            let path = make(&owner, &list.path).await;
            made.push((list.path, path.rsplit('/').next().unwrap().to_owned()));
        }
        for operation in of_objects() {
            let collection = operation.collection().unwrap();
            for (_, id) in made.iter().filter(|(other, _)| other != collection) {
                is_not_found(&operation, &owner, &format!("{collection}/{id}")).await;
            }
        }
        for (collection, id) in &made {
            owner.get(&format!("{collection}/{id}")).await.is(200);
            let listed = owner.get(&format!("{collection}?limit=200")).await.is(200).column("id");
            for (other, foreign) in made.iter().filter(|(other, _)| other != collection) {
                assert!(!listed.contains(&foreign.as_str().into()), "{collection} lists one of {other}");
            }
        }
    }

    async fn what_was_made_is_where_the_answer_says(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let mut made = 0;
        for operation in operations().into_iter().filter(Operation::creates) {
            let collection = &operation.path;
            let body = sample(&owner, collection).await.unwrap();
            let answer = owner.post(collection, body).await.is(201);
            let id = answer.member("id");
            assert_eq!(answer.header("location"), format!("{collection}/{id}"));
            let object = owner.get(answer.header("location")).await.is(200).json();
            // What is shown once is in the first answer alone.
            for (member, value) in object.as_object().unwrap() {
                assert_eq!(&answer.json()[member], value, "{member} of {collection}");
            }
            assert!(owner.get(&format!("{collection}?limit=200")).await.column("id").contains(&id.clone().into()));
            let event = told(&owner, &id).await;
            assert!(event.last().unwrap().as_str().unwrap().starts_with(&format!("{}.", kind(collection))), "{event:?}");
            made += 1;
        }
        assert!(made > 12, "{made}");
    }

    async fn what_is_deleted_is_gone_and_the_same_can_be_made_again(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        for deletion in of_objects().into_iter().filter(|operation| operation.method == Method::DELETE) {
            let collection = deletion.collection().unwrap();
            let body = if collection == "/api/v1/verified-credentials" { None } else { sample(&owner, collection).await };
            let path = match &body {
                Some(body) => owner.post(collection, body.clone()).await.is(201).header("location").to_owned(),
                None => make(&owner, collection).await,
            };
            let id = path.rsplit('/').next().unwrap();
            let before = told(&owner, id).await;
            assert_eq!(owner.delete(&path).await.is(204).text, "", "{path}");
            for operation in of_objects().into_iter().filter(|operation| operation.collection() == Some(collection)) {
                is_not_found(&operation, &owner, &path).await;
            }
            assert!(!owner.get(&format!("{collection}?limit=200")).await.column("id").contains(&id.into()), "{path}");
            // The field says that a key and a client are revoked.
            let (events, kind) = (told(&owner, id).await, kind(collection));
            let ends = [format!("{kind}.deleted"), format!("{kind}.revoked")];
            assert!(ends.iter().any(|end| *end == events[0]) && events[1..] == before, "{events:?}");
            if let Some(body) = body {
                owner.post(collection, body).await.is(201);
            }
        }
    }

    async fn an_edit_that_changes_nothing_is_no_event(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let mut edited = 0;
        for edit in operations().into_iter().filter(|operation| operation.method == Method::PATCH) {
            let path = match edit.collection() {
                Some(collection) => make(&owner, collection).await,
                None => edit.path.clone(),
            };
            let (before, events) = (owner.get(&path).await.is(200).json(), "/api/v1/audit-events?limit=1");
            let last = owner.get(events).await.is(200).column("id");
            assert_eq!(owner.patch(&path, serde_json::json!({})).await.is(200).json(), before, "{path}");
            // What it is already.
            let members = edit.body.as_ref().unwrap().members.iter();
            let same: Map<String, Value> = members.map(|(name, _)| (name.clone(), before[name].clone())).collect();
            if edit.collection().is_some_and(|collection| collection != "/api/v1/users") {
                assert_eq!(owner.patch(&path, same.into()).await.is(200).json(), before, "{path}");
            }
            assert_eq!(owner.get(&path).await.is(200).json(), before, "{path}");
            assert_eq!(owner.get(events).await.is(200).column("id"), last, "{path}");
            edited += 1;
        }
        assert!(edited > 10, "{edited}");
    }
}
