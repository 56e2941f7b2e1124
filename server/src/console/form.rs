//! Forms: what was typed, and what was refused of it, beside its field.

use std::fmt;
use std::str::FromStr;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::{StatusCode, header};
use model::{Permission, PermissionSet};

use super::parts;
use super::texts::common as t;
use crate::problem::{Code, FieldError, Problem};

/// A form as it was sent (`application/x-www-form-urlencoded`). Fields are taken out by name; what is left is
/// unknown here.
#[derive(Debug)]
pub(crate) struct Typed {
    fields: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// The state of a form on the screen: fresh, or refused with what was wrong.
#[derive(Debug)]
pub(crate) struct Form {
    labels: Labels,
    problem: Option<Problem>,
}

/// What the fields are called on the screen.
pub(crate) type Labels = &'static [(&'static str, &'static str)];

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.is_empty() && !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Code::UnsupportedMediaType.into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            Problem::from(if too_large { Code::PayloadTooLarge } else { Code::MalformedBody })
        })?;
        Ok(Self { fields: form_urlencoded::parse(&bytes).into_owned().collect(), errors: Vec::new() })
    }
}

impl Typed {
    /// What was typed into a field; nothing when it was not sent. Sent twice, the second is left over.
    pub(crate) fn text(&mut self, field: &str) -> String {
        let at = self.fields.iter().position(|(name, _)| name == field);
        at.map(|at| self.fields.remove(at).1).unwrap_or_default()
    }

    /// Every value of a field.
    pub(crate) fn all<T>(&mut self, field: &str) -> Vec<T>
    where
        T: FromStr,
        T::Err: ToString,
    {
        let mut values = Vec::new();
        for (_, value) in self.fields.extract_if(.., |(name, _)| name == field) {
            match value.parse::<T>() {
                Ok(value) => values.push(value),
                Err(error) => self.errors.push(FieldError::new(field, "invalid", error.to_string())),
            }
        }
        values
    }

    /// What was ticked in a permission grid.
    pub(crate) fn permissions(&mut self) -> PermissionSet {
        self.all::<Permission>("permissions").into_iter().collect()
    }

    /// Refuses a form with values that could not be read, or with fields that nobody has taken.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
        let unknown = self.fields.into_iter().map(|(name, _)| FieldError::new(name, "unknown", "is not known here"));
        self.errors.extend(unknown);
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::fields(self.errors)) }
    }
}

impl Form {
    /// A form that nobody has sent yet.
    pub(crate) fn fresh(labels: Labels) -> Self {
        Self { labels, problem: None }
    }

    /// A form that was sent and refused.
    ///
    /// # Errors
    ///
    /// What another input would not mend is not for the form, but for a page of its own: it is handed back.
    pub(crate) fn refused(labels: Labels, problem: Problem) -> Result<Self, Problem> {
        let status = problem.code.status();
        let mendable = status.is_client_error()
            && !matches!(problem.code, Code::NotFound | Code::PermissionMissing | Code::CrossOrigin);
        if mendable { Ok(Self { labels, problem: Some(problem) }) } else { Err(problem) }
    }

    /// Whether it was sent and refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.problem.is_some()
    }

    /// Moves the focus to the field, unless there is something to read first.
    pub(crate) fn focus(&self) -> Attributes {
        Attributes(if self.problem.is_none() { " autofocus".to_owned() } else { String::new() })
    }

    /// The attributes with which a field says what helps and what is wrong. `help` is the id of its help, or
    /// nothing.
    pub(crate) fn mark(&self, field: &str, help: &str) -> Attributes {
        let invalid = if self.message(field).is_some() { " aria-invalid=\"true\"" } else { "" };
        Attributes(format!("{}{invalid}", self.described(field, help).0))
    }

    /// The same for a group of fields, which cannot be invalid itself.
    pub(crate) fn described(&self, field: &str, help: &str) -> Attributes {
        let error = if self.message(field).is_some() { format!("{field}-error") } else { String::new() };
        match (help.is_empty(), error.is_empty()) {
            (true, true) => Attributes(String::new()),
            _ => Attributes(format!(" aria-describedby=\"{}\"", format!("{help} {error}").trim())),
        }
    }

    /// What is wrong with a field, or nothing.
    pub(crate) fn error<'a>(&self, field: &'a str) -> FieldErrorPart<'a> {
        FieldErrorPart { field, message: self.message(field) }
    }

    /// What is wrong with the whole form, with links to the fields; or nothing.
    pub(crate) fn summary(&self) -> Summary {
        let errors = self.problem.iter().flat_map(|problem| &problem.errors);
        let lines = errors.map(|error| {
            let field = self.known(&error.field);
            (field.map(|(name, _)| *name), self.sentence(error))
        });
        let whole = self.problem.as_ref().filter(|problem| problem.errors.is_empty());
        let whole = whole.map(|problem| (None, sentence_of(problem)));
        Summary { lines: lines.chain(whole).collect() }
    }

    /// What is wrong, when the fields have nothing to add.
    pub(crate) fn alert(&self) -> Alert {
        Alert { lines: self.summary().lines.into_iter().map(|(_, line)| line).collect() }
    }

    /// The status of the answer, and the seconds after which another try makes sense.
    pub(super) fn status(&self) -> (StatusCode, Option<u64>) {
        match &self.problem {
            None => (StatusCode::OK, None),
            Some(problem) if problem.code == Code::TooManyAttempts => (problem.code.status(), problem.retry_after),
            Some(_) => (Code::InvalidRequest.status(), None),
        }
    }

    fn message(&self, field: &str) -> Option<String> {
        let errors = self.problem.iter().flat_map(|problem| &problem.errors);
        let messages: Vec<String> =
            errors.filter(|error| base(&error.field) == field).map(|error| self.sentence(error)).collect();
        (!messages.is_empty()).then(|| messages.join(" "))
    }

    fn sentence(&self, error: &FieldError) -> String {
        let label = self.known(&error.field).map_or(error.field.as_str(), |(_, label)| label);
        t::field_error(label, &error.message)
    }

    fn known(&self, field: &str) -> Option<&(&'static str, &'static str)> {
        self.labels.iter().find(|(name, _)| *name == base(field))
    }
}

/// `roles[0]` belongs to the field `roles`.
fn base(field: &str) -> &str {
    field.split(['[', '.']).next().unwrap_or(field)
}

fn sentence_of(problem: &Problem) -> String {
    let title = format!("{}.", problem.code.title());
    problem.detail.as_ref().map_or(title.clone(), |detail| format!("{title} {detail}"))
}

/// Attributes of an element, with a space before them.
pub(crate) struct Attributes(String);

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The line below a refused field.
#[derive(Template)]
#[template(path = "console/field_error.html")]
pub(crate) struct FieldErrorPart<'a> {
    field: &'a str,
    message: Option<String>,
}

/// The list above a refused form.
#[derive(Template)]
#[template(path = "console/summary.html")]
pub(crate) struct Summary {
    lines: Vec<(Option<&'static str>, String)>,
}

/// What is wrong, without links.
#[derive(Template)]
#[template(path = "console/alert.html")]
pub(crate) struct Alert {
    lines: Vec<String>,
}

// Field names are the program's own, so the attributes hold nothing that somebody typed.
impl HtmlSafe for Attributes {}
impl HtmlSafe for FieldErrorPart<'_> {}
impl HtmlSafe for Summary {}
impl HtmlSafe for Alert {}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels = &[("name", "Name"), ("roles", "Roles")];

    fn typed(body: &str) -> Typed {
        Typed { fields: form_urlencoded::parse(body.as_bytes()).into_owned().collect(), errors: Vec::new() }
    }

    #[test]
    fn what_nobody_takes_is_refused() {
        let mut sent = typed("name=Ada&permissions=users%3Aview&permissions=roles%3Achange");
        assert_eq!(sent.text("name"), "Ada");
        assert_eq!(sent.permissions().to_string(), "roles:change roles:view users:view");
        assert!(sent.finish().is_ok());

        let mut sent = typed("name=Ada&name=Grace&permissions=users%3Adelete");
        assert_eq!((sent.text("name").as_str(), sent.permissions()), ("Ada", PermissionSet::EMPTY));
        let problem = sent.finish().unwrap_err();
        let fields: Vec<&str> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["permissions", "name"]);
    }

    #[test]
    fn a_refused_field_is_marked_and_tied_to_its_error() {
        let problem = Problem::field("name", "invalid", "must not be empty");
        let form = Form::refused(LABELS, problem).unwrap();
        assert_eq!(form.mark("name", "name-help").0, r#" aria-describedby="name-help name-error" aria-invalid="true""#);
        assert_eq!(form.mark("roles", "").0, "");
        assert!(form.error("name").render().unwrap().contains("Name must not be empty."));
        assert!(form.summary().render().unwrap().contains(r##"<a href="#name">Name must not be empty.</a>"##));
        assert_eq!(form.focus().0, "");
    }

    #[test]
    fn one_value_of_a_repeated_field_is_told_beside_the_field() {
        let form = Form::refused(LABELS, Problem::field("roles[1]", "unknown", "is not a role")).unwrap();
        assert!(form.error("roles").render().unwrap().contains("Roles is not a role."));
    }

    #[test]
    fn what_no_other_input_mends_is_a_page_of_its_own() {
        for code in [Code::NotFound, Code::PermissionMissing, Code::Internal, Code::Unavailable] {
            assert_eq!(Form::refused(LABELS, code.into()).unwrap_err().code, code);
        }
        let form = Form::refused(LABELS, Code::LastAdministrator.into()).unwrap();
        assert!(form.summary().render().unwrap().contains("Nobody could administer the wallet any more."));
    }
}
