//! Requests to addresses that strangers choose: https only, public addresses only, few redirects and none of what
//! carries a secret, bounded in size and time.

mod address;
mod answer;
mod remote_url;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use reqwest::{Client, RequestBuilder, Response, Url, redirect};
use serde::Serialize;

use crate::app::Network;
use crate::http::JSON;
use address::{NoPublicAddress, Reachable};
use remote_url::shortened;

pub use answer::Answer;
pub use remote_url::{RemoteUrl, has_user};

/// The media types of a JSON document.
const DOCUMENT: &str = "application/json, application/did+json, application/did+ld+json";

/// The longest that a whole request may take, from the name's resolution to the last byte of the answer: a body
/// that trickles ends with it too.
const MAX_TIME: Duration = Duration::from_secs(10);
/// How often a document may have moved. Each hop passes the same guard, and all of them share one time limit.
const MAX_REDIRECTS: usize = 3;
/// The longest URL, in bytes, that is asked or repeated in a message.
const MAX_URL: usize = 2048;

/// The guarded client.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    reachable: Reachable,
    max_time: Duration,
}

/// Why there is no answer, or why it is not taken.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Not an https URL with a host name.
    #[error("{} is not an https URL", if .0.is_empty() { "an empty text" } else { .0 })]
    NotHttps(String),
    /// A URL longer than [`MAX_URL`].
    #[error("{0}… is longer than the 2,048 bytes that a URL may have")]
    LongUrl(String),
    /// An https URL with a user name or a password in it.
    #[error("{0} cannot be asked: its URL has a user name or a password in it")]
    UserName(String),
    /// It redirects more than [`MAX_REDIRECTS`] times, or without saying where to.
    #[error("{0} redirects too often, or without an address")]
    Redirect(String),
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
        /// The URL.
        url: String,
        /// The status of the answer.
        status: u16,
    },
    /// The answer is too long.
    #[error("{0} answers with more than 1 MiB")]
    TooLong(String),
    /// The answer is encoded in a way that was not asked for.
    #[error("{url} answers in the content encoding {encoding}; only gzip can be read")]
    Encoding {
        /// The URL.
        url: String,
        /// `Content-Encoding`.
        encoding: String,
    },
    /// The answer says that it is compressed with gzip, and is not.
    #[error("{0} answers with a gzip body that cannot be decompressed")]
    Compression(String),
    /// The answer is not of the media type that was asked for.
    #[error("{url} does not answer with {expected}")]
    MediaType {
        /// The URL.
        url: String,
        /// The expected form of the answer.
        expected: &'static str,
    },
    /// The answer is JSON by its content type, but not of the form that was asked for.
    #[error("{0} answers with JSON of another form than the protocol has")]
    NotJson(String),
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
        Ok(Self { client, reachable, max_time })
    }

    /// Fetches a JSON document. Its `Content-Type` is not checked: DID documents and metadata stand on plain file
    /// servers, which cannot know.
    pub async fn get(&self, url: &str) -> Result<Vec<u8>, OutboundError> {
        Ok(self.follow(self.check(url)?, DOCUMENT).await?.ok()?.body)
    }

    /// As [`get`](Self::get), from exactly this URL: where a redirect would lead elsewhere than was allowed, or would
    /// answer for a request that carries a secret.
    pub async fn get_unmoved(&self, url: &str) -> Result<Vec<u8>, OutboundError> {
        let url = self.check(url)?;
        Ok(send(self.request(&url, DOCUMENT), &url).await?.ok()?.body)
    }

    /// Fetches the document of a did:web. A DID has no scheme: it is https by definition (did:web, "Read"), and on
    /// this machine, where the operator opened it, plain http where nothing speaks https.
    pub async fn get_did_document(&self, url: &str) -> Result<Vec<u8>, OutboundError> {
        match self.get(url).await {
            Err(OutboundError::Unreachable(unreachable)) => {
                let plain = url.strip_prefix("https://localhost:").map(|rest| format!("http://localhost:{rest}"));
                match plain {
                    Some(plain) if self.check(&plain).is_ok() => self.get(&plain).await,
                    _ => Err(OutboundError::Unreachable(unreachable)),
                }
            }
            fetched => fetched,
        }
    }

    /// Fetches a text of exactly this media type, such as `application/statuslist+jwt`.
    pub async fn get_text(&self, url: &str, media_type: &'static str) -> Result<String, OutboundError> {
        self.follow(self.check(url)?, media_type).await?.ok()?.text(media_type)
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
        let url: RemoteUrl = text.parse()?;
        let address = url.address();
        let RemoteUrl(url) = url;
        if address.is_some_and(|address| !self.reachable.allows(address)) {
            return Err(OutboundError::NotPublic(url.host_str().unwrap_or_default().to_owned()));
        }
        let is_opened = self.reachable.opens(address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        if url.scheme() == "https" || is_opened { Ok(url) } else { Err(OutboundError::NotHttps(shortened(text))) }
    }

    fn request(&self, url: &Url, accept: &str) -> RequestBuilder {
        self.client.get(url.clone()).header(header::ACCEPT, accept)
    }

    /// Fetches a URL, and the one that it redirects to (RFC 9110 §15.4; status lists do so,
    /// draft-ietf-oauth-status-list §8.1).
    async fn follow(&self, first: Url, accept: &str) -> Result<Answer, OutboundError> {
        let hops = async {
            let mut url = first.clone();
            for _ in 0..=MAX_REDIRECTS {
                let response = ask(self.request(&url, accept), &url).await?;
                if !is_moved(response.status()) {
                    return Answer::read(response, &url).await;
                }
                let location = response.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
                let next = location.and_then(|location| url.join(location).ok());
                let next = next.ok_or_else(|| OutboundError::Redirect(first.to_string()))?;
                let next = self.check(next.as_str())?;
                if url.scheme() == "https" && next.scheme() != "https" {
                    return Err(OutboundError::NotHttps(next.to_string()));
                }
                url = next;
            }
            Err(OutboundError::Redirect(first.to_string()))
        };
        let late = |_| Err(OutboundError::TooSlow(first.to_string()));
        tokio::time::timeout(self.max_time, hops).await.unwrap_or_else(late)
    }
}

async fn send(request: RequestBuilder, url: &Url) -> Result<Answer, OutboundError> {
    Answer::read(ask(request, url).await?, url).await
}

async fn ask(request: RequestBuilder, url: &Url) -> Result<Response, OutboundError> {
    let request = request.header(header::ACCEPT_ENCODING, "gzip");
    request.send().await.map_err(|error| refusal(&error, url))
}

/// The redirects whose new place is in `Location` (RFC 9110 §15.4.2 to §15.4.9).
fn is_moved(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
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
