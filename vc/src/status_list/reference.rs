//! The claim `status` of a credential (§6): which entry of which list is its own.

use serde_json::{Value, json};

use crate::names::status_list as name;

/// The reference to a credential's status: list and index (§6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReference {
    /// The list, a URI.
    pub uri: String,
    /// The entry.
    pub index: u64,
}

/// Why a claim `status` leads to no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// No member `status_list`: another mechanism (§6.1), or none.
    #[error("its status is not kept in a Token Status List: no other mechanism is supported")]
    Mechanism,
    /// `idx` is no whole number from zero, or `uri` is no text.
    #[error("its claim `status` is malformed: `{0}` is wrong")]
    Member(&'static str),
}

impl StatusReference {
    /// The claim `status` of a credential (§6.1).
    pub fn claim(&self) -> Value {
        json!({name::STATUS_LIST: {name::IDX: self.index, name::URI: self.uri}})
    }

    /// Reads the claim `status` of a credential (§6.1). Whether `uri` is an address that may be asked is for whoever
    /// asks it.
    pub fn from_claim(claim: &Value) -> Result<Self, ReferenceError> {
        let list = claim.get(name::STATUS_LIST).ok_or(ReferenceError::Mechanism)?;
        let index = list.get(name::IDX).and_then(Value::as_u64).ok_or(ReferenceError::Member(name::IDX))?;
        let uri = list.get(name::URI).and_then(Value::as_str).ok_or(ReferenceError::Member(name::URI))?;
        Ok(Self { uri: uri.to_owned(), index })
    }
}
