//! `authorization_details` (§5.1.1, §6.1.1, §6.2): for which credentials a holder asks for a token, and for which the
//! token is good.

use serde::{Deserialize, Serialize};

use crate::names::openid4vci::OPENID_CREDENTIAL;

/// The longest parameter that is read, in bytes, and the most details in it.
const MAX_BYTES: usize = 16 * 1024;
const MAX_DETAILS: usize = 32;

/// Which credentials the token is good for: §6.2, `authorization_details`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationDetails {
    /// `openid_credential`; others are not about credentials (RFC 9396 §2).
    #[serde(rename = "type")]
    pub kind: String,
    /// The configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_configuration_id: Option<String>,
    /// The names under which the credentials must be asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credential_identifiers: Vec<String>,
}

/// Why requested details are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationDetailsError {
    /// Not a JSON array of objects of the form of §5.1.1: RFC 9396 §5 refuses members that are not known.
    #[error("authorization_details must be a JSON array of objects with type and credential_configuration_id")]
    Malformed,
    /// Another `type` than `openid_credential`.
    #[error("the type of authorization_details must be openid_credential")]
    Kind,
    /// `locations` names other servers than the Credential Issuer.
    #[error("the locations of authorization_details must name the Credential Issuer Identifier {0}")]
    Locations(String),
}

/// One object of a request: §5.1.1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Requested {
    #[serde(rename = "type")]
    _kind: String,
    credential_configuration_id: String,
    /// RFC 9396 §2.2.
    locations: Option<Vec<String>>,
    /// The claims that the holder would like in the credential: §5.1.1. An issuer may ignore them.
    #[serde(rename = "claims")]
    _claims: Option<Vec<serde_json::Map<String, serde_json::Value>>>,
}

/// The credential configurations that a request to `credential_issuer` asks for, each once and at least one.
pub fn requested_configurations(json: &str, credential_issuer: &str) -> Result<Vec<String>, AuthorizationDetailsError> {
    let malformed = AuthorizationDetailsError::Malformed;
    if json.len() > MAX_BYTES {
        return Err(malformed);
    }
    let details: Vec<serde_json::Value> = serde_json::from_str(json).map_err(|_| malformed.clone())?;
    if details.is_empty() || details.len() > MAX_DETAILS {
        return Err(malformed);
    }
    let mut configurations = Vec::with_capacity(details.len());
    for detail in details {
        // The type says which other members there may be.
        if detail.get("type").and_then(serde_json::Value::as_str).is_some_and(|kind| kind != OPENID_CREDENTIAL) {
            return Err(AuthorizationDetailsError::Kind);
        }
        // serde would take an array for a struct, member by member.
        let detail = Some(detail).filter(serde_json::Value::is_object).ok_or_else(|| malformed.clone())?;
        let requested: Requested = serde_json::from_value(detail).map_err(|_| malformed.clone())?;
        if requested.locations.is_some_and(|locations| !locations.iter().any(|found| found == credential_issuer)) {
            return Err(AuthorizationDetailsError::Locations(credential_issuer.to_owned()));
        }
        if !configurations.contains(&requested.credential_configuration_id) {
            configurations.push(requested.credential_configuration_id);
        }
    }
    Ok(configurations)
}

impl AuthorizationDetails {
    /// The details of a Token Response for one credential of a configuration.
    pub fn identified(configuration: impl Into<String>, identifier: impl Into<String>) -> Self {
        Self {
            kind: OPENID_CREDENTIAL.to_owned(),
            credential_configuration_id: Some(configuration.into()),
            credential_identifiers: vec![identifier.into()],
        }
    }
}
