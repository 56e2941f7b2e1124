//! The verifier's metadata (§11).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::lenient;
use crate::names::{ALG_ES256, TYP_SD_JWT_VC};

/// `client_metadata` (§5.1, §11.1). Members that are not known are ignored.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClientMetadata {
    /// The verifier's name (RFC 7591 §2), which is not verified.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// The formats that it supports, with its requirements (§11.1).
    #[serde(default, deserialize_with = "lenient::members")]
    pub vp_formats_supported: BTreeMap<String, Value>,
}

impl ClientMetadata {
    /// Of a verifier in the profile, by this name: SD-JWT VC, signed with ES256 by issuer and holder (Appendix B.3.4).
    pub fn of(client_name: &str) -> Self {
        let algorithms = json!({"sd-jwt_alg_values": [ALG_ES256], "kb-jwt_alg_values": [ALG_ES256]});
        Self {
            client_name: Some(client_name.to_owned()),
            vp_formats_supported: BTreeMap::from([(TYP_SD_JWT_VC.to_owned(), algorithms)]),
        }
    }

    /// Whether an SD-JWT VC that is signed with ES256 by issuer and holder can be read; a list that is left out
    /// excludes nothing.
    pub fn reads_sd_jwt_vc(&self) -> bool {
        let Some(format) = self.vp_formats_supported.get(TYP_SD_JWT_VC) else { return false };
        ["sd-jwt_alg_values", "kb-jwt_alg_values"].into_iter().all(|name| {
            format.get(name).and_then(Value::as_array).is_none_or(|values| values.iter().any(|alg| alg == ALG_ES256))
        })
    }
}
