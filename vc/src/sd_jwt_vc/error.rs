//! Errors of a credential, in words that say what to do.

use super::{ClaimPath, MAX_BYTES};
use crate::issuer::IssuerError;
use crate::jws::{TimeError, of_type, signed_with};
use crate::words::quoted;

/// Why a text is not a credential that can be read. What to do about it depends on where it came from:
/// [`with_advice`](Self::with_advice) is for a person who imports it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Longer than [`MAX_BYTES`].
    #[error("the credential is {0} bytes long; at most {MAX_BYTES} are accepted")]
    TooLarge(usize),
    /// More values, or a longer claim name, than any credential needs.
    #[error("the credential has {0}")]
    Excessive(&'static str),
    /// Not of the form `header.payload.signature~disclosure~…~` (RFC 9901 §4).
    #[error("this is no SD-JWT: {0}")]
    Form(&'static str),
    /// A credential of the W3C's data model, which is no SD-JWT VC.
    #[error(
        "this is a W3C verifiable credential (VCDM), which this wallet does not read yet; it reads SD-JWT VCs (dc+sd-jwt)"
    )]
    DataModel,
    /// It ends with a key binding JWT (RFC 9901 §4.3).
    #[error("this is a presentation made for one verifier, not a credential")]
    KeyBinding,
    /// The JOSE header does not hold what RFC 7515 §4 asks for.
    #[error("the header of the credential is malformed: {0}")]
    Header(String),
    /// `typ` is neither `dc+sd-jwt` nor `vc+sd-jwt`.
    #[error("the credential cannot be read: {}; only SD-JWT VCs (dc+sd-jwt) are supported", of_type(.0))]
    Type(String),
    /// `alg` is not `ES256`; `none` is among what is refused.
    #[error("the signature of the credential cannot be checked: {}; only ES256 is supported", signed_with(.0))]
    Algorithm(String),
    /// `crit` is present (RFC 7515 §4.1.11), and no extension is supported.
    #[error("the credential needs an extension of JWS (`crit`) that is not supported")]
    Critical,
    /// The payload is no JSON object, or `_sd` is no list of strings.
    #[error("the payload of the credential is malformed: {0}")]
    Payload(String),
    /// A claim is missing or has the wrong form.
    #[error("the claim `{name}` must be {expected}")]
    Claim {
        /// The claim.
        name: &'static str,
        /// The required form.
        expected: &'static str,
    },
    /// `iat`, `nbf` or `exp` is no time.
    #[error("the credential {0}")]
    Time(#[from] TimeError),
    /// `cnf` names the holder's key in no way that is known (RFC 7800 §3.2, §3.4).
    #[error("the credential is bound to a holder in a way that is not supported: {0}")]
    HolderKey(String),
    /// `_sd_alg` is not `sha-256`, `sha-384` or `sha-512` (RFC 9901 §4.1.1).
    #[error("the credential hides its claims with {}; only sha-256, sha-384 and sha-512 are supported", quoted(.0))]
    HashAlgorithm(String),
    /// Not base64url of `[salt, name, value]` or `[salt, value]` (RFC 9901 §4.2).
    #[error("a disclosure of the credential is malformed: the credential is damaged")]
    Disclosure,
    /// The same disclosure twice.
    #[error("a disclosure occurs twice: the credential was put together wrongly")]
    DisclosureTwice,
    /// No digest belongs to a disclosure (RFC 9901 §7.1, step 5), as when a disclosure was changed.
    #[error("a disclosure does not belong to this credential: it was changed or added")]
    DisclosureUnreferenced,
    /// An array element's disclosure where an object member's belongs, or the reverse (RFC 9901 §7.1,
    /// step 3).
    #[error("a disclosure of the credential stands in the wrong place")]
    DisclosureMisplaced,
    /// The same digest twice (RFC 9901 §7.1, step 4).
    #[error("a digest of the credential occurs twice")]
    DigestTwice,
    /// A claim is called `_sd` or `...` (RFC 9901 §7.1, step 3).
    #[error("a claim has the reserved name `{0}`")]
    ReservedName(&'static str),
    /// A disclosed claim exists already in the same place (RFC 9901 §7.1, step 3).
    #[error("the claim {} is both disclosed and always visible", quoted(.0))]
    ClaimTwice(String),
    /// A disclosure holds, wholly or in part, a claim that must always be visible
    /// (draft-ietf-oauth-sd-jwt-vc §2.2.2.3).
    #[error("the claim `{0}` must be visible at all times, but is selectively disclosable")]
    NeverDisclosable(ClaimPath),
    /// Nested deeper than 64 objects and lists.
    #[error("the claims are nested too deeply: at most 64 levels are accepted")]
    TooDeep,
}

impl ImportError {
    /// The same, with advice for a person who imports the credential.
    pub fn with_advice(&self) -> String {
        let advice = match self {
            Self::TooLarge(_) | Self::TooDeep | Self::DataModel => return self.to_string(),
            Self::Form(_) => "paste the whole credential, from the first `eyJ` to the last `~`",
            Self::KeyBinding => "import the text that the issuer gave, which ends with `~`",
            Self::Excessive(_) => "ask the issuer for a smaller one",
            Self::Type(_) | Self::Algorithm(_) | Self::HashAlgorithm(_) | Self::HolderKey(_) => {
                "ask the issuer for a credential of the supported kind"
            }
            Self::Critical => "ask the issuer for one without",
            Self::Disclosure | Self::DisclosureTwice | Self::DisclosureUnreferenced => {
                "get the credential again from the issuer"
            }
            Self::Claim { .. } | Self::Time(_) | Self::NeverDisclosable(_) => "ask the issuer to correct it",
            Self::Header(_)
            | Self::Payload(_)
            | Self::DisclosureMisplaced
            | Self::DigestTwice
            | Self::ReservedName(_)
            | Self::ClaimTwice(_) => "ask the issuer to issue it anew",
        };
        format!("{self}; {advice}")
    }
}

/// Why a credential is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The issuer is not named in a way that leads to keys.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// The keys are another issuer's.
    #[error("the credential is by {expected}, but the keys are those of {found}")]
    KeysOfAnother {
        /// The issuer of the credential.
        expected: String,
        /// The issuer of the keys.
        found: String,
    },
    /// None of the issuer's keys made the signature.
    #[error(
        "no key that {issuer} publishes made this signature: the credential was changed, or the issuer has withdrawn its key"
    )]
    Signature {
        /// The issuer.
        issuer: String,
    },
    /// Its time has not come, or has passed.
    #[error("the credential {0}")]
    Time(#[from] TimeError),
}

/// Why a credential cannot be issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// A claim uses a name that this crate sets itself, or that SD-JWT reserves.
    #[error("the claims cannot be issued: {0}")]
    Claims(String),
    /// A path that leads to no claim.
    #[error("`{0}` cannot be made selectively disclosable: the credential has no such claim")]
    NoSuchClaim(ClaimPath),
    /// A claim that must be visible at all times (draft-ietf-oauth-sd-jwt-vc §2.2.2.3).
    #[error("`{0}` cannot be made selectively disclosable: it must be visible at all times")]
    NeverDisclosable(ClaimPath),
    /// Nested deeper than 64 objects and lists.
    #[error("the claims are nested too deeply: at most 64 levels can be issued")]
    TooDeep,
    /// The validity would end before it begins.
    #[error("the credential would never be valid: its end must be after its beginning and after its issuance")]
    NeverValid,
    /// Longer than [`MAX_BYTES`], or with more values or longer names than are read.
    #[error("the credential would be too large: {0}")]
    TooLarge(String),
    /// The credential that was about to be issued would not pass this crate's own import.
    #[error("the credential could not be read back: {0}")]
    Unreadable(ImportError),
}

impl From<ImportError> for IssueError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::TooLarge(bytes) => Self::TooLarge(format!("{bytes} bytes where at most {MAX_BYTES} are read")),
            ImportError::Excessive(what) => Self::TooLarge(what.to_owned()),
            ImportError::TooDeep => Self::TooDeep,
            other => Self::Unreadable(other),
        }
    }
}
