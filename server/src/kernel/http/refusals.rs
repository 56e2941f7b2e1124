//! What is wrong with a body that is JSON but not of the form that an operation takes: each member of it, and not the first
//! alone.
//!
//! A deserializer ends at the first error. So each member is put before the same deserializer by itself, in an object
//! that holds nothing else, and what it says of that member counts; what it says of those that are left out is asked of
//! the schema instead. Nothing here knows what a member should be: there is no second list of the fields.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::body::field_error;
use crate::kernel::problem::FieldError;

/// So many refusals are told.
const MAX_REFUSALS: usize = 100;
/// So many members are looked at.
const MAX_MEMBERS: usize = 2000;
/// In a longer body the first refusal is told alone, in bytes.
const MAX_LENGTH: usize = 64 << 10;

/// All that is wrong with this text, of which the deserializer has told the first refusal.
pub(super) fn all<T: DeserializeOwned + JsonSchema>(text: &str, first: FieldError) -> Vec<FieldError> {
    let body = if text.len() > MAX_LENGTH { None } else { serde_json::from_str::<Value>(text).ok() };
    let Some(body) = body else { return vec![first] };
    let schema = schemars::SchemaGenerator::default().into_root_schema_for::<T>().to_value();
    let mut refusals = Refusals { errors: Vec::new(), members: 0, schema };
    refusals.look_into::<T>(&mut Vec::new(), &body);
    let Refusals { mut errors, .. } = refusals;
    // What only the whole text tells, such as a member that stands in it twice.
    let is_told = errors.iter().any(|error| error.field == first.field || is_within(&first.field, &error.field));
    if !is_told {
        errors.insert(0, first);
    }
    errors
}

struct Refusals {
    errors: Vec<FieldError>,
    members: usize,
    schema: Value,
}

/// A step from an object or a list to what is in it.
#[derive(Clone)]
enum Step {
    Member(String),
    Item(usize),
}

impl Refusals {
    /// Looks at each member or item of a value by itself; then at what an object lacks.
    fn look_into<T: DeserializeOwned>(&mut self, at: &mut Vec<Step>, value: &Value) {
        let children: Vec<(Step, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(name, value)| (Step::Member(name.clone()), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(at, value)| (Step::Item(at), value)).collect(),
            _ => return,
        };
        for (step, child) in children {
            self.members += 1;
            if self.members > MAX_MEMBERS || self.errors.len() >= MAX_REFUSALS {
                return;
            }
            at.push(step);
            self.look_at::<T>(at, child);
            at.pop();
        }
        if let Value::Object(members) = value {
            let missing = required(&self.schema, at).into_iter().filter(|name| !members.contains_key(name));
            let missing: Vec<FieldError> = missing
                .map(|name| {
                    FieldError::new(
                        path(at.iter().cloned().chain([Step::Member(name)]), false),
                        "required",
                        "is required",
                    )
                })
                .collect();
            self.errors.extend(missing);
        }
    }

    fn look_at<T: DeserializeOwned>(&mut self, at: &mut Vec<Step>, value: &Value) {
        let Err(error) = serde_path_to_error::deserialize::<_, T>(&alone(at, value)) else { return };
        let told = error.path().to_string();
        let error = field_error(&told, &error.into_inner().to_string());
        // Alone, an item is the first one of its list.
        let (own, told) = (path(at.iter().cloned(), false), path(at.iter().cloned(), true));
        let Some(rest) = error.field.strip_prefix(&told).filter(|rest| is_rest(rest)) else { return };
        let error = FieldError { field: format!("{own}{rest}"), ..error };
        if rest.is_empty() {
            self.errors.push(error);
            return;
        }
        let before = self.errors.len();
        self.look_into::<T>(at, value);
        if self.errors.len() == before {
            self.errors.push(error);
        }
    }
}

/// A document that holds this value in its place, and nothing else.
fn alone(at: &[Step], value: &Value) -> Value {
    at.iter().rev().fold(value.clone(), |value, step| match step {
        Step::Member(name) => Value::Object(Map::from_iter([(name.clone(), value)])),
        Step::Item(_) => json!([value]),
    })
}

/// The path as errors write it: `claims[0].path`; of a value alone, with each list at its first item.
fn path(steps: impl Iterator<Item = Step>, alone: bool) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Member(name) if path.is_empty() => path = name,
            Step::Member(name) => path = format!("{path}.{name}"),
            Step::Item(at) => path = format!("{path}[{}]", if alone { 0 } else { at }),
        }
    }
    path
}

fn is_rest(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['.', '['])
}

fn is_within(field: &str, outer: &str) -> bool {
    field.strip_prefix(outer).is_some_and(is_rest) || outer.strip_prefix(field).is_some_and(is_rest)
}

/// The members that must be in the object at this place.
fn required(schema: &Value, at: &[Step]) -> Vec<String> {
    let place = at.iter().try_fold(resolved(schema, schema), |place, step| {
        let inner = match step {
            Step::Member(name) => place?.get("properties")?.get(name)?,
            Step::Item(_) => place?.get("items")?,
        };
        Some(resolved(schema, inner))
    });
    let names = place.flatten().and_then(|place| place.get("required")?.as_array());
    names.into_iter().flatten().filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect()
}

/// What a schema refers to, and the one form of what may be `null`; nothing where there are several forms.
fn resolved<'s>(root: &'s Value, schema: &'s Value) -> Option<&'s Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return resolved(root, root.pointer(reference.strip_prefix('#')?)?);
    }
    let forms = ["anyOf", "oneOf"].iter().find_map(|name| schema.get(name)?.as_array());
    let Some(forms) = forms else { return Some(schema) };
    let mut forms = forms.iter().filter(|form| form.get("type").is_none_or(|kind| kind != "null"));
    let form = forms.next()?;
    if forms.next().is_some() { None } else { resolved(root, form) }
}
