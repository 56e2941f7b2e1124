//! JSON Schema 2020-12, as far as the API document uses it. A keyword that is not known here fails the test, so that
//! nothing is passed over.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};
use uuid::Uuid;

/// What describes a schema or an example, and asks nothing of a value.
const ANNOTATIONS: [&str; 4] = ["description", "default", "title", "examples"];

/// What of the value is not as the schema at this place of the document says; empty when all of it is.
pub(super) fn violations(document: &Value, place: &str, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let schema = document.pointer(place.trim_start_matches('#')).unwrap_or_else(|| panic!("no schema at {place}"));
    check(document, schema, value, "", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = match schema {
        Value::Bool(true) => return,
        Value::Object(schema) => schema,
        other => panic!("{other} is no schema"),
    };
    for (keyword, argument) in schema {
        let holds = match keyword.as_str() {
            "$ref" => {
                found.extend(
                    violations(document, argument.as_str().unwrap(), value).into_iter().map(|it| at.to_owned() + &it),
                );
                true
            }
            "type" => strings(argument).iter().any(|name| is(name, value)),
            "enum" => argument.as_array().unwrap().contains(value),
            "const" => argument == value,
            "allOf" => matches(document, argument, value) == argument.as_array().unwrap().len(),
            "anyOf" => matches(document, argument, value) >= 1,
            "oneOf" => matches(document, argument, value) == 1,
            "minimum" => value.as_f64().is_none_or(|number| number >= argument.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= argument.as_f64().unwrap()),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= argument.as_u64().unwrap()),
            "maxLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 <= argument.as_u64().unwrap()),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= argument.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= argument.as_u64().unwrap()),
            "pattern" => value.as_str().is_none_or(|text| has_pattern(argument.as_str().unwrap(), text)),
            "format" => value.as_str().is_none_or(|text| has_format(argument.as_str().unwrap(), text)),
            "required" => {
                let has = |name: &&str| value.as_object().is_none_or(|members| members.contains_key(*name));
                strings(argument).iter().all(has)
            }
            "properties" => {
                for (name, member) in members(value) {
                    if let Some(schema) = argument.get(name) {
                        check(document, schema, member, &format!("{at}/{name}"), found);
                    }
                }
                true
            }
            "additionalProperties" => {
                let named = schema.get("properties").and_then(Value::as_object);
                let further = members(value).filter(|(name, _)| !named.is_some_and(|named| named.contains_key(*name)));
                for (name, member) in further {
                    match argument {
                        Value::Bool(false) => found.push(format!("{at}/{name}: additionalProperties")),
                        schema => check(document, schema, member, &format!("{at}/{name}"), found),
                    }
                }
                true
            }
            "items" => {
                for (position, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(document, argument, item, &format!("{at}/{position}"), found);
                }
                true
            }
            annotation => {
                assert!(ANNOTATIONS.contains(&annotation), "the keyword {annotation} is not known");
                true
            }
        };
        if !holds {
            found.push(format!("{at}: {keyword} {argument}"));
        }
    }
}

/// How many of the schemas describe the value.
fn matches(document: &Value, schemas: &Value, value: &Value) -> usize {
    let describes = |schema: &&Value| {
        let mut found = Vec::new();
        check(document, schema, value, "", &mut found);
        found.is_empty()
    };
    schemas.as_array().unwrap().iter().filter(describes).count()
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "uuid" => text.len() == 36 && text.parse::<Uuid>().is_ok(),
        "date" => text.parse::<Date>().is_ok(),
        "date-time" => text.parse::<Timestamp>().is_ok(),
        "email" => text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty()),
        other => panic!("the format {other} is not known"),
    }
}

/// The one kind of pattern that there is: so many of some characters.
fn has_pattern(pattern: &str, text: &str) -> bool {
    assert_eq!(pattern, "^[A-Za-z0-9._-]{1,64}$", "this pattern is not known");
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// A text, or the texts of an array.
fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(values) => values.iter().map(|value| value.as_str().unwrap()).collect(),
        value => vec![value.as_str().unwrap()],
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

#[test]
fn what_a_schema_does_not_describe_is_found() {
    let document = serde_json::json!({
        "person": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 3},
                "id": {"type": ["string", "null"], "format": "uuid"},
                "born": {"$ref": "#/day"},
                "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2},
                "age": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 150}, {"type": "null"}]},
            },
            "additionalProperties": false,
            "required": ["name"],
        },
        "day": {"type": "string", "format": "date"},
    });
    let count = |value: Value| violations(&document, "#/person", &value).len();
    assert_eq!(count(serde_json::json!({"name": "Ada"})), 0);
    assert_eq!(
        count(serde_json::json!({"name": "Ada", "id": null, "born": "1815-12-10", "tags": ["a"], "age": 36})),
        0
    );
    for wrong in [
        serde_json::json!([]),
        serde_json::json!({}),
        serde_json::json!({"name": ""}),
        serde_json::json!({"name": "Adah"}),
        serde_json::json!({"name": 1}),
        serde_json::json!({"name": "Ada", "colour": 1}),
        serde_json::json!({"name": "Ada", "id": "x"}),
        serde_json::json!({"name": "Ada", "born": "10 December"}),
        serde_json::json!({"name": "Ada", "tags": ["a", "c"]}),
        serde_json::json!({"name": "Ada", "tags": ["a", "a", "a"]}),
        serde_json::json!({"name": "Ada", "age": -1}),
        serde_json::json!({"name": "Ada", "age": "36"}),
    ] {
        assert_eq!(count(wrong.clone()), 1, "{wrong}");
    }
}
