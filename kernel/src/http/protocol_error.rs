//! The errors of the protocols that others defined, which clients of every make understand: RFC 6749 §5.2, RFC 6750
//! §3, OpenID4VCI 1.0 §8.3.1 and OpenID4VP 1.0 §8.5 share one form. A failure of the server itself is a problem like
//! anywhere else.

use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use store::StoreError;

use crate::problem::{Code, Problem};

/// Why a request of a protocol is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProtocolError {
    /// The request is wrong (400).
    Refused {
        /// The code of the error.
        error: &'static str,
        /// The description of this case, for developers.
        description: Cow<'static, str>,
    },
    /// The sender is not authenticated (401).
    Unauthorized {
        /// The code of the error.
        error: &'static str,
        /// The description of this case.
        description: Cow<'static, str>,
        /// The challenge: the value of `WWW-Authenticate` (RFC 9110 §11.6.1).
        challenge: &'static str,
    },
    /// The server failed, or the path names nothing.
    Problem(Problem),
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: String,
}

impl ProtocolError {
    /// The request is wrong.
    pub fn refused(error: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        Self::Refused { error, description: description.into() }
    }
}

impl IntoResponse for ProtocolError {
    fn into_response(self) -> Response {
        let (status, error, description, challenge) = match self {
            Self::Refused { error, description } => (StatusCode::BAD_REQUEST, error, description, None),
            Self::Unauthorized { error, description, challenge } => {
                (StatusCode::UNAUTHORIZED, error, description, Some(challenge))
            }
            Self::Problem(problem) => return problem.into_response(),
        };
        let body = Body { error, error_description: printable(&description) };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// The characters that RFC 6749 §5.2 allows in a description.
fn printable(text: &str) -> String {
    let allowed = |c| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
    text.chars().map(|c| if allowed(c) { c } else { '\'' }).collect()
}

impl From<Problem> for ProtocolError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Code> for ProtocolError {
    fn from(code: Code) -> Self {
        Self::Problem(code.into())
    }
}

impl From<StoreError> for ProtocolError {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_only_the_characters_of_the_standard() {
        assert_eq!(printable("typ must be \"a\\b\", not “é”"), "typ must be 'a'b', not '''");
    }

    #[test]
    fn a_challenge_makes_it_401() {
        let description = Cow::Borrowed("the token is not valid");
        let error = ProtocolError::Unauthorized { error: "invalid_token", description, challenge: "Bearer" };
        let response = error.into_response();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
        assert_eq!(ProtocolError::refused("invalid_grant", "x").into_response().status(), StatusCode::BAD_REQUEST);
    }
}
