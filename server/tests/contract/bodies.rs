//! The body of every operation is read strictly.

use serde_json::{Value, json};

use super::document::{Operation, operations};
use crate::support::{Actor, Server, make, sample};

/// A member that is read from an array too, as if its members stood there without their names.
const READ_FROM_ARRAYS: &str = "display";

/// One value of each type of JSON.
fn values() -> [(&'static str, Value); 6] {
    [
        ("null", Value::Null),
        ("boolean", json!(true)),
        ("integer", json!(1)),
        ("string", json!("x")),
        ("array", json!([])),
        ("object", json!({})),
    ]
}

/// Where the operation is sent, and a body that it takes.
async fn prepare(owner: &Actor, operation: &Operation) -> (String, Value) {
    match operation.collection() {
        Some(collection) => (operation.at(&make(owner, collection).await), operation.least_body()),
        None if operation.creates() => (operation.path.clone(), sample(owner, &operation.path).await.unwrap()),
        None => (operation.path.clone(), operation.least_body()),
    }
}

async fn refuses(operation: &Operation, owner: &Actor, path: &str, body: Value, field: &str, code: &str) {
    let answer = operation.send(owner, path, body.clone()).await;
    assert_eq!(answer.status, 422, "{} {path} {body}: {}", operation.method, answer.text);
    assert_eq!(answer.refused(), [format!("{field}: {code}")], "{} {path} {body}", operation.method);
}

/// What GET answers there; a problem, which names its request, is nothing.
async fn readable(owner: &Actor, path: &str) -> Option<String> {
    let answer = owner.get(path).await;
    (answer.status == 200).then_some(answer.text)
}

/// How many objects there are at this path, where it is a list.
async fn count(owner: &Actor, path: &str) -> Option<usize> {
    owner.get(&format!("{path}?limit=200")).await.json()["items"].as_array().map(Vec::len)
}

store::both_databases! {
    async fn members_that_are_unknown_missing_null_or_of_another_type_are_refused(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let (mut bodies, mut asked) = (0, 0);
        for operation in operations() {
            let Some(expected) = &operation.body else { continue };
            bodies += 1;
            let (path, valid) = prepare(&owner, &operation).await;
            let before = count(&owner, &path).await;
            let with = |name: &str, value: Value| {
                let mut body = valid.clone();
                body[name] = value;
                body
            };
            for unknown in ["colour", "Name", ""] {
                refuses(&operation, &owner, &path, with(unknown, json!("x")), unknown, "unknown").await;
            }
            for (name, value) in values().into_iter().filter(|(name, _)| *name != "object") {
                let answer = operation.send(&owner, &path, value).await;
                assert_eq!(answer.refused(), ["body: invalid"], "{name} to {} {path}", operation.method);
            }
            for name in &expected.required {
                let mut body = valid.clone();
                body.as_object_mut().unwrap().remove(name);
                refuses(&operation, &owner, &path, body, name, "required").await;
            }
            for (name, schema) in &expected.members {
                for (kind, value) in values().into_iter().filter(|(kind, _)| !schema.takes(kind)) {
                    if name == READ_FROM_ARRAYS && kind == "array" {
                        continue;
                    }
                    refuses(&operation, &owner, &path, with(name, value), name, "invalid").await;
                    asked += 1;
                }
            }
            assert_eq!(count(&owner, &path).await, before, "{path}: nothing was made");
        }
        assert!(bodies > 25 && asked > 400, "{bodies} {asked}");
    }

    async fn what_answers_tell_and_bodies_do_not_name_cannot_be_chosen(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let mut asked = 0;
        for operation in operations() {
            let (Some(body), Some(success)) = (&operation.body, &operation.success) else { continue };
            let (path, valid) = prepare(&owner, &operation).await;
            let before = readable(&owner, &path).await;
            for member in success.members() {
                if body.members.iter().any(|(name, _)| *name == member) {
                    continue;
                }
                let mut chosen = valid.clone();
                chosen[&member] = json!("mine");
                let refused = operation.send(&owner, &path, chosen).await.problem(422, "invalid-request").refused();
                let codes = ["unknown", "immutable"].map(|code| vec![format!("{member}: {code}")]);
                assert!(codes.contains(&refused), "{} {path}: {refused:?}", operation.method);
                asked += 1;
            }
            assert_eq!(readable(&owner, &path).await, before, "{path}: nothing was changed");
        }
        assert!(asked > 100, "{asked}");
    }

    async fn every_wrong_member_is_named(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        for operation in operations() {
            let Some(expected) = &operation.body else { continue };
            let (path, _) = prepare(&owner, &operation).await;
            let mut body = json!({"colour": "red"});
            let mut refused = vec!["colour: unknown".to_owned()];
            for (name, _) in expected.members.iter().filter(|(name, schema)| !schema.takes("array") && name != READ_FROM_ARRAYS) {
                body[name] = json!([]);
                refused.push(format!("{name}: invalid"));
            }
            let left_out = expected.required.iter().filter(|name| body.get(name.as_str()).is_none());
            refused.extend(left_out.map(|name| format!("{name}: required")));
            refused.sort_unstable();
            let mut told = operation.send(&owner, &path, body).await.problem(422, "invalid-request").refused();
            told.sort_unstable();
            assert_eq!(told, refused, "{} {path}", operation.method);
        }
    }
}
