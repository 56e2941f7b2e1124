//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): a request that is sent again, because its
//! answer was lost, makes nothing a second time.
//!
//! An operation that takes it reads [`Repeatable`] in the place of `Body`, asks [`Transaction::repeated`] first in its
//! change and tells [`Transaction::remember`] before it commits:
//!
//! ```ignore
//! let mut change = app.begin(caller).await?;
//! if let Some(made) = change.repeated(idempotency).await? {
//!     // By the change's own connection: it must not wait for a second one while it holds the lock.
//!     return change.issuance(caller.wallet_id, made).await?.ok_or_else(|| Code::NotFound.into());
//! }
//! // …
//! change.remember(idempotency, issuance.id).await?;
//! change.commit(event).await?;
//! ```
//!
//! Changes happen one after the other, so of two that arrive at once the second finds what the first has made; the
//! unique index would refuse it otherwise. A refused request is not remembered: nothing was made.

use std::sync::Arc;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{
    HeaderStyle, Operation, Parameter, ParameterData, ParameterSchemaOrContent, ReferenceOr, Response,
};
use axum::extract::{FromRequest, Request};
use gate::{KeyKind, KeyText};
use http::HeaderMap;
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use store::Remembered;
use uuid::Uuid;

use crate::app::App;
use crate::caller::{Caller, Transaction};
use crate::http::{Body, document, read_json};
use crate::problem::{Code, Problem};

/// How long a key is remembered.
const KEY_RETENTION: SignedDuration = SignedDuration::from_hours(24);
/// How long a repeated request gets the secret that the first one made: long enough for a lost answer, too short for
/// somebody who finds the request in a log later.
const SHOWN_AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// The longest key, in characters.
const MAX: usize = 255;

const HEADER: &str = "idempotency-key";

/// A JSON body of a request that may be sent again, with the key that tells so.
#[derive(Debug)]
pub struct Repeatable<T>(pub T, pub IdempotencyKey);

/// The idempotency key of a request with the fingerprint of its body; [`IdempotencyKey::none`] where no key can be
/// sent.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(Option<Presented>);

#[derive(Clone, Debug)]
struct Presented {
    key: store::IdempotencyKey,
    fingerprint: [u8; 32],
}

impl IdempotencyKey {
    /// No key: every request is a new one.
    pub fn none() -> Self {
        Self(None)
    }
}

impl App {
    /// A new secret for the object with this id. With an `Idempotency-Key` it follows from that key, its caller and the
    /// object under a key of the server, so that the answer to a repeated request can bear it although only its digest
    /// is stored. Who knows all of them, but not the master key, cannot make it.
    pub fn secret(&self, kind: KeyKind, caller: &Caller, key: &IdempotencyKey, object: Uuid) -> KeyText {
        let Some(Presented { key, .. }) = &key.0 else {
            return KeyText::generate(kind, &mut |bytes| self.randomness.fill(bytes));
        };
        let who = (caller.kind().name(), caller.id().unwrap_or_default());
        let value = format!("{}\n{who:?}\n{object}\n{}\n{}", caller.wallet_id, key.operation, key.key);
        KeyText::generate(kind, &mut self.digests.stream("the secret of a repeatable request", value.into_bytes()))
    }
}

impl Transaction<'_> {
    /// Refuses to show the secret of a repeated request again after ten minutes (409).
    pub fn check_shows_again(&self, made_at: Timestamp, path: &str) -> Result<(), Problem> {
        if self.at().duration_since(made_at) < SHOWN_AGAIN {
            return Ok(());
        }
        Err(Problem::detailed(Code::SecretShown, format!("It was made at {made_at} and is at {path}.")))
    }

    /// The id of the object that the same request of the same caller made within 24 hours.
    ///
    /// # Errors
    ///
    /// The key was used with another body (422).
    pub async fn repeated<T: From<Uuid>>(&mut self, key: &IdempotencyKey) -> Result<Option<T>, Problem> {
        let Some(presented) = &key.0 else { return Ok(None) };
        let since = forgotten(self.at());
        match self.remembered(&presented.key, since).await? {
            None => Ok(None),
            Some(made) if made.fingerprint == presented.fingerprint => Ok(Some(made.object_id.into())),
            Some(_) => Err(Code::IdempotencyKeyReused.into()),
        }
    }

    /// Stores the id of the object that this change makes, for a repeated request.
    ///
    /// # Errors
    ///
    /// The key was used before (422): the operation has not asked [`Transaction::repeated`].
    pub async fn remember(&mut self, key: &IdempotencyKey, made: impl Into<Uuid>) -> Result<(), Problem> {
        let Some(presented) = &key.0 else { return Ok(()) };
        let since = forgotten(self.at());
        let made = Remembered { fingerprint: presented.fingerprint.to_vec(), object_id: made.into() };
        let remembered = store::Tx::remember(self, &presented.key, &made, since).await;
        remembered.map_err(|error| match error {
            store::StoreError::Taken => Code::IdempotencyKeyReused.into(),
            other => other.into(),
        })
    }
}

/// Deletes the keys that are older than 24 hours; part of the clean-up.
pub async fn clean(app: &App) -> Result<(), Problem> {
    app.store.forget_idempotency_keys(forgotten(app.clock.now())).await?;
    Ok(())
}

fn forgotten(now: Timestamp) -> Timestamp {
    now.saturating_sub(KEY_RETENTION).unwrap_or(now)
}

impl<T: DeserializeOwned + JsonSchema> FromRequest<Arc<App>> for Repeatable<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let operation = format!("{} {}", request.method(), request.uri().path());
        let key = read(request.headers())?;
        let (bytes, body) = read_json(request, app).await?;
        let presented = key.map(|key| Presented {
            key: store::IdempotencyKey { operation, key },
            fingerprint: app.digests.of("idempotent body", &bytes),
        });
        Ok(Self(body, IdempotencyKey(presented)))
    }
}

/// The key, in the quotes of a structured field (RFC 9651 §3.3.3) or, as many clients send it, without them.
fn read(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().ok().filter(|_| values.next().is_none()).and_then(parse);
    key.map(Some).ok_or_else(|| {
        let message = format!("must be one text of 1 to {MAX} printable ASCII characters, such as a UUID");
        Problem::field(HEADER, "invalid", message)
    })
}

fn parse(text: &str) -> Option<String> {
    let text = text.trim_matches([' ', '\t']);
    let key = match text.strip_prefix('"') {
        Some(rest) => unescape(rest.strip_suffix('"')?)?,
        // A quote or a separator of other structured fields says that something else was meant.
        None => text.bytes().all(|byte| !br#" "\,;"#.contains(&byte)).then(|| text.to_owned())?,
    };
    let printable = key.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    (printable && (1..=MAX).contains(&key.len())).then_some(key)
}

/// Only quotes and backslashes are escaped.
fn unescape(text: &str) -> Option<String> {
    let mut key = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => key.push(characters.next().filter(|escaped| matches!(escaped, '"' | '\\'))?),
            '"' => return None,
            other => key.push(other),
        }
    }
    Some(key)
}

impl<T: JsonSchema> OperationInput for Repeatable<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Body::<T>::operation_input(ctx, operation);
        operation.parameters.push(ReferenceOr::Item(parameter(ctx)));
    }

    fn inferred_early_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Response)> {
        let mut responses = Body::<T>::inferred_early_responses(ctx, operation);
        let status = Code::IdempotencyKeyReused.status().as_u16();
        responses.retain(|(known, _)| *known != Some(status));
        let [mut both] = document::problems(ctx, &[Code::InvalidRequest]).try_into().unwrap_or_default();
        both.1.description = format!("`{}` or `{}`.", Code::InvalidRequest.name(), Code::IdempotencyKeyReused.name());
        responses.push(both);
        responses
    }
}

fn parameter(ctx: &mut GenContext) -> Parameter {
    let description = "Repeating a request with the same key and the same body, byte for byte, within 24 hours makes \
         nothing again and answers the same object. The same key with another body is refused (422, \
         `idempotency-key-reused`). A key is of one caller and one operation.";
    let mut schema = ctx.schema.subschema_for::<String>();
    schema.insert("maxLength".to_owned(), MAX.into());
    schema.insert("minLength".to_owned(), 1.into());
    Parameter::Header {
        parameter_data: ParameterData {
            name: "Idempotency-Key".to_owned(),
            description: Some(description.to_owned()),
            required: false,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(aide::openapi::SchemaObject {
                json_schema: schema,
                external_docs: None,
                example: None,
            }),
            example: None,
            examples: IndexMap::new(),
            explode: None,
            extensions: IndexMap::new(),
        },
        style: HeaderStyle::Simple,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_text_with_or_without_quotes() {
        for (text, key) in [
            (r#""8e03978e-40d5-43dd-bc93-6894a57f9324""#, "8e03978e-40d5-43dd-bc93-6894a57f9324"),
            ("8e03978e", "8e03978e"),
            (r#""a \"b\" \\ c""#, r#"a "b" \ c"#),
            (" a:b/c=d ", "a:b/c=d"),
            (&"x".repeat(255), &"x".repeat(255)),
        ] {
            assert_eq!(parse(text).as_deref(), Some(key), "{text}");
        }
        let long = "x".repeat(256);
        for text in
            ["", "  ", r#""""#, r#"""#, r#""a"#, r#"a""#, r#""a"b""#, r#""a\b""#, "a b", "a,b", "a;b", "é", &long]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn two_keys_are_none() {
        let mut headers = HeaderMap::new();
        assert_eq!(read(&headers).unwrap(), None);
        headers.append(HEADER, "a".parse().unwrap());
        assert_eq!(read(&headers).unwrap().as_deref(), Some("a"));
        headers.append(HEADER, "b".parse().unwrap());
        assert_eq!(read(&headers).unwrap_err().errors[0].field, HEADER);
    }
}
