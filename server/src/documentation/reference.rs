//! The API document as a client reads it, and what the page shows of it.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use kernel::console::parts;
use kernel::console::texts::documentation as t;
use kernel::problem::Code;
use model::Permission;
use serde::Deserialize;
use serde_json::Value;

use super::rich_text::Words;

/// The operations under one tag.
pub(super) struct Section {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) operations: Vec<OperationText>,
}

/// One operation.
pub(super) struct OperationText {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: String,
    pub(super) description: Words,
    pub(super) permission: Option<String>,
    parameters: Vec<Member>,
    body: Vec<Member>,
    pub(super) answers: Vec<Answer>,
}

/// A parameter of an operation, or a member of an object.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) kind: Words,
    pub(super) required: bool,
    pub(super) description: Words,
}

/// What an operation answers under one status.
pub(super) struct Answer {
    pub(super) status: String,
    pub(super) body: Words,
    pub(super) when: Words,
}

/// An object that answers bear.
pub(super) struct Object {
    pub(super) name: String,
    pub(super) description: Words,
    /// What it is, where it has no members.
    pub(super) kind: Words,
    pub(super) members: Vec<Member>,
}

/// The part of the document that the page tells (OpenAPI 3.1).
#[derive(Deserialize)]
pub(super) struct Document {
    tags: Vec<Tag>,
    paths: IndexMap<String, IndexMap<String, Operation>>,
    components: Components,
}

#[derive(Deserialize)]
struct Tag {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    #[serde(default)]
    tags: Vec<String>,
    operation_id: String,
    summary: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Vec<Parameter>,
    request_body: Option<Content>,
    responses: IndexMap<String, Content>,
    #[serde(rename = "x-required-permission")]
    permission: Option<Permission>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    required: bool,
    schema: Value,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    description: String,
    #[serde(default)]
    content: IndexMap<String, Media>,
}

#[derive(Deserialize)]
struct Media {
    schema: Value,
}

#[derive(Deserialize)]
struct Components {
    schemas: IndexMap<String, Value>,
}

impl Document {
    /// The operations by tag, in the document's order.
    pub(super) fn sections(&self) -> Vec<Section> {
        let common = self.common_problems();
        let section = |tag: &Tag| Section {
            name: tag.name.clone(),
            id: tag.name.to_lowercase().replace(' ', "-"),
            operations: self
                .operations()
                .filter(|(.., operation)| operation.tags.contains(&tag.name))
                .map(|(path, method, operation)| self.operation(path, method, operation, &common))
                .collect(),
        };
        self.tags.iter().map(section).collect()
    }

    /// What answers and their members refer to, by name. What requests bear stands with their operations.
    pub(super) fn objects(&self) -> Vec<Object> {
        let requests: Vec<&str> =
            self.operations().filter_map(|(.., operation)| operation.request_body.as_ref()?.reference()).collect();
        let shown = |(name, _): &(&String, &Value)| !requests.contains(&name.as_str()) && !name.starts_with("Items_");
        let object = |(name, schema): (&String, &Value)| Object {
            name: name.clone(),
            description: Words::of(text(schema, "description")),
            kind: Words::of_type(schema),
            members: members(schema),
        };
        let mut objects: Vec<Object> = self.components.schemas.iter().filter(shown).map(object).collect();
        objects.sort_by(|one, other| one.name.cmp(&other.name));
        objects
    }

    /// The problems that every operation can end in.
    pub(super) fn common(&self) -> Words {
        let common = self.common_problems();
        let of_status = |code: &&Code| common.contains(code.status().as_str());
        Words::problems(Code::ALL.iter().filter(of_status).copied())
    }

    fn operations(&self) -> impl Iterator<Item = (&str, &str, &Operation)> {
        self.paths.iter().flat_map(|(path, methods)| {
            methods.iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
    }

    fn common_problems(&self) -> BTreeSet<String> {
        let statuses = |operation: &Operation| operation.responses.keys().cloned().collect::<BTreeSet<_>>();
        self.operations()
            .map(|(.., operation)| statuses(operation))
            .reduce(|one, other| &one & &other)
            .unwrap_or_default()
    }

    fn operation(&self, path: &str, method: &str, operation: &Operation, common: &BTreeSet<String>) -> OperationText {
        let body = operation.request_body.as_ref().and_then(Content::reference);
        let body = body.and_then(|name| self.components.schemas.get(name));
        let mut answers: Vec<Answer> =
            operation.responses.iter().filter(|(status, _)| !common.contains(*status)).map(Answer::of).collect();
        answers.sort_by(|one, other| one.status.cmp(&other.status));
        OperationText {
            id: operation.operation_id.clone(),
            method: method.to_owned(),
            path: path.to_owned(),
            summary: operation.summary.clone(),
            description: Words::of(&operation.description),
            permission: operation.permission.map(parts::label),
            parameters: operation.parameters.iter().map(Member::from).collect(),
            body: body.map(members).unwrap_or_default(),
            answers,
        }
    }
}

impl OperationText {
    /// What a request bears, with the captions.
    pub(super) fn tables(&self) -> [(&'static str, &[Member]); 2] {
        [(t::PARAMETERS, &self.parameters), (t::BODY, &self.body)]
    }
}

impl Content {
    fn schema(&self) -> Option<&Value> {
        self.content.values().next().map(|media| &media.schema)
    }

    /// The component that it is.
    fn reference(&self) -> Option<&str> {
        self.schema()?.get("$ref")?.as_str()?.rsplit('/').next()
    }
}

impl Answer {
    fn of((status, content): (&String, &Content)) -> Self {
        let (body, when) = match content.reference() {
            Some("Problem") => {
                let titles: Vec<&str> = codes_of(&content.description).map(Code::title).collect();
                (Words::problems(codes_of(&content.description)), Words::of(&t::sentences(&titles)))
            }
            Some(name) if name.starts_with("Items_for_") => {
                (Words::of_items(name.trim_start_matches("Items_for_")), Words::of(t::ONE_PAGE))
            }
            _ => (content.schema().map(Words::of_type).unwrap_or_default(), Words::of(&content.description)),
        };
        Self { status: status.clone(), body, when }
    }
}

/// The problems that a description is about: it is the title of one, or names them.
pub(super) fn codes_of(description: &str) -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(move |code| {
        description.trim_end_matches('.') == code.title() || description.split('`').any(|word| word == code.name())
    })
}

impl From<&Parameter> for Member {
    fn from(parameter: &Parameter) -> Self {
        // A query cannot hold null: it only says that the parameter can be left out.
        let mut schema = parameter.schema.clone();
        for name in ["type", "enum"] {
            if let Some(Value::Array(choices)) = schema.get_mut(name) {
                choices.retain(|choice| !choice.is_null() && choice != "null");
            }
        }
        Self {
            name: parameter.name.clone(),
            kind: Words::of_type(&schema),
            required: parameter.required,
            description: Words::of(&parameter.description),
        }
    }
}

fn members(schema: &Value) -> Vec<Member> {
    let required = |name: &str| {
        let names = schema.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|required| required == name))
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    let member = |(name, schema): (&String, &Value)| Member {
        name: name.clone(),
        kind: Words::of_type(schema),
        required: required(name),
        description: Words::of(text(schema, "description")),
    };
    properties.into_iter().flatten().map(member).collect()
}

fn text<'a>(schema: &'a Value, name: &str) -> &'a str {
    schema.get(name).and_then(Value::as_str).unwrap_or_default()
}
