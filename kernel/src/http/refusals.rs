//! Refusals of a JSON body that does not have the form of its operation: of each wrong member, not of the first alone.
//!
//! A deserializer ends at the first error. So each member is given to the same deserializer by itself, in an object
//! that holds nothing else; only its error about that member counts. Missing members are found by the schema. Nothing
//! here knows what a member should be: there is no second list of the fields.

use std::cell::Cell;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::body::{IMMUTABLE, field_error};
use super::schema::{self, resolved};
use crate::problem::FieldError;
use crate::sizes::MAX_REQUEST;

/// The largest number of refusals in an answer.
const MAX_REFUSALS: usize = 100;
/// The largest number of members that are checked.
const MAX_MEMBERS: usize = 2000;
/// The largest number of bytes that are checked: each byte of a body counts once for each level of an error in it.
const MAX_BYTES: usize = 8 * MAX_REQUEST;

thread_local! {
    static LOOKS_AT_VALUES: Cell<bool> = const { Cell::new(false) };
}

/// Whether values are refused while they are deserialised. Usually the operation refuses them, together with what only
/// it can check. A body with a member of the wrong type never reaches the operation, so its values are refused here.
pub(super) fn looks_at_values() -> bool {
    LOOKS_AT_VALUES.get()
}

/// Every refusal of this text, after the deserializer found the first one.
pub(super) fn all<T: DeserializeOwned + JsonSchema>(text: &str, first: FieldError) -> Vec<FieldError> {
    let Ok(body) = serde_json::from_str::<&RawValue>(text) else { return vec![first] };
    let mut errors = Refusals::of::<T>(body, false, true);
    // What only the whole text tells, such as a member that stands in it twice.
    let is_told = errors.iter().any(|error| error.field == first.field || is_within(&first.field, &error.field));
    if !is_told {
        errors.insert(0, first);
    }
    errors
}

/// Reads a JSON value.
///
/// # Errors
///
/// Every refusal.
pub(super) fn read<T: DeserializeOwned + JsonSchema>(body: &Value) -> Result<T, Vec<FieldError>> {
    serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        all::<T>(&body.to_string(), field_error(&path, &error.into_inner().to_string()))
    })
}

/// Reads the members of a JSON Merge Patch: all of them are optional. Returned are the members that are accepted, and the
/// refusals of each other one by itself, and of members that occur twice. As of a whole body, values are refused here only
/// beside something else, and otherwise by the operation.
pub(super) fn members<T: DeserializeOwned + JsonSchema>(
    text: &str,
    immutable: &[&str],
) -> (Map<String, Value>, Vec<FieldError>) {
    let members = read_members::<T>(text, immutable);
    members.unwrap_or_else(|error| (Map::new(), vec![field_error(".", &error.to_string())]))
}

fn read_members<T: DeserializeOwned + JsonSchema>(
    text: &str,
    immutable: &[&str],
) -> serde_json::Result<(Map<String, Value>, Vec<FieldError>)> {
    let body = serde_json::from_str::<&RawValue>(text)?;
    let Children { all, .. } = serde_json::from_str(text)?;
    let (mut members, mut misplaced) = (Map::new(), Vec::new());
    for (step, value) in all {
        let Step::Member(name) = step else { continue };
        if immutable.contains(&name.as_str()) {
            misplaced.push(FieldError::new(name.clone(), "immutable", IMMUTABLE));
        }
        let value = serde_json::from_str(value.get())?;
        if members.insert(name.clone(), value).is_some() {
            misplaced.push(FieldError::new(name, "duplicate", "stands here twice"));
        }
    }
    let mut errors = Refusals::of::<T>(body, true, false);
    if !(errors.is_empty() && misplaced.is_empty()) {
        errors = Refusals::of::<T>(body, true, true);
    }
    errors.retain(|error| !immutable.contains(&error.field.as_str()));
    errors.extend(misplaced);
    members.retain(|name, _| !errors.iter().any(|error| is_within(&error.field, name)));
    Ok((members, errors))
}

struct Refusals {
    errors: Vec<FieldError>,
    members: usize,
    bytes: usize,
    schema: Value,
    /// Whether all members of the outermost object are optional.
    is_patch: bool,
}

/// A step of a path, into an object or a list.
#[derive(Clone)]
enum Step {
    Member(String),
    Item(usize),
}

/// The members of an object or the items of a list, as text: the tree of a whole body would take a hundred times the
/// memory of its text. There are at most [`MAX_MEMBERS`], and one more.
struct Children<'t> {
    all: Vec<(Step, &'t RawValue)>,
    is_object: bool,
}

impl Refusals {
    fn of<T: DeserializeOwned + JsonSchema>(body: &RawValue, is_patch: bool, looks_at_values: bool) -> Vec<FieldError> {
        /// Ends the look however it ends, so that other bodies on this thread reach their operations.
        struct Reset;

        impl Drop for Reset {
            fn drop(&mut self) {
                LOOKS_AT_VALUES.set(false);
            }
        }

        let mut refusals = Self { errors: Vec::new(), members: 0, bytes: 0, schema: schema::of::<T>(), is_patch };
        let _reset = Reset;
        LOOKS_AT_VALUES.set(looks_at_values);
        refusals.look_into::<T>(&mut Vec::new(), body);
        refusals.errors
    }

    /// Checks each member or item of a value by itself, then the missing members of an object.
    fn look_into<T: DeserializeOwned>(&mut self, at: &mut Vec<Step>, value: &RawValue) {
        let Ok(children) = serde_json::from_str::<Children<'_>>(value.get()) else { return };
        let is_needed = children.is_object && !(self.is_patch && at.is_empty());
        let mut missing = if is_needed { required(&self.schema, at) } else { Vec::new() };
        for (step, child) in children.all {
            self.members += 1;
            if self.members > MAX_MEMBERS || self.errors.len() >= MAX_REFUSALS {
                return;
            }
            if let Step::Member(name) = &step {
                missing.retain(|missing| missing != name);
            }
            at.push(step);
            self.look_at::<T>(at, child);
            at.pop();
        }
        for name in missing {
            let field = path(at.iter().cloned().chain([Step::Member(name)]), false);
            self.refuse(FieldError::new(field, "required", "is required"));
        }
    }

    fn look_at<T: DeserializeOwned>(&mut self, at: &mut Vec<Step>, value: &RawValue) {
        self.bytes = self.bytes.saturating_add(value.get().len());
        if self.bytes > MAX_BYTES {
            return;
        }
        let document = alone(at, value);
        let mut json = serde_json::Deserializer::from_str(&document);
        let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut json) else { return };
        let told = error.path().to_string();
        let error = field_error(&told, &error.into_inner().to_string());
        // Alone, an item is the first one of its list.
        let (own, told) = (path(at.iter().cloned(), false), path(at.iter().cloned(), true));
        let Some(rest) = error.field.strip_prefix(&told).filter(|rest| is_rest(rest)) else { return };
        let error = FieldError { field: format!("{own}{rest}"), ..error };
        let before = self.errors.len();
        if !rest.is_empty() {
            self.look_into::<T>(at, value);
        }
        if self.errors.len() == before {
            self.refuse(error);
        }
    }

    /// A field is refused once, also where it occurs twice.
    fn refuse(&mut self, error: FieldError) {
        if self.errors.iter().all(|other| other.field != error.field) {
            self.errors.push(error);
        }
    }
}

impl<'de: 't, 't> Deserialize<'de> for Children<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Children<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Children<'de>, A::Error> {
                let mut all = Vec::new();
                while all.len() <= MAX_MEMBERS {
                    let Some((name, value)) = members.next_entry()? else { break };
                    all.push((Step::Member(name), value));
                }
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Children { all, is_object: true })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Children<'de>, A::Error> {
                let mut all = Vec::new();
                while all.len() <= MAX_MEMBERS {
                    let Some(value) = items.next_element()? else { break };
                    all.push((Step::Item(all.len()), value));
                }
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Children { all, is_object: false })
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

/// A document that holds this value in its place, and nothing else.
fn alone(at: &[Step], value: &RawValue) -> String {
    let mut document = String::with_capacity(value.get().len() + 64 * at.len());
    for step in at {
        match step {
            Step::Member(name) => {
                document.push('{');
                document.push_str(&Value::from(name.as_str()).to_string());
                document.push(':');
            }
            Step::Item(_) => document.push('['),
        }
    }
    document.push_str(value.get());
    document.extend(at.iter().rev().map(|step| match step {
        Step::Member(_) => '}',
        Step::Item(_) => ']',
    }));
    document
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

/// The required members of the object at this place.
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
