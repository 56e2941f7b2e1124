//! The API document as these tests walk it.

use http::Method;
use serde_json::{Map, Value, json};

use crate::support::{Actor, Answer};

/// One method of one path.
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: Method,
    pub(super) path: String,
    /// The parameters of the query.
    pub(super) parameters: Vec<Parameter>,
    /// The members of the body and their schemas, where the operation reads one.
    pub(super) body: Option<Body>,
    /// The example of its body.
    pub(super) request: Option<Value>,
    /// What it answers when it succeeds, unless that is nothing.
    pub(super) success: Option<Success>,
}

/// The answer of an operation that succeeds.
pub(super) struct Success {
    pub(super) status: u16,
    /// Where its schema is in the document.
    pub(super) schema: String,
    pub(super) example: Option<Value>,
}

/// A parameter of the query.
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) schema: Schema,
}

/// The JSON object that an operation reads.
pub(super) struct Body {
    /// Where its schema is in the document.
    pub(super) schema: String,
    pub(super) required: Vec<String>,
    pub(super) members: Vec<(String, Schema)>,
}

/// A schema whose references are resolved, and whose choices are flattened.
pub(super) struct Schema {
    /// The schema itself, or what it chooses from.
    choices: Vec<Value>,
}

/// All operations.
pub(super) fn operations() -> Vec<Operation> {
    let document = document();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                parameters: parameters(&document, operation),
                body: body(&document, operation),
                request: operation
                    .get("requestBody")
                    .and_then(|body| example(&document, &body["content"]["application/json"])),
                success: success(&document, operation),
            });
        }
    }
    assert!(operations.len() > 80, "{}", operations.len());
    operations
}

/// The lists: what GET answers in pages.
pub(super) fn lists() -> Vec<Operation> {
    let mut lists = operations();
    lists.retain(|operation| operation.parameters.iter().any(|parameter| parameter.name == "cursor"));
    assert!(lists.len() > 15, "{}", lists.len());
    lists
}

/// The operations on one object.
pub(super) fn of_objects() -> Vec<Operation> {
    let mut operations = operations();
    operations.retain(|operation| operation.collection().is_some());
    operations
}

impl Operation {
    /// The path of the list to which the object belongs that the operation is about.
    pub(super) fn collection(&self) -> Option<&str> {
        Some(self.path.split_once("/{id}")?.0)
    }

    /// Its path for the object at `path`.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{path}{}", self.path.split_once("/{id}").unwrap().1)
    }

    /// Whether it makes an object of a list.
    pub(super) fn creates(&self) -> bool {
        self.method == Method::POST && self.collection().is_none()
    }

    /// Sends the operation to this path, with a body where it reads one.
    pub(super) async fn send(&self, actor: &Actor, path: &str, body: Value) -> Answer {
        let request = actor.request(self.method.clone(), path);
        Actor::send(if self.body.is_some() { request.json(&body) } else { request }).await
    }

    /// A body that can be read: what is required, as text.
    pub(super) fn least_body(&self) -> Value {
        let required = self.body.iter().flat_map(|body| &body.required);
        required.map(|name| (name.clone(), json!("x"))).collect::<Map<_, _>>().into()
    }
}

impl Success {
    /// The members of the answer.
    pub(super) fn members(&self) -> Vec<String> {
        let document = document();
        let properties = &document.pointer(self.schema.trim_start_matches('#')).unwrap()["properties"];
        properties.as_object().unwrap().keys().cloned().collect()
    }
}

impl Schema {
    fn new(document: &Value, schema: &Value) -> Self {
        let mut choices = Vec::new();
        flatten(document, schema, &mut choices);
        Self { choices }
    }

    /// The values that it lists, where it lists them.
    pub(super) fn values(&self) -> Vec<&str> {
        let listed = self.choices.iter().flat_map(|choice| {
            let listed = choice.get("enum").and_then(Value::as_array).into_iter().flatten();
            listed.chain(choice.get("const"))
        });
        listed.filter_map(Value::as_str).collect()
    }

    /// A number or a text that it has under this name.
    pub(super) fn keyword(&self, name: &str) -> Option<&Value> {
        self.choices.iter().find_map(|choice| choice.get(name))
    }

    /// Whether it is about ids, alone or in an array.
    pub(super) fn holds_ids(&self) -> bool {
        let format = self.keyword("format").or_else(|| self.keyword("items").and_then(|items| items.get("format")));
        format.is_some_and(|format| format == "uuid")
    }

    /// Whether it takes values of this type of JSON.
    pub(super) fn takes(&self, name: &str) -> bool {
        let names = self.choices.iter().filter_map(|choice| choice.get("type")).flat_map(|kind| match kind {
            Value::Array(kinds) => kinds.iter().collect(),
            kind => vec![kind],
        });
        let names: Vec<&Value> = names.collect();
        assert!(!names.is_empty(), "no type in {:?}", self.choices);
        names.into_iter().any(|kind| kind == name || kind == "number" && name == "integer")
    }
}

pub(super) fn document() -> Value {
    serde_json::to_value(claviger::openapi()).unwrap()
}

fn parameters(document: &Value, operation: &Value) -> Vec<Parameter> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    let of_query = all.filter(|parameter| parameter["in"] == "query");
    let read = |parameter: &Value| Parameter {
        name: parameter["name"].as_str().unwrap().to_owned(),
        schema: Schema::new(document, &parameter["schema"]),
    };
    of_query.map(read).collect()
}

fn body(document: &Value, operation: &Value) -> Option<Body> {
    let reference = &operation.get("requestBody")?["content"]["application/json"]["schema"];
    let schema = resolve(document, reference);
    assert_eq!(schema["type"], "object", "{operation}");
    let required = schema["required"].as_array().into_iter().flatten();
    let members = schema["properties"].as_object().unwrap().iter();
    Some(Body {
        schema: reference["$ref"].as_str().unwrap().to_owned(),
        required: required.map(|name| name.as_str().unwrap().to_owned()).collect(),
        members: members.map(|(name, schema)| (name.clone(), Schema::new(document, schema))).collect(),
    })
}

fn success(document: &Value, operation: &Value) -> Option<Success> {
    let answers = operation["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
    let mut bodies =
        answers.filter_map(|(status, answer)| Some((status, answer.get("content")?.get("application/json")?)));
    let (status, media) = bodies.next()?;
    assert!(bodies.next().is_none(), "{} succeeds in two ways", operation["operationId"]);
    Some(Success {
        status: status.parse().unwrap(),
        schema: media["schema"]["$ref"].as_str().unwrap().to_owned(),
        example: example(document, media),
    })
}

/// The one example of a body.
fn example(document: &Value, media: &Value) -> Option<Value> {
    let examples = media.get("examples")?.as_object().unwrap();
    assert_eq!(examples.len(), 1, "{media}");
    Some(resolve(document, examples.values().next()?)["value"].clone())
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

fn flatten(document: &Value, schema: &Value, choices: &mut Vec<Value>) {
    let schema = resolve(document, schema);
    let nested = ["oneOf", "anyOf", "allOf"].iter().filter_map(|name| schema.get(name)?.as_array());
    let nested: Vec<&Value> = nested.flatten().collect();
    if nested.is_empty() {
        choices.push(schema.clone());
    }
    for choice in nested {
        flatten(document, choice, choices);
    }
}
