//! Believing a credential: the signature of its issuer, and the time.

use core::fmt;

use serde_json::{Map, Value};

use super::{ClaimPath, Gaps, HolderKey, ParsedCredential, PathStep, VerifyError};
use crate::issuer::KeySet;
use crate::jws::{TimeError, Times};

/// A credential with a verified signature. Whether its issuer is trusted, and whether it is revoked or suspended
/// (`status`), is not checked here.
///
/// Times are seconds since 1970-01-01T00:00:00Z, in the years 1 to 9999.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedCredential {
    /// The issuer: `iss`, or the DID in `kid` when there is no `iss`.
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
    /// In which of their arrays elements stay hidden.
    pub gaps: Gaps,
    /// When it was issued (`iat`).
    pub issued_at: Option<i64>,
    /// The first second of its validity (`nbf`).
    pub valid_from: Option<i64>,
    /// The first second after its validity (`exp`).
    pub valid_until: Option<i64>,
    /// The key it is bound to (`cnf`).
    pub holder_key: Option<HolderKey>,
    /// The reference to its status, as received (`status`, draft-ietf-oauth-status-list §6.1).
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
            gaps: self.gaps.clone(),
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
}

impl VerifiedCredential {
    /// The claims at the paths `asked`, with everything inside of them, and no others: an object.
    pub fn only(&self, asked: &[ClaimPath]) -> Value {
        let paths: Vec<&[PathStep]> = asked.iter().map(|path| path.0.as_slice()).collect();
        if paths.is_empty() { Value::Object(Map::new()) } else { only(&self.claims, &paths) }
    }

    /// The claims that could not be withheld: an object.
    pub fn always_visible(&self) -> Value {
        let hidden = self.disclosed.iter().filter_map(|path| self.gaps.shown(path)).collect::<Vec<_>>();
        without(&self.claims, &mut ClaimPath(Vec::new()), &hidden)
    }

    /// The claims that were shown although they could have been withheld, where they stand in
    /// [`claims`](Self::claims), beyond those at `asked`: neither one of these, nor inside of one, nor around one.
    pub fn beyond(&self, asked: &[ClaimPath]) -> Vec<ClaimPath> {
        let shown = self.disclosed.iter().filter_map(|path| self.gaps.shown(path));
        let needed =
            |path: &ClaimPath| asked.iter().any(|asked| asked.0.starts_with(&path.0) || path.0.starts_with(&asked.0));
        shown.filter(|path| !needed(path)).collect()
    }

    /// Whether it is valid at `now`, in seconds since 1970-01-01T00:00:00Z. A holder keeps what is
    /// [not yet valid](TimeError::NotYetValid) until it is.
    pub fn check_time(&self, now: i64) -> Result<(), TimeError> {
        let Self { issued_at, valid_from, valid_until, .. } = *self;
        Times { issued_at, valid_from, valid_until }.check(now)
    }
}

/// The part of a value at these paths below it. A path that ends here means all of it.
fn only(value: &Value, paths: &[&[PathStep]]) -> Value {
    if paths.iter().any(|path| path.is_empty()) {
        return value.clone();
    }
    let below = |step: &PathStep| -> Vec<&[PathStep]> {
        let led = paths.iter().filter_map(|path| path.split_first());
        led.filter(|(first, _)| *first == step).map(|(_, rest)| rest).collect()
    };
    let kept = |step: PathStep, value: &Value| {
        let below = below(&step);
        (!below.is_empty()).then(|| only(value, &below))
    };
    match value {
        Value::Object(members) => {
            let kept =
                |(name, value): (&String, &Value)| Some((name.clone(), kept(PathStep::Name(name.clone()), value)?));
            members.iter().filter_map(kept).collect()
        }
        Value::Array(elements) => {
            let kept = |(index, value)| kept(PathStep::Index(index), value);
            elements.iter().enumerate().filter_map(kept).collect()
        }
        other => other.clone(),
    }
}

/// A value without its parts at these paths of the claims; `at` is its own path.
fn without(value: &Value, at: &mut ClaimPath, hidden: &[ClaimPath]) -> Value {
    let mut kept = |step: PathStep, value: &Value| {
        at.0.push(step);
        let kept = (!hidden.contains(at)).then(|| without(value, at, hidden));
        at.0.pop();
        kept
    };
    match value {
        Value::Object(members) => {
            let kept =
                |(name, value): (&String, &Value)| Some((name.clone(), kept(PathStep::Name(name.clone()), value)?));
            members.iter().filter_map(kept).collect()
        }
        Value::Array(elements) => {
            let kept = |(index, value)| kept(PathStep::Index(index), value);
            elements.iter().enumerate().filter_map(kept).collect()
        }
        other => other.clone(),
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
