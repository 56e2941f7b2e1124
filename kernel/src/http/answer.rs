//! Answers that are not just a body.

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response as Documented};
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;

/// For documents that must follow a change within a minute.
pub const CACHED_ONE_MINUTE: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=60");
/// For documents that change with a release or a rotation.
pub const CACHED_FIVE_MINUTES: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=300");

/// 201 with the `Location` of the new object.
#[derive(Debug)]
pub struct Created<T> {
    /// Path of the new object.
    pub location: String,
    /// The new object.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, [(header::LOCATION, self.location)], Json(self.body)).into_response()
    }
}

impl<T: JsonSchema + Serialize> OperationOutput for Created<T> {
    type Inner = T;

    fn operation_response(ctx: &mut GenContext, operation: &mut Operation) -> Option<Documented> {
        Json::<T>::operation_response(ctx, operation)
    }

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Documented)> {
        let description = "Made. `Location` is the path of the new object.".to_owned();
        let response = Json::<T>::operation_response(ctx, operation).unwrap_or_default();
        vec![(Some(201), Documented { description, ..response })]
    }
}

/// 204.
#[derive(Clone, Copy, Debug)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl OperationOutput for NoContent {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Documented)> {
        vec![(Some(204), Documented { description: "Done.".to_owned(), ..Documented::default() })]
    }
}

/// An origin from which the page of an answer may show images, beside this server.
#[derive(Clone, Debug)]
pub struct ImagesFrom(pub String);
