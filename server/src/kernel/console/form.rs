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
use crate::kernel::problem::{Code, FieldError, Problem};

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

/// What the fields are called on the screen. A field of a row is named as in `claims[].path`, and the row itself
/// as in `claims[]`.
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

    /// Whether a field is left whose name begins like this.
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        self.fields.iter().any(|(name, _)| name.starts_with(prefix))
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

    /// Whether something is wrong with a field.
    pub(crate) fn has_error(&self, field: &str) -> bool {
        self.message(field).is_some()
    }

    /// What is wrong with the whole form, with links to the fields; or nothing.
    pub(crate) fn summary(&self) -> Summary {
        let errors = self.problem.iter().flat_map(|problem| &problem.errors);
        let lines = errors.map(|error| (self.element(&error.field), self.sentence(error)));
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
        let messages: Vec<String> = errors
            .filter(|error| self.element(&error.field).as_deref() == Some(field))
            .map(|error| self.sentence(error))
            .collect();
        (!messages.is_empty()).then(|| messages.join(" "))
    }

    fn sentence(&self, error: &FieldError) -> String {
        let field = error.field.as_str();
        if let Some(label) = self.label(field) {
            return t::field_error(label, &error.message);
        }
        let in_row = in_row(field).and_then(|at| Some((self.label(&at.item())?, at.row, self.label(&at.member())?)));
        match in_row {
            Some((item, row, label)) => t::in_row(item, row.saturating_add(1), &t::field_error(label, &error.message)),
            None => t::field_error(self.label(base(field)).unwrap_or(field), &error.message),
        }
    }

    /// The element that a refusal belongs to: the field of a row, or else what stands before the brackets.
    fn element(&self, field: &str) -> Option<String> {
        if self.label(field).is_some() {
            return Some(field.to_owned());
        }
        let in_row = in_row(field).filter(|at| self.label(&at.member()).is_some());
        let base = || self.label(base(field)).map(|_| base(field).to_owned());
        in_row.map(|at| format!("{}[{}].{}", at.rows, at.row, at.member)).or_else(base)
    }

    fn label(&self, field: &str) -> Option<&'static str> {
        self.labels.iter().find(|(name, _)| *name == field).map(|(_, label)| *label)
    }
}

/// `roles[0]` belongs to the field `roles`.
fn base(field: &str) -> &str {
    field.split(['[', '.']).next().unwrap_or(field)
}

/// A field of a row: `claims[0].path[1]` belongs to `path` in row 0 of `claims`.
struct InRow<'a> {
    rows: &'a str,
    row: usize,
    member: &'a str,
}

impl InRow<'_> {
    fn item(&self) -> String {
        format!("{}[]", self.rows)
    }

    fn member(&self) -> String {
        format!("{}[].{}", self.rows, self.member)
    }
}

fn in_row(field: &str) -> Option<InRow<'_>> {
    let (rows, rest) = field.split_once('[')?;
    let (row, member) = rest.split_once("].")?;
    Some(InRow { rows, row: row.parse().ok()?, member: base(member) })
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
    lines: Vec<(Option<String>, String)>,
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

    impl Typed {
        pub(crate) fn of(fields: &[(&str, &str)]) -> Self {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            Self { fields: fields.iter().map(owned).collect(), errors: Vec::new() }
        }
    }

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
    fn the_field_of_a_row_is_told_beside_it_with_the_number_of_the_row() {
        const ROWS: Labels = &[("claims", "Claims"), ("claims[]", "Claim"), ("claims[].path", "Name")];
        let errors = ["claims[1].path", "claims[0].path[2]", "claims[0].color", "claims"];
        let errors = errors.map(|field| FieldError::new(field, "invalid", "is wrong")).to_vec();
        let form = Form::refused(ROWS, Problem::fields(errors)).unwrap();
        assert!(form.error("claims[1].path").render().unwrap().contains("Claim 2: Name is wrong."));
        let summary = form.summary().render().unwrap();
        assert!(summary.contains(r##"<a href="#claims[1].path">Claim 2: Name is wrong.</a>"##), "{summary}");
        let marked = r#" aria-describedby="claims[0].path-error" aria-invalid="true""#;
        assert_eq!(form.mark("claims[0].path", "").0, marked, "a part of it is told beside the whole");
        assert!(form.error("claims").render().unwrap().contains("Claims is wrong. Claims is wrong."));
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
