//! Finds the one secret that a request presents: a key, a token or a session (mission D1).

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, HeaderName};

use crate::token::Compact;
use crate::{Denial, InvalidReason, KeyKind, KeyText, Presented};

static X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The one secret that a request presents, not parsed yet.
pub(crate) struct Sole<'a> {
    place: Place,
    text: &'a [u8],
}

/// The header in which it was presented; each header takes its own kinds of secret.
#[derive(Clone, Copy)]
enum Place {
    XApiKey,
    Bearer,
    /// `Authorization` with a scheme that holds no kind of secret.
    OtherScheme,
    Cookie,
}

/// A well-formed secret that is not verified yet.
pub(crate) enum Shown<'a> {
    ApiKey(Presented<'a>),
    Session(Presented<'a>),
    Token(Compact<'a>),
}

/// Finds the secret in the headers. Every value counts, whether it can be parsed or not.
///
/// `Unauthenticated` when there is nothing, `TwoSecrets` when there is more than one.
pub(crate) fn sole<'a>(headers: &'a HeaderMap, session_cookie: &str) -> Result<Sole<'a>, Denial> {
    let mut sole = None;
    let mut found = |place, text| match sole.replace(Sole { place, text }) {
        None => Ok(()),
        Some(_) => Err(Denial::TwoSecrets),
    };
    // One walk over a handful of headers costs less than three look-ups.
    for (name, value) in headers {
        let value = value.as_bytes();
        if *name == X_API_KEY {
            found(Place::XApiKey, value)?;
        } else if *name == AUTHORIZATION {
            let (place, text) = bearer(value).map_or((Place::OtherScheme, value), |text| (Place::Bearer, text));
            found(place, text)?;
        } else if *name == COOKIE {
            cookies(value, session_cookie).try_for_each(|text| found(Place::Cookie, text))?;
        }
    }
    sole.ok_or(Denial::Unauthenticated)
}

impl<'a> Sole<'a> {
    /// Parses it as one of the kinds that this header takes.
    pub(crate) fn read(&self) -> Result<Shown<'a>, Denial> {
        let text = self.text;
        let key = || KeyText::parse(KeyKind::ApiKey, text).map(Shown::ApiKey);
        let shown = match self.place {
            Place::XApiKey => key(),
            Place::Bearer => key().or_else(|| Compact::split(text).map(Shown::Token)),
            Place::OtherScheme => return Err(Denial::UnsupportedScheme),
            Place::Cookie => KeyText::parse(KeyKind::Session, text).map(Shown::Session),
        };
        shown.ok_or(Denial::Invalid(InvalidReason::Malformed))
    }
}

/// The text after `Bearer` and its spaces (RFC 6750 §2.1: `1*SP`), or nothing when the scheme is another one. Its case is
/// free (RFC 9110 §11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, mut text) = value.split_at_checked(b"Bearer".len())?;
    if !scheme.eq_ignore_ascii_case(b"Bearer") || text.first().is_some_and(|after| *after != b' ') {
        return None;
    }
    while let [b' ', rest @ ..] = text {
        text = rest;
    }
    Some(text)
}

/// The values of the cookies of this very name in one `Cookie` header (RFC 6265 §4.2.1).
fn cookies<'a>(header: &'a [u8], name: &str) -> impl Iterator<Item = &'a [u8]> {
    header
        .split(|byte| *byte == b';')
        .filter_map(|pair| pair.trim_ascii_start().strip_prefix(name.as_bytes())?.strip_prefix(b"="))
}
