//! The request as it travels to the wallet, in a QR code or a link: who asks, and where the signed request is
//! (§5.7, RFC 9101 §5.2).

use form_urlencoded::{Serializer, parse};
use http::Uri;

use super::{ClientId, ClientIdError};
use crate::names::openid4vci::offer_link::{CREDENTIAL_OFFER, CREDENTIAL_OFFER_URI};
use crate::names::openid4vp::SCHEME;
use crate::words::quoted;

/// The longest link that is read, in bytes; a QR code holds fewer than 3,000.
const MAX_BYTES: usize = 8 * 1024;

/// An Authorization Request by reference (§5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// `client_id`: the verifier. The signed request must have the same (RFC 9101 §5.2).
    pub client_id: ClientId,
    /// `request_uri`: where the signed request is. Whether it may be fetched is for the client that fetches it to say.
    pub request_uri: String,
    /// `request_uri_method`: how it is fetched; `get` when it is left out (§5.1).
    pub request_uri_method: RequestUriMethod,
}

/// How the signed request is fetched (§5.1, §5.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RequestUriMethod {
    /// `get`.
    #[default]
    Get,
    /// `post`: the wallet may send a nonce of its own.
    Post,
}

/// Why a link is not a request that can be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// Longer than 8 KiB.
    #[error("the request is {0} bytes long; at most {MAX_BYTES} are read")]
    TooLarge(usize),
    /// Not a URL with parameters.
    #[error(
        "this is no request of a verifier: scan its QR code, or paste the whole link, which begins with {SCHEME}://"
    )]
    NotALink,
    /// The link of a credential offer (OpenID4VCI 1.0 §4.1).
    #[error("this is a credential offer and no request of a verifier: take it in as a received offer")]
    Offer,
    /// Anything else than a request by reference: the profile has signed requests only.
    #[error("the request has no `request_uri`: only signed requests by reference are accepted")]
    ByValue,
    /// A parameter occurs twice (RFC 6749 §3.1).
    #[error("the request has the parameter `{0}` twice")]
    Repeated(&'static str),
    /// `client_id` is missing, or not one that is accepted.
    #[error("`client_id`: {0}")]
    ClientId(#[from] ClientIdError),
    /// `request_uri_method` is neither `get` nor `post`, which are case-sensitive (§8.5).
    #[error("`request_uri_method` must be `get` or `post`, not {}", quoted(.0))]
    Method(String),
}

impl AuthorizationRequest {
    /// The request as an `openid4vp://` link (§9, §13.1.2).
    pub fn to_link(&self) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("client_id", &self.client_id.to_string());
        query.append_pair("request_uri", &self.request_uri);
        if self.request_uri_method == RequestUriMethod::Post {
            query.append_pair("request_uri_method", self.request_uri_method.as_str());
        }
        format!("{SCHEME}://?{}", query.finish())
    }

    /// Reads a link, of whatever scheme: a wallet is also invoked by `https` links, and by schemes of profiles (§9).
    pub fn parse(link: &str) -> Result<Self, LinkError> {
        let link = link.trim();
        if link.len() > MAX_BYTES {
            return Err(LinkError::TooLarge(link.len()));
        }
        let (address, query) = link.split_once('?').ok_or(LinkError::NotALink)?;
        let (scheme, _) = address.split_once(':').ok_or(LinkError::NotALink)?;
        if scheme.is_empty() || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            return Err(LinkError::NotALink);
        }
        let query = query.split('#').next().unwrap_or_default();
        let has = |name: &str| parse(query.as_bytes()).any(|(found, _)| found == name);
        if !has("request_uri") && (has(CREDENTIAL_OFFER) || has(CREDENTIAL_OFFER_URI)) {
            return Err(LinkError::Offer);
        }
        let request_uri = only(query, "request_uri")?.ok_or(LinkError::ByValue)?;
        if request_uri.parse::<Uri>().is_err() {
            return Err(LinkError::NotALink);
        }
        Ok(Self {
            client_id: only(query, "client_id")?.unwrap_or_default().parse()?,
            request_uri,
            request_uri_method: match only(query, "request_uri_method")?.as_deref() {
                None | Some("get") => RequestUriMethod::Get,
                Some("post") => RequestUriMethod::Post,
                Some(other) => return Err(LinkError::Method(other.chars().take(20).collect())),
            },
        })
    }
}

impl RequestUriMethod {
    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
        }
    }
}

/// An optional parameter that may occur once. Others are ignored (RFC 6749 §3.1).
fn only(query: &str, name: &'static str) -> Result<Option<String>, LinkError> {
    let mut values = parse(query.as_bytes()).filter(|(found, _)| found == name).map(|(_, value)| value.into_owned());
    let first = values.next();
    if values.next().is_some() { Err(LinkError::Repeated(name)) } else { Ok(first) }
}
