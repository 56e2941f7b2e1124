//! Believing a credential: the signature of its issuer, and the time.

use core::fmt;

use serde_json::Value;

use super::{ClaimPath, HolderKey, ParsedCredential, VerifyError};
use crate::issuer::KeySet;
use crate::jws::{TimeError, Times};

/// A credential whose issuer signed what it says. Whether the issuer is trusted and whether the credential is revoked or suspended (`status`) is not said here.
///
/// Times are seconds since 1970-01-01T00:00:00Z, in the years 1 to 9999.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedCredential {
    /// Who issued it: `iss`, or the DID in `kid` when there is no `iss`.
    pub issuer: String,
    /// Its type.
    pub vct: String,
    /// All claims, those of the JWT and those of the disclosures, in place: the processed SD-JWT payload
    /// of RFC 9901 §7.1, an object. Registered claims such as `iss` are among them; of `_sd`, `_sd_alg`
    /// and `...` nothing is left.
    pub claims: Value,
    /// Which of them are selectively disclosable. An index counts the elements as issued, those that
    /// stay hidden included.
    pub disclosed: Vec<ClaimPath>,
    /// When it was issued (`iat`).
    pub issued_at: Option<i64>,
    /// The first second of its validity (`nbf`).
    pub valid_from: Option<i64>,
    /// The first second after its validity (`exp`).
    pub valid_until: Option<i64>,
    /// The key it is bound to (`cnf`).
    pub holder_key: Option<HolderKey>,
    /// Where its status stands (`status`, draft-ietf-oauth-status-list §6.1), as it came.
    pub status: Option<Value>,
    /// The credential in compact form, to be stored and presented.
    pub compact: String,
}

impl ParsedCredential {
    /// Checks signature and validity at `now`, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// `keys` are those that [`issuer`](Self::issuer) led to; another issuer's are refused. Validity is judged after the
    /// signature: a date that nobody signed says nothing.
    pub fn verify(&self, keys: &KeySet, now: i64) -> Result<VerifiedCredential, VerifyError> {
        let verified = self.verify_signature(keys)?;
        verified.check_time(now)?;
        Ok(verified)
    }

    /// Checks the signature alone. Whether the credential is valid at a time is
    /// [`check_time`](VerifiedCredential::check_time)'s to say.
    pub fn verify_signature(&self, keys: &KeySet) -> Result<VerifiedCredential, VerifyError> {
        self.check_signature(keys)?;
        Ok(VerifiedCredential {
            issuer: keys.issuer().to_owned(),
            vct: self.vct.clone(),
            claims: Value::Object(self.claims.clone()),
            disclosed: self.disclosed.clone(),
            issued_at: self.times.issued_at,
            valid_from: self.times.valid_from,
            valid_until: self.times.valid_until,
            holder_key: self.holder_key.clone(),
            status: self.status.clone(),
            compact: self.compact.clone(),
        })
    }

    /// Whether its issuer signed it, whose keys these must be.
    pub(super) fn check_signature(&self, keys: &KeySet) -> Result<(), VerifyError> {
        let expected = self.issuer()?;
        let issuer = expected.issuer().to_owned();
        if keys.issuer() != issuer {
            return Err(VerifyError::KeysOfAnother { expected: issuer, found: keys.issuer().to_owned() });
        }
        let signed = self.compact.as_bytes().get(..self.signed_bytes).unwrap_or_default();
        if !keys.signed(self.kid.as_deref(), signed, &self.signature) {
            return Err(VerifyError::Signature { issuer });
        }
        Ok(())
    }

    pub(super) fn check_time(&self, now: i64) -> Result<(), VerifyError> {
        Ok(self.times.check(now)?)
    }
}

impl VerifiedCredential {
    /// Whether it is valid at `now`, in seconds since 1970-01-01T00:00:00Z. A holder keeps what is
    /// [not yet valid](TimeError::NotYetValid) until it is.
    pub fn check_time(&self, now: i64) -> Result<(), TimeError> {
        let Self { issued_at, valid_from, valid_until, .. } = *self;
        Times { issued_at, valid_from, valid_until }.check(now)
    }
}

/// Claims are personal; a log is not the place for them.
impl fmt::Debug for VerifiedCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedCredential")
            .field("issuer", &self.issuer)
            .field("vct", &self.vct)
            .finish_non_exhaustive()
    }
}
