//! Credential Issuer Metadata (§12.2) and Authorization Server Metadata (§12.3): how a holder finds
//! everything that an offer does not say.

use std::collections::BTreeMap;

use http::Uri;
use serde::{Deserialize, Serialize};

use crate::names::openid4vci::{BINDING_JWK, PROOF_TYPE_JWT};
use crate::names::{ALG_ES256, FORMAT_SD_JWT_VC, WELL_KNOWN_AUTHORIZATION_SERVER, WELL_KNOWN_CREDENTIAL_ISSUER};
use crate::sd_jwt_vc::PathStep;

/// Credential Issuer Metadata: §12.2.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerMetadata {
    /// The Credential Issuer Identifier (§12.2.1), equal to the one that the holder began with.
    pub credential_issuer: String,
    /// The authorization servers; the issuer itself when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_servers: Vec<String>,
    /// Where credentials are asked for: §8.
    pub credential_endpoint: String,
    /// Where nonces are had: §7. With one, every key proof must have a nonce.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce_endpoint: Option<String>,
    /// The issuer's name, in one language each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<IssuerDisplay>,
    /// What can be had, each under the name by which offers and requests mean it.
    pub credential_configurations_supported: BTreeMap<String, CredentialConfiguration>,
}

/// How an issuer is shown in one language: §12.2.4, `display`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerDisplay {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Its logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Image>,
}

/// One kind of credential: §12.2.4, `credential_configurations_supported`; Appendix A.3.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialConfiguration {
    /// The format: `dc+sd-jwt` in this profile (Appendix A.3.1). Others are read, so that one of them
    /// does not hide the rest.
    pub format: String,
    /// The type of an SD-JWT VC (Appendix A.3.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vct: Option<String>,
    /// With which algorithms the issuer signs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credential_signing_alg_values_supported: Vec<Algorithm>,
    /// To what the credential can be bound: `jwk`, `did:jwk` and so on. Empty when it is bound to no key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cryptographic_binding_methods_supported: Vec<String>,
    /// How the holder proves its key. Empty when it must prove none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub proof_types_supported: BTreeMap<String, ProofType>,
    /// How it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_metadata: Option<CredentialMetadata>,
}

/// The name of an algorithm: of JOSE, or the number of one of COSE in other formats (Appendix A.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Algorithm {
    /// Such as `ES256` (RFC 7518 §3.1).
    Jose(String),
    /// Such as -7.
    Cose(i64),
}

/// One type of key proof: §12.2.4, `proof_types_supported`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofType {
    /// With which algorithms it may be signed.
    pub proof_signing_alg_values_supported: Vec<Algorithm>,
    /// There when the key must be attested, which this profile does not (Appendix D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_attestations_required: Option<serde_json::Value>,
}

/// How a credential is shown: §12.2.4, `credential_metadata`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialMetadata {
    /// The credential, in one language each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<CredentialDisplay>,
    /// Its claims, in the order in which they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimDescription>,
}

/// How a credential is shown in one language: §12.2.4, `credential_metadata.display`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialDisplay {
    /// Its name.
    pub name: String,
    /// The language (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Image>,
    /// A colour of CSS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background_color: Option<String>,
    /// A colour of CSS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_color: Option<String>,
}

/// A picture by reference: §12.2.4, `logo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is; also `data:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// What it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
}

/// A claims description object: Appendix B.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimDescription {
    /// A claims path pointer (Appendix C), in which nothing (`null`) stands for all elements of an array.
    pub path: Vec<Option<PathStep>>,
    /// Whether the issuer always includes it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub mandatory: bool,
    /// Its name, in one language each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<ClaimDisplay>,
}

/// How a claim is shown in one language: Appendix B.2, `display`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimDisplay {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// OAuth 2.0 Authorization Server Metadata: §12.3, RFC 8414 §2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationServerMetadata {
    /// The server's identifier, equal to the one that the holder began with.
    pub issuer: String,
    /// Where codes become tokens: §6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// Required by RFC 8414 of servers with an authorization endpoint; written always, because clients ask for it.
    #[serde(default)]
    pub response_types_supported: Vec<String>,
    /// The grants that it knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grant_types_supported: Vec<String>,
    /// How clients prove themselves; `none` for those that do not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// The types of authorization details that it knows (RFC 9396 §10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types_supported: Vec<String>,
    /// Whether a code can be used without a `client_id`.
    #[serde(default, rename = "pre-authorized_grant_anonymous_access_supported")]
    pub pre_authorized_grant_anonymous_access_supported: bool,
}

/// Why metadata cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// Not an `http(s)` URL without query and fragment: §12.2.1, RFC 8414 §2.
    #[error("`{0}` is no URL of an issuer: it must be an https URL without query and fragment")]
    Identifier(String),
    /// Not JSON of the form of its section.
    #[error("the metadata of the issuer is malformed ({0})")]
    Malformed(String),
    /// Of another issuer than was asked for: §12.2.2, RFC 8414 §3.3.
    #[error("the metadata is of `{found}`, not of `{expected}`")]
    OfAnother {
        /// Who was asked.
        expected: String,
        /// Whose it is.
        found: String,
    },
}

/// Where the metadata of a credential issuer is: §12.2.2.
pub fn issuer_metadata_url(credential_issuer: &str) -> Result<String, MetadataError> {
    well_known(credential_issuer, WELL_KNOWN_CREDENTIAL_ISSUER)
}

/// Where the metadata of an authorization server is: RFC 8414 §3.1.
pub fn authorization_server_metadata_url(issuer: &str) -> Result<String, MetadataError> {
    well_known(issuer, WELL_KNOWN_AUTHORIZATION_SERVER)
}

impl IssuerMetadata {
    /// Reads what was fetched from [`issuer_metadata_url`].
    pub fn parse(json: &[u8], credential_issuer: &str) -> Result<Self, MetadataError> {
        let metadata: Self = parse(json)?;
        check_issuer(&metadata.credential_issuer, credential_issuer)?;
        Ok(metadata)
    }

    /// The authorization server of this profile: the one named first, or the issuer itself.
    pub fn authorization_server(&self) -> &str {
        self.authorization_servers.first().unwrap_or(&self.credential_issuer)
    }
}

impl AuthorizationServerMetadata {
    /// Reads what was fetched from [`authorization_server_metadata_url`].
    pub fn parse(json: &[u8], issuer: &str) -> Result<Self, MetadataError> {
        let metadata: Self = parse(json)?;
        check_issuer(&metadata.issuer, issuer)?;
        Ok(metadata)
    }
}

impl CredentialConfiguration {
    /// An SD-JWT VC of this type in the profile: signed with ES256, bound to a key that the holder
    /// proves with a JWT.
    pub fn sd_jwt_vc(vct: impl Into<String>, binding_methods: &[&str]) -> Self {
        let es256 = || vec![Algorithm::Jose(ALG_ES256.to_owned())];
        let proof = ProofType { proof_signing_alg_values_supported: es256(), key_attestations_required: None };
        Self {
            format: FORMAT_SD_JWT_VC.to_owned(),
            vct: Some(vct.into()),
            credential_signing_alg_values_supported: es256(),
            cryptographic_binding_methods_supported: binding_methods.iter().map(|&method| method.to_owned()).collect(),
            proof_types_supported: BTreeMap::from([(PROOF_TYPE_JWT.to_owned(), proof)]),
            credential_metadata: None,
        }
    }

    /// Whether the holder must prove a key, and can with an ES256 JWT by a key that travels in it or
    /// by a did:jwk: nothing when it must prove none.
    pub fn asks_for_jwt_proof(&self) -> Option<bool> {
        if self.proof_types_supported.is_empty() {
            return None;
        }
        let es256 = |proof: &ProofType| {
            let jose = |algorithm: &Algorithm| matches!(algorithm, Algorithm::Jose(name) if name == ALG_ES256);
            proof.key_attestations_required.is_none() && proof.proof_signing_alg_values_supported.iter().any(jose)
        };
        Some(self.proof_types_supported.get(PROOF_TYPE_JWT).is_some_and(es256))
    }

    /// Whether it can be bound to a key that travels in the proof itself.
    pub fn binds_jwk(&self) -> bool {
        self.cryptographic_binding_methods_supported.iter().any(|method| method == BINDING_JWK)
    }
}

fn parse<T: serde::de::DeserializeOwned>(json: &[u8]) -> Result<T, MetadataError> {
    serde_json::from_slice(json).map_err(|error| MetadataError::Malformed(error.to_string()))
}

fn check_issuer(found: &str, expected: &str) -> Result<(), MetadataError> {
    if found == expected {
        return Ok(());
    }
    Err(MetadataError::OfAnother { expected: expected.to_owned(), found: found.chars().take(200).collect() })
}

/// The well-known path stands between the host and the issuer's own path.
fn well_known(issuer: &str, path: &str) -> Result<String, MetadataError> {
    let refused = || MetadataError::Identifier(issuer.chars().take(200).collect());
    let uri: Uri = issuer.parse().map_err(|_| refused())?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(refused)?;
    let scheme = uri.scheme_str().filter(|scheme| ["https", "http"].contains(scheme)).ok_or_else(refused)?;
    if uri.query().is_some() || issuer.contains('#') {
        return Err(refused());
    }
    Ok(format!("{scheme}://{authority}{path}{}", uri.path().trim_end_matches('/')))
}
