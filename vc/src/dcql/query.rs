//! The query as OpenID4VP 1.0 defines it, type by type. What is absent in JSON and has a default has
//! it here. [`Query::parse`] makes it, and ignores properties that it does not know (§6).

use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use super::{ClaimsPathPointer, DcqlError};

/// §6: which credentials a verifier asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
#[non_exhaustive]
pub struct Query {
    /// The credentials, at least one, with ids that differ.
    pub credentials: Vec<CredentialQuery>,
    /// Which of them are wanted together; without it all of them are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_sets: Option<Vec<CredentialSetQuery>>,
}

/// §6.1: one credential that is asked for, or several where `multiple` allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CredentialQuery {
    /// The id that the answer uses.
    pub id: String,
    /// The format; credentials of this crate have [`FORMAT_SD_JWT_VC`](crate::names::FORMAT_SD_JWT_VC).
    pub format: String,
    /// Whether the answer may hold several; `false` unless it says so.
    pub multiple: bool,
    /// The constraints of the format.
    pub meta: Meta,
    /// Authorities one of which must stand behind the issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_authorities: Option<Vec<TrustedAuthoritiesQuery>>,
    /// Whether the holder must prove to have its key; `true` unless it says otherwise.
    pub require_cryptographic_holder_binding: bool,
    /// The claims; without it nothing that can be withheld is asked for (§6.4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<Vec<ClaimsQuery>>,
    /// Combinations of claims by their ids, the preferred first; one of them is asked for (§6.4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_sets: Option<Vec<Vec<String>>>,
}

/// `meta` of an SD-JWT VC (Appendix B.3.5). Those of other formats are not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Meta {
    /// The types one of which it must have; any type where `meta` is empty (§6.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vct_values: Option<Vec<String>>,
}

/// §6.1.1: authorities of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TrustedAuthoritiesQuery {
    /// The kind, such as `aki`, `etsi_tl` or `openid_federation`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The authorities; one is enough.
    pub values: Vec<String>,
}

/// §6.2: credentials that serve one purpose together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CredentialSetQuery {
    /// Ids of credential queries; all those of one option serve the purpose.
    pub options: Vec<Vec<String>>,
    /// Whether the purpose must be served; `true` unless it says otherwise.
    pub required: bool,
}

/// §6.3: one claim that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClaimsQuery {
    /// The id that `claim_sets` use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The path.
    pub path: ClaimsPathPointer,
    /// The values one of which it must have. A verifier must not rely on the holder for it (§6.4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<ClaimValue>>,
}

/// §6.3: a value that a claim is compared with, by type and value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ClaimValue {
    /// Text, compared exactly.
    Text(String),
    /// An integer.
    Integer(Number),
    /// True or false.
    Boolean(bool),
}

impl Query {
    /// The credential query with this id.
    pub fn credential(&self, id: &str) -> Option<&CredentialQuery> {
        self.credentials.iter().find(|credential| credential.id == id)
    }
}

impl ClaimValue {
    /// Whether a claim has this value.
    pub fn is(&self, claim: &Value) -> bool {
        match (self, claim) {
            (Self::Text(wanted), Value::String(found)) => wanted == found,
            (Self::Integer(wanted), Value::Number(found)) => {
                integer(wanted).is_some() && integer(wanted) == integer(found)
            }
            (Self::Boolean(wanted), Value::Bool(found)) => wanted == found,
            _ => false,
        }
    }
}

/// The integer that a JSON number is. `1.0` and `1` are the same number (RFC 8259 §6 knows one kind).
pub(super) fn integer(number: &Number) -> Option<i128> {
    /// The integers up to here are the ones that an IEEE 754 double tells apart.
    const EXACT: f64 = 9_007_199_254_740_991.0;
    if let Some(integer) = number.as_i128() {
        return Some(integer);
    }
    let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= EXACT)?;
    #[expect(clippy::cast_possible_truncation, reason = "it is an integer of at most 53 bits")]
    let integer = float as i128;
    Some(integer)
}

impl TryFrom<Value> for Query {
    type Error = DcqlError;

    fn try_from(json: Value) -> Result<Self, DcqlError> {
        Self::parse(&json)
    }
}

/// As JSON writes it, for people.
impl fmt::Display for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Integer(number) => number.fmt(f),
            Self::Boolean(boolean) => boolean.fmt(f),
        }
    }
}
