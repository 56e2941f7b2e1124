//! The Token Endpoint (§6), in the Pre-Authorized Code Flow.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::AuthorizationDetails;
use crate::lenient;

/// A Token Request: §6.1. It travels as a form (RFC 6749 §4.1.3).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// [`Grants::PRE_AUTHORIZED_CODE`](super::Grants::PRE_AUTHORIZED_CODE).
    pub grant_type: String,
    /// The code of the offer.
    #[serde(rename = "pre-authorized_code")]
    pub pre_authorized_code: String,
    /// The transaction code that the holder typed: required exactly when the offer has a `tx_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tx_code: Option<String>,
}

/// A Token Response: §6.2, RFC 6749 §5.1.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// The access token, for the Credential Endpoint.
    pub access_token: String,
    /// `Bearer`, in any case (RFC 6749 §7.1).
    pub token_type: String,
    /// For how many seconds it is valid.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
    /// The credentials that the token is for, when the issuer identifies them one by one.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub authorization_details: Vec<AuthorizationDetails>,
}

impl TokenRequest {
    /// A request in the Pre-Authorized Code Flow.
    pub fn pre_authorized(code: impl Into<String>, tx_code: Option<String>) -> Self {
        let grant_type = super::Grants::PRE_AUTHORIZED_CODE.to_owned();
        Self { grant_type, pre_authorized_code: code.into(), tx_code }
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").field("grant_type", &self.grant_type).finish_non_exhaustive()
    }
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenResponse")
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}
