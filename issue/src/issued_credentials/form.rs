//! The form of an issuance: one field for each claim of the template, by its type, and how it is handed over. What was
//! typed is kept as text, so that a refused form shows it again.

use std::collections::BTreeMap;

use askama::Template;
use kernel::console::form::{Form, Labels, Typed};
use kernel::console::parts;
use kernel::console::texts::{common, issuances as t};
use kernel::problem::{FieldError, Problem};
use model::{
    ClaimKind, IssuerTemplate, IssuerTemplateId, TemplateClaim, TimeZoneName, TrustedContact, TrustedContactId,
    expires_at,
};
use serde_json::{Map, Value, json};

use super::{DEFAULT_LIFETIME, Draft, TxCode};

pub(super) const LABELS: Labels = &[
    ("correlation_id", t::REFERENCE),
    ("valid_until", t::VALID_UNTIL),
    ("expires_in", t::EXPIRES_IN),
    ("tx_code", t::TX_CODE),
    ("contact", t::CONTACT),
];

/// The form with what was typed into it.
pub(super) struct TemplateForm {
    template: IssuerTemplate,
    contacts: Vec<TrustedContact>,
    /// What was typed for each claim, by its path.
    claims: BTreeMap<String, String>,
    correlation_id: String,
    valid_until: String,
    expires_in: String,
    tx_code: bool,
    contact: String,
    /// What is wrong with a claim, by its path.
    errors: BTreeMap<String, String>,
}

#[derive(Template)]
#[template(path = "issued_credentials/fill.html")]
pub(super) struct Filling<'a> {
    pub(super) template: &'a TemplateForm,
    pub(super) form: &'a Form,
    pub(super) action: String,
    pub(super) back: String,
}

/// A field for one claim.
struct ClaimField<'a> {
    claim: &'a TemplateClaim,
    id: String,
    typed: &'a str,
    error: Option<&'a str>,
}

impl TemplateForm {
    /// The form that nobody has filled in yet.
    pub(super) fn fresh(template: IssuerTemplate, contacts: Vec<TrustedContact>) -> Self {
        Self {
            template,
            contacts,
            claims: BTreeMap::new(),
            correlation_id: String::new(),
            valid_until: String::new(),
            expires_in: DEFAULT_LIFETIME.to_string(),
            tx_code: false,
            contact: String::new(),
            errors: BTreeMap::new(),
        }
    }

    /// Takes what was typed.
    pub(super) fn take(&mut self, typed: &mut Typed) {
        for claim in &self.template.claims {
            let path = claim.path.to_string();
            let text = typed.text(&field(&path));
            self.claims.insert(path, text);
        }
        self.correlation_id = typed.text("correlation_id");
        self.valid_until = typed.text("valid_until");
        self.expires_in = typed.text("expires_in");
        self.tx_code = !typed.text("tx_code").is_empty();
        self.contact = typed.text("contact");
    }

    /// The template.
    pub(super) fn id(&self) -> IssuerTemplateId {
        self.template.id
    }

    /// What is asked for by what was typed.
    ///
    /// # Errors
    ///
    /// Everything that cannot be read (422).
    pub(super) fn draft(&self, zone: &TimeZoneName) -> Result<Draft, Problem> {
        let mut errors = Vec::new();
        let mut claims = Map::new();
        for claim in &self.template.claims {
            let path = claim.path.to_string();
            let text = self.claims.get(&path).map_or("", |text| text.trim());
            match value(claim.kind, text) {
                Ok(Some(value)) => insert(&mut claims, claim.path.names(), value),
                Ok(None) => {}
                Err(message) => errors.push(FieldError::new(format!("claims.{path}"), "invalid", message)),
            }
        }
        let date = Some(self.valid_until.trim()).filter(|text| !text.is_empty()).map(str::parse).transpose();
        let date = date.unwrap_or_else(|_| {
            errors.push(FieldError::new("valid_until", "invalid", t::MUST_BE_DATE));
            None
        });
        let contact: Option<TrustedContactId> =
            Some(self.contact.as_str()).filter(|id| !id.is_empty()).and_then(|id| id.parse().ok());
        let correlation_id = Some(self.correlation_id.trim().to_owned()).filter(|text| !text.is_empty());
        if !errors.is_empty() {
            return Err(Problem::fields(errors));
        }
        Ok(Draft {
            template: self.template.id,
            claims,
            correlation_id,
            tx_code: if self.tx_code { TxCode::Made } else { TxCode::None },
            expires_in: self.expires_in.parse().unwrap_or(0),
            valid_until: date.map(|date| expires_at(date, zone)),
            contact,
            callback: None,
        })
    }

    /// The form again, with why it was refused: what is wrong with a claim stands beside its field, under its label.
    ///
    /// # Errors
    ///
    /// What another input would not mend.
    pub(super) fn refused(&mut self, mut problem: Problem) -> Result<Form, Problem> {
        for error in &mut problem.errors {
            let Some(path) = error.field.strip_prefix("claims.") else { continue };
            let claim = self.template.claims.iter().find(|claim| claim.path.to_string() == path);
            if let Some(claim) = claim {
                let label = claim.label.as_str();
                self.errors.insert(path.to_owned(), common::field_error(label, &error.message));
                label.clone_into(&mut error.field);
            }
        }
        Form::refused(LABELS, problem)
    }

    fn fields(&self) -> Vec<ClaimField<'_>> {
        let field = |claim| self.field(claim);
        self.template.claims.iter().map(field).collect()
    }

    fn field<'a>(&'a self, claim: &'a TemplateClaim) -> ClaimField<'a> {
        let path = claim.path.to_string();
        ClaimField {
            claim,
            typed: self.claims.get(&path).map_or("", String::as_str),
            error: self.errors.get(&path).map(String::as_str),
            id: field(&path),
        }
    }

    fn valid_for(&self) -> String {
        t::valid_for(self.template.valid_for.map(model::Days::get))
    }
}

impl ClaimField<'_> {
    /// The attributes with which the field says what helps and what is wrong.
    fn described(&self) -> String {
        let ids = [(self.claim.kind == ClaimKind::TextList, "help"), (self.error.is_some(), "error")];
        let ids: Vec<String> =
            ids.iter().filter(|(there, _)| *there).map(|(_, what)| format!("{}-{what}", self.id)).collect();
        ids.join(" ")
    }
}

/// The name of a claim's field, which no other field has.
fn field(path: &str) -> String {
    format!("claim.{path}")
}

/// The value of a claim from its text; nothing when it is left out.
fn value(kind: ClaimKind, text: &str) -> Result<Option<Value>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(match kind {
        ClaimKind::Text | ClaimKind::Date => json!(text),
        ClaimKind::Integer => json!(text.parse::<i64>().map_err(|_| t::MUST_BE_INTEGER)?),
        ClaimKind::Number => {
            let number: serde_json::Number = text.parse().map_err(|_| t::MUST_BE_NUMBER)?;
            Value::Number(number)
        }
        ClaimKind::Boolean => json!(text == "true"),
        ClaimKind::TextList => text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect(),
    }))
}

/// Puts a value where its path leads.
fn insert(claims: &mut Map<String, Value>, names: &[String], value: Value) {
    match names {
        [] => {}
        [name] => {
            claims.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            let inner = claims.entry(name.clone()).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_the_value_of_its_kind() {
        let read = |kind, text| value(kind, text).unwrap();
        assert_eq!(read(ClaimKind::Text, "Ada"), Some(json!("Ada")));
        assert_eq!(read(ClaimKind::Date, "2027-11-23"), Some(json!("2027-11-23")));
        assert_eq!(read(ClaimKind::Integer, "-7"), Some(json!(-7)));
        assert_eq!(read(ClaimKind::Number, "12.5"), Some(json!(12.5)));
        assert_eq!(read(ClaimKind::Boolean, "false"), Some(json!(false)));
        assert_eq!(read(ClaimKind::TextList, "a\r\n\r\n b "), Some(json!(["a", "b"])));
        assert_eq!(read(ClaimKind::Boolean, ""), None);
        for (kind, text) in [(ClaimKind::Integer, "1.5"), (ClaimKind::Number, "one"), (ClaimKind::Number, "1,5")] {
            assert!(value(kind, text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_stands_where_its_path_leads() {
        let mut claims = Map::new();
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        insert(&mut claims, &path("name"), json!("Ada"));
        insert(&mut claims, &path("address.street"), json!("1 Main Street"));
        insert(&mut claims, &path("address.country"), json!("NO"));
        let expected = json!({"name": "Ada", "address": {"street": "1 Main Street", "country": "NO"}});
        assert_eq!(Value::Object(claims), expected);
    }
}
