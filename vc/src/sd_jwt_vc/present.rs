//! Showing a credential to one verifier: only the claims that it asked for, bound to its request by the
//! holder's key.

use std::collections::BTreeSet;

use identity_kit::sd_jwt_vc::{Processed, SdJwt};
use serde_json::{Map, Value, json};

use super::gaps::is_withheld;
use super::{ClaimPath, HolderKey, ImportError, ParsedCredential, PathStep};
use crate::jws;
use crate::keys::SigningKey;
use crate::names::{TYP_KEY_BINDING_JWT, claim, key_binding};

/// Why a credential cannot be presented.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PresentError {
    /// It is no credential that this crate would have imported.
    #[error("the credential cannot be read: {0}")]
    Unreadable(#[from] ImportError),
    /// A path that leads to no claim, or to none in particular.
    #[error("the credential has no claim `{0}` to disclose")]
    NoSuchClaim(ClaimPath),
    /// It has no `cnf` (RFC 7800 §3.1), so no holder can prove possession.
    #[error("the credential is bound to no key: it can only be presented without key binding")]
    Unbound,
    /// `cnf` is another key.
    #[error("the credential is bound to another key than the one that was to sign its presentation")]
    AnotherKey,
}

/// The SD-JWT+KB (RFC 9901 §4) of a held credential for one verifier: with the disclosures that
/// [`disclose`] chooses, and a key binding JWT (§4.3) by `key` that names the verifier (`audience`),
/// its `nonce` and the time `now` in seconds since 1970-01-01T00:00:00Z.
///
/// A `cnf` that names its key by value must be `key`; one that names it by a DID URL is the caller's to
/// judge.
pub fn present(
    compact: &str,
    paths: &[ClaimPath],
    key: &SigningKey,
    audience: &str,
    nonce: &str,
    now: i64,
) -> Result<String, PresentError> {
    let credential = ParsedCredential::parse(compact)?;
    match &credential.holder_key {
        None => return Err(PresentError::Unbound),
        Some(HolderKey::Thumbprint(bound)) if *bound != key.public().thumbprint() => {
            return Err(PresentError::AnotherKey);
        }
        Some(HolderKey::Thumbprint(_) | HolderKey::KeyId(_)) => {}
    }
    let (mut presentation, sd_hash) = select(&credential, paths)?;
    let claims = [
        (claim::IAT, json!(now)),
        (key_binding::AUD, json!(audience)),
        (key_binding::NONCE, json!(nonce)),
        (key_binding::SD_HASH, json!(sd_hash)),
    ];
    let claims = claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    presentation.push_str(&jws::sign(key, TYP_KEY_BINDING_JWT, Map::new(), &claims));
    Ok(presentation)
}

/// The SD-JWT of a held credential with the disclosures that the claims at `paths` need and no others:
/// their own, those of the claims inside them, and those of the claims that they are inside of. Without
/// key binding (RFC 9901 §7.2), for a verifier that asks for none.
///
/// An index counts the elements that the credential shows, as in
/// [`VerifiedCredential::claims`](super::VerifiedCredential::claims).
pub fn disclose(compact: &str, paths: &[ClaimPath]) -> Result<String, PresentError> {
    Ok(select(&ParsedCredential::parse(compact)?, paths)?.0)
}

/// All that a verifier reads in what [`disclose`] makes: the claims that are asked for, and those that cannot be
/// withheld.
pub fn preview(compact: &str, paths: &[ClaimPath]) -> Result<Map<String, Value>, PresentError> {
    Ok(ParsedCredential::parse(&disclose(compact, paths)?)?.claims)
}

/// The SD-JWT with the chosen disclosures, and its `sd_hash` (RFC 9901 §4.3.1).
fn select(credential: &ParsedCredential, paths: &[ClaimPath]) -> Result<(String, String), PresentError> {
    let unreadable = |error| PresentError::Unreadable(super::parse::refused(error));
    let sd_jwt = SdJwt::parse(&credential.compact).map_err(unreadable)?;
    let processed = sd_jwt.process().map_err(unreadable)?;
    let asked = paths
        .iter()
        .map(|path| as_issued(&processed, path).ok_or_else(|| PresentError::NoSuchClaim(path.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    let needed: BTreeSet<usize> = processed
        .disclosed
        .iter()
        .filter(|claim| {
            let path = ClaimPath::of(&claim.path);
            asked.iter().any(|asked| asked.0.starts_with(&path.0) || path.0.starts_with(&asked.0))
        })
        .map(|claim| claim.disclosure)
        .collect();
    let disclosures = sd_jwt.disclosures().iter().enumerate().filter(|(index, _)| needed.contains(index));
    let chosen = SdJwt::new(sd_jwt.jwt().clone(), disclosures.map(|(_, disclosure)| disclosure.clone()).collect());
    let sd_hash = chosen.sd_hash(chosen.hash_algorithm().map_err(unreadable)?);
    Ok((chosen.to_string_without_key_binding(), sd_hash))
}

/// The same path with indices that count the elements as issued, among them those whose disclosure the
/// issuer kept to itself (and decoys, RFC 9901 §4.2.7). None when it leads to no claim.
fn as_issued(processed: &Processed, path: &ClaimPath) -> Option<ClaimPath> {
    let (PathStep::Name(first), rest) = path.0.split_first()? else { return None };
    let mut value = processed.as_issued().get(first)?;
    let mut steps = vec![PathStep::Name(first.clone())];
    for step in rest {
        let issued = match (step, value) {
            (PathStep::Name(name), Value::Object(members)) => {
                value = members.get(name)?;
                step.clone()
            }
            (PathStep::Index(index), Value::Array(elements)) => {
                let mut shown = elements.iter().enumerate().filter(|(_, element)| !is_withheld(element));
                let (position, element) = shown.nth(*index)?;
                value = element;
                PathStep::Index(position)
            }
            _ => return None,
        };
        steps.push(issued);
    }
    Some(ClaimPath(steps))
}
