//! Reading the query and the ids in a path strictly.

use std::str::FromStr;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response};
use axum::extract::{FromRequestParts, Path, Query};
use http::request::Parts;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::body::field_error;
use super::document;
use crate::problem::{Code, FieldError, Problem};

/// The largest number of parameters that are checked when one is refused.
const MAX_PARAMETERS: usize = 100;

/// The parameters of a query; unknown and repeated ones are refused (422).
#[derive(Debug)]
pub struct Parameters<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        read(query).map(Self).map_err(|first| Problem::fields(all::<T>(query, first)))
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, FieldError> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        field_error(&path, &error.into_inner().to_string())
    })
}

/// The refusals of each parameter by itself, and the first refusal of all together.
fn all<T: DeserializeOwned>(query: &str, first: FieldError) -> Vec<FieldError> {
    let alone = form_urlencoded::parse(query.as_bytes()).take(MAX_PARAMETERS).filter_map(|(name, value)| {
        let alone = form_urlencoded::Serializer::new(String::new()).append_pair(&name, &value).finish();
        read::<T>(&alone).err().filter(|refused| refused.field == name)
    });
    let mut errors: Vec<FieldError> = alone.collect();
    if !errors.iter().any(|error| error.field == first.field) {
        errors.insert(0, first);
    }
    errors
}

impl<T: JsonSchema> OperationInput for Parameters<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Query::<T>::operation_input(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        document::problems(ctx, &[Code::InvalidRequest])
    }
}

/// The id of an object in the path; a text that is no id is answered with 404.
#[derive(Clone, Copy, Debug)]
pub struct ObjectId<T>(pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for ObjectId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(id) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Code::NotFound)?;
        id.parse().map(Self).map_err(|_| Code::NotFound.into())
    }
}

impl<T> OperationInput for ObjectId<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        document::id_parameter(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        document::problems(ctx, &[Code::NotFound])
    }
}
