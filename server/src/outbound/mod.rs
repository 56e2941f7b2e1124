//! Requests to addresses that strangers choose: https only, public addresses only, no redirects, bounded in
//! size and time.

mod address;
mod answer;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use reqwest::{Client, RequestBuilder, Url, redirect};
use serde::Serialize;

use crate::app::Network;
use address::{NoPublicAddress, Reachable};
pub use answer::Answer;

/// The media type of JSON, for `accept`.
pub const JSON: &str = "application/json";

/// The longest that a whole request may take, from the name's resolution to the last byte of the answer: a body
/// that trickles ends with it too.
const MAX_TIME: Duration = Duration::from_secs(10);
/// The longest URL, in bytes, that is asked or repeated in a message.
const MAX_URL: usize = 2048;

/// The guarded client.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    reachable: Reachable,
}

/// Why there is no answer, or why it is not taken.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Not an https URL with a host name.
    #[error("{0} is not an https URL")]
    NotHttps(String),
    /// The address is private, loopback, link-local or otherwise not of the public internet.
    #[error("{0} is not a public address")]
    NotPublic(String),
    /// The other side cannot be reached, or breaks off.
    #[error("{0} cannot be reached")]
    Unreachable(String),
    /// The answer was not there in time.
    #[error("{0} does not answer in time")]
    TooSlow(String),
    /// An answer other than 200.
    #[error("{url} answers with status {status}")]
    Status {
        /// What was fetched.
        url: String,
        /// What it answered.
        status: u16,
    },
    /// The answer is too long.
    #[error("{0} answers with more than 1 MiB")]
    TooLong(String),
    /// The answer is not of the media type that was asked for.
    #[error("{url} does not answer with {expected}")]
    MediaType {
        /// What was fetched.
        url: String,
        /// What it should have answered.
        expected: &'static str,
    },
    /// The answer is JSON by its content type, but not of the form that was asked for.
    #[error("{url} answers with JSON of another form: {why}")]
    NotJson {
        /// What was fetched.
        url: String,
        /// What the parser said.
        why: String,
    },
}

impl Outbound {
    /// A client that also reaches these networks, over plain http too: for development.
    pub fn new(opened: &[Network]) -> Result<Self, reqwest::Error> {
        Self::within(MAX_TIME, opened)
    }

    fn within(max_time: Duration, opened: &[Network]) -> Result<Self, reqwest::Error> {
        let reachable = Reachable::with(opened);
        // Fails only when another part of the process chose a provider, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .timeout(max_time)
            .dns_resolver(Arc::new(reachable.clone()))
            .user_agent(concat!("claviger/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, reachable })
    }

    /// Fetches a JSON document. What it says its type is is not asked: DID documents and metadata stand on plain
    /// file servers, which cannot know.
    pub async fn get(&self, url: &str) -> Result<Vec<u8>, OutboundError> {
        let accept = "application/json, application/did+json, application/did+ld+json";
        let url = self.check(url)?;
        let request = self.client.get(url.clone()).header(header::ACCEPT, accept);
        Ok(send(request, &url).await?.ok()?.body)
    }

    /// Fetches a text of exactly this media type, such as `application/statuslist+jwt`.
    pub async fn get_text(&self, url: &str, media_type: &'static str) -> Result<String, OutboundError> {
        let url = self.check(url)?;
        let request = self.client.get(url.clone()).header(header::ACCEPT, media_type);
        send(request, &url).await?.ok()?.text(media_type)
    }

    /// Sends a form (`application/x-www-form-urlencoded`); an answer of any status is one.
    pub async fn post_form(&self, url: &str, form: &[(&str, &str)], accept: &str) -> Result<Answer, OutboundError> {
        let url = self.check(url)?;
        let request = self.client.post(url.clone()).header(header::ACCEPT, accept).form(form);
        send(request, &url).await
    }

    /// Sends JSON, with an access token where there is one (RFC 6750 §2.1); an answer of any status is one.
    pub async fn post_json(
        &self,
        url: &str,
        body: &impl Serialize,
        bearer: Option<&str>,
    ) -> Result<Answer, OutboundError> {
        let url = self.check(url)?;
        let mut request = self.client.post(url.clone()).header(header::ACCEPT, JSON).json(body);
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        send(request, &url).await
    }

    /// Sends these bytes with these headers: for what is signed and must arrive as it stands. Of the answer nothing
    /// but the status is read.
    pub async fn post_bytes(&self, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<StatusCode, OutboundError> {
        let url = self.check(url)?;
        let request = self.client.post(url.clone()).headers(headers).body(body);
        Ok(request.send().await.map_err(|error| refusal(&error, &url))?.status())
    }

    /// Whether a URL may be asked at all, before anything is: the scheme, and an address that stands in the URL
    /// itself. Names are checked after their resolution.
    pub fn check(&self, text: &str) -> Result<Url, OutboundError> {
        let not_https = || OutboundError::NotHttps(text.chars().take(200).collect());
        if text.len() > MAX_URL {
            return Err(not_https());
        }
        let mut url = Url::parse(text).map_err(|_| not_https())?;
        let host = url.host_str().ok_or_else(not_https)?.to_owned();
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        let opened = match literal {
            Some(address) => self.reachable.opens(address),
            None => host == "localhost" && self.reachable.opens(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        };
        if literal.is_some_and(|address| !self.reachable.allows(address)) {
            return Err(OutboundError::NotPublic(host));
        }
        match url.scheme() {
            // A DID has no scheme: did:web is https by definition. On an opened network it may be http.
            "https" if opened && url.port().is_some() => url.set_scheme("http").map_err(|()| not_https())?,
            "https" => {}
            "http" if opened => {}
            _ => return Err(not_https()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(not_https());
        }
        Ok(url)
    }
}

async fn send(request: RequestBuilder, url: &Url) -> Result<Answer, OutboundError> {
    let response = request.send().await.map_err(|error| refusal(&error, url))?;
    Answer::read(response, url).await
}

fn refusal(error: &reqwest::Error, url: &Url) -> OutboundError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if inner.is::<NoPublicAddress>() {
            return OutboundError::NotPublic(url.host_str().unwrap_or_default().to_owned());
        }
        cause = inner.source();
    }
    if error.is_timeout() {
        OutboundError::TooSlow(url.to_string())
    } else {
        OutboundError::Unreachable(url.to_string())
    }
}
