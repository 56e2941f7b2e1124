//! Parsing a credential before it is verified: everything that can be checked without the issuer's keys.

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_kit::jose::Jwk;
use identity_kit::sd_jwt_vc::{HashAlgorithm, Processed, SdJwt, SdJwtError};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{ClaimPath, Gaps, ImportError};
use crate::did::{Did, key_of_did_jwk};
use crate::issuer::{IssuerError, IssuerKeys, issuer_keys};
use crate::jws::{Times, shown_parameter};
use crate::names::{
    ALG_ES256, NEVER_DISCLOSABLE, TYP_SD_JWT_VC, TYP_SD_JWT_VC_LEGACY, claim, did_method, header as parameter,
};
use crate::words::fault;

/// The longest credential that is issued and read, in bytes: one with a photo of some hundred KB in it.
pub const MAX_BYTES: usize = 768 * 1024;

/// How many values a credential may have, hidden or not, and how long a claim name may be in bytes.
/// Processing spends the length of its path on every value; without these limits a credential of
/// [`MAX_BYTES`] could be made to take seconds.
pub(super) const MAX_VALUES: usize = 10_000;
pub(super) const MAX_NAME_BYTES: usize = 256;

/// The longest type (`vct`), in bytes. It is listed, searched and written into logs, so it is bounded more
/// tightly than the claims beside it.
pub(super) const MAX_VCT_BYTES: usize = 2048;

/// A well-formed credential, not verified yet.
#[derive(Clone)]
pub struct ParsedCredential {
    pub(super) compact: String,
    /// How much of `compact` the signature covers, in bytes.
    pub(super) signed_bytes: usize,
    pub(super) signature: Vec<u8>,
    pub(super) kid: Option<String>,
    pub(super) iss: Option<String>,
    pub(super) vct: String,
    pub(super) times: Times,
    pub(super) holder_key: Option<HolderKey>,
    pub(super) status: Option<Value>,
    pub(super) claims: Map<String, Value>,
    pub(super) disclosed: Vec<ClaimPath>,
    pub(super) gaps: Gaps,
    /// That of its digests (`_sd_alg`).
    pub(super) hash: HashAlgorithm,
}

/// The key that a credential is bound to (`cnf`, RFC 7800 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolderKey {
    /// A key by value (`cnf.jwk`, or a did:jwk as `cnf.kid`): its RFC 7638 thumbprint, whatever its kind.
    Thumbprint(String),
    /// A key by name (`cnf.kid`), such as a DID URL.
    KeyId(String),
}

impl HolderKey {
    /// The key that a `cnf` claim names.
    pub fn of(cnf: &Value) -> Result<Self, ImportError> {
        holder_key(cnf)
    }
}

impl ParsedCredential {
    /// Reads a credential in compact form as its issuer gave it, all disclosures included. White space
    /// around it is ignored.
    pub fn parse(text: &str) -> Result<Self, ImportError> {
        let text = text.trim();
        if text.len() > MAX_BYTES {
            return Err(ImportError::TooLarge(text.len()));
        }
        Self::read(text).map_err(|error| if is_of_another_data_model(text) { ImportError::DataModel } else { error })
    }

    fn read(text: &str) -> Result<Self, ImportError> {
        let jws = Jws::parse(issuer_signed_jwt(text)?)?;
        let sd_jwt = SdJwt::parse(text).map_err(refused)?;
        refuse_excess(&sd_jwt)?;
        let processed = sd_jwt.process().map_err(refused)?;
        let disclosed = disclosed_paths(&processed)?;
        let gaps = Gaps::in_issued(processed.as_issued());
        let claims = processed.payload;
        refuse_reserved_names(&claims)?;
        Ok(Self {
            signed_bytes: jws.signed_bytes,
            signature: jws.signature,
            kid: jws.kid,
            iss: text_claim(&claims, claim::ISS)?,
            vct: text_claim(&claims, claim::VCT)?.filter(|vct| is_type(vct)).ok_or(ImportError::Claim {
                name: claim::VCT,
                expected: "the type of the credential, as text of at most 2,048 bytes without control characters",
            })?,
            times: Times::of(&claims)?,
            holder_key: claims.get(claim::CNF).map(holder_key).transpose()?,
            status: match claims.get(claim::STATUS) {
                None | Some(Value::Object(_)) => claims.get(claim::STATUS).cloned(),
                Some(_) => return Err(ImportError::Claim { name: claim::STATUS, expected: "an object" }),
            },
            hash: sd_jwt.hash_algorithm().map_err(refused)?,
            compact: text.to_owned(),
            claims,
            disclosed,
            gaps,
        })
    }

    /// Where the keys are that must have signed it.
    pub fn issuer(&self) -> Result<IssuerKeys, IssuerError> {
        issuer_keys(self.iss.as_deref(), self.kid.as_deref())
    }

    /// The key that it says it is bound to (`cnf`).
    pub fn holder_key(&self) -> Option<&HolderKey> {
        self.holder_key.as_ref()
    }

    /// The type that the credential claims to be of (`vct`).
    pub fn vct(&self) -> &str {
        &self.vct
    }
}

/// Claims are personal; a log is not the place for them.
impl fmt::Debug for ParsedCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedCredential").field("iss", &self.iss).field("vct", &self.vct).finish_non_exhaustive()
    }
}

/// Whether what could not be read is of the W3C's data model (VCDM): its credentials and presentations come as JSON, as
/// JWTs and as SD-JWTs too. What they lack would otherwise be told, and not what they are.
fn is_of_another_data_model(text: &str) -> bool {
    let payload = text.split('~').next().and_then(|jwt| jwt.split('.').nth(1));
    let decoded = payload.and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let json = if text.starts_with('{') { Some(text.as_bytes()) } else { decoded.as_deref() };
    let Some(Value::Object(claims)) = json.and_then(|json| serde_json::from_slice(json).ok()) else { return false };
    !claims.contains_key(claim::VCT) && ["@context", "vc", "vp"].iter().any(|name| claims.contains_key(*name))
}

/// The part in front of the disclosures, of a text that ends as an SD-JWT without key binding must.
fn issuer_signed_jwt(text: &str) -> Result<&str, ImportError> {
    let (jwt, _) = text.split_once('~').ok_or(ImportError::Form("it has no `~`"))?;
    match text.rsplit_once('~') {
        Some((_, "")) => Ok(jwt),
        Some((_, last)) if last.split('.').count() == 3 => Err(ImportError::KeyBinding),
        _ => Err(ImportError::Form("it does not end with `~`")),
    }
}

/// The parts of the issuer-signed JWT beside its payload.
struct Jws {
    signed_bytes: usize,
    signature: Vec<u8>,
    kid: Option<String>,
}

impl Jws {
    /// RFC 7515 §3.1, §5.2 steps 1 to 7, narrowed to the profile.
    fn parse(jwt: &str) -> Result<Self, ImportError> {
        let parts: Vec<&str> = jwt.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else {
            return Err(ImportError::Form("its JWT does not have three parts"));
        };
        let decode = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| ImportError::Form("its JWT is not base64url"));
        let (header, signature) = (decode(*header)?, decode(*signature)?);
        decode(*payload)?;
        let header: Map<String, Value> =
            serde_json::from_slice(&header).map_err(|error| ImportError::Header(fault(&error)))?;
        let text = |name| header.get(name).and_then(Value::as_str);
        let shown = |name| shown_parameter(&header, name);
        if text(parameter::ALG) != Some(ALG_ES256) {
            return Err(ImportError::Algorithm(shown(parameter::ALG)));
        }
        if !matches!(text(parameter::TYP), Some(TYP_SD_JWT_VC | TYP_SD_JWT_VC_LEGACY)) {
            return Err(ImportError::Type(shown(parameter::TYP)));
        }
        if header.contains_key(parameter::CRIT) {
            return Err(ImportError::Critical);
        }
        if header.contains_key(parameter::KID) && text(parameter::KID).is_none() {
            return Err(ImportError::Header("`kid` is not text".to_owned()));
        }
        // After the algorithm, whose signatures have this length: another one's are not of a wrong length.
        if signature.len() != 64 {
            return Err(ImportError::Form("its signature is not 64 bytes long"));
        }
        Ok(Self {
            signed_bytes: jwt.rfind('.').unwrap_or_default(),
            signature,
            kid: text(parameter::KID).map(str::to_owned),
        })
    }
}

fn refuse_excess(sd_jwt: &SdJwt) -> Result<(), ImportError> {
    fn walk(value: &Value, left: &mut usize) -> Result<(), ImportError> {
        *left = left.checked_sub(1).ok_or(ImportError::Excessive("more than 10,000 values"))?;
        match value {
            Value::Object(members) => members.iter().try_for_each(|(name, value)| {
                refuse_long(name)?;
                walk(value, left)
            }),
            Value::Array(elements) => elements.iter().try_for_each(|element| walk(element, left)),
            _ => Ok(()),
        }
    }
    let mut left = MAX_VALUES;
    walk(&Value::Object(sd_jwt.payload().map_err(refused)?), &mut left)?;
    sd_jwt.disclosures().iter().try_for_each(|disclosure| {
        refuse_long(disclosure.name().unwrap_or_default())?;
        walk(disclosure.value(), &mut left)
    })
}

fn refuse_long(name: &str) -> Result<(), ImportError> {
    if name.len() > MAX_NAME_BYTES {
        return Err(ImportError::Excessive("a claim name longer than 256 bytes"));
    }
    Ok(())
}

fn is_type(vct: &str) -> bool {
    (1..=MAX_VCT_BYTES).contains(&vct.len()) && !vct.contains(char::is_control)
}

fn disclosed_paths(processed: &Processed) -> Result<Vec<ClaimPath>, ImportError> {
    let paths: Vec<_> = processed.disclosed_paths().map(ClaimPath::of).collect();
    let forbidden = |path: &&ClaimPath| path.top_level().is_some_and(|name| NEVER_DISCLOSABLE.contains(&name));
    match paths.iter().find(forbidden) {
        Some(path) => Err(ImportError::NeverDisclosable(path.clone())),
        None => Ok(paths),
    }
}

/// RFC 9901 §4.1: `_sd` and `...` convey digests and nothing else. What conveyed digests is gone from
/// processed claims, so what is left under these names is misuse.
fn refuse_reserved_names(claims: &Map<String, Value>) -> Result<(), ImportError> {
    fn in_value(value: &Value) -> Result<(), ImportError> {
        match value {
            Value::Object(members) => refuse_reserved_names(members),
            Value::Array(elements) => elements.iter().try_for_each(in_value),
            _ => Ok(()),
        }
    }
    if let Some(name) = [claim::SD, claim::ELLIPSIS].into_iter().find(|name| claims.contains_key(*name)) {
        return Err(ImportError::ReservedName(name));
    }
    claims.values().try_for_each(in_value)
}

fn text_claim(claims: &Map<String, Value>, name: &'static str) -> Result<Option<String>, ImportError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ImportError::Claim { name, expected: "text" }),
    }
}

fn holder_key(cnf: &Value) -> Result<HolderKey, ImportError> {
    let refused = |reason: &dyn fmt::Display| ImportError::HolderKey(reason.to_string());
    if let Some(jwk) = cnf.get(claim::JWK) {
        let no_key = || refused(&"`jwk` is no public key in the form of a JWK");
        let jwk = Jwk::deserialize(jwk).map_err(|_| no_key())?;
        if jwk.is_private() {
            return Err(refused(&"`jwk` holds the secret of the key"));
        }
        return jwk.thumbprint_sha256().map(HolderKey::Thumbprint).map_err(|_| no_key());
    }
    let kid = cnf.get(claim::KID).and_then(Value::as_str).ok_or_else(|| refused(&"neither `jwk` nor `kid`"))?;
    match Did::of_url(kid) {
        Ok(did) if did.method() == did_method::JWK => {
            let key = key_of_did_jwk(&did).map_err(|error| refused(&error))?;
            Ok(HolderKey::Thumbprint(key.thumbprint()))
        }
        _ => Ok(HolderKey::KeyId(kid.to_owned())),
    }
}

/// identity-kit's refusal in our words.
pub(super) fn refused(error: SdJwtError) -> ImportError {
    match error {
        SdJwtError::Format(_) => ImportError::Form("it has an empty disclosure"),
        SdJwtError::InvalidDisclosure { .. } => ImportError::Disclosure,
        SdJwtError::DuplicateDisclosure(_) => ImportError::DisclosureTwice,
        SdJwtError::Payload { .. } => ImportError::Payload("it is not a JSON object as SD-JWT has it".to_owned()),
        SdJwtError::UnsupportedHashAlgorithm(name) => ImportError::HashAlgorithm(name),
        SdJwtError::DuplicateDigest(_) => ImportError::DigestTwice,
        SdJwtError::UnusedDisclosure(_) => ImportError::DisclosureUnreferenced,
        SdJwtError::WrongDisclosureKind { .. } => ImportError::DisclosureMisplaced,
        SdJwtError::ReservedClaimName(name) if name == claim::SD => ImportError::ReservedName(claim::SD),
        SdJwtError::ReservedClaimName(_) => ImportError::ReservedName(claim::ELLIPSIS),
        SdJwtError::DuplicateClaim { name, .. } => ImportError::ClaimTwice(name),
        SdJwtError::TooDeep { .. } => ImportError::TooDeep,
        _ => ImportError::Header("it is not of the form of an SD-JWT".to_owned()),
    }
}
