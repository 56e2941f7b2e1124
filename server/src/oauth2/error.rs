//! The errors of RFC 6749 §5.2, which clients of every make understand. A failure of the server itself is a problem
//! like anywhere else.

use axum::Json;
use axum::response::{IntoResponse, Response};
use gate::Denial;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use store::StoreError;

use crate::problem::Problem;

/// Why a request of a client is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum OauthError {
    /// `invalid_request`: a parameter is missing, malformed or repeated, or the client presents itself twice.
    InvalidRequest(&'static str),
    /// `invalid_client`: the client has not proved itself, or its time is over.
    InvalidClient(&'static str),
    /// `unauthorized_client`: the token is another client's.
    UnauthorizedClient(&'static str),
    /// `unsupported_grant_type`.
    UnsupportedGrantType,
    /// `invalid_scope`: unknown, or more than the client may do.
    InvalidScope,
    /// The server failed.
    Problem(Problem),
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: &'static str,
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let (status, error, error_description) = match self {
            Self::InvalidRequest(why) => (StatusCode::BAD_REQUEST, "invalid_request", why),
            Self::InvalidClient(why) => (StatusCode::UNAUTHORIZED, "invalid_client", why),
            Self::UnauthorizedClient(why) => (StatusCode::BAD_REQUEST, "unauthorized_client", why),
            Self::UnsupportedGrantType => {
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", "grant_type must be client_credentials")
            }
            Self::InvalidScope => {
                let why = "scope names a permission that does not exist or that the client does not hold";
                (StatusCode::BAD_REQUEST, "invalid_scope", why)
            }
            Self::Problem(problem) => return problem.into_response(),
        };
        let mut response = (status, Json(Body { error, error_description })).into_response();
        let headers = response.headers_mut();
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Basic realm="claviger""#));
        }
        response
    }
}

/// Nothing is told before the secret is proven (mission D6).
impl From<Denial> for OauthError {
    fn from(denial: Denial) -> Self {
        Self::InvalidClient(match denial {
            Denial::Expired => "the client has expired",
            Denial::Revoked => "the client was deleted",
            _ => "the client ID or the secret is not valid",
        })
    }
}

impl From<Problem> for OauthError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for OauthError {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}
