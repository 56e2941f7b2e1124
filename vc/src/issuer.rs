//! Whose keys may have signed a credential, and where they are published. Which URL to fetch and what
//! to make of the answer is decided here; the fetching is the server's.

use http::Uri;
use http::uri::Scheme;
use serde_json::Value;

use crate::did::{Did, DidError, did_jwk_key_id, did_web_document_url, key_of_did_jwk};
use crate::keys::PublicJwk;
use crate::names::{ALG_ES256, JWKS_KEYS, WELL_KNOWN_JWT_VC_ISSUER, did_method, issuer_metadata as member};
use crate::words::{fault, quoted, says_of, shown};

/// How many keys are tried on one signature, so that a stranger's endless key set costs little.
const MAX_TRIED: usize = 32;

/// One key of an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerKey {
    /// Its name: a DID URL, or the `kid` of a JWK.
    pub kid: Option<String>,
    /// The key.
    pub key: PublicJwk,
}

/// The keys of one issuer, at least one. Bound to the issuer they were published by, so that they
/// cannot be taken for another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    issuer: String,
    keys: Vec<IssuerKey>,
}

/// Where the keys of an issuer are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssuerKeys {
    /// Inside the identifier (did:jwk): nothing to fetch.
    Embedded(KeySet),
    /// In a DID document: fetch `url`, then
    /// [`keys_from_did_document`](crate::did_document::keys_from_did_document).
    DidWeb {
        /// The issuer.
        did: Did,
        /// The URL of its document.
        url: String,
    },
    /// In the issuer's metadata: fetch `url`, then [`keys_from_issuer_metadata`].
    IssuerMetadata {
        /// The issuer, an `https` URL.
        issuer: String,
        /// The URL of its metadata.
        url: String,
    },
}

/// The keys in the issuer's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataKeys {
    /// The keys themselves.
    Keys(KeySet),
    /// They are at this `https` URL: fetch it, then [`keys_from_jwks`].
    JwksUri(String),
}

/// Why it cannot be said where an issuer's keys are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerError {
    /// Neither `iss` nor a DID URL as `kid`.
    #[error("it names no issuer: neither by `iss` nor by a DID URL as `kid`")]
    Missing,
    /// A DID of a method outside the profile.
    #[error("did:{0} is not supported; what is supported are did:web, did:jwk and https issuers")]
    Method(String),
    /// Neither a DID nor an `https` URL without query, fragment and user name.
    #[error("{} names no issuer whose keys can be found: it must be a DID, or an https URL without user name, query and fragment", quoted(.0))]
    Identifier(String),
    /// `iss` is a DID, and `kid` is the key of another.
    #[error("the credential says that {issuer} issued it, but is signed by a key of another: {}", shown(kid))]
    KeyOfAnother {
        /// The `iss` claim.
        issuer: String,
        /// The `kid` header.
        kid: String,
    },
    /// A DID of the profile that does not resolve.
    #[error(transparent)]
    Did(#[from] DidError),
}

/// Why a fetched document gives no keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeySourceError {
    /// Not JSON.
    #[error("where the keys of the issuer should be, something else is: {0}")]
    Json(String),
    /// The document is another's.
    #[error("the document of {expected} {}", says_of(.found))]
    OfAnother {
        /// Whose document was asked for.
        expected: String,
        /// Whose it says it is; empty when it does not say.
        found: String,
    },
    /// The metadata has neither or both of `jwks` and `jwks_uri`.
    #[error("the metadata of the issuer must have one of `jwks` and `jwks_uri`")]
    OneOfTwo,
    /// `jwks_uri` is not an `https` URL.
    #[error("the metadata of the issuer has no https URL as `jwks_uri`{}", colon(.0))]
    JwksUri(String),
    /// No key fits.
    #[error("{0} publishes no P-256 key (ES256) for this use")]
    NoUsableKey(String),
    /// There are keys, but none of this name.
    #[error("the key {0} is not published for this use")]
    NoSuchKey(String),
}

/// A value after its label, when there is one.
fn colon(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(": {}", shown(value)) }
}

/// Where the keys of the issuer are that a credential names in its `iss` claim and `kid` header.
///
/// `iss` decides; a `kid` that is a DID URL must belong to it when it is a DID, and stands in for it
/// when there is none.
pub fn issuer_keys(iss: Option<&str>, kid: Option<&str>) -> Result<IssuerKeys, IssuerError> {
    let of_kid = kid.filter(|kid| kid.starts_with("did:")).map(Did::of_url).transpose()?;
    let Some(iss) = iss else {
        return of_did(of_kid.ok_or(IssuerError::Missing)?);
    };
    if !iss.starts_with("did:") {
        let url = issuer_metadata_url(iss)?;
        return Ok(IssuerKeys::IssuerMetadata { issuer: iss.to_owned(), url });
    }
    let did: Did = iss.parse()?;
    match (of_kid, kid) {
        (Some(other), Some(kid)) if other != did => {
            Err(IssuerError::KeyOfAnother { issuer: iss.to_owned(), kid: kid.to_owned() })
        }
        _ => of_did(did),
    }
}

/// Where an `https` issuer publishes its metadata (draft-ietf-oauth-sd-jwt-vc, "JWT VC Issuer
/// Metadata"): `/.well-known/jwt-vc-issuer` put between host and path.
pub fn issuer_metadata_url(issuer: &str) -> Result<String, IssuerError> {
    let refused = || IssuerError::Identifier(issuer.chars().take(200).collect());
    let uri: Uri = issuer.parse().map_err(|_| refused())?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(refused)?;
    // A dot segment would be resolved away by the client that fetches, and with it another path
    // would be asked than the one that was checked here.
    let dotted = uri
        .path()
        .split('/')
        .any(|segment| matches!(segment.replace("%2e", ".").replace("%2E", ".").as_str(), "." | ".."));
    let Some(scheme) = web_scheme(&uri) else { return Err(refused()) };
    if issuer.contains(['?', '#', '\\']) || dotted {
        return Err(refused());
    }
    let path = uri.path().trim_end_matches('/');
    Ok(format!("{scheme}://{authority}{WELL_KNOWN_JWT_VC_ISSUER}{path}"))
}

/// The keys of `issuer`, or where they are, out of its fetched metadata.
pub fn keys_from_issuer_metadata(json: &[u8], issuer: &str) -> Result<MetadataKeys, KeySourceError> {
    let metadata = parse(json)?;
    let found = metadata.get(member::ISSUER).and_then(Value::as_str);
    if found != Some(issuer) {
        return Err(KeySourceError::OfAnother {
            expected: issuer.to_owned(),
            found: found.unwrap_or_default().to_owned(),
        });
    }
    let given = |name| metadata.get(name).filter(|value: &&Value| !value.is_null());
    match (given(member::JWKS), given(member::JWKS_URI)) {
        (Some(jwks), None) => usable_keys(jwks, issuer).map(MetadataKeys::Keys),
        (None, Some(uri)) => {
            let uri = uri.as_str().unwrap_or_default();
            let parsed = uri.parse::<Uri>().ok().filter(|parsed| web_scheme(parsed).is_some());
            match parsed {
                Some(_) => Ok(MetadataKeys::JwksUri(uri.to_owned())),
                None => Err(KeySourceError::JwksUri(uri.to_owned())),
            }
        }
        _ => Err(KeySourceError::OneOfTwo),
    }
}

/// The keys of `issuer` out of the JWK Set (RFC 7517 §5) fetched from its `jwks_uri`.
pub fn keys_from_jwks(json: &[u8], issuer: &str) -> Result<KeySet, KeySourceError> {
    usable_keys(&parse(json)?, issuer)
}

impl IssuerKeys {
    /// Whose keys they are.
    pub fn issuer(&self) -> &str {
        match self {
            Self::Embedded(keys) => keys.issuer(),
            Self::DidWeb { did, .. } => did.as_str(),
            Self::IssuerMetadata { issuer, .. } => issuer,
        }
    }
}

impl KeySet {
    pub(crate) fn new(issuer: &str, keys: Vec<IssuerKey>) -> Result<Self, KeySourceError> {
        if keys.is_empty() {
            return Err(KeySourceError::NoUsableKey(issuer.to_owned()));
        }
        Ok(Self { issuer: issuer.to_owned(), keys })
    }

    /// Whose keys they are.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The keys, at least one.
    pub fn keys(&self) -> &[IssuerKey] {
        &self.keys
    }

    /// The key of exactly this name: of a DID's key its absolute DID URL.
    pub fn named(&self, kid: &str) -> Option<&PublicJwk> {
        self.keys.iter().find(|key| key.kid.as_deref() == Some(kid)).map(|key| &key.key)
    }

    /// Whether one of them signed `message`: the keys that the header's `kid` names, and all of them
    /// when it names none, up to [`MAX_TRIED`]. (A `kid` is a hint, RFC 7515 §4.1.4: every key here is the issuer's.)
    pub(crate) fn signed(&self, kid: Option<&str>, message: &[u8], signature: &[u8]) -> bool {
        let named: Vec<_> = self.keys.iter().filter(|key| kid.is_some_and(|kid| key.is_named(kid))).collect();
        let candidates = if named.is_empty() { self.keys.iter().collect() } else { named };
        candidates.into_iter().take(MAX_TRIED).any(|candidate| candidate.key.verify(message, signature))
    }
}

impl IssuerKey {
    /// By its whole name, or by the fragment of it that issuers by DID often send, with or without `#`.
    fn is_named(&self, kid: &str) -> bool {
        let Some(name) = self.kid.as_deref() else { return false };
        let fragment = name.split_once('#').map(|(_, fragment)| fragment);
        name == kid || fragment == Some(kid.strip_prefix('#').unwrap_or(kid))
    }
}

fn of_did(did: Did) -> Result<IssuerKeys, IssuerError> {
    match did.method() {
        did_method::JWK => {
            let key = IssuerKey { kid: Some(did_jwk_key_id(&did)), key: key_of_did_jwk(&did)? };
            Ok(IssuerKeys::Embedded(KeySet { issuer: did.to_string(), keys: vec![key] }))
        }
        did_method::WEB => Ok(IssuerKeys::DidWeb { url: did_web_document_url(&did)?, did }),
        other => Err(IssuerError::Method(other.to_owned())),
    }
}

/// `https`; and `http` on this machine, which the client that fetches may be told to open for development.
fn web_scheme(uri: &Uri) -> Option<&'static str> {
    match uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTPS => Some("https"),
        Some(scheme) if *scheme == Scheme::HTTP && uri.host() == Some("localhost") => Some("http"),
        _ => None,
    }
}

fn parse(json: &[u8]) -> Result<Value, KeySourceError> {
    serde_json::from_slice(json).map_err(|error| KeySourceError::Json(fault(&error)))
}

/// The keys of a JWK Set that may verify ES256; others are passed over (RFC 7517 §5).
fn usable_keys(jwks: &Value, issuer: &str) -> Result<KeySet, KeySourceError> {
    let keys = jwks.get(JWKS_KEYS).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let says = |jwk: &Value, name: &str, only: &str| jwk.get(name).is_none_or(|value| value.as_str() == Some(only));
    let usable = keys
        .iter()
        .filter(|jwk| says(jwk, "use", "sig") && says(jwk, "alg", ALG_ES256))
        .filter_map(|jwk| PublicJwk::from_value(jwk).ok())
        .map(|key| IssuerKey { kid: key.kid().map(str::to_owned), key });
    KeySet::new(issuer, usable.collect())
}

#[cfg(test)]
mod tests;
