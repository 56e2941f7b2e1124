//! The signed list (§5.1), a JWT.

use serde_json::{Map, Value, json};

use super::{StatusList, StatusListError};
use crate::issuer::{IssuerError, IssuerKeys, KeySet, issuer_keys};
use crate::jws::{self, Jws, JwsError, TimeError};
use crate::keys::SigningKey;
use crate::names::{TYP_STATUS_LIST, claim, status_list as name};
use crate::words::{quoted, shown};

/// A list, by whom, where and for how long. Times are seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusListToken {
    /// The issuer of the credentials, which signs the list.
    pub issuer: Option<String>,
    /// Where it is served, the `uri` of the credentials that refer to it.
    pub uri: String,
    /// When it was signed.
    pub issued_at: i64,
    /// The first second at which it is no longer valid.
    pub expires_at: Option<i64>,
    /// For how many seconds a copy serves (§13.7).
    pub ttl: Option<i64>,
    /// The statuses.
    pub list: StatusList,
}

/// A well-formed status list token, not verified yet.
#[derive(Debug, Clone)]
pub struct SignedStatusList {
    jws: Jws,
}

/// Why a status list token cannot be parsed, or is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// No JWT of the type `statuslist+jwt`, signed with ES256.
    #[error("the status list cannot be read: {0}")]
    Jws(#[from] JwsError),
    /// Nobody's keys can have signed it; among others, the key that it names is not the issuer's.
    #[error("the status list is not the issuer's: {0}")]
    Issuer(#[from] IssuerError),
    /// It names another issuer.
    #[error("the status list is by {}, the credential by {expected}", quoted(.found))]
    OfAnother {
        /// The issuer of the credential.
        expected: String,
        /// `iss` of the list.
        found: String,
    },
    /// None of the issuer's keys made the signature.
    #[error("no key that {0} publishes signed the status list")]
    Signature(String),
    /// `sub` is not where the credential says that its list is (§8.3, step 4).
    #[error("the status list is not that of {expected}{}", but_of(.found))]
    Subject {
        /// The `uri` of the credential's reference.
        expected: String,
        /// `sub` of the list; empty when it has none.
        found: String,
    },
    /// `iat`, `ttl` or `status_list` is missing, or has another form.
    #[error("the status list is malformed: `{0}` is wrong")]
    Claim(&'static str),
    /// `iat`, `nbf` or `exp` says that it is not of this time.
    #[error("the status list {0}")]
    Time(#[from] TimeError),
    /// The list in it cannot be read.
    #[error("the status list cannot be read: {0}")]
    List(#[from] StatusListError),
}

fn but_of(found: &str) -> String {
    if found.is_empty() {
        ", and does not say of which it is (`sub`)".to_owned()
    } else {
        format!(", but that of {}", shown(found))
    }
}

impl StatusListToken {
    /// Signs it; `kid` names the key.
    pub fn sign(&self, key: &SigningKey, kid: &str) -> String {
        let list = json!({name::BITS: self.list.bits() as u8, name::LST: self.list.encode()});
        let mut claims = Map::from_iter([
            (claim::SUB.to_owned(), Value::from(self.uri.clone())),
            (claim::IAT.to_owned(), self.issued_at.into()),
            (name::STATUS_LIST.to_owned(), list),
        ]);
        let optional = [
            (claim::ISS, self.issuer.clone().map(Value::from)),
            (claim::EXP, self.expires_at.map(Value::from)),
            (name::TTL, self.ttl.map(Value::from)),
        ];
        for (claim, value) in optional {
            if let Some(value) = value {
                claims.insert(claim.to_owned(), value);
            }
        }
        jws::sign(key, TYP_STATUS_LIST, jws::kid(kid), &claims)
    }
}

impl SignedStatusList {
    /// Reads a status list token as it was fetched.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        Ok(Self { jws: Jws::parse(text.trim(), TYP_STATUS_LIST)? })
    }

    /// The source of the keys that must have signed it: those of the credential's issuer alone (§11.3).
    pub fn keys(&self, issuer: &str) -> Result<IssuerKeys, TokenError> {
        Ok(issuer_keys(Some(issuer), self.jws.kid())?)
    }

    /// Believes it at `now` (§8.3, steps 3 and 4). `keys` are those that [`keys`](Self::keys) led to, `uri` is the one
    /// of the credential's reference. The list is decompressed last, when it is known whose it is.
    pub fn verify(&self, keys: &KeySet, uri: &str, now: i64) -> Result<StatusListToken, TokenError> {
        let issuer = self.jws.text(claim::ISS);
        if let Some(found) = issuer
            && found != keys.issuer()
        {
            return Err(TokenError::OfAnother { expected: keys.issuer().to_owned(), found: found.to_owned() });
        }
        if !self.jws.signed_by_one_of(keys) {
            return Err(TokenError::Signature(keys.issuer().to_owned()));
        }
        let subject = self.jws.text(claim::SUB).unwrap_or_default();
        if subject != uri {
            return Err(TokenError::Subject { expected: uri.to_owned(), found: subject.to_owned() });
        }
        let times = self.jws.times()?;
        times.check(now)?;
        Ok(StatusListToken {
            issuer: issuer.map(str::to_owned),
            uri: uri.to_owned(),
            // §5.1: it must be there.
            issued_at: times.issued_at.ok_or(TokenError::Claim(claim::IAT))?,
            expires_at: times.valid_until,
            ttl: self.jws.claims.get(name::TTL).map(ttl).transpose()?,
            list: self.list()?,
        })
    }

    /// The claim `status_list` (§4.2).
    fn list(&self) -> Result<StatusList, TokenError> {
        let list = self.jws.claims.get(name::STATUS_LIST).ok_or(TokenError::Claim(name::STATUS_LIST))?;
        let bits = list.get(name::BITS).and_then(Value::as_u64).ok_or(TokenError::Claim(name::BITS))?;
        let compressed = list.get(name::LST).and_then(Value::as_str).ok_or(TokenError::Claim(name::LST))?;
        Ok(StatusList::decode(bits, compressed)?)
    }
}

/// §5.1: a positive number of seconds. A part of a second counts as a whole one.
fn ttl(value: &Value) -> Result<i64, TokenError> {
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, at far more than any copy is kept")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.ceil() as i64));
    seconds.filter(|seconds| *seconds > 0).ok_or(TokenError::Claim(name::TTL))
}
