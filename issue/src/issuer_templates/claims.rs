//! Whether claims fit a template, told claim by claim.

use jiff::civil::Date;
use kernel::problem::FieldError;
use model::{ClaimKind, IssuerTemplate, TemplatePath};
use serde_json::{Map, Value};
use vc::sd_jwt_vc::{ClaimPath, PathStep};

/// How much is told at once; who sends nonsense without end need not hear of all of it.
const TOLD_AT_ONCE: usize = 50;

/// What stands where a path leads.
enum Place<'a> {
    Value(&'a Value),
    Nothing,
    /// On the way there is something else than an object.
    Blocked,
}

/// Checks what a credential is to say: every mandatory claim is there, each value is of its kind, and nothing else
/// is said. The fields are named as in `claims.address.street`.
///
/// # Errors
///
/// Everything that does not fit, at once.
pub fn check_claims(template: &IssuerTemplate, claims: &Map<String, Value>) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    for claim in &template.claims {
        let field = format!("claims.{}", claim.path);
        match at(claims, &claim.path) {
            Place::Value(value) => check_value(&field, claim.kind, claim.mandatory, value, &mut errors),
            Place::Nothing if claim.mandatory => errors.push(FieldError::new(field, "required", "is required")),
            Place::Nothing | Place::Blocked => {}
        }
    }
    check_known(template, &mut Vec::new(), claims, &mut errors);
    errors.truncate(TOLD_AT_ONCE);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The claims among these that the holder may withhold.
pub fn disclosable(template: &IssuerTemplate, claims: &Map<String, Value>) -> Vec<ClaimPath> {
    let withheld = template.claims.iter().filter(|claim| claim.selectively_disclosable);
    let there = withheld.filter(|claim| matches!(at(claims, &claim.path), Place::Value(_)));
    there.map(|claim| claim_path(&claim.path)).collect()
}

/// The path as credentials have it.
pub(super) fn claim_path(path: &TemplatePath) -> ClaimPath {
    ClaimPath(path.names().iter().map(|name| PathStep::Name(name.clone())).collect())
}

fn at<'a>(claims: &'a Map<String, Value>, path: &TemplatePath) -> Place<'a> {
    let mut found: Option<&Value> = None;
    for name in path.names() {
        let object = match found {
            None => claims,
            Some(Value::Object(object)) => object,
            Some(_) => return Place::Blocked,
        };
        match object.get(name) {
            Some(value) => found = Some(value),
            None => return Place::Nothing,
        }
    }
    found.map_or(Place::Nothing, Place::Value)
}

fn check_value(field: &str, kind: ClaimKind, mandatory: bool, value: &Value, errors: &mut Vec<FieldError>) {
    let fits = match (kind, value) {
        (ClaimKind::Text, Value::String(text)) => {
            if mandatory && text.trim().is_empty() {
                errors.push(FieldError::new(field, "invalid", "must not be empty"));
            }
            true
        }
        (ClaimKind::TextList, Value::Array(items)) => {
            if mandatory && items.is_empty() {
                errors.push(FieldError::new(field, "invalid", "must have at least one text"));
            }
            let others = items.iter().enumerate().filter(|(_, item)| !item.is_string());
            errors
                .extend(others.map(|(item, _)| FieldError::new(format!("{field}[{item}]"), "invalid", "must be text")));
            true
        }
        (ClaimKind::Number, value) => value.is_number(),
        (ClaimKind::Integer, value) => value.is_i64() || value.is_u64(),
        (ClaimKind::Boolean, value) => value.is_boolean(),
        (ClaimKind::Date, Value::String(text)) => is_date(text),
        _ => false,
    };
    if !fits {
        errors.push(FieldError::new(field, "invalid", must_be(kind)));
    }
}

/// RFC 3339 full-date; jiff reads more than that.
fn is_date(text: &str) -> bool {
    text.len() == "YYYY-MM-DD".len() && text.parse::<Date>().is_ok_and(|date| date.to_string() == text)
}

const fn must_be(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Text => "must be text",
        ClaimKind::Number => "must be a number",
        ClaimKind::Integer => "must be a whole number",
        ClaimKind::Boolean => "must be true or false",
        ClaimKind::Date => "must be a date, YYYY-MM-DD",
        ClaimKind::TextList => "must be a list of texts",
    }
}

/// What no claim of the template leads to is not known. A path is at most as deep as those of the template, so this
/// does not descend for ever.
fn check_known(
    template: &IssuerTemplate,
    above: &mut Vec<String>,
    members: &Map<String, Value>,
    errors: &mut Vec<FieldError>,
) {
    for (name, value) in members {
        above.push(name.clone());
        let leads = |names: &[String]| names.starts_with(above);
        let mut known = template.claims.iter().map(|claim| claim.path.names()).filter(|names| leads(names));
        match known.next() {
            Some(names) if names.len() == above.len() => {}
            Some(_) => match value {
                Value::Object(members) => check_known(template, above, members, errors),
                _ => errors.push(FieldError::new(field(above), "invalid", "must be an object")),
            },
            None => errors.push(FieldError::new(field(above), "unknown", "is not known here")),
        }
        above.pop();
    }
}

fn field(names: &[String]) -> String {
    let path = names.iter().fold(String::from("claims"), |path, name| path + "." + name);
    path.chars().take(200).collect()
}

#[cfg(test)]
mod tests;
