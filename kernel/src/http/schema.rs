//! The members of a type by its JSON Schema, so that no second list of them is needed.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

/// A member of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its JSON type.
    pub kind: Kind,
    /// Whether it may be `null`.
    pub(crate) is_nullable: bool,
    /// The members of the object that it is, or of each object in the list that it is; one level deep.
    pub(crate) parts: Vec<Member>,
}

/// The JSON type of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A string.
    Text,
    /// A string that is a UUID.
    Id,
    /// An integer or another number.
    Number,
    /// A boolean.
    Flag,
    /// An array.
    List,
    /// An object of any members.
    Json,
    /// An object, or a member of several types.
    Other,
}

/// The schema of a type with all that it refers to.
pub(super) fn of<T: JsonSchema>() -> Value {
    SchemaGenerator::default().into_root_schema_for::<T>().to_value()
}

/// The members of an object.
pub fn members<T: JsonSchema>() -> Vec<Member> {
    let schema = of::<T>();
    members_of(&schema, &schema, true)
}

fn members_of(root: &Value, object: &Value, has_parts: bool) -> Vec<Member> {
    let properties = object.get("properties").and_then(Value::as_object);
    let member = |(name, property): (&String, &Value)| {
        let (kind, is_nullable) = kind(root, property);
        let parts = if has_parts { parts(root, kind, property) } else { Vec::new() };
        Member { name: name.clone(), kind, is_nullable, parts }
    };
    properties.into_iter().flatten().map(member).collect()
}

fn parts(root: &Value, kind: Kind, property: &Value) -> Vec<Member> {
    let schema = resolved(root, property);
    let object = match kind {
        Kind::List => schema.and_then(|list| resolved(root, list.get("items")?)),
        Kind::Other => schema,
        _ => None,
    };
    object.map(|object| members_of(root, object, false)).unwrap_or_default()
}

fn kind(root: &Value, property: &Value) -> (Kind, bool) {
    let names = |kind: Option<&Value>| match kind {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names.iter().filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect(),
        _ => Vec::new(),
    };
    let own = names(property.get("type"));
    let forms = ["anyOf", "oneOf"].iter().find_map(|name| property.get(name)?.as_array());
    let is_null = |form: &Value| form.get("type").is_some_and(|kind| kind == "null");
    let is_nullable = own.iter().any(|name| name == "null") || forms.is_some_and(|forms| forms.iter().any(is_null));
    let schema = resolved(root, property);
    let names = schema.map(|schema| names(schema.get("type"))).unwrap_or_default();
    let is_id = schema.and_then(|schema| schema.get("format")).is_some_and(|format| format == "uuid");
    let kind = match names.iter().find(|name| *name != "null").map(String::as_str) {
        Some("string") if is_id => Kind::Id,
        Some("string") => Kind::Text,
        Some("integer" | "number") => Kind::Number,
        Some("boolean") => Kind::Flag,
        Some("array") => Kind::List,
        Some("object") if property.get("additionalProperties") == Some(&Value::Bool(true)) => Kind::Json,
        _ => Kind::Other,
    };
    (kind, is_nullable)
}

/// Resolves a reference, and the one form beside `null`; `None` where there are several forms.
pub(super) fn resolved<'s>(root: &'s Value, schema: &'s Value) -> Option<&'s Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return resolved(root, root.pointer(reference.strip_prefix('#')?)?);
    }
    let forms = ["allOf", "anyOf", "oneOf"].iter().find_map(|name| schema.get(name)?.as_array());
    let Some(forms) = forms else { return Some(schema) };
    let mut forms = forms.iter().filter(|form| form.get("type").is_none_or(|kind| kind != "null"));
    let form = forms.next()?;
    if forms.next().is_some() { None } else { resolved(root, form) }
}
