//! What a request presents, and that it is one thing only (mission D1).

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, HeaderName};

use crate::{Denial, InvalidReason, KeyKind, KeyText, Presented, Via};

static X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The one thing that a request presents, not even read yet.
pub(crate) struct Sole<'a> {
    pub(crate) via: Via,
    /// None when it is not in a form that could hold a key text.
    text: Option<&'a [u8]>,
}

/// Finds what the headers present; every value counts, whether it can be read or not.
///
/// `Unauthenticated` when there is nothing, `TwoCredentials` when there is more than one.
pub(crate) fn sole<'a>(headers: &'a HeaderMap, session_cookie: &str) -> Result<Sole<'a>, Denial> {
    let keys = headers.get_all(&X_API_KEY).iter().map(|value| Some(value.as_bytes()));
    let bearers = headers.get_all(AUTHORIZATION).iter().map(|value| bearer(value.as_bytes()));
    let cookies = headers.get_all(COOKIE).iter().flat_map(|value| cookies(value.as_bytes(), session_cookie));

    let in_headers = keys.chain(bearers).map(|text| Sole { via: Via::Header, text });
    let mut all = in_headers.chain(cookies.map(|text| Sole { via: Via::Cookie, text: Some(text) }));
    let first = all.next().ok_or(Denial::Unauthenticated)?;
    if all.next().is_some() { Err(Denial::TwoCredentials) } else { Ok(first) }
}

impl<'a> Sole<'a> {
    /// Reads it as a key text of the only kind that may be presented this way.
    pub(crate) fn read(&self) -> Result<Presented<'a>, Denial> {
        let kind = match self.via {
            Via::Header => KeyKind::ApiKey,
            Via::Cookie => KeyKind::Session,
        };
        self.text.and_then(|text| KeyText::parse(kind, text)).ok_or(Denial::Invalid(InvalidReason::Malformed))
    }
}

/// The text after `Bearer` and one space (RFC 6750 §2.1); the scheme's case is free (RFC 9110 §11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, text) = value.split_at_checked(b"Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(text)
}

/// The values of the cookies of this very name in one `Cookie` header (RFC 6265 §4.2.1).
fn cookies<'a>(header: &'a [u8], name: &str) -> impl Iterator<Item = &'a [u8]> {
    header
        .split(|byte| *byte == b';')
        .filter_map(|pair| pair.trim_ascii_start().strip_prefix(name.as_bytes())?.strip_prefix(b"="))
}
