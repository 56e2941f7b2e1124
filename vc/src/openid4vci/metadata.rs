//! Credential Issuer Metadata (§12.2) and Authorization Server Metadata (§12.3): how a holder finds
//! everything that an offer does not say.

use std::collections::BTreeMap;

use http::Uri;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Obstacle;
use crate::lenient;
use crate::names::openid4vci::{
    BINDING_DID_JWK, BINDING_DID_WEB, BINDING_JWK, GRANT_PRE_AUTHORIZED_CODE, PROOF_TYPE_JWT,
};
use crate::names::{ALG_ES256, FORMAT_SD_JWT_VC, WELL_KNOWN_AUTHORIZATION_SERVER, WELL_KNOWN_CREDENTIAL_ISSUER};
use crate::sd_jwt_vc::PathStep;
use crate::words::{is_too_deep, quoted, says_of};

/// Credential Issuer Metadata: §12.2.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerMetadata {
    /// The Credential Issuer Identifier (§12.2.1), equal to the one that the holder began with.
    pub credential_issuer: String,
    /// The authorization servers; the issuer itself when there are none.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub authorization_servers: Vec<String>,
    /// Where credentials are asked for: §8.
    pub credential_endpoint: String,
    /// Where nonces are had: §7. With one, every key proof must have a nonce.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce_endpoint: Option<String>,
    /// Where credentials are asked for again that were not ready: §9.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub deferred_credential_endpoint: Option<String>,
    /// Whether and how requests are encrypted: §12.2.4, which this profile does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_request_encryption: Option<Value>,
    /// Whether and how answers are encrypted: §12.2.4, which this profile does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_response_encryption: Option<Value>,
    /// The issuer's name, in one language each.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<IssuerDisplay>,
    /// The credential configurations, by the identifier that offers and requests use.
    #[serde(deserialize_with = "configurations")]
    pub credential_configurations_supported: BTreeMap<String, CredentialConfiguration>,
}

/// How an issuer is shown in one language: §12.2.4, `display`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerDisplay {
    /// Its name.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language (BCP 47).
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Its logo.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub logo: Option<Image>,
}

/// One kind of credential: §12.2.4, `credential_configurations_supported`; Appendix A.3.2.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialConfiguration {
    /// The format: `dc+sd-jwt` in this profile (Appendix A.3.1). Others are read, so that one of them
    /// does not hide the rest.
    pub format: String,
    /// The type of an SD-JWT VC (Appendix A.3.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vct: Option<String>,
    /// With which algorithms the issuer signs.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub credential_signing_alg_values_supported: Vec<Algorithm>,
    /// The binding methods: `jwk`, `did:jwk` and so on. Empty when the credential is bound to no key.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub cryptographic_binding_methods_supported: Vec<String>,
    /// How the holder proves its key. Empty when it must prove none.
    #[serde(default, deserialize_with = "proof_types", skip_serializing_if = "BTreeMap::is_empty")]
    pub proof_types_supported: BTreeMap<String, ProofType>,
    /// How it is shown.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub credential_metadata: Option<CredentialMetadata>,
    /// The member because of which it cannot be read. The issuer's other configurations can all the same.
    #[serde(skip)]
    pub unreadable: Option<&'static str>,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofType {
    /// With which algorithms it may be signed.
    #[serde(default, deserialize_with = "lenient::list")]
    pub proof_signing_alg_values_supported: Vec<Algorithm>,
    /// There when the key must be attested, which this profile does not (Appendix D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_attestations_required: Option<serde_json::Value>,
}

/// How a credential is shown: §12.2.4, `credential_metadata`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialMetadata {
    /// The credential, in one language each.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<CredentialDisplay>,
    /// Its claims, in the order in which they are shown.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimDescription>,
}

/// How a credential is shown in one language: §12.2.4, `credential_metadata.display`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialDisplay {
    /// Its name.
    pub name: String,
    /// The language (BCP 47).
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// What it is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its logo.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub logo: Option<Image>,
    /// A colour of CSS.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub background_color: Option<String>,
    /// A colour of CSS.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub text_color: Option<String>,
}

/// A picture by reference: §12.2.4, `logo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is; also `data:`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// What it shows.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
}

/// A claims description object: Appendix B.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimDescription {
    /// A claims path pointer (Appendix C), in which nothing (`null`) stands for all elements of an array.
    pub path: Vec<Option<PathStep>>,
    /// Whether the issuer always includes it.
    #[serde(default, deserialize_with = "lenient::flag", skip_serializing_if = "core::ops::Not::not")]
    pub mandatory: bool,
    /// Its name, in one language each.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<ClaimDisplay>,
}

/// How a claim is shown in one language: Appendix B.2, `display`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimDisplay {
    /// Its name.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language (BCP 47).
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
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
    #[serde(default, deserialize_with = "lenient::list")]
    pub response_types_supported: Vec<String>,
    /// The grants that it knows.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub grant_types_supported: Vec<String>,
    /// How clients prove themselves; `none` for those that do not.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// The types of authorization details that it knows (RFC 9396 §10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types_supported: Vec<String>,
    /// Whether a code can be used without a `client_id`.
    #[serde(default, rename = "pre-authorized_grant_anonymous_access_supported", deserialize_with = "lenient::flag")]
    pub pre_authorized_grant_anonymous_access_supported: bool,
}

/// Why metadata cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// Not an `http(s)` URL without query and fragment: §12.2.1, RFC 8414 §2.
    #[error("{} is no URL of an issuer: it must be an https URL without user name, query and fragment", quoted(.0))]
    Identifier(String),
    /// Not a JSON object.
    #[error("the metadata of the issuer is no JSON object")]
    Malformed,
    /// More objects and lists in one another than a parser takes.
    #[error("the metadata of the issuer is nested too deeply")]
    TooDeep,
    /// A member that is needed is missing, or not of the form of its section.
    #[error("the metadata of the issuer cannot be used: `{0}` is missing or malformed")]
    Member(&'static str),
    /// Of another issuer than was asked for: §12.2.2, RFC 8414 §3.3.
    #[error("the metadata of {expected} {}", says_of(.found))]
    OfAnother {
        /// The identifier that was asked for.
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
    /// Parses the document of [`issuer_metadata_url`].
    pub fn parse(json: &[u8], credential_issuer: &str) -> Result<Self, MetadataError> {
        let document = object(json)?;
        check_issuer(&document, "credential_issuer", credential_issuer)?;
        let texts = ["credential_endpoint", "nonce_endpoint"];
        let wrong = texts.into_iter().find(|name| document.get(*name).is_some_and(|value| !is_text_or_null(value)));
        let wrong = wrong.or_else(|| {
            let is_object = document.get("credential_configurations_supported").is_some_and(Value::is_object);
            (!is_object).then_some("credential_configurations_supported")
        });
        if let Some(name) = wrong {
            return Err(MetadataError::Member(name));
        }
        serde_json::from_value(document).map_err(|_| MetadataError::Member("credential_endpoint"))
    }

    /// The authorization servers in the issuer's order: the issuer itself when it names none (§12.2.4).
    pub fn authorization_servers(&self) -> Vec<&str> {
        match self.authorization_servers.as_slice() {
            [] => vec![&self.credential_issuer],
            named => named.iter().map(String::as_str).collect(),
        }
    }

    /// The requirement of every request that this profile cannot meet: encryption (§12.2.4, `encryption_required`).
    pub fn obstacle(&self) -> Option<Obstacle> {
        let required = |encryption: &Option<Value>| match encryption {
            None | Some(Value::Null) => false,
            Some(encryption) => encryption.get("encryption_required") != Some(&Value::Bool(false)),
        };
        if required(&self.credential_request_encryption) {
            return Some(Obstacle::RequestEncryption);
        }
        required(&self.credential_response_encryption).then_some(Obstacle::ResponseEncryption)
    }

    /// The configuration with this name, when a holder of this profile can have credentials of it.
    pub fn offered(&self, id: &str) -> Result<&CredentialConfiguration, Obstacle> {
        let configuration = self.credential_configurations_supported.get(id).ok_or(Obstacle::Undescribed)?;
        match configuration.obstacle() {
            Some(obstacle) => Err(obstacle),
            None => Ok(configuration),
        }
    }
}

impl AuthorizationServerMetadata {
    /// Parses the document of [`authorization_server_metadata_url`].
    pub fn parse(json: &[u8], issuer: &str) -> Result<Self, MetadataError> {
        let document = object(json)?;
        check_issuer(&document, "issuer", issuer)?;
        if document.get("token_endpoint").is_some_and(|value| !is_text_or_null(value)) {
            return Err(MetadataError::Member("token_endpoint"));
        }
        serde_json::from_value(document).map_err(|_| MetadataError::Malformed)
    }

    /// Whether the Pre-Authorized Code Flow is among the grants that it names; none when it names no grants, as many
    /// servers of credential issuers do although RFC 8414 §2 has other grants as the default.
    pub fn takes_pre_authorized_codes(&self) -> Option<bool> {
        let grants = &self.grant_types_supported;
        (!grants.is_empty()).then(|| grants.iter().any(|grant| grant == GRANT_PRE_AUTHORIZED_CODE))
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
            ..Self::default()
        }
    }

    /// Reads one entry of `credential_configurations_supported`. Members that decide are read strictly, members for
    /// display leniently.
    fn read(value: Value) -> Self {
        let unreadable = |name| Self { unreadable: Some(name), ..Self::default() };
        let lists = ["credential_signing_alg_values_supported", "cryptographic_binding_methods_supported"];
        let text = |name: &str, needed: bool| match value.get(name) {
            None | Some(Value::Null) => !needed,
            Some(value) => value.is_string(),
        };
        if !text("format", true) {
            return unreadable("format");
        }
        if value.get("format").and_then(Value::as_str) != Some(FORMAT_SD_JWT_VC) {
            // Of another format nothing else matters.
            let format = value.get("format").and_then(Value::as_str).unwrap_or_default().to_owned();
            return serde_json::from_value(value).unwrap_or_else(|_| Self { format, ..Self::default() });
        }
        if !text("vct", false) {
            return unreadable("vct");
        }
        let not_null = |name: &str| value.get(name).filter(|value| !value.is_null());
        if let Some(name) = lists.into_iter().find(|name| not_null(name).is_some_and(|value| !value.is_array())) {
            return unreadable(name);
        }
        if not_null("proof_types_supported").is_some_and(|types| !types.is_object()) {
            return unreadable("proof_types_supported");
        }
        serde_json::from_value(value).unwrap_or_else(|_| unreadable("proof_types_supported"))
    }

    /// Why a holder of this profile cannot have it, as far as the issuer tells.
    fn obstacle(&self) -> Option<Obstacle> {
        if let Some(member) = self.unreadable {
            return Some(Obstacle::Unreadable(member));
        }
        if self.format != FORMAT_SD_JWT_VC {
            return Some(Obstacle::Format(shortened(&self.format)));
        }
        let algorithms = &self.credential_signing_alg_values_supported;
        if !algorithms.is_empty() && !has_es256(algorithms) {
            return Some(Obstacle::SigningAlgorithms(names(algorithms)));
        }
        let methods = &self.cryptographic_binding_methods_supported;
        if !methods.is_empty() && ![BINDING_JWK, BINDING_DID_JWK, BINDING_DID_WEB].iter().any(|known| self.binds(known))
        {
            return Some(Obstacle::Binding(shortened(&methods.join(", "))));
        }
        if self.proof_types_supported.is_empty() {
            return None;
        }
        let types = || shortened(&self.proof_types_supported.keys().cloned().collect::<Vec<_>>().join(", "));
        let Some(proof) = self.proof_types_supported.get(PROOF_TYPE_JWT) else {
            return Some(Obstacle::ProofType(types()));
        };
        if proof.key_attestations_required.as_ref().is_some_and(|required| !required.is_null()) {
            return Some(Obstacle::KeyAttestation);
        }
        let algorithms = &proof.proof_signing_alg_values_supported;
        (!has_es256(algorithms)).then(|| Obstacle::ProofAlgorithms(names(algorithms)))
    }

    /// Whether the holder must prove a key. An issuer that binds to keys asks for a proof, also when it leaves out how
    /// (§12.2.4 has it tell).
    pub fn asks_for_proof(&self) -> bool {
        !self.proof_types_supported.is_empty() || !self.cryptographic_binding_methods_supported.is_empty()
    }

    /// Whether it can be bound to a key that travels in the proof itself.
    pub fn binds_jwk(&self) -> bool {
        self.binds(BINDING_JWK)
    }

    /// Whether this is one of its binding methods.
    pub fn binds(&self, method: &str) -> bool {
        self.cryptographic_binding_methods_supported.iter().any(|supported| supported == method)
    }
}

/// Reads the entries one by one, so that none of them hides another.
fn configurations<'de, D: serde::Deserializer<'de>>(
    reader: D,
) -> Result<BTreeMap<String, CredentialConfiguration>, D::Error> {
    let read = |(id, value)| (id, CredentialConfiguration::read(value));
    Ok(lenient::members(reader)?.into_iter().map(read).collect())
}

/// The types by name; of one that cannot be read no algorithm is known.
fn proof_types<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<BTreeMap<String, ProofType>, D::Error> {
    let read = |(name, value)| (name, serde_json::from_value(value).unwrap_or_default());
    Ok(lenient::members(reader)?.into_iter().map(read).collect())
}

fn object(json: &[u8]) -> Result<Value, MetadataError> {
    let document: Value = serde_json::from_slice(json)
        .map_err(|error| if is_too_deep(&error) { MetadataError::TooDeep } else { MetadataError::Malformed })?;
    if document.is_object() { Ok(document) } else { Err(MetadataError::Malformed) }
}

fn is_text_or_null(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

fn check_issuer(document: &Value, member: &'static str, expected: &str) -> Result<(), MetadataError> {
    let found = document.get(member).and_then(Value::as_str).ok_or(MetadataError::Member(member))?;
    if found == expected {
        return Ok(());
    }
    Err(MetadataError::OfAnother { expected: expected.to_owned(), found: shortened(found) })
}

fn has_es256(algorithms: &[Algorithm]) -> bool {
    algorithms.iter().any(|algorithm| matches!(algorithm, Algorithm::Jose(name) if name == ALG_ES256))
}

fn names(algorithms: &[Algorithm]) -> String {
    let name = |algorithm: &Algorithm| match algorithm {
        Algorithm::Jose(name) => name.clone(),
        Algorithm::Cose(number) => number.to_string(),
    };
    shortened(&algorithms.iter().map(name).collect::<Vec<_>>().join(", "))
}

/// Cuts a stranger's text for a message.
fn shortened(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

/// The well-known path is inserted between the host and the issuer's own path.
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
