//! The errors of RFC 6749 §5.2, which clients of every make understand. A failure of the server itself is a problem
//! like anywhere else.

use axum::response::{IntoResponse, Response};
use gate::{Denial, Exhausted};
use http::Method;
use kernel::http::{FormError, ProtocolError};
use kernel::problem::Problem;
use kernel::rate_limit;
use store::StoreError;

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
    /// The client, or its address, has sent too many requests.
    TooManyRequests(Exhausted),
    /// The server failed.
    Problem(Problem),
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let (error, why) = match self {
            Self::InvalidRequest(why) => ("invalid_request", why),
            Self::InvalidClient(why) => {
                let (error, challenge) = ("invalid_client", r#"Basic realm="claviger""#);
                return ProtocolError::Unauthorized { error, description: why.into(), challenge }.into_response();
            }
            Self::UnauthorizedClient(why) => ("unauthorized_client", why),
            Self::UnsupportedGrantType => ("unsupported_grant_type", "grant_type must be client_credentials"),
            Self::InvalidScope => {
                ("invalid_scope", "scope names a permission that does not exist or that the client does not hold")
            }
            Self::TooManyRequests(exhausted) => {
                return rate_limit::refusal(&Method::POST, exhausted, "the client has sent too many requests");
            }
            Self::Problem(problem) => return problem.into_response(),
        };
        ProtocolError::refused(error, why).into_response()
    }
}

impl From<FormError> for OauthError {
    fn from(error: FormError) -> Self {
        Self::InvalidRequest(error.why())
    }
}

/// Nothing is told before the secret is proven (mission D6).
impl From<Denial> for OauthError {
    fn from(denial: Denial) -> Self {
        Self::InvalidClient(match denial {
            Denial::TooManyRequests(exhausted) => return Self::TooManyRequests(exhausted),
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
