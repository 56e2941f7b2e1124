//! From columns to values and back.

use std::str::FromStr;

use jiff::Timestamp;
use model::{Actor, ActorKind, Digest, RequestsPerMinute, Stored};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StoreError;

/// Parses a text column.
pub(crate) fn parse<T: FromStr>(column: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Unreadable { column })
}

/// Reads a text that was checked when it was written.
pub(crate) fn text<T: Stored>(text: &str) -> T {
    T::stored(text.to_owned())
}

/// Reads an instant from epoch milliseconds.
pub(crate) fn time(column: &'static str, ms: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms).map_err(|_| StoreError::Unreadable { column })
}

/// Reads an instant that may be absent.
pub(crate) fn time_or_none(column: &'static str, ms: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    ms.map(|ms| time(column, ms)).transpose()
}

/// Reads a JSON column.
pub(crate) fn json<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable { column })
}

/// A JSON column. What the store writes so has text for its keys, so it always has a JSON form.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::json!(value).to_string()
}

/// Reads a digest.
pub(crate) fn digest(column: &'static str, bytes: &[u8]) -> Result<Digest, StoreError> {
    bytes.try_into().map(Digest::from_bytes).map_err(|_| StoreError::Unreadable { column })
}

/// Reads a limit.
pub(crate) fn requests_per_minute(requests: Option<i64>) -> Result<Option<RequestsPerMinute>, StoreError> {
    let unreadable = |_| StoreError::Unreadable { column: "external_systems.requests_per_minute" };
    requests.map(RequestsPerMinute::try_from).transpose().map_err(unreadable)
}

/// Reads an actor from its three columns.
pub(crate) fn actor(kind: &str, id: Option<&str>, name: String) -> Result<Actor, StoreError> {
    let kind = ActorKind::from_name(kind).ok_or(StoreError::Unreadable { column: "actor_kind" })?;
    let id = id.map(|id| parse("actor_id", id)).transpose()?;
    Ok(Actor { kind, id, name })
}

/// An actor's id as a column.
pub(crate) fn actor_id(actor: &Actor) -> Option<String> {
    actor.id.map(|id| id.to_string())
}
