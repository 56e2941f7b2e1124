//! Forms: what was typed, and what was refused of it, beside its field.

use std::fmt;
use std::str::FromStr;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::parts;
use super::texts::common as t;
use crate::http::{Draft, FORM, Fields, Kind, Member, Patch, media_type, members, read_draft};
use crate::problem::{Code, FieldError, Problem};

/// A form as it was sent (`application/x-www-form-urlencoded`). Fields are taken out by name; what is left is
/// unknown here.
#[derive(Debug)]
pub struct Typed {
    pub(super) fields: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// The form of a dialog, which answers GET and POST at one address: what was sent, or nothing yet.
#[derive(Debug)]
pub struct Sent(Option<Typed>);

/// The state of a form on the screen: fresh, or refused with what was wrong.
#[derive(Debug)]
pub struct Form {
    labels: Labels,
    problem: Option<Problem>,
    /// What was sent and is not read yet.
    pub(super) sent: Option<Typed>,
    /// What stands in the fields.
    pub(super) values: Vec<(String, String)>,
    /// The row that the focus belongs to, where one was added or removed.
    pub(super) focused_row: Option<usize>,
}

/// What the fields are called on the screen. A field of a row is named as in `claims[].path`, and the row itself
/// as in `claims[]`.
pub type Labels = &'static [(&'static str, &'static str)];

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let sent = media_type(request.headers());
        if !sent.is_empty() && !sent.eq_ignore_ascii_case(FORM) {
            return Err(Code::UnsupportedMediaType.into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            Problem::from(if too_large { Code::PayloadTooLarge } else { Code::MalformedBody })
        })?;
        Ok(Self { fields: form_urlencoded::parse(&bytes).into_owned().collect(), errors: Vec::new() })
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match *request.method() {
            Method::POST => Typed::from_request(request, state).await.map(|typed| Self(Some(typed))),
            _ => Ok(Self(None)),
        }
    }
}

impl Sent {
    /// As a form with these labels.
    pub fn form(self, labels: Labels) -> Form {
        let values = self.0.iter().flat_map(|typed| typed.fields.clone()).collect();
        Form { labels, problem: None, sent: self.0, values, focused_row: None }
    }
}

impl Typed {
    /// Reads the draft of an object: each field as the member of the same name, those of an object in it as in
    /// `display.name`, and those of a list of objects as in `claims[0].path`. An empty field of a member that may be
    /// `null` makes it that.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it (422).
    pub fn draft<D: DeserializeOwned + JsonSchema>(mut self) -> Result<D, Problem> {
        let json = self.object(&members::<D>(), "");
        let draft = read_draft(&json);
        self.finish_with(draft)
    }

    /// Reads the patch of an object as [`draft`](Self::draft) reads a draft, with every member that can be changed: an
    /// empty field of a member that may be `null` takes it away.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it (422).
    pub fn patch<D: Draft>(mut self) -> Result<Patch<D>, Problem> {
        let members = members::<D>().into_iter().filter(|member| !D::IMMUTABLE.contains(&member.name.as_str()));
        let json = members.map(|member| (member.name.clone(), self.member(&member, "").unwrap_or(Value::Null)));
        let patch = Patch::read(json.collect());
        self.finish_with(Ok(patch))
    }

    /// The object that the fields say whose names begin with `at`.
    fn object(&mut self, members: &[Member], at: &str) -> Value {
        let member = |member: &Member| Some((member.name.clone(), self.member(member, at)?));
        Value::Object(members.iter().filter_map(member).collect())
    }

    /// What the field of a member says; nothing when it says nothing.
    fn member(&mut self, member: &Member, at: &str) -> Option<Value> {
        let field = format!("{at}{}", member.name);
        match member.kind {
            Kind::List if !member.parts.is_empty() => {
                Some(self.rows(&field, |typed, at| typed.object(&member.parts, at)).into())
            }
            Kind::Other if !member.parts.is_empty() => Some(self.object(&member.parts, &format!("{field}."))),
            // In a row there is one line for a list.
            Kind::List if in_row(&field).is_some() => {
                Some(self.text(&field).split('.').map(str::trim).collect::<Vec<_>>().into())
            }
            // A list comes from fields of one name, or from the lines of one.
            Kind::List => {
                let texts = self.all::<String>(&field);
                let lines = texts.iter().flat_map(|text| text.lines()).map(str::trim).filter(|line| !line.is_empty());
                Some(lines.collect::<Vec<_>>().into())
            }
            Kind::Json => self.json(&field),
            Kind::Flag => Some((!self.text(&field).is_empty()).into()),
            Kind::Text | Kind::Id | Kind::Number | Kind::Other => {
                let text = self.text(&field);
                match member.kind {
                    _ if text.trim().is_empty() && member.is_nullable => Some(Value::Null),
                    Kind::Id | Kind::Number if text.trim().is_empty() => None,
                    Kind::Number => Some(number(text)),
                    _ => Some(text.into()),
                }
            }
        }
    }

    /// JSON as it was typed.
    fn json(&mut self, field: &str) -> Option<Value> {
        let refusal = |error: serde_json::Error| {
            // What the parser expected there says less.
            let (line, column) = (error.line(), error.column());
            let message = format!("must be JSON, which it is not from line {line}, column {column} on");
            FieldError::new(field, "invalid", message)
        };
        serde_json::from_str(&self.text(field)).map_err(|error| self.errors.push(refusal(error))).ok()
    }

    fn finish_with<T>(self, read: Result<T, Problem>) -> Result<T, Problem> {
        match (read, self.finish()) {
            (read, Ok(())) => read,
            (Ok(_), Err(problem)) => Err(problem),
            (Err(mut problem), Err(typed)) => {
                problem.errors.retain(|error| typed.errors.iter().all(|other| other.field != error.field));
                problem.errors.extend(typed.errors);
                Err(problem)
            }
        }
    }

    /// What was typed into a field; nothing when it was not sent. Sent twice, the second is left over.
    pub fn text(&mut self, field: &str) -> String {
        let at = self.fields.iter().position(|(name, _)| name == field);
        at.map(|at| self.fields.remove(at).1).unwrap_or_default()
    }

    /// Every value of a field.
    pub fn all<T>(&mut self, field: &str) -> Vec<T>
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

    /// Refuses a form with values that could not be read, or with fields that nobody has taken.
    pub fn finish(mut self) -> Result<(), Problem> {
        let unknown = self.fields.into_iter().map(|(name, _)| FieldError::new(name, "unknown", "is not known here"));
        self.errors.extend(unknown);
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::fields(self.errors)) }
    }
}

impl Form {
    /// A form that nobody has sent yet.
    pub fn fresh(labels: Labels) -> Self {
        Sent(None).form(labels)
    }

    /// A form that was sent and refused.
    ///
    /// # Errors
    ///
    /// What another input would not mend is not for the form, but for a page of its own: it is handed back.
    pub fn refused(labels: Labels, problem: Problem) -> Result<Self, Problem> {
        let status = problem.code.status();
        let mendable = status.is_client_error()
            && !matches!(problem.code, Code::NotFound | Code::PermissionMissing | Code::CrossOrigin);
        if mendable { Ok(Self { problem: Some(problem), ..Self::fresh(labels) }) } else { Err(problem) }
    }

    /// The draft that was sent; none while nothing was, and none when it was refused.
    pub fn draft<D: DeserializeOwned + JsonSchema>(&mut self) -> Option<D> {
        self.sent.take()?.draft().map_err(|problem| self.problem = Some(problem)).ok()
    }

    /// The patch that was sent; none while nothing was, and none when it was refused.
    pub fn patch<D: Draft>(&mut self) -> Option<Patch<D>> {
        self.sent.take()?.patch().map_err(|problem| self.problem = Some(problem)).ok()
    }

    /// Adds a field to what was sent.
    pub fn add(&mut self, field: &str, value: &str) {
        if let Some(sent) = &mut self.sent {
            let field = (field.to_owned(), value.to_owned());
            sent.fields.push(field.clone());
            self.values.push(field);
        }
    }

    /// Puts another text into a field of what was sent; what was typed stays on the screen.
    pub fn replace(&mut self, field: &str, value: &str) {
        self.remove(field);
        if let Some(sent) = &mut self.sent {
            sent.fields.push((field.to_owned(), value.to_owned()));
        }
    }

    /// Refuses fields of what was sent, beside what is refused of the draft.
    pub fn refuse(&mut self, fields: Fields) {
        if let (Some(sent), Err(problem)) = (&mut self.sent, fields.finish(Some(()))) {
            sent.errors.extend(problem.errors);
        }
    }

    /// Takes a field out of what was sent; what was typed stays on the screen.
    pub fn remove(&mut self, field: &str) {
        if let Some(sent) = &mut self.sent {
            sent.fields.retain(|(name, _)| name != field);
        }
    }

    /// Whether a question was answered with yes: its form has no fields.
    pub fn is_confirmed(&mut self) -> bool {
        let sent = self.sent.take().map(Typed::finish);
        sent.is_some_and(|read| read.map_err(|problem| self.problem = Some(problem)).is_ok())
    }

    /// What came of doing what was sent; none when it was refused and the form says why.
    ///
    /// # Errors
    ///
    /// What another input would not mend is not for the form, but for a page of its own.
    pub fn accept<T>(&mut self, done: Result<T, Problem>) -> Result<Option<T>, Problem> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(problem) => {
                let Self { problem: refused, .. } = Self::refused(self.labels, problem)?;
                self.problem = refused;
                Ok(None)
            }
        }
    }

    /// Fills the fields with what is there.
    pub fn fill(&mut self, draft: &impl Serialize) {
        let Ok(Value::Object(members)) = serde_json::to_value(draft) else { return };
        self.values = members.into_iter().flat_map(|(name, value)| fields_of(name, value)).collect();
    }

    /// What stands in a field.
    pub fn value(&self, field: &str) -> &str {
        self.values(field).next().unwrap_or_default()
    }

    /// What stands in the fields of one name.
    pub fn values(&self, field: &str) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Whether one of the fields of a name holds this.
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.values(field).any(|held| held == value)
    }

    /// Whether nothing was sent yet.
    pub fn is_fresh(&self) -> bool {
        self.sent.is_none() && self.problem.is_none()
    }

    /// Whether it was sent and refused.
    pub fn is_refused(&self) -> bool {
        self.problem.is_some()
    }

    /// Moves the focus to the field, unless there is something to read first.
    pub fn focus(&self) -> Attributes {
        let is_free = self.problem.is_none() && self.focused_row.is_none();
        Attributes(if is_free { " autofocus".to_owned() } else { String::new() })
    }

    /// The attributes with which a field says what helps and what is wrong. `help` is the id of its help, or
    /// nothing.
    pub fn mark(&self, field: &str, help: &str) -> Attributes {
        let invalid = if self.message(field).is_some() { " aria-invalid=\"true\"" } else { "" };
        Attributes(format!("{}{invalid}", self.described(field, help).0))
    }

    /// The same for a group of fields, which cannot be invalid itself.
    pub fn described(&self, field: &str, help: &str) -> Attributes {
        let error = if self.message(field).is_some() { format!("{field}-error") } else { String::new() };
        match (help.is_empty(), error.is_empty()) {
            (true, true) => Attributes(String::new()),
            _ => Attributes(format!(" aria-describedby=\"{}\"", format!("{help} {error}").trim())),
        }
    }

    /// What is wrong with a field, or nothing.
    pub fn error<'a>(&self, field: &'a str) -> FieldErrorPart<'a> {
        FieldErrorPart { field, message: self.message(field) }
    }

    /// Whether something is wrong with a field.
    pub fn has_error(&self, field: &str) -> bool {
        self.message(field).is_some()
    }

    /// What is wrong with the whole form, with links to the fields; or nothing.
    pub fn summary(&self) -> Summary {
        let errors = self.problem.iter().flat_map(|problem| &problem.errors);
        let lines = errors.map(|error| (self.element(&error.field), self.sentence(error)));
        let whole = self.problem.as_ref().filter(|problem| problem.errors.is_empty());
        let whole = whole.map(|problem| (None, sentence_of(problem)));
        Summary { lines: lines.chain(whole).collect() }
    }

    /// What is wrong, when the fields have nothing to add.
    pub fn alert(&self) -> Alert {
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

    pub(super) fn label(&self, field: &str) -> Option<&'static str> {
        self.labels.iter().find(|(name, _)| *name == field).map(|(_, label)| *label)
    }
}

/// A number as it was typed; what is none is refused where the draft is read.
fn number(text: String) -> Value {
    text.trim().parse::<i64>().map_or(Value::String(text), Value::from)
}

/// The fields of a member, by the names by which a draft is read.
pub(super) fn fields_of(name: String, value: Value) -> Vec<(String, String)> {
    match value {
        Value::Object(members) => {
            members.into_iter().flat_map(|(member, value)| fields_of(format!("{name}.{member}"), value)).collect()
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.into_iter().enumerate().flat_map(|(row, item)| fields_of(format!("{name}[{row}]"), item)).collect()
        }
        Value::Array(_) if in_row(&name).is_some() => vec![(name, texts(value).collect::<Vec<_>>().join("."))],
        value => texts(value).map(|text| (name.clone(), text)).collect(),
    }
}

/// The texts of a member: one for each item of a list, none for what is not set.
fn texts(value: Value) -> impl Iterator<Item = String> {
    let items = match value {
        Value::Array(items) => items,
        Value::Null | Value::Bool(false) => Vec::new(),
        value => vec![value],
    };
    items.into_iter().map(|item| match item {
        Value::String(text) => text,
        other => other.to_string(),
    })
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
pub struct Attributes(String);

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The line below a refused field.
#[derive(Template)]
#[template(path = "console/field_error.html")]
pub struct FieldErrorPart<'a> {
    field: &'a str,
    message: Option<String>,
}

/// The list above a refused form.
#[derive(Template)]
#[template(path = "console/summary.html")]
pub struct Summary {
    lines: Vec<(Option<String>, String)>,
}

/// What is wrong, without links.
#[derive(Template)]
#[template(path = "console/alert.html")]
pub struct Alert {
    lines: Vec<String>,
}

// Field names are the program's own, so the attributes hold nothing that somebody typed.
impl HtmlSafe for Attributes {}
impl HtmlSafe for FieldErrorPart<'_> {}
impl HtmlSafe for Summary {}
impl HtmlSafe for Alert {}

#[cfg(test)]
mod tests {
    use model::{Permission, PermissionSet};

    use super::*;

    const LABELS: Labels = &[("name", "Name"), ("roles", "Roles")];

    impl Form {
        pub(crate) fn of(fields: &[(&str, &str)]) -> Self {
            Sent(Some(Typed::of(fields))).form(LABELS)
        }
    }

    fn permissions(sent: &mut Typed) -> PermissionSet {
        sent.all::<Permission>("permissions").into_iter().collect()
    }

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
        assert_eq!(permissions(&mut sent).to_string(), "roles:change roles:view users:view");
        assert!(sent.finish().is_ok());

        let mut sent = typed("name=Ada&name=Grace&permissions=users%3Adelete");
        assert_eq!((sent.text("name").as_str(), permissions(&mut sent)), ("Ada", PermissionSet::EMPTY));
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
