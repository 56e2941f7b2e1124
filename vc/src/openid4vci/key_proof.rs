//! The key proof of type `jwt` (Appendix F.1): the holder signs, with the key that the credential is to
//! be bound to, for whom and in answer to which nonce.

use serde_json::{Map, json};

use crate::did::Did;
use crate::issuer::issuer_keys;
use crate::jws::{self, Jws, JwsError, TimeError};
use crate::keys::{PublicJwk, SigningKey};
use crate::names::openid4vci::TYP_KEY_PROOF;
use crate::names::{claim, header as parameter};

/// How old a proof may be, in seconds: it is made for one request, right before it.
pub const MAX_PROOF_AGE_SECONDS: i64 = 300;

/// The longest DID URL that is read as `kid`, in bytes. It is repeated in the credential; a DID has 2,048 at most.
pub const MAX_DID_URL_BYTES: usize = 2 * 2048;

/// A proof to be made.
#[derive(Debug, Clone, Copy)]
pub struct KeyProofDraft<'a> {
    /// The Credential Issuer Identifier (`aud`).
    pub audience: &'a str,
    /// The issuer's nonce, when it has a Nonce Endpoint.
    pub nonce: Option<&'a str>,
    /// When it is made (`iat`), in seconds since 1970-01-01T00:00:00Z.
    pub issued_at: i64,
    /// The DID URL of the key, when the credential is to be bound to a DID; else the key itself travels.
    pub kid: Option<&'a str>,
}

/// A parsed key proof, not verified yet.
#[derive(Debug)]
pub struct KeyProof {
    jws: Jws,
    key: ProofKey,
}

/// The key that the proof says it is signed with.
#[derive(Debug)]
pub enum ProofKey {
    /// It travels in the proof (`jwk`).
    Jwk(PublicJwk),
    /// A DID's: the DID URL (`kid`) of a method that is known. The key is to be found.
    Did(String),
}

/// Why a proof is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyProofError {
    /// Not a JWT signed with ES256 whose `typ` is `openid4vci-proof+jwt`.
    #[error("the proof cannot be read: {0}")]
    Form(#[from] JwsError),
    /// Not exactly one of `jwk` and `kid`, or one that names no usable key.
    #[error("the header of the proof must name one P-256 key, by jwk or by a DID URL in kid: {0}")]
    Key(String),
    /// `aud` is another.
    #[error("the aud of the proof must be the Credential Issuer Identifier {0}")]
    Audience(String),
    /// `iat`, `nbf` or `exp` says that it is not of this time.
    #[error("the proof {0}")]
    Time(#[from] TimeError),
    /// `iat` is missing or too old.
    #[error("the iat of the proof must be the present time")]
    Old,
    /// There is no `nonce`.
    #[error("the proof has no nonce")]
    NoNonce,
    /// The key did not sign it.
    #[error("the proof is not signed by the key that it names")]
    Signature,
}

impl KeyProof {
    /// Makes a proof.
    pub fn make(draft: &KeyProofDraft<'_>, key: &SigningKey) -> String {
        let header = match draft.kid {
            Some(kid) => jws::kid(kid),
            None => Map::from_iter([(parameter::JWK.to_owned(), json!(key.public()))]),
        };
        let mut claims = Map::new();
        claims.insert(claim::AUD.to_owned(), json!(draft.audience));
        claims.insert(claim::IAT.to_owned(), json!(draft.issued_at));
        if let Some(nonce) = draft.nonce {
            claims.insert(claim::NONCE.to_owned(), json!(nonce));
        }
        jws::sign(key, TYP_KEY_PROOF, header, &claims)
    }

    /// Reads a proof: its form, its type and which key it names.
    pub fn parse(text: &str) -> Result<Self, KeyProofError> {
        let jws = Jws::parse(text, TYP_KEY_PROOF)?;
        let refused = |reason: &str| KeyProofError::Key(reason.to_owned());
        let key = match (jws.header.get(parameter::JWK), jws.kid()) {
            (Some(jwk), None) => {
                let key = PublicJwk::from_value(jwk).map_err(|error| refused(&error.to_string()))?;
                ProofKey::Jwk(key.without_kid())
            }
            (None, Some(kid)) if kid.len() > MAX_DID_URL_BYTES => return Err(refused("the kid is too long")),
            (None, Some(kid)) if Did::of_url(kid).is_ok() => {
                issuer_keys(None, Some(kid)).map_err(|error| refused(&error.to_string()))?;
                ProofKey::Did(kid.to_owned())
            }
            (None, Some(_)) => return Err(refused("the kid is no DID URL")),
            (Some(_), Some(_)) => return Err(refused("there are both")),
            (None, None) => return Err(refused("there is neither")),
        };
        Ok(Self { jws, key })
    }

    /// The key that it names.
    pub fn key(&self) -> &ProofKey {
        &self.key
    }

    /// Checks for whom and when it was made, and that it has a nonce, which it returns: whether that is
    /// one of the issuer's is the issuer's to say.
    ///
    /// `now` is in seconds since 1970-01-01T00:00:00Z. All this costs nothing, so it comes before a
    /// DID's keys are fetched.
    pub fn check(&self, audience: &str, now: i64) -> Result<&str, KeyProofError> {
        if self.jws.text(claim::AUD) != Some(audience) {
            return Err(KeyProofError::Audience(audience.to_owned()));
        }
        let times = self.jws.times()?;
        times.check(now)?;
        if times.issued_at.is_none_or(|issued_at| issued_at < now.saturating_sub(MAX_PROOF_AGE_SECONDS)) {
            return Err(KeyProofError::Old);
        }
        self.jws.text(claim::NONCE).ok_or(KeyProofError::NoNonce)
    }

    /// Checks that this key signed it: the one that travels in it, or the one that was found under its DID URL.
    pub fn verify(&self, key: &PublicJwk) -> Result<(), KeyProofError> {
        if self.jws.signed_by(key) { Ok(()) } else { Err(KeyProofError::Signature) }
    }
}
