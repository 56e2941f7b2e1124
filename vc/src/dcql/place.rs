//! Reading JSON with the place in hand, so that every refusal can say where.

use serde_json::Value;

use super::{DcqlError, Fault, limits};

/// A value of the query with its place.
pub(super) struct Place<'a> {
    name: String,
    value: &'a Value,
}

impl<'a> Place<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { name: String::new(), value }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn refuse(&self, fault: Fault) -> DcqlError {
        DcqlError { place: self.name.clone(), fault }
    }

    /// An optional member of a value that must be an object.
    pub(super) fn member(&self, name: &'static str) -> Result<Option<Self>, DcqlError> {
        let Value::Object(members) = self.value else { return Err(self.refuse(Fault::Type("an object"))) };
        Ok(members.get(name).map(|value| Self { name: self.name_of(name), value }))
    }

    pub(super) fn required(&self, name: &'static str) -> Result<Self, DcqlError> {
        self.member(name)?.ok_or_else(|| DcqlError { place: self.name_of(name), fault: Fault::Missing })
    }

    /// The refusal of a member that is not there.
    pub(super) fn refuse_member(&self, name: &'static str, fault: Fault) -> DcqlError {
        DcqlError { place: self.name_of(name), fault }
    }

    /// The entries of a value that must be a list of at least one and at most `most` entries.
    pub(super) fn entries(&self, most: usize) -> Result<impl Iterator<Item = Self>, DcqlError> {
        let Value::Array(values) = self.value else { return Err(self.refuse(Fault::Type("a list"))) };
        match values.len() {
            0 => Err(self.refuse(Fault::Empty)),
            count if count > most => Err(self.refuse(Fault::TooMany(most))),
            _ => Ok(values
                .iter()
                .enumerate()
                .map(|(position, value)| Self { name: format!("{}[{position}]", self.name), value })),
        }
    }

    pub(super) fn boolean(&self) -> Result<bool, DcqlError> {
        self.value.as_bool().ok_or_else(|| self.refuse(Fault::Type("true or false")))
    }

    pub(super) fn text(&self) -> Result<String, DcqlError> {
        self.text_within(limits::TEXT_BYTES)
    }

    /// §6.1, §6.3: "a non-empty string consisting of alphanumeric, underscore (`_`), or hyphen (`-`) characters".
    pub(super) fn id(&self) -> Result<String, DcqlError> {
        let id = self.text_within(limits::ID_BYTES)?;
        if id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
            return Ok(id);
        }
        Err(self.refuse(Fault::NotAnId))
    }

    fn text_within(&self, most: usize) -> Result<String, DcqlError> {
        match self.value.as_str() {
            None => Err(self.refuse(Fault::Type("text"))),
            Some("") => Err(self.refuse(Fault::Empty)),
            Some(text) if text.len() > most => Err(self.refuse(Fault::TooLong(most))),
            Some(text) => Ok(text.to_owned()),
        }
    }

    fn name_of(&self, member: &str) -> String {
        if self.name.is_empty() { member.to_owned() } else { format!("{}.{member}", self.name) }
    }
}
