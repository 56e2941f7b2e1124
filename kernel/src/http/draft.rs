//! Drafts: what a client writes of an object, read from JSON, from a form, or from a JSON Merge Patch (RFC 7396) onto what is
//! there. One type for all of them, so that a member and its rules are written down once.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response};
use axum::extract::{FromRequest, Request};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::body::{self, Body};
use super::fields::Fields;
use super::refusals;
use super::schema::{self, Kind, Member};
use crate::app::App;
use crate::problem::{FieldError, Problem};

/// What a client writes of an object.
pub trait Draft: Serialize + DeserializeOwned + JsonSchema {
    /// The name of its patch in the API document.
    const PATCH: &'static str;
    /// Members that never change after creation: a patch that has one is refused.
    const IMMUTABLE: &'static [&'static str] = &[];

    /// Takes out of a patched draft what a member that was sent takes the place of.
    fn settle(_draft: &mut Map<String, Value>, _sent: &Map<String, Value>) {}

    /// Describes the members of a patch, of which each may be left out, in the API document.
    fn describe_patch(members: &mut Map<String, Value>) {
        members.values_mut().filter_map(Value::as_object_mut).for_each(as_patched);
    }
}

/// The members that a PATCH sends. Each was read by itself; what they make of the object is known with [`Patch::onto`].
#[derive(Clone, Debug)]
pub struct Patch<D> {
    members: Map<String, Value>,
    /// What is wrong with further members.
    errors: Vec<FieldError>,
    draft: PhantomData<fn() -> D>,
}

impl<D: Draft> Patch<D> {
    /// The draft that these members make of what is there: they take the place of its own, and the others stay.
    ///
    /// # Errors
    ///
    /// Members that were refused, or do not go together (422).
    pub fn onto(&self, before: &D) -> Result<D, Problem> {
        let mut fields = Fields::default();
        let draft = self.onto_with(before, &mut fields)?;
        fields.finish(Some(draft))
    }

    /// The same, with what is wrong with members that were sent among the refusals: they stay as they are.
    ///
    /// # Errors
    ///
    /// Members that do not go together (422).
    pub fn onto_with(&self, before: &D, fields: &mut Fields) -> Result<D, Problem> {
        fields.extend(self.errors.clone());
        let mut draft = serde_json::to_value(before).map_err(|error| Problem::unwritable(&error))?;
        if let Value::Object(members) = &mut draft {
            merge(members, &self.members);
            // An object of any members is one value: members of the one before would give it another meaning.
            for Member { name, .. } in schema::members::<D>().into_iter().filter(|member| member.kind == Kind::Json) {
                members.extend(self.members.get(&name).map(|whole| (name, whole.clone())));
            }
            D::settle(members, &self.members);
        }
        // Each member that was sent is checked already.
        model::reading_stored(|| read_draft(&draft))
    }

    /// Reads members, each by itself.
    pub fn read(members: Map<String, Value>) -> Self {
        Self::parse(&Value::Object(members).to_string())
    }

    /// Leaves a member as it is.
    pub fn leave(&mut self, member: &str) {
        self.members.remove(member);
    }

    fn parse(text: &str) -> Self {
        let (members, errors) = refusals::members::<D>(text, D::IMMUTABLE);
        Self { members, errors, draft: PhantomData }
    }
}

/// Puts the members that were sent onto an object, and onto the objects in it (RFC 7396 §2). `null` stays, because a member
/// that is left out of a draft is what most have.
fn merge(object: &mut Map<String, Value>, sent: &Map<String, Value>) {
    for (name, value) in sent {
        match (object.get_mut(name), value) {
            (Some(Value::Object(object)), Value::Object(sent)) => merge(object, sent),
            // serde reads an object from an array too, and this one says nothing.
            (Some(Value::Object(_)), Value::Array(items)) if items.is_empty() => {}
            _ => {
                object.insert(name.clone(), value.clone());
            }
        }
    }
}

/// A draft from its JSON form; everything that is wrong is told at once.
pub fn read_draft<D: DeserializeOwned + JsonSchema>(json: &Value) -> Result<D, Problem> {
    refusals::read(json).map_err(Problem::fields)
}

impl<D: Draft> FromRequest<Arc<App>> for Patch<D> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let bytes = body::bytes(request, app).await?;
        Ok(Self::parse(body::object(&bytes)?))
    }
}

/// Reads a text without the white space around it.
pub fn trimmed<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    String::deserialize(deserializer)?.trim().parse().map_err(serde::de::Error::custom)
}

/// Writes what [`trimmed`] reads.
pub fn as_text<S: Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// What a `T` is made of, as it is written in JSON.
pub trait Raw<T> {
    /// Why no `T` can be made of it.
    fn refusal(&self) -> Option<String>;
}

impl<T> Raw<T> for String
where
    T: FromStr,
    T::Err: fmt::Display,
{
    fn refusal(&self) -> Option<String> {
        self.parse::<T>().err().map(|error| error.to_string())
    }
}

impl<T> Raw<T> for Vec<String>
where
    T: TryFrom<Self>,
    T::Error: fmt::Display,
{
    fn refusal(&self) -> Option<String> {
        T::try_from(self.clone()).err().map(|error| error.to_string())
    }
}

impl<T> Raw<T> for i64
where
    T: TryFrom<Self>,
    T::Error: fmt::Display,
{
    fn refusal(&self) -> Option<String> {
        T::try_from(*self).err().map(|error| error.to_string())
    }
}

impl<T, F: Raw<T>> Raw<T> for Option<F> {
    fn refusal(&self) -> Option<String> {
        self.as_ref().and_then(F::refusal)
    }
}

/// Reads what a `T` is made of. The operation refuses what makes no `T`; in a body that does not reach the operation, this
/// refuses it, so that everything that is wrong with a request is in one answer.
pub fn checked<'de, T, F, D>(deserializer: D) -> Result<F, D::Error>
where
    F: Raw<T> + Deserialize<'de>,
    D: Deserializer<'de>,
{
    accepted::<T, F, _>(F::deserialize(deserializer)?)
}

/// The same for a member that may be left out but not be `null`.
pub fn checked_if_present<'de, T, F, D>(deserializer: D) -> Result<Option<F>, D::Error>
where
    F: Raw<T> + Deserialize<'de>,
    D: Deserializer<'de>,
{
    checked::<T, F, D>(deserializer).map(Some)
}

/// The same for a list of texts.
pub fn checked_items<'de, T, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error>
where
    String: Raw<T>,
{
    let items = Vec::<Item<T>>::deserialize(deserializer)?;
    Ok(items.into_iter().map(|item| item.0).collect())
}

/// A text that may be empty.
pub struct OrEmpty<T>(pub Option<T>);

impl<T: FromStr> FromStr for OrEmpty<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        if text.trim().is_empty() { Ok(Self(None)) } else { text.parse().map(|value| Self(Some(value))) }
    }
}

struct Item<T>(String, PhantomData<T>);

impl<'de, T> Deserialize<'de> for Item<T>
where
    String: Raw<T>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(checked::<T, String, D>(deserializer)?, PhantomData))
    }
}

/// Reads a text that makes a `T` without the white space around it; one that is empty is none.
pub fn trimmed_or_none<'de, T, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error>
where
    String: Raw<T>,
{
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    accepted::<T, _, _>(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

fn accepted<T, F: Raw<T>, E: serde::de::Error>(raw: F) -> Result<F, E> {
    // Otherwise the operation is about to judge it.
    if !refusals::looks_at_values() {
        return Ok(raw);
    }
    match raw.refusal() {
        Some(refusal) => Err(E::custom(refusal)),
        None => Ok(raw),
    }
}

/// The draft's schema in which no member is needed.
impl<D: Draft> JsonSchema for Patch<D> {
    fn schema_name() -> Cow<'static, str> {
        D::PATCH.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = D::json_schema(generator);
        schema.remove("required");
        schema.remove("description");
        if let Some(Value::Object(members)) = schema.ensure_object().get_mut("properties") {
            members.retain(|name, _| !D::IMMUTABLE.contains(&name.as_str()));
            D::describe_patch(members);
        }
        schema
    }
}

/// A member that may be left out has no default here, and `null` takes it away.
fn as_patched(member: &mut Map<String, Value>) {
    member.remove("default");
    let is_nullable = member
        .get("type")
        .and_then(Value::as_array)
        .is_some_and(|kinds| kinds.iter().any(|k| k == "null"))
        || member.get("anyOf").and_then(Value::as_array).is_some_and(|forms| forms.iter().any(|f| f["type"] == "null"));
    if is_nullable {
        let description = member.get("description").and_then(Value::as_str).map(|text| format!("{text} "));
        let description = format!("{}`null` takes it away.", description.unwrap_or_default());
        member.insert("description".to_owned(), description.into());
    }
}

impl<D: Draft> OperationInput for Patch<D> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Body::<Self>::operation_input(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Response)> {
        Body::<Self>::inferred_early_responses(ctx, operation)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_members_of_an_object_in_a_patch_change_alone() {
        let mut before = json!({"look": {"color": "red", "logo": "a"}, "days": 1, "names": ["a", "b"]});
        let before = before.as_object_mut().unwrap();
        for (sent, after) in [
            (json!({"look": {"logo": null}}), json!({"color": "red", "logo": null})),
            (json!({"look": {}}), json!({"color": "red", "logo": null})),
            (json!({"look": []}), json!({"color": "red", "logo": null})),
            (json!({"look": 5}), json!(5)),
        ] {
            merge(before, sent.as_object().unwrap());
            assert_eq!(before["look"], after, "{sent}");
        }
        merge(before, json!({"days": null, "names": ["c"]}).as_object().unwrap());
        assert_eq!(Value::Object(before.clone()), json!({"look": 5, "days": null, "names": ["c"]}));
    }
}
