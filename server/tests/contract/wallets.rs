//! D9: the caller's wallet is the only one that it can reach, by every operation, list, filter and reference.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use super::document::{lists, of_objects, operations};
use crate::support::{Actor, Answer, Server, make, sample};

/// One object of each list, by the list's path.
async fn one_of_each(owner: &Actor) -> BTreeMap<String, String> {
    let mut objects = BTreeMap::new();
    for list in lists() {
        let path = make(owner, &list.path).await;
        objects.insert(list.path, path);
    }
    objects
}

/// The body, in which a problem names its request.
fn without_request_id(answer: &Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("request_id");
    body
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

store::both_databases! {
    async fn d9_no_operation_reaches_an_object_of_another_wallet(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let other = server.wallet("Bolt").await.administrator_key().await;
        // What it has itself helps it to nothing.
        one_of_each(&other).await;
        let objects = one_of_each(&owner).await;
        let mut before = Vec::new();
        for path in objects.values() {
            before.push(owner.get(path).await.is(200).json());
        }
        for operation in of_objects() {
            let path = operation.at(&objects[operation.collection().unwrap()]);
            let answer = operation.send(&other, &path, operation.least_body()).await;
            assert_eq!(answer.status, 404, "{} {path}: {}", operation.method, answer.text);
            answer.problem(404, "not-found");
        }
        for (path, before) in objects.values().zip(before) {
            assert_eq!(owner.get(path).await.is(200).json(), before, "{path} is untouched");
        }
    }

    async fn d9_no_list_and_no_filter_shows_an_object_of_another_wallet(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let other = server.wallet("Bolt").await.administrator_key().await;
        let objects = one_of_each(&owner).await;
        one_of_each(&other).await;
        for list in lists() {
            let theirs = owner.get(&format!("{}?limit=200", list.path)).await.is(200).column("id");
            let mine = other.get(&format!("{}?limit=200", list.path)).await.is(200).column("id");
            assert!(!mine.is_empty() && mine.iter().all(|id| !theirs.contains(id)), "{}", list.path);
            for filter in list.parameters.iter().filter(|parameter| parameter.schema.holds_ids()) {
                for object in objects.values().map(|path| id(path)).chain([owner.id.as_str()]) {
                    let found = other.get(&format!("{}?{}={object}", list.path, filter.name)).await.is(200);
                    assert!(found.column("id").is_empty(), "{}: {}", filter.name, found.text);
                }
            }
        }
    }

    async fn d9_nothing_of_another_wallet_can_be_referred_to(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let other = server.wallet("Bolt").await.administrator_key().await;
        let foreign = one_of_each(&other).await;
        let mut tried = 0;
        for operation in operations() {
            let Some(body) = &operation.body else { continue };
            let mut own = operation.least_body();
            let path = match operation.collection() {
                Some(collection) => operation.at(&make(&owner, collection).await),
                None => operation.path.clone(),
            };
            if operation.creates() {
                own = sample(&owner, &path).await.unwrap();
            }
            let before = owner.get(&path).await;
            for (member, schema) in body.members.iter().filter(|(_, schema)| schema.holds_ids()) {
                for object in foreign.values().map(|path| id(path)) {
                    let (value, field) = if schema.takes("array") {
                        (json!([object]), format!("{member}[0]"))
                    } else {
                        (Value::from(object), member.clone())
                    };
                    let mut body = own.clone();
                    body[member] = value;
                    if member == "trusted_issuers" {
                        body["trust"] = json!("chosen_issuers");
                    }
                    let answer = operation.send(&owner, &path, body).await;
                    assert_eq!(answer.status, 422, "{} {path} {member}: {}", operation.method, answer.text);
                    let codes = ["unknown", "invalid"].map(|code| format!("{field}: {code}"));
                    assert!(codes.iter().any(|code| answer.refused().contains(code)), "{path} {member}: {}", answer.text);
                    tried += 1;
                }
            }
            assert_eq!(without_request_id(&owner.get(&path).await), without_request_id(&before), "{path} is untouched");
        }
        assert!(tried > 100, "{tried}");
    }

    async fn d9_a_change_to_one_wallet_is_neither_in_anothers_log_nor_anywhere_else_in_it(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let other = server.wallet("Bolt").await.administrator_key().await;
        one_of_each(&other).await;
        let readable: Vec<String> = operations()
            .into_iter()
            .filter(|operation| operation.method == Method::GET && operation.collection().is_none())
            .map(|operation| operation.path)
            .collect();
        let mut before = Vec::new();
        for path in &readable {
            before.push(other.get(path).await.is(200).text);
        }
        one_of_each(&owner).await;
        owner.patch("/api/v1/wallet", json!({"name": "Acme & Co", "time_zone": "Europe/Paris"})).await.is(200);
        owner.patch("/api/v1/profile", json!({"display_name": "Acme & Co"})).await.is(200);
        for (path, before) in readable.iter().zip(before) {
            assert_eq!(other.get(path).await.is(200).text, before, "{path}");
        }
    }
}
