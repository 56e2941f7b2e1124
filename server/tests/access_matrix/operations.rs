//! The operations, walked out of the API document.

use serde_json::Value;

/// One method of one path.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) permission: Option<String>,
}

impl Operation {
    /// The permission, or `any caller`.
    pub(super) fn needs(&self) -> &str {
        self.permission.as_deref().unwrap_or("any_caller")
    }
}

/// All of them, sorted by path and method.
pub(crate) fn all() -> Vec<Operation> {
    let document = serde_json::to_value(claviger::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let required = operation.get("x-required-permission");
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                permission: required.expect("it says what it requires").as_str().map(str::to_owned),
            });
        }
    }
    assert!(operations.iter().all(|operation| !operation.path.contains(char::is_whitespace)));
    operations.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    operations
}

/// The permissions of the resource that this permission belongs to: View alone, and all of them.
pub(super) fn columns_of(permission: Option<&str>) -> (Vec<String>, Vec<String>) {
    let Some(permission) = permission else { return (Vec::new(), Vec::new()) };
    let permission: model::Permission = serde_json::from_value(Value::from(permission)).unwrap();
    let all: Vec<String> = permission.resource().permissions().map(|permission| permission.to_string()).collect();
    let view = all.iter().filter(|name| name.ends_with(":view")).cloned().collect();
    (view, all)
}
