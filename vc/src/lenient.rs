//! Reading members of other parties' documents that only decorate: a name, a picture, an entry of a list that is not
//! the one in question. Unreadable parts are left out, so that a slip there does not stop what decides.

use std::collections::BTreeMap;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

/// A member of this form; none when it is missing or of another form.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: DeserializeOwned>(reader: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(reader)?).ok())
}

/// The entries of a list that have this form.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(reader: D) -> Result<Vec<T>, D::Error> {
    let Value::Array(entries) = Value::deserialize(reader)? else { return Ok(Vec::new()) };
    Ok(entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok()).collect())
}

/// The members of an object, of any form; none when it is no object.
pub(crate) fn members<'de, D: Deserializer<'de>>(reader: D) -> Result<BTreeMap<String, Value>, D::Error> {
    let Value::Object(members) = Value::deserialize(reader)? else { return Ok(BTreeMap::new()) };
    Ok(members.into_iter().collect())
}

/// `true` and nothing else.
pub(crate) fn flag<'de, D: Deserializer<'de>>(reader: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(reader)? == Value::Bool(true))
}
