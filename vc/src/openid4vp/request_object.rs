//! The signed request (§5, RFC 9101): the query, the nonce that binds the answer to it, and the response URI.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ClientId, ClientMetadata, ErrorCode};
use crate::did::Did;
use crate::issuer::{IssuerError, IssuerKeys, KeySet, issuer_keys};
use crate::jws::{self, Jws, JwsError, TimeError, Times};
use crate::keys::SigningKey;
use crate::names::openid4vp::STATIC_AUDIENCE;
use crate::names::{TYP_REQUEST_OBJECT, claim};
use crate::words::{fault, named, quoted};

/// The claims of a Request Object: the parameters of §5.1 and §5.2 that the profile uses. Unknown ones are ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestObject {
    /// The verifier (§5.9), which is also the audience of presentations.
    pub client_id: ClientId,
    /// Always `vp_token` (§5.6).
    pub response_type: ResponseType,
    /// Always `direct_post` (§8.2).
    pub response_mode: ResponseMode,
    /// Where the answer is sent (§8.2).
    pub response_uri: String,
    /// A fresh value that the presentation must repeat (§5.2, §14.1).
    pub nonce: String,
    /// A value that the answer must repeat (§5.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The query in DCQL (§6), as the verifier wrote it.
    pub dcql_query: Value,
    /// The verifier's metadata (§11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_metadata: Option<ClientMetadata>,
    /// Why the verifier asks, in words for the holder: a parameter of this wallet's own, which others ignore (§5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The nonce that the wallet sent when it fetched the request (§5.10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet_nonce: Option<String>,
    /// When it was signed (RFC 7519 §4.1.6), in seconds since 1970-01-01T00:00:00Z.
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// The first second at which it must not be answered any more (RFC 7519 §4.1.4).
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
}

/// `response_type` (§5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResponseType {
    /// A VP Token.
    #[serde(rename = "vp_token")]
    VpToken,
}

/// `response_mode` (§8.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResponseMode {
    /// A POST of the wallet to the `response_uri`.
    #[serde(rename = "direct_post")]
    DirectPost,
}

/// A well-formed request, not verified yet.
#[derive(Debug, Clone)]
pub struct SignedRequest {
    jws: Jws,
    times: Times,
    object: RequestObject,
}

/// What the wallet expects of the request before it parses it.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The `client_id` of the link.
    pub client_id: &'a ClientId,
    /// The `request_uri` of the link.
    pub request_uri: &'a str,
    /// The nonce that the wallet sent, if it sent one.
    pub wallet_nonce: Option<&'a str>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
}

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// No signed request.
    #[error("the request of the verifier cannot be read: {0}")]
    Jws(#[from] JwsError),
    /// A parameter is missing, or has a value that is not of the profile.
    #[error("the request of the verifier cannot be answered: {0}")]
    Parameter(String),
    /// A parameter that changes what would be answered, and is not supported.
    #[error("the request of the verifier uses `{0}`, which is not supported")]
    Unsupported(&'static str),
    /// The verifier reads no SD-JWT VC.
    #[error("the verifier reads no SD-JWT VC (`dc+sd-jwt`) signed with ES256")]
    Formats,
    /// The link and the request name different verifiers (RFC 9101 §5.2).
    #[error("the link is of {expected}, the request of {found}")]
    OfAnother {
        /// Whom the link names.
        expected: String,
        /// Whom the request names.
        found: String,
    },
    /// `kid` names no key of the verifier's DID (§5.9.3).
    #[error("the request must name the key of {0} that signed it (`kid`)")]
    Key(Did),
    /// The DID leads to no keys.
    #[error(transparent)]
    Verifier(#[from] IssuerError),
    /// None of the keys of the DID signed it.
    #[error("no key of {0} signed the request")]
    Signature(Did),
    /// `aud` is neither that of every wallet (§5.8) nor the address that the request was fetched from.
    #[error("the request is for another wallet: its `aud` is {0}")]
    Audience(String),
    /// `wallet_nonce` is not the one that was sent (§5.10): the request was made for another wallet.
    #[error("the request does not repeat the nonce of this wallet")]
    WalletNonce,
    /// `iat`, `nbf` or `exp` says that it is not of this time.
    #[error("the request of the verifier {0}: ask for a new one")]
    Time(#[from] TimeError),
}

impl RequestObject {
    /// Signs it with the key that `kid`, a DID URL, names (§5.9.3).
    pub fn sign(&self, key: &SigningKey, kid: &str) -> String {
        // A struct of text and JSON: it cannot fail.
        let claims = serde_json::to_value(self).ok();
        let mut claims = claims.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        claims.insert(claim::AUD.to_owned(), STATIC_AUDIENCE.into());
        // RFC 9101 §4 would have an `iss` too. Wallets refuse one that is not the bare DID of `kid`, and `client_id`
        // says the same.
        jws::sign(key, TYP_REQUEST_OBJECT, jws::kid(kid), &claims)
    }
}

impl SignedRequest {
    /// Reads a request as it was fetched.
    pub fn parse(text: &str) -> Result<Self, RequestError> {
        let jws = Jws::parse(text.trim(), TYP_REQUEST_OBJECT)?;
        // §8.4: what is not understood must be refused. §8.2: beside a `response_uri` there is no `redirect_uri`.
        if let Some(name) =
            ["transaction_data", "redirect_uri", "scope"].into_iter().find(|name| jws.claims.contains_key(*name))
        {
            return Err(RequestError::Unsupported(name));
        }
        let claims = Value::Object(jws.claims.clone());
        let times = jws.times()?;
        check_texts(&jws)?;
        let object = RequestObject::deserialize(claims).map_err(|error| RequestError::Parameter(fault(&error)))?;
        let object = RequestObject { iat: times.issued_at, exp: times.valid_until, ..object };
        if object.nonce.is_empty() {
            return Err(RequestError::Parameter("`nonce` is empty".to_owned()));
        }
        Ok(Self { jws, times, object })
    }

    /// Where the keys of the verifier are: those of the DID in its `client_id`.
    pub fn keys(&self) -> Result<IssuerKeys, RequestError> {
        Ok(issuer_keys(Some(self.object.client_id.did().as_str()), None)?)
    }

    /// Believes it: signed by a key of its verifier, for this wallet, now.
    pub fn verify(self, keys: &KeySet, expected: &Expected<'_>) -> Result<RequestObject, RequestError> {
        let verifier = self.object.client_id.did();
        if self.object.client_id != *expected.client_id {
            let (expected, found) = (expected.client_id.to_string(), self.object.client_id.to_string());
            return Err(RequestError::OfAnother { expected, found });
        }
        let named = self.jws.kid().and_then(|kid| Did::of_url(kid).ok());
        if named.as_ref() != Some(verifier) || keys.issuer() != verifier.as_str() {
            return Err(RequestError::Key(verifier.clone()));
        }
        if !self.jws.signed_by_one_of(keys) {
            return Err(RequestError::Signature(verifier.clone()));
        }
        self.check_audience(expected)?;
        if expected.wallet_nonce.is_some() && self.object.wallet_nonce.as_deref() != expected.wallet_nonce {
            return Err(RequestError::WalletNonce);
        }
        self.times.check(expected.now)?;
        if self.object.client_metadata.as_ref().is_some_and(|metadata| !metadata.reads_sd_jwt_vc()) {
            return Err(RequestError::Formats);
        }
        Ok(self.object)
    }

    /// §5.8. Verifiers in the field also put the `request_uri` there.
    fn check_audience(&self, expected: &Expected<'_>) -> Result<(), RequestError> {
        let accepted = |audience: &Value| audience == STATIC_AUDIENCE || audience == expected.request_uri;
        match self.jws.claims.get(claim::AUD) {
            None => Ok(()),
            Some(Value::Array(audiences)) if audiences.iter().any(accepted) => Ok(()),
            Some(audience) if accepted(audience) => Ok(()),
            Some(other) => Err(RequestError::Audience(named(other))),
        }
    }
}

/// The parameters that must be there as text, and those of them that have one value in the profile.
fn check_texts(jws: &Jws) -> Result<(), RequestError> {
    let texts = [
        ("client_id", None),
        ("response_type", Some("vp_token")),
        ("response_mode", Some("direct_post")),
        ("response_uri", None),
        ("nonce", None),
    ];
    for (name, only) in texts {
        let Some(found) = jws.claims.get(name) else {
            return Err(RequestError::Parameter(format!("`{name}` is missing")));
        };
        let Some(text) = found.as_str() else {
            return Err(RequestError::Parameter(format!("`{name}` must be text")));
        };
        if let Some(only) = only.filter(|only| *only != text) {
            let reason = format!("its `{name}` is {}, and only {only} is supported", quoted(text));
            return Err(RequestError::Parameter(reason));
        }
    }
    if !jws.claims.contains_key("dcql_query") {
        return Err(RequestError::Parameter("`dcql_query` is missing".to_owned()));
    }
    let is_other = |name: &&str| jws.claims.get(*name).is_some_and(|value| !value.is_null() && !value.is_string());
    match ["state", "wallet_nonce", "purpose"].into_iter().find(is_other) {
        Some(name) => Err(RequestError::Parameter(format!("`{name}` must be text"))),
        None => Ok(()),
    }
}

impl RequestError {
    /// The error code for the verifier (§8.5).
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Unsupported("transaction_data") => ErrorCode::InvalidTransactionData,
            Self::Unsupported("scope") => ErrorCode::InvalidScope,
            Self::Formats => ErrorCode::VpFormatsNotSupported,
            _ => ErrorCode::InvalidRequest,
        }
    }
}
