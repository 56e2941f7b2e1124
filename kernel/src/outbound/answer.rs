//! The answer to an outgoing request, read within bounds.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use http::{HeaderMap, StatusCode, header};
use reqwest::{Response, Url};
use serde::de::DeserializeOwned;

use super::{OutboundError, refusal};
use crate::http::{JSON, media_type};
use crate::sizes::MAX_ANSWER;

/// An answer with any status: protocols tell their errors in the body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body without its content encoding; at most 1 MiB.
    pub body: Vec<u8>,
    media_type: String,
    url: String,
}

impl Answer {
    pub(super) async fn read(mut response: Response, url: &Url) -> Result<Self, OutboundError> {
        let too_long = || OutboundError::TooLong(url.to_string());
        // A body that is announced as too long is refused before it is read.
        if response.content_length().is_some_and(|length| length > MAX_ANSWER as u64) {
            return Err(too_long());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| refusal(&error, url))? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(too_long());
            }
            body.extend_from_slice(&chunk);
        }
        let body = decoded(body, response.headers(), url)?;
        let media_type = media_type(response.headers()).to_ascii_lowercase();
        Ok(Self { status: response.status(), body, media_type, url: url.to_string() })
    }

    /// Only with status 200.
    ///
    /// # Errors
    ///
    /// Any other status.
    pub fn ok(self) -> Result<Self, OutboundError> {
        if self.status == StatusCode::OK {
            Ok(self)
        } else {
            Err(OutboundError::Status { url: self.url, status: self.status.as_u16() })
        }
    }

    /// The body as JSON of this form, which its content type must say (`application/json` or `…+json`).
    ///
    /// # Errors
    ///
    /// Another content type, or another form.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, OutboundError> {
        if self.media_type != JSON && !self.media_type.ends_with("+json") {
            return Err(self.other_media_type(JSON));
        }
        serde_json::from_slice(&self.body).map_err(|_| OutboundError::NotJson(self.url.clone()))
    }

    /// The body as text of this media type.
    ///
    /// # Errors
    ///
    /// Another content type, or not UTF-8.
    pub fn text(self, media_type: &'static str) -> Result<String, OutboundError> {
        if self.media_type != media_type {
            return Err(self.other_media_type(media_type));
        }
        let url = self.url;
        String::from_utf8(self.body).map_err(|_| OutboundError::MediaType { url, expected: media_type })
    }

    fn other_media_type(&self, expected: &'static str) -> OutboundError {
        OutboundError::MediaType { url: self.url.clone(), expected }
    }
}

/// The body without its content encoding (RFC 9110 §8.4), at most as long as one that came without.
fn decoded(body: Vec<u8>, headers: &HeaderMap, url: &Url) -> Result<Vec<u8>, OutboundError> {
    let named = headers.get_all(header::CONTENT_ENCODING).iter();
    let named: Vec<String> =
        named.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase()).collect();
    let codings: Vec<&str> = named
        .iter()
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|coding| !["", "identity"].contains(coding))
        .collect();
    match codings.as_slice() {
        [] => Ok(body),
        // An empty body has nothing to decode, whatever is said of it.
        _ if body.is_empty() => Ok(body),
        // RFC 9110 §8.4.1.3: `x-gzip` is the same.
        ["gzip" | "x-gzip"] => {
            let mut plain = Vec::new();
            let most = MAX_ANSWER as u64 + 1;
            let read = MultiGzDecoder::new(body.as_slice()).take(most).read_to_end(&mut plain);
            match read {
                Ok(_) if plain.len() > MAX_ANSWER => Err(OutboundError::TooLong(url.to_string())),
                Ok(_) => Ok(plain),
                Err(_) => Err(OutboundError::Compression(url.to_string())),
            }
        }
        others => {
            let encoding = others.join(", ").chars().filter(char::is_ascii_graphic).take(40).collect();
            Err(OutboundError::Encoding { url: url.to_string(), encoding })
        }
    }
}
