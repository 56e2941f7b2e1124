//! Decentralised identifiers: the syntax of any DID, and the two methods of the profile. `did:jwk` is its own document
//! and needs no request; `did:web` names the URL of its document.
//!
//! Syntax and method rules are identity-kit's; no type of it leaves this file.

use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_kit::did::{Did as Parsed, DidError as SyntaxError, VerificationRelationship};
use identity_kit::methods::{DidJwk, web};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::keys::{KeyError, PublicJwk};
use crate::names::{DID_JWK_FRAGMENT, did_method};
use crate::words::quoted;

/// How much of a refused text an error repeats, in characters.
const SHOWN: usize = 80;

/// Why a DID was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// Not a DID (DID Core 1.0 §3.1), or longer than 2,048 bytes.
    #[error("{} is not a DID: {reason}", quoted(.did))]
    Syntax {
        /// The text, cut to 80 characters.
        did: String,
        /// The error.
        reason: &'static str,
    },
    /// A DID of another method than was asked for.
    #[error("`{did}` is not a did:{expected}")]
    Method {
        /// The DID.
        did: Did,
        /// The method that was asked for.
        expected: &'static str,
    },
    /// The did:jwk encodes no JWK, or one that is not for signing.
    #[error("`{did}` holds no key that may sign: {reason}")]
    Jwk {
        /// The DID.
        did: Did,
        /// The error.
        reason: &'static str,
    },
    /// The key of the did:jwk is not a usable P-256 key.
    #[error("the key of `{did}` cannot be used: {source}")]
    Key {
        /// The DID.
        did: Did,
        /// The error in the key.
        source: KeyError,
    },
    /// The did:web names no URL: its host is not a domain name, its port no number, or a path segment
    /// is empty, `.` or `..`.
    #[error("`{did}` names no web address: {reason}")]
    Web {
        /// The DID.
        did: Did,
        /// The error.
        reason: String,
    },
}

/// A DID of any method, syntactically valid (DID Core 1.0 §3.1), at most 2,048 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did(String);

/// The did:jwk of `key`: the base64url of its JWK in canonical form, so that one key has one DID. A
/// `kid` would make another DID of the same key and is left out.
pub fn did_jwk(key: &PublicJwk) -> Did {
    let id = URL_SAFE_NO_PAD.encode(key.canonical_json());
    Did(format!("did:{}:{id}", did_method::JWK))
}

/// The id of the one key of a did:jwk, `did:jwk:…#0`, to be sent as `kid`.
pub fn did_jwk_key_id(did: &Did) -> String {
    format!("{did}#{DID_JWK_FRAGMENT}")
}

/// The key inside a did:jwk, read offline. Its `use` must not be `enc`: the did:jwk document of such
/// a key has no `assertionMethod`.
pub fn key_of_did_jwk(did: &Did) -> Result<PublicJwk, DidError> {
    let refused = |reason| DidError::Jwk { did: did.clone(), reason };
    did.expect_method(did_method::JWK)?;
    let document =
        DidJwk::document(&did.parsed()?).map_err(|_| refused("it encodes no public key in the form of a JWK"))?;
    let method = document
        .methods(Some(VerificationRelationship::AssertionMethod))
        .next()
        .ok_or_else(|| refused("its `use` is not `sig`"))?;
    let jwk = serde_json::to_value(method.public_key_jwk()).map_err(|_| refused("it has no key"))?;
    PublicJwk::from_value(&jwk).map_err(|source| DidError::Key { did: did.clone(), source })
}

/// The did:web of `authority` (`host` or `host:port`) and path `segments`:
/// `did:web:host%3Aport:segment:…`. The host becomes lower case. What it gives has a
/// [`did_web_document_url`].
pub fn did_web(authority: &str, segments: &[&str]) -> Result<Did, DidError> {
    let mut text = format!("did:{}:", did_method::WEB);
    // did:web, "Method-specific identifier": the colon before a port is percent-encoded, because a
    // bare one separates path segments.
    text.push_str(&authority.to_ascii_lowercase().replace(':', "%3A"));
    for segment in segments {
        text.push(':');
        text.push_str(&segment.replace(':', "%3A"));
    }
    let did: Did = text.parse()?;
    did_web_document_url(&did)?;
    Ok(did)
}

/// The URL of a did:web's document (did:web, "Read"): `https://host[:port]/path/did.json`, and
/// `https://host[:port]/.well-known/did.json` without a path.
pub fn did_web_document_url(did: &Did) -> Result<String, DidError> {
    did.expect_method(did_method::WEB)?;
    web::document_url(&did.parsed()?).map(String::from).map_err(|error| DidError::Web {
        did: did.clone(),
        reason: match error {
            web::WebError::InvalidDid { reason, .. } => reason.to_owned(),
            other => other.to_string(),
        },
    })
}

impl Did {
    /// The method, `web` in `did:web:example.com`.
    pub fn method(&self) -> &str {
        self.0.split(':').nth(1).unwrap_or_default()
    }

    /// The whole DID.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The DID in front of a DID URL such as `did:web:example.com#key-1` (DID Core 1.0 §3.2).
    pub fn of_url(url: &str) -> Result<Self, DidError> {
        url.split(['#', '?', '/']).next().unwrap_or_default().parse()
    }

    fn expect_method(&self, expected: &'static str) -> Result<(), DidError> {
        if self.method() == expected {
            return Ok(());
        }
        Err(DidError::Method { did: self.clone(), expected })
    }

    fn parsed(&self) -> Result<Parsed, DidError> {
        Parsed::parse(&self.0).map_err(|error| syntax(&self.0, &error))
    }
}

impl FromStr for Did {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        match Parsed::parse(text) {
            Ok(did) => Ok(Self(did.to_string())),
            Err(error) => Err(syntax(text, &error)),
        }
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Did {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Did {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn syntax(text: &str, error: &SyntaxError) -> DidError {
    let reason = match error {
        SyntaxError::MissingScheme => "it does not begin with did:",
        SyntaxError::InvalidMethodName { .. } => "its method is not of lower-case letters and digits",
        SyntaxError::EmptyMethodSpecificId => "nothing stands after its method, or it ends with a colon",
        SyntaxError::InvalidPercentEncoding { .. } => "two hexadecimal digits must stand after each percent sign",
        SyntaxError::TooLong { .. } => "it is longer than 2,048 bytes",
        _ => "it has a character that no DID has",
    };
    DidError::Syntax { did: text.chars().take(SHOWN).collect(), reason }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::keys::SigningKey;

    /// The P-256 example of the did:jwk specification.
    const SPECIFICATION: &str = "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9";

    fn did(text: &str) -> Did {
        text.parse().unwrap()
    }

    fn of_jwk(jwk: &Value) -> Did {
        did(&format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk.to_string())))
    }

    #[test]
    fn the_example_of_the_did_jwk_specification_reads_and_writes() {
        let key = key_of_did_jwk(&did(SPECIFICATION)).unwrap();
        assert_eq!(
            serde_json::to_value(&key).unwrap(),
            json!({
                "kty": "EC", "crv": "P-256",
                "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
                "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
            })
        );
        assert_eq!(did_jwk(&key).as_str(), SPECIFICATION);
        assert_eq!(did_jwk(&key.with_kid("k")).as_str(), SPECIFICATION);
        assert_eq!(did_jwk_key_id(&did(SPECIFICATION)), format!("{SPECIFICATION}#0"));
    }

    #[test]
    fn a_did_jwk_of_ours_is_a_did() {
        let key = SigningKey::from_secret_bytes(&[7; 32]).unwrap().public();
        let made = did_jwk(&key);
        assert_eq!(did(made.as_str()), made);
        assert_eq!(key_of_did_jwk(&made).unwrap(), key);
    }

    #[test]
    fn a_did_jwk_must_hold_a_signing_key() {
        let jwk = json!({
            "kty": "EC", "crv": "P-256", "use": "enc",
            "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
            "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
        });
        for refused in [of_jwk(&jwk), did("did:jwk:e30"), did("did:jwk:_")] {
            let error = key_of_did_jwk(&refused).unwrap_err();
            assert!(matches!(error, DidError::Jwk { .. }), "{error}");
        }
    }

    #[test]
    fn a_did_jwk_of_another_curve_is_refused_by_name() {
        let ed25519 = json!({
            "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        });
        let error = key_of_did_jwk(&of_jwk(&ed25519)).unwrap_err();
        assert!(matches!(error, DidError::Key { source: KeyError::Unsupported { .. }, .. }));
        assert!(error.to_string().contains("OKP Ed25519"), "{error}");
    }

    #[test]
    fn methods_are_not_confused() {
        for error in
            [key_of_did_jwk(&did("did:web:example.com")).map(drop), did_web_document_url(&did(SPECIFICATION)).map(drop)]
        {
            assert!(matches!(error, Err(DidError::Method { .. })));
        }
    }

    /// did:web, "Read (Resolve)", the three examples.
    #[test]
    fn document_urls_are_those_of_the_did_web_specification() {
        for (authority, segments, text, url) in [
            (
                "w3c-ccg.github.io",
                &[][..],
                "did:web:w3c-ccg.github.io",
                "https://w3c-ccg.github.io/.well-known/did.json",
            ),
            (
                "w3c-ccg.github.io",
                &["user", "alice"],
                "did:web:w3c-ccg.github.io:user:alice",
                "https://w3c-ccg.github.io/user/alice/did.json",
            ),
            (
                "Example.com:3000",
                &["user", "alice"],
                "did:web:example.com%3A3000:user:alice",
                "https://example.com:3000/user/alice/did.json",
            ),
        ] {
            let made = did_web(authority, segments).unwrap();
            assert_eq!(made.as_str(), text);
            assert_eq!(did_web_document_url(&made).unwrap(), url);
        }
    }

    #[test]
    fn a_did_web_must_name_a_web_address() {
        for (authority, segments) in [
            ("192.0.2.1", &[][..]),
            ("example.com:port", &[]),
            ("user%40example.com", &[]),
            ("example.com", &["a", "..", "b"]),
            ("example.com", &["", "b"]),
        ] {
            let error = did_web(authority, segments).unwrap_err();
            assert!(matches!(error, DidError::Web { .. }), "{authority}: {error}");
        }
        assert!(matches!(did_web("exa mple.com", &[]), Err(DidError::Syntax { .. })));
    }

    #[test]
    fn any_method_is_a_did_but_not_any_text() {
        assert_eq!(did("did:example:a:b").method(), "example");
        assert_eq!(Did::of_url("did:web:example.com#key-1").unwrap(), did("did:web:example.com"));
        for text in ["", "did:", "did:web:", "https://example.com", "did:web:a#b", "DID:web:a", "did:web:%4"] {
            let error = text.parse::<Did>().unwrap_err();
            assert!(matches!(error, DidError::Syntax { .. }), "{text}");
        }
        let long = format!("did:web:{}", "a".repeat(3000)).parse::<Did>().unwrap_err();
        assert!(long.to_string().len() < 200, "{long}");
    }

    #[test]
    fn a_did_is_text_in_json() {
        let json = serde_json::to_string(&did("did:web:example.com")).unwrap();
        assert_eq!(json, r#""did:web:example.com""#);
        assert_eq!(serde_json::from_str::<Did>(&json).unwrap(), did("did:web:example.com"));
        assert!(serde_json::from_str::<Did>(r#""example.com""#).is_err());
    }
}
