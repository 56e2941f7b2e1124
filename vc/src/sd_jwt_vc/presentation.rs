//! Parsing and verifying a presentation: a credential with the disclosures that the holder chose, and a key binding JWT
//! that says for whom and by whom it was put together (SD-JWT+KB, RFC 9901 §4.3, §7.3).
//!
//! Each thing that is checked has a function of its own, so that a verifier can tell which ones failed;
//! [`ParsedPresentation::verify`] is all of them, and the only way to the claims.

use core::fmt;

use serde_json::Value;

use super::{ImportError, ParsedCredential, VerifiedCredential, VerifyError};
use crate::did::{Did, key_of_did_jwk};
use crate::issuer::{IssuerError, IssuerKeys, KeySet};
use crate::jws::{Jws, JwsError, LEEWAY_SECONDS, TimeError, shown_time};
use crate::keys::PublicJwk;
use crate::names::{TYP_KEY_BINDING_JWT, claim, did_method, key_binding};

/// How old a key binding may be, in seconds, beside the [`LEEWAY_SECONDS`]: it is made to answer a request, and a
/// request is short-lived. The nonce keeps an old one out.
const MAX_AGE_SECONDS: i64 = 600;

/// A well-formed presentation, not verified yet.
#[derive(Clone)]
pub struct ParsedPresentation {
    credential: ParsedCredential,
    /// The key binding JWT, or why there is none that can be read.
    key_binding: Result<Jws, PresentationError>,
    /// The required value of `sd_hash`.
    sd_hash: String,
}

/// The verifier and the request for which a presentation must be made.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The verifier (`aud`): in OpenID4VP its whole `client_id` (1.0 §14.1.2).
    pub audience: &'a str,
    /// The verifier's nonce (`nonce`).
    pub nonce: &'a str,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
}

/// The key that a credential is bound to (`cnf`, RFC 7800 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// By value (`cnf.jwk`, §3.2), or inside a did:jwk that `cnf.kid` names.
    Key(PublicJwk),
    /// By the DID URL of a did:web (`cnf.kid`, §3.4): one of the keys that its document has under `authentication`.
    DidUrl(String),
}

/// Why a presentation is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PresentationError {
    /// The credential in it cannot be read; so it is when a disclosure was changed or added.
    #[error(transparent)]
    Credential(#[from] ImportError),
    /// The credential in it is not valid.
    #[error(transparent)]
    Untrusted(#[from] VerifyError),
    /// It ends with `~`: it has no key binding.
    #[error("the presentation has no key binding: whoever has seen the credential could have sent it")]
    NoKeyBinding,
    /// The key binding JWT cannot be read.
    #[error("the key binding cannot be read: {0}")]
    KeyBinding(#[from] JwsError),
    /// The credential names no key of its holder, or none that can be found.
    #[error(
        "the credential names no key of its holder that can be checked: `cnf` must hold a P-256 key, a did:jwk or a did:web"
    )]
    NotBound,
    /// Another key than the holder's signed the key binding JWT.
    #[error("the key binding is not signed by the key that the credential is bound to")]
    HolderSignature,
    /// `aud` is another verifier.
    #[error("the presentation was made for another verifier: {0}")]
    Audience(String),
    /// `aud` is missing, or is not one text (RFC 9901 §4.3).
    #[error("the presentation does not say for which verifier it was made (`aud`)")]
    NoAudience,
    /// `nonce` is not the verifier's.
    #[error("the presentation does not repeat the nonce of the request: it was made for another one")]
    Nonce,
    /// The key binding JWT is not of this time (`iat`, `nbf`, `exp`).
    #[error("the key binding {0}")]
    Time(#[from] TimeError),
    /// `iat` is missing (RFC 9901 §4.3).
    #[error("the key binding does not say when it was made (`iat`)")]
    Undated,
    /// `iat` is too long ago to answer a request.
    #[error("the key binding is too old: it was made at {at}, and it is {now} now", at = shown_time(*issued_at), now = shown_time(*now))]
    Old {
        /// `iat`, in seconds since 1970-01-01T00:00:00Z.
        issued_at: i64,
        /// The time of the check.
        now: i64,
    },
    /// `sd_hash` belongs to another credential or other disclosures (RFC 9901 §4.3.1).
    #[error("the key binding was made for other disclosures than those that were sent")]
    SdHash,
}

impl ParsedPresentation {
    /// Parses a presentation in compact form. One without a key binding can be parsed, and does not verify.
    pub fn parse(text: &str) -> Result<Self, PresentationError> {
        let text = text.trim();
        let end = text.rfind('~').map_or(text.len(), |at| at + 1);
        let (sd_jwt, key_binding) = text.split_at_checked(end).unwrap_or((text, ""));
        let credential = ParsedCredential::parse(sd_jwt)?;
        Ok(Self {
            sd_hash: credential.hash.digest(sd_jwt.as_bytes()),
            credential,
            key_binding: match key_binding {
                "" => Err(PresentationError::NoKeyBinding),
                jwt => Jws::parse(jwt, TYP_KEY_BINDING_JWT).map_err(PresentationError::from),
            },
        })
    }

    /// Where the keys are that must have signed the credential.
    pub fn issuer(&self) -> Result<IssuerKeys, IssuerError> {
        self.credential.issuer()
    }

    /// The type that the credential claims to be of (`vct`).
    pub fn vct(&self) -> &str {
        self.credential.vct()
    }

    /// The reference to the credential's status, as received (`status`).
    pub fn status(&self) -> Option<&Value> {
        self.credential.status.as_ref()
    }

    /// Whether it has a key binding, valid or not.
    pub fn has_key_binding(&self) -> bool {
        !matches!(self.key_binding, Err(PresentationError::NoKeyBinding))
    }

    /// All checks: the credential with what was disclosed of it. What was withheld is not in its claims.
    pub fn verify(&self, keys: &KeySet, expected: &Expected<'_>) -> Result<VerifiedCredential, PresentationError> {
        self.check_key_binding(expected.now)?;
        match self.holder()? {
            Holder::Key(key) => self.check_holder(&key)?,
            // Its key must be fetched, and [`check_holder`](Self::check_holder) be asked.
            Holder::DidUrl(_) => return Err(PresentationError::NotBound),
        }
        self.check_audience(expected.audience)?;
        self.check_nonce(expected.nonce)?;
        Ok(self.credential.verify(keys, expected.now)?)
    }

    /// The checks of the credential alone, for a verifier that said it needs no key binding (OpenID4VP 1.0 §5.3).
    pub fn verify_unbound(&self, keys: &KeySet, now: i64) -> Result<VerifiedCredential, PresentationError> {
        Ok(self.credential.verify(keys, now)?)
    }

    /// The issuer signed the credential.
    pub fn check_signature(&self, keys: &KeySet) -> Result<(), PresentationError> {
        Ok(self.credential.check_signature(keys)?)
    }

    /// A key binding JWT of this time stands over exactly these disclosures. Who signed it is [`Self::check_holder`]'s
    /// to say.
    pub fn check_key_binding(&self, now: i64) -> Result<(), PresentationError> {
        let jws = self.key_binding()?;
        if jws.text(key_binding::SD_HASH) != Some(self.sd_hash.as_str()) {
            return Err(PresentationError::SdHash);
        }
        let times = jws.times()?;
        times.check(now)?;
        let issued_at = times.issued_at.ok_or(PresentationError::Undated)?;
        if issued_at < now.saturating_sub(MAX_AGE_SECONDS + LEEWAY_SECONDS) {
            return Err(PresentationError::Old { issued_at, now });
        }
        Ok(())
    }

    /// The key that the issuer bound the credential to, which is [`holder`](Self::holder)'s, signed the key binding JWT.
    pub fn check_holder(&self, holder: &PublicJwk) -> Result<(), PresentationError> {
        if self.key_binding()?.signed_by(holder) { Ok(()) } else { Err(PresentationError::HolderSignature) }
    }

    /// It was made for this verifier.
    pub fn check_audience(&self, audience: &str) -> Result<(), PresentationError> {
        match self.key_binding()?.claims.get(key_binding::AUD) {
            Some(Value::String(found)) if found == audience => Ok(()),
            Some(Value::String(found)) if !found.trim().is_empty() => {
                Err(PresentationError::Audience(found.chars().take(200).collect()))
            }
            _ => Err(PresentationError::NoAudience),
        }
    }

    /// It was made with the verifier's nonce.
    pub fn check_nonce(&self, nonce: &str) -> Result<(), PresentationError> {
        if self.key_binding()?.text(key_binding::NONCE) == Some(nonce) { Ok(()) } else { Err(PresentationError::Nonce) }
    }

    fn key_binding(&self) -> Result<&Jws, PresentationError> {
        self.key_binding.as_ref().map_err(Clone::clone)
    }

    /// Which key the credential is bound to.
    pub fn holder(&self) -> Result<Holder, PresentationError> {
        let not_bound = || PresentationError::NotBound;
        let cnf = self.credential.claims.get(claim::CNF).ok_or_else(not_bound)?;
        if let Some(jwk) = cnf.get(claim::JWK) {
            return PublicJwk::from_value(jwk).map(Holder::Key).map_err(|_| not_bound());
        }
        let kid = cnf.get(claim::KID).and_then(Value::as_str).ok_or_else(not_bound)?;
        let did = Did::of_url(kid).map_err(|_| not_bound())?;
        match did.method() {
            did_method::JWK => key_of_did_jwk(&did).map(Holder::Key).map_err(|_| not_bound()),
            did_method::WEB => Ok(Holder::DidUrl(kid.to_owned())),
            _ => Err(not_bound()),
        }
    }
}

/// Claims are personal; a log is not the place for them.
impl fmt::Debug for ParsedPresentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ParsedPresentation").field(&self.credential).finish()
    }
}
