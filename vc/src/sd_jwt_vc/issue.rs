//! Making a credential.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_kit::sd_jwt_vc::{SdJwtBuilder, SdJwtError};
use serde_json::{Map, Value, json};

use super::{ClaimPath, IssueError, ParsedCredential, PathStep};
use crate::jws;
use crate::keys::{PublicJwk, Randomness, SigningKey};
use crate::names::{NEVER_DISCLOSABLE, TYP_SD_JWT_VC, claim};

/// Length of a salt in bytes, before base64url (RFC 9901 §9.3 recommends 128 bits).
const SALT_BYTES: usize = 16;

/// The claims that a [`Draft`] has fields for.
const OWN: [&str; 7] = [claim::ISS, claim::VCT, claim::IAT, claim::NBF, claim::EXP, claim::CNF, claim::STATUS];

/// A credential to be issued. Times are seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// The issuer (`iss`): a DID or an `https` URL whose published keys hold the signing key.
    pub issuer: &'a str,
    /// The name of the signing key (`kid`): a DID URL when the issuer is a DID.
    pub kid: &'a str,
    /// The type of the credential.
    pub vct: &'a str,
    /// The claims beyond the fields of this type.
    pub claims: Map<String, Value>,
    /// The claims that the holder may keep to itself; also nested ones and array elements.
    pub selectively_disclosable: Vec<ClaimPath>,
    /// When it is issued (`iat`).
    pub issued_at: i64,
    /// The first second of its validity (`nbf`).
    pub valid_from: Option<i64>,
    /// The first second after its validity (`exp`).
    pub valid_until: Option<i64>,
    /// The holder's key (`cnf.jwk`). Its own `kid` is the DID URL under which the holder proved it, and becomes `cnf.kid`
    /// (RFC 7800 §3.4).
    pub holder_key: Option<PublicJwk>,
    /// The reference to its status (`status`).
    pub status: Option<Value>,
}

/// Signs `draft` with `key`: the credential in compact form, all disclosures included. `random` gives
/// the salts, 16 bytes for each selectively disclosable claim.
pub fn issue(draft: &Draft<'_>, key: &SigningKey, random: &mut Randomness<'_>) -> Result<String, IssueError> {
    let beginning = draft.issued_at.max(draft.valid_from.unwrap_or(draft.issued_at));
    if draft.valid_until.is_some_and(|end| end <= beginning) {
        return Err(IssueError::NeverValid);
    }
    if let Some(name) = OWN.into_iter().find(|name| draft.claims.contains_key(*name)) {
        return Err(IssueError::Claims(format!("`{name}` has a field of its own")));
    }
    refuse_reserved_names(&draft.claims)?;
    let encoded = builder(draft, random)?.encode().map_err(refused)?;

    let mut compact = jws::sign(key, TYP_SD_JWT_VC, jws::kid(draft.kid), &encoded.payload);
    compact.push('~');
    for disclosure in &encoded.disclosures {
        compact.push_str(disclosure.as_str());
        compact.push('~');
    }
    // Its limits and forms bind what is issued as well as what is imported.
    ParsedCredential::parse(&compact)?;
    Ok(compact)
}

/// Whether a claim cannot stand among those of a [`Draft`], which has a field for it or whose machinery has its name.
pub fn is_reserved(path: &ClaimPath) -> bool {
    let machinery = |name: &str| [claim::SD, claim::SD_ALG, claim::ELLIPSIS].contains(&name);
    let named = |step: &PathStep| matches!(step, PathStep::Name(name) if machinery(name));
    let own = |name: &str| OWN.contains(&name) || NEVER_DISCLOSABLE.contains(&name);
    path.top_level().is_none_or(own) || path.0.iter().any(named)
}

fn builder(draft: &Draft<'_>, random: &mut Randomness<'_>) -> Result<SdJwtBuilder, IssueError> {
    let mut hidden = draft.selectively_disclosable.clone();
    hidden.sort();
    hidden.dedup();
    let forbidden = |path: &&ClaimPath| path.top_level().is_none_or(|name| NEVER_DISCLOSABLE.contains(&name));
    if let Some(path) = hidden.iter().find(forbidden) {
        return Err(IssueError::NeverDisclosable(path.clone()));
    }
    // The builder keeps its source of salts, which ours cannot outlive, so they are drawn before: a
    // path without wildcards hides one claim, and a hidden claim takes one salt.
    let mut salt = [0; SALT_BYTES];
    let salts: Vec<String> = hidden
        .iter()
        .map(|_| {
            random(&mut salt);
            URL_SAFE_NO_PAD.encode(salt)
        })
        .collect();
    let mut salts = salts.into_iter();
    let builder = SdJwtBuilder::new(all_claims(draft)).with_salt_generator(move || salts.next().unwrap_or_default());
    Ok(hidden.iter().fold(builder, |builder, path| builder.conceal(path.to_theirs())))
}

fn all_claims(draft: &Draft<'_>) -> Map<String, Value> {
    let own = [
        (claim::ISS, Some(json!(draft.issuer))),
        (claim::VCT, Some(json!(draft.vct))),
        (claim::IAT, Some(json!(draft.issued_at))),
        (claim::NBF, draft.valid_from.map(|time| json!(time))),
        (claim::EXP, draft.valid_until.map(|time| json!(time))),
        (claim::CNF, draft.holder_key.as_ref().map(confirmation)),
        (claim::STATUS, draft.status.clone()),
    ];
    let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    own.chain(draft.claims.clone()).collect()
}

/// The key by value, with its name beside it (RFC 7800 §3.2, §3.4): a verifier that knows no DIDs needs the value.
fn confirmation(key: &PublicJwk) -> Value {
    let jwk = key.clone().without_kid();
    match key.kid() {
        Some(kid) => json!({ claim::JWK: jwk, claim::KID: kid }),
        None => json!({ claim::JWK: jwk }),
    }
}

/// RFC 9901 §4.1: `_sd`, `_sd_alg` and `...` are the machinery's, at every level.
fn refuse_reserved_names(claims: &Map<String, Value>) -> Result<(), IssueError> {
    fn in_value(value: &Value) -> Result<(), IssueError> {
        match value {
            Value::Object(members) => refuse_reserved_names(members),
            Value::Array(elements) => elements.iter().try_for_each(in_value),
            _ => Ok(()),
        }
    }
    if let Some(name) = [claim::SD, claim::SD_ALG, claim::ELLIPSIS].into_iter().find(|name| claims.contains_key(*name))
    {
        return Err(IssueError::Claims(format!("`{name}` is a reserved name")));
    }
    claims.values().try_for_each(in_value)
}

fn refused(error: SdJwtError) -> IssueError {
    match error {
        SdJwtError::NoSuchClaim(path) => IssueError::NoSuchClaim(ClaimPath::of(&path)),
        SdJwtError::TooDeep { .. } => IssueError::TooDeep,
        other => IssueError::Claims(other.to_string()),
    }
}
