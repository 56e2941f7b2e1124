//! The Nonce Endpoint (§7) and the Credential Endpoint (§8).

use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CredentialErrorCode;
use crate::lenient;
use crate::names::openid4vci::PROOF_TYPE_JWT;

/// The longest Credential Request that is read, in bytes.
pub const MAX_REQUEST_BYTES: usize = 64 * 1024;

/// A Nonce Response: §7.2. The request has neither body nor token (§7.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonceResponse {
    /// The nonce that the key proof must repeat.
    pub c_nonce: String,
}

/// A Credential Request: §8.2. It names the credential in one of two ways.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CredentialRequest {
    /// An identifier of the Token Response, when it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_identifier: Option<String>,
    /// A name out of `credential_configurations_supported`, when the Token Response gave no identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_configuration_id: Option<String>,
    /// Proofs that the holder has the keys to which the credentials are to be bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proofs: Option<Proofs>,
    /// How to encrypt the answer, which this profile does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_response_encryption: Option<Value>,
}

/// The proofs of a request, all of one type, each for one key: §8.2, `proofs`; Appendix F.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Proofs(serde_json::Map<String, Value>);

/// A Credential Response that holds the credentials: §8.3. In the deferred form there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CredentialResponse {
    /// One credential for each key that the request proved, or fewer.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<IssuedCredential>,
    /// The transaction of a credential that is not ready yet: §9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// After how many seconds it can be asked for again.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub interval: Option<u64>,
}

/// A Deferred Credential Request: §9.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferredCredentialRequest {
    /// The transaction of the Credential Response.
    pub transaction_id: String,
}

/// One credential: §8.3, `credentials`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct IssuedCredential {
    /// Of an SD-JWT VC its compact form (Appendix A.3.4).
    pub credential: Value,
}

impl CredentialRequest {
    /// Reads a request, as strictly as §8.3.1.2 tells errors apart.
    pub fn parse(json: &[u8]) -> Result<Self, CredentialErrorCode> {
        // serde would take an array for a struct, member by member.
        if json.len() > MAX_REQUEST_BYTES || !json.trim_ascii_start().starts_with(b"{") {
            return Err(CredentialErrorCode::InvalidCredentialRequest);
        }
        serde_json::from_slice(json).map_err(|_| CredentialErrorCode::InvalidCredentialRequest)
    }
}

impl Proofs {
    /// Proofs of the type `jwt`: Appendix F.1.
    pub fn jwt(proofs: impl IntoIterator<Item = String>) -> Self {
        let proofs = proofs.into_iter().map(Value::String).collect();
        Self([(PROOF_TYPE_JWT.to_owned(), proofs)].into_iter().collect())
    }

    /// The proofs, when they are of the type `jwt` and of no other beside it.
    pub fn as_jwt(&self) -> Option<Vec<&str>> {
        let proofs = self.0.get(PROOF_TYPE_JWT).filter(|_| self.0.len() == 1)?;
        let proofs: Option<Vec<&str>> = proofs.as_array()?.iter().map(Value::as_str).collect();
        proofs.filter(|proofs| !proofs.is_empty())
    }
}

impl CredentialResponse {
    /// The answer with one SD-JWT VC.
    pub fn of(compact: impl Into<String>) -> Self {
        let credential = IssuedCredential { credential: Value::String(compact.into()) };
        Self { credentials: vec![credential], transaction_id: None, interval: None }
    }
}

/// Credentials are personal.
impl fmt::Debug for IssuedCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IssuedCredential")
    }
}
