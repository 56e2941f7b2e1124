//! Documents that strangers fetch again and again: compressed for a client that takes gzip (RFC 9110 §12.5.3), and not
//! sent anew to a client that has them already (RFC 9110 §13.1.2).

use std::convert::Infallible;
use std::io::Write as _;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, IntoResponseParts, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::request::Parts;
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::problem::{Code, Problem};

/// Below this size, in bytes, a compressed document saves no packet.
const WORTH_COMPRESSING: usize = 1024;
/// The length of the digest in the entity tag, in bytes.
const TAG_BYTES: usize = 16;

/// A document in the two forms in which it can be sent. The second is made when a client first asks for it.
#[derive(Debug)]
pub struct PublicDocument {
    body: Bytes,
    gzip: OnceLock<Option<Bytes>>,
    tag: String,
}

/// The content negotiation of a request: the codings that the client accepts, and the versions that it has.
#[derive(Clone, Debug)]
pub struct Negotiation {
    gzip: bool,
    /// The entity tags of `If-None-Match`, without their quotes.
    known: Vec<String>,
    /// Whether the client has some form of the document, without saying which (`*`).
    has_any: bool,
}

impl PublicDocument {
    /// A document of these bytes.
    pub fn new(body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let digest = Sha256::digest(&body);
        let tag = BASE64URL.encode(digest.iter().copied().take(TAG_BYTES).collect::<Vec<_>>());
        Self { body, gzip: OnceLock::new(), tag }
    }

    /// A document in JSON.
    pub fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| Problem::caused(Code::Internal, error.to_string()))?;
        Ok(Self::new(body))
    }

    /// The document as it is.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The answer to a GET or a HEAD, with these headers; 304 when the client has the document.
    pub fn answer(&self, asked: &Negotiation, headers: impl IntoResponseParts) -> Response {
        let compressed = if asked.gzip { self.compressed() } else { None };
        let vary = [(header::VARY, "accept-encoding")];
        // A strong tag names these very bytes, so each form has its own (RFC 9110 §8.8.3).
        let form = if compressed.is_some() { "-gzip" } else { "" };
        let tag = [(header::ETAG, format!("\"{}{form}\"", self.tag))];
        if asked.has(&self.tag) {
            return (StatusCode::NOT_MODIFIED, headers, vary, tag).into_response();
        }
        match compressed {
            Some(bytes) => (headers, vary, tag, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response(),
            None => (headers, vary, tag, self.body.clone()).into_response(),
        }
    }

    fn compressed(&self) -> Option<Bytes> {
        let small = || (self.body.len() >= WORTH_COMPRESSING).then(|| gzip(&self.body)).flatten();
        self.gzip.get_or_init(|| small().filter(|bytes| bytes.len() < self.body.len())).clone()
    }
}

impl Negotiation {
    fn of(headers: &HeaderMap) -> Self {
        let gzip = takes_gzip(&lines(headers, &header::ACCEPT_ENCODING));
        let known = lines(headers, &header::IF_NONE_MATCH);
        Self { gzip, known: tags(&known), has_any: known.trim() == "*" }
    }

    /// Whether the client has the document, in either form: `If-None-Match` compares weakly (RFC 9110 §8.8.3.2).
    fn has(&self, tag: &str) -> bool {
        self.has_any || self.known.iter().any(|known| known.strip_suffix("-gzip").unwrap_or(known) == tag)
    }
}

impl<S: Sync> FromRequestParts<S> for Negotiation {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// All lines of a header as one list (RFC 9110 §5.3); what is not text is left out.
fn lines(headers: &HeaderMap, name: &HeaderName) -> String {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",")
}

/// Whether gzip is acceptable, and no worse to the client than the document as it is (RFC 9110 §12.5.3).
fn takes_gzip(accepted: &str) -> bool {
    let (mut gzip, mut any, mut identity) = (None, None, None);
    for element in accepted.split(',') {
        let mut parameters = element.split(';').map(str::trim);
        let coding = parameters.next().unwrap_or_default();
        let weight =
            parameters.find_map(|parameter| parameter.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='));
        // A weight that cannot be read is one that was not meant.
        let weight = weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0_f32));
        match coding.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = Some(weight),
            "identity" => identity = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    gzip.or(any).is_some_and(|gzip| gzip > 0.0 && identity.is_none_or(|identity| gzip >= identity))
}

/// The entity tags of a list, without their quotes. A tag of ours holds no comma.
fn tags(list: &str) -> Vec<String> {
    let opaque =
        |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    list.split(',').map(str::trim).filter_map(opaque).collect()
}

/// The gzip form of these bytes (RFC 1952).
fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_clients_that_take_it_and_do_not_prefer_the_document_as_it_is() {
        for accepted in [
            "gzip",
            "GZIP",
            "x-gzip",
            "deflate, gzip;q=0.5, br",
            "gzip ; q=1.0",
            "*",
            "*;q=0.1",
            "identity;q=0.5, gzip",
            "identity;q=0, *",
            "gzip;q=0.001",
        ] {
            assert!(takes_gzip(accepted), "{accepted}");
        }
        for refused in [
            "",
            "identity",
            "br",
            "gzip;q=0",
            "gzip;q=0.000",
            "gzip;q=0, *",
            "*;q=0",
            "identity, gzip;q=0.5",
            "gzip;q=x",
            "gzipped",
        ] {
            assert!(!takes_gzip(refused), "{refused}");
        }
    }

    #[test]
    fn a_tag_is_known_weakly_and_in_either_form() {
        let asked = |known: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, known.parse().unwrap());
            Negotiation::of(&headers).has("abc")
        };
        for known in [r#""abc""#, r#"W/"abc""#, r#""abc-gzip""#, r#""x", "abc""#, "*"] {
            assert!(asked(known), "{known}");
        }
        for other in [r#""ab""#, "abc", r#""abcd""#, r#""*""#, "", r#""abc"#] {
            assert!(!asked(other), "{other}");
        }
    }

    #[test]
    fn what_does_not_get_smaller_is_sent_as_it_is() {
        let small = PublicDocument::new("a".repeat(WORTH_COMPRESSING - 1));
        assert_eq!(small.compressed(), None);
        let random: Vec<u8> = (0..200_u32).flat_map(|number| Sha256::digest(number.to_le_bytes())).collect();
        assert_eq!(PublicDocument::new(random).compressed(), None);
        assert!(PublicDocument::new("a".repeat(WORTH_COMPRESSING)).compressed().is_some());
    }
}
