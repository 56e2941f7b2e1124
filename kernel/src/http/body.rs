//! Reading a JSON body strictly.

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::Method;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;

use super::media_type::{JSON, is_media_type};
use super::{document, refusals};
use crate::problem::{Code, FieldError, Problem};

/// The media type of a JSON Merge Patch: members that are left out stay, `null` removes (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// A JSON body; refused as 415, 413, 400 (not JSON) or 422 (JSON, but not of this form).
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A member that exists but never changes after creation: present in a PATCH it is refused by name.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Immutable;

pub(super) const IMMUTABLE: &str = "never changes after creation";

impl<'de> Deserialize<'de> for Immutable {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(IMMUTABLE))
    }
}

/// Deserialises a member that may be left out but not be `null`; used with `#[serde(default)]`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl<S: Send + Sync, T: DeserializeOwned + JsonSchema> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Ok(Self(read(request, state).await?.1))
    }
}

/// The body as it was sent, and its value.
pub async fn read<S, T>(request: Request, state: &S) -> Result<(Bytes, T), Problem>
where
    S: Send + Sync,
    T: DeserializeOwned + JsonSchema,
{
    let bytes = bytes(request, state).await?;
    let body = parse(&bytes)?;
    Ok((bytes, body))
}

/// The body of a request that says it is JSON.
pub(super) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    if !is_json(&request) {
        return Err(Code::UnsupportedMediaType.into());
    }
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
            Problem::from(Code::PayloadTooLarge)
        } else {
            Problem::detailed(Code::MalformedBody, "The body broke off.")
        }
    })
}

fn is_json(request: &Request) -> bool {
    let is_patch = request.method() == Method::PATCH && is_media_type(request.headers(), MERGE_PATCH);
    is_patch || is_media_type(request.headers(), JSON)
}

fn parse<T: DeserializeOwned + JsonSchema>(bytes: &[u8]) -> Result<T, Problem> {
    let text = object(bytes)?;
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let first = field_error(&path, &error.into_inner().to_string());
        Problem::fields(refusals::all::<T>(text, first))
    })
}

/// The text of a body that is a JSON object.
pub(super) fn object(bytes: &[u8]) -> Result<&str, Problem> {
    // Text that is not JSON (in UTF-8, RFC 8259 §8.1) is told apart from JSON of another form.
    let text = str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Problem::detailed(
            Code::MalformedBody,
            format!("The body is not UTF-8 text: byte {at} (from 0) does not belong there."),
        )
    })?;
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| not_json(&error))?;
    // serde would take an array for a struct, member by member.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Problem::field("body", "invalid", "must be a JSON object"));
    }
    Ok(text)
}

/// The place where the text stops being JSON, which says more than what the parser expected there.
fn not_json(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let what = match error.classify() {
        Category::Eof => "The body ends before its JSON does",
        _ => "The body is not JSON",
    };
    Problem::detailed(Code::MalformedBody, format!("{what}: line {line}, column {column}."))
}

/// serde says what is wrong in words of its own; the field and the code are read out of them.
pub(super) fn field_error(path: &str, message: &str) -> FieldError {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let quoted = || message.split('`').nth(1).unwrap_or_default();
    let within = |name: &str| match path.trim_end_matches(['.', '?']) {
        "" => name.to_owned(),
        parent => format!("{parent}.{name}"),
    };
    if message.starts_with("unknown field") {
        // The path leads to the member itself where the parser has read its name.
        let field = if path.split('.').next_back() == Some(quoted()) { path.to_owned() } else { within(quoted()) };
        FieldError::new(field, "unknown", "is not known here")
    } else if message.starts_with("missing field") {
        FieldError::new(within(quoted()), "required", "is required")
    } else if message.starts_with("duplicate field") {
        FieldError::new(within(quoted()), "duplicate", "stands here twice")
    } else if message == IMMUTABLE {
        FieldError::new(path, "immutable", IMMUTABLE)
    } else {
        FieldError::new(if path == "." { "body" } else { path }, "invalid", message)
    }
}

impl<T: JsonSchema> OperationInput for Body<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Json::<T>::operation_input(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        document::problems(
            ctx,
            &[Code::MalformedBody, Code::PayloadTooLarge, Code::UnsupportedMediaType, Code::InvalidRequest],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, JsonSchema, Debug)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(default, rename = "name")]
        #[schemars(skip)]
        _name: Immutable,
        #[serde(rename = "count")]
        _count: u8,
        #[serde(default, rename = "inner")]
        _inner: Option<Box<Sample>>,
        #[serde(default, rename = "rows")]
        _rows: Vec<Row>,
    }

    #[derive(Deserialize, JsonSchema, Debug)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[serde(rename = "label")]
        _label: String,
        #[serde(rename = "path")]
        _path: Vec<String>,
    }

    /// Every refusal as `field: code`.
    fn refusals_of(body: &str) -> Vec<String> {
        let problem = parse::<Sample>(body.as_bytes()).unwrap_err();
        let mut told: Vec<_> = problem.errors.iter().map(|error| format!("{}: {}", error.field, error.code)).collect();
        told.sort();
        told
    }

    #[test]
    fn every_wrong_member_is_told() {
        let body = r#"{"colour": 2, "name": "x", "count": "x", "size": {}}"#;
        let expected = ["colour: unknown", "count: invalid", "name: immutable", "size: unknown"];
        assert_eq!(refusals_of(body), expected);
        assert_eq!(
            refusals_of(r#"{"x": 1, "inner": {"y": 1}}"#),
            ["count: required", "inner.count: required", "inner.y: unknown", "x: unknown"]
        );
        let rows = r#"{"count": 1, "rows": [{"label": "a", "path": []}, {"label": 1, "path": ["a", 2, 3]}, 5, {}]}"#;
        let expected = [
            "rows[1].label: invalid",
            "rows[1].path[1]: invalid",
            "rows[1].path[2]: invalid",
            "rows[2]: invalid",
            "rows[3].label: required",
            "rows[3].path: required",
        ];
        assert_eq!(refusals_of(rows), expected);
        assert_eq!(refusals_of(r#"{"count": 1, "count": 2, "x": 3}"#), ["count: duplicate", "x: unknown"]);
    }

    #[test]
    fn so_many_wrong_members_are_told_and_no_more() {
        let rows = vec!["5"; 5000].join(",");
        assert_eq!(refusals_of(&format!(r#"{{"count": 1, "rows": [{rows}]}}"#)).len(), 100);
    }

    #[test]
    fn every_wrong_member_of_a_long_body_is_told() {
        let long = "x".repeat(900_000);
        assert_eq!(refusals_of(&format!(r#"{{"count": "{long}", "x": 1}}"#)), ["count: invalid", "x: unknown"]);
        let rows = vec![r#"{"label": "a", "path": ["b"]}"#; 1000].join(",");
        let body = format!(r#"{{"rows": [{rows}, {{"label": 5, "path": [1, "{long}"]}}], "y": 1, "x": "{long}"}}"#);
        let expected =
            ["count: required", "rows[1000].label: invalid", "rows[1000].path[0]: invalid", "x: unknown", "y: unknown"];
        assert_eq!(refusals_of(&body), expected);
    }

    #[test]
    fn what_is_looked_at_of_a_long_body_is_bounded() {
        let mut body = format!(r#"{{"count": 1, "x": "{}"}}"#, "x".repeat(1_000_000));
        for _ in 0..60 {
            body = format!(r#"{{"count": 1, "inner": {body}}}"#);
        }
        let told = refusals_of(&body);
        assert!(told.len() == 1 && told[0].ends_with(".inner.x: unknown"), "{told:?}");
        let many = vec![r#""x": 1"#; 100_000].join(",");
        assert_eq!(refusals_of(&format!(r#"{{"count": 1, {many}}}"#)), ["x: unknown"]);
    }

    #[test]
    fn where_a_body_stops_being_json_is_told_in_plain_words() {
        let detail = |body: &[u8]| parse::<Sample>(body).unwrap_err().detail.unwrap();
        assert_eq!(detail(b"{\"count\": 1"), "The body ends before its JSON does: line 1, column 11.");
        assert_eq!(detail(b"{\n'count': 1}"), "The body is not JSON: line 2, column 1.");
        assert_eq!(detail(b"{\"a\": \"\xff\"}"), "The body is not UTF-8 text: byte 7 (from 0) does not belong there.");
        let deep = "[".repeat(1000);
        assert_eq!(detail(deep.as_bytes()), "The body ends before its JSON does: line 1, column 1000.");
    }

    fn refused(body: &str) -> (Code, String, String) {
        let problem = parse::<Sample>(body.as_bytes()).unwrap_err();
        let error = problem.errors.first().cloned().unwrap_or(FieldError::new("", "", ""));
        (problem.code, error.field, error.code)
    }

    #[test]
    fn every_refusal_names_its_field() {
        let invalid = |field: &str, code: &str| (Code::InvalidRequest, field.to_owned(), code.to_owned());
        assert_eq!(refused(r#"{"count": 1, "colour": 2}"#), invalid("colour", "unknown"));
        assert_eq!(refused("{}"), invalid("count", "required"));
        assert_eq!(refused(r#"{"count": "x"}"#), invalid("count", "invalid"));
        assert_eq!(refused(r#"{"count": 1, "count": 1}"#), invalid("count", "duplicate"));
        assert_eq!(refused(r#"{"count": 1, "name": "x"}"#), invalid("name", "immutable"));
        assert_eq!(refused(r#"{"count": 1, "inner": {"count": 300}}"#), invalid("inner.count", "invalid"));
        assert_eq!(refused(r#"{"count": 1, "inner": {}}"#), invalid("inner.count", "required"));
        assert_eq!(refused(r#"{"count": 1, "inner": {"x": 1}}"#), invalid("inner.x", "unknown"));
        for body in ["[]", "null", "\n [null, 1]", "5", r#""x""#] {
            assert_eq!(refused(body), invalid("body", "invalid"), "{body}");
        }
        assert_eq!(refused("{").0, Code::MalformedBody);
        assert_eq!(refused("").0, Code::MalformedBody);
        assert_eq!(refused("{} {}").0, Code::MalformedBody);
    }
}
