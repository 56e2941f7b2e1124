//! The parameters of every operation are read strictly.

use super::document::{Operation, Parameter, operations};
use crate::support::{Actor, Server, make};

/// Values that the parameter takes; those of free text may find nothing.
fn valid(parameter: &Parameter) -> Vec<String> {
    let schema = &parameter.schema;
    let listed = schema.values();
    if !listed.is_empty() {
        listed.into_iter().map(str::to_owned).collect()
    } else if let Some(least) = schema.keyword("minimum") {
        vec![least.to_string(), schema.keyword("maximum").unwrap().to_string()]
    } else if schema.holds_ids() {
        vec!["01900000-0000-7000-8000-000000000000".to_owned()]
    } else if schema.takes("boolean") {
        vec!["false".to_owned(), "true".to_owned()]
    } else {
        vec!["x".to_owned()]
    }
}

/// Values that it does not take.
fn invalid(parameter: &Parameter) -> Vec<String> {
    let schema = &parameter.schema;
    let mut values: Vec<String> = ["%00", "x%00y"].map(str::to_owned).into();
    if let Some(first) = schema.values().first() {
        values.extend(["senseless".to_owned(), first.to_uppercase(), format!("{first}%20"), String::new()]);
    } else if let Some(least) = schema.keyword("minimum").and_then(serde_json::Value::as_i64) {
        let most = schema.keyword("maximum").unwrap().as_i64().unwrap();
        values.extend([least - 1, most + 1, -1].map(|number| number.to_string()));
        values.extend(["x", "", "1e2", "1.5", "4294967297", "99999999999999999999"].map(str::to_owned));
    } else if schema.holds_ids() || schema.takes("boolean") {
        values.extend(["x", "", "1"].map(str::to_owned));
    } else if parameter.name == "cursor" {
        values.extend(["x", ""].map(str::to_owned));
    }
    values
}

/// The path of an operation, on an object of its own.
async fn path(owner: &Actor, operation: &Operation) -> String {
    match operation.collection() {
        Some(collection) => operation.at(&make(owner, collection).await),
        None => operation.path.clone(),
    }
}

store::both_databases! {
    async fn an_unknown_a_repeated_and_a_senseless_parameter_are_refused(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        let mut asked = 0;
        for operation in operations().into_iter().filter(|operation| !operation.parameters.is_empty()) {
            let path = path(&owner, &operation).await;
            let refuses = async |query: &str, field: &str, code: &str| {
                let answer = operation.send(&owner, &format!("{path}?{query}"), operation.least_body()).await;
                assert_eq!(answer.status, 422, "{} {path}?{query}: {}", operation.method, answer.text);
                assert_eq!(answer.refused(), [format!("{field}: {code}")], "{} {path}?{query}", operation.method);
            };
            for unknown in ["colour", "api_key", "LIMIT", "id"] {
                refuses(&format!("{unknown}=x"), unknown, "unknown").await;
            }
            for parameter in &operation.parameters {
                let (name, value) = (&parameter.name, &valid(parameter)[0]);
                refuses(&format!("{name}={value}&{name}={value}"), name, "duplicate").await;
                for value in invalid(parameter) {
                    refuses(&format!("{name}={value}"), name, "invalid").await;
                    asked += 1;
                }
            }
        }
        assert!(asked > 400, "{asked}");
    }

    async fn every_value_that_the_document_names_is_taken(db: &Database) {
        let server = Server::start(db).await;
        let owner = server.wallet("Acme").await.administrator_key().await;
        for operation in operations() {
            for parameter in operation.parameters.iter().filter(|parameter| parameter.name != "cursor") {
                for value in valid(parameter) {
                    let path = format!("{}?{}={value}", path(&owner, &operation).await, parameter.name);
                    let answer = operation.send(&owner, &path, operation.least_body()).await;
                    assert!(matches!(answer.status, 200 | 204), "{path}: {} {}", answer.status, answer.text);
                }
            }
        }
    }
}
