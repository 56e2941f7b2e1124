//! The id of a request, in `x-request-id`, in problems, in the audit log and in the server's log.

use std::fmt;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use super::RequestContext;
use crate::problem::{Code, Problem};

static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestId(Uuid);

impl RequestId {
    /// The id of the request with these extensions; none of a request that did not come through the outermost layer.
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().map(RequestContext::id)
    }

    /// Tells the client.
    pub fn write(self, headers: &mut HeaderMap) {
        let mut buffer = Uuid::encode_buffer();
        if let Ok(id) = HeaderValue::from_str(self.0.hyphenated().encode_lower(&mut buffer)) {
            headers.insert(&X_REQUEST_ID, id);
        }
    }
}

impl From<Uuid> for RequestId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.extensions).ok_or_else(|| Code::Internal.into())
    }
}
