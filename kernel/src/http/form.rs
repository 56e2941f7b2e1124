//! Parameters in a form, as the protocols of the OAuth family send them.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use zeroize::Zeroizing;

use super::media_type::{FORM, is_media_type};

/// The parameters of a request. One without a value counts as left out, and unknown ones are ignored (RFC 6749 §3.2).
pub struct Form(BTreeMap<String, Zeroizing<String>>);

/// Why a request has no parameters that can be read; each protocol has an error of its own for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormError {
    /// Of another content type.
    ContentType,
    /// The body cannot be read.
    Body,
    /// A parameter is repeated (RFC 6749 §3.2).
    Repeated,
    /// A required parameter is missing.
    Missing(&'static str),
}

impl FormError {
    /// The description of the error, for developers.
    pub const fn why(self) -> &'static str {
        match self {
            Self::ContentType => "send parameters as application/x-www-form-urlencoded",
            Self::Body => "the body is too large or broke off",
            Self::Repeated => "a parameter stands in the request twice",
            Self::Missing(why) => why,
        }
    }
}

impl Form {
    /// Reads the form of a request.
    pub async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Self, FormError> {
        if !is_media_type(request.headers(), FORM) {
            return Err(FormError::ContentType);
        }
        let body = Bytes::from_request(request, state).await;
        Self::parse(&body.map_err(|_| FormError::Body)?)
    }

    /// Reads a body.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            if parameters.insert(name.into_owned(), Zeroizing::new(value.into_owned())).is_some() {
                return Err(FormError::Repeated);
            }
        }
        parameters.retain(|_, value| !value.is_empty());
        Ok(Self(parameters))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }

    /// The value of a required parameter; `missing` is the error without it.
    pub fn require(&self, name: &str, missing: &'static str) -> Result<&str, FormError> {
        self.get(name).ok_or(FormError::Missing(missing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_stands_once_and_says_something() {
        let form = Form::parse(b"a=1+2&b=&c=%C3%A9").unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (Some("1 2"), None, Some("é")));
        assert_eq!(form.require("b", "b is missing"), Err(FormError::Missing("b is missing")));
        for body in ["scope=a&scope=", "scope=&scope=a"] {
            assert_eq!(Form::parse(body.as_bytes()).err(), Some(FormError::Repeated), "{body}");
        }
    }
}
