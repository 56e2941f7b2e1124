//! Checking the fields of a request, so that one answer names all that are refused.

use std::str::FromStr;

use crate::problem::{FieldError, Problem};

/// Collects the refused fields of a request.
#[derive(Default, Debug)]
pub struct Fields {
    errors: Vec<FieldError>,
}

impl Fields {
    /// Parses a field; nothing when it is refused.
    pub fn parse<T>(&mut self, field: &str, text: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: ToString,
    {
        self.take(field, text.parse())
    }

    /// Parses a field that is to take the place of a value; what stays as it is was accepted before, if by an earlier
    /// release.
    pub fn parse_change<T>(&mut self, field: &str, text: &str, before: Option<&T>) -> Option<T>
    where
        T: FromStr<Err: ToString> + ToString + Clone,
    {
        before.filter(|before| before.to_string() == text).cloned().or_else(|| self.parse(field, text))
    }

    /// Returns the accepted value; `None` when it was refused.
    pub fn take<T, E: ToString>(&mut self, field: &str, checked: Result<T, E>) -> Option<T> {
        checked.map_err(|error| self.refuse(field, "invalid", error)).ok()
    }

    /// Adds what was refused already.
    pub fn extend(&mut self, errors: Vec<FieldError>) {
        self.errors.extend(errors);
    }

    /// Refuses a field.
    pub fn refuse(&mut self, field: &str, code: &str, message: impl ToString) {
        self.errors.push(FieldError::new(field, code, message));
    }

    /// The first refusal.
    pub fn first(self) -> Option<FieldError> {
        self.errors.into_iter().next()
    }

    /// Everything at once, or every refusal at once.
    pub fn finish<T>(self, checked: Option<T>) -> Result<T, Problem> {
        match checked {
            Some(checked) if self.errors.is_empty() => Ok(checked),
            _ => Err(Problem::fields(self.errors)),
        }
    }
}
