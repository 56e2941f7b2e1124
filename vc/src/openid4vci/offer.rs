//! The Credential Offer (§4.1) and the links in which it travels (§4.1.2, §4.1.3).

use core::fmt;
use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::lenient;
use crate::names::openid4vci::{GRANT_PRE_AUTHORIZED_CODE, OFFER_SCHEME, offer_link};
use crate::words::is_too_deep;

/// The longest offer or link that is read, in bytes. A QR code holds less than 3 KiB.
pub const MAX_OFFER_BYTES: usize = 64 * 1024;

/// A Credential Offer: §4.1.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialOffer {
    /// The Credential Issuer Identifier, whose metadata tells the rest: §12.2.1.
    pub credential_issuer: String,
    /// Names of entries of `credential_configurations_supported`: not empty, each once.
    pub credential_configuration_ids: Vec<String>,
    /// The grants under which the credentials can be had.
    #[serde(default, deserialize_with = "grants", skip_serializing_if = "Grants::is_empty")]
    pub grants: Grants,
}

/// The grants of an offer, those of this profile: §4.1.1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    /// The Pre-Authorized Code Flow: §3.5.
    #[serde(rename = "urn:ietf:params:oauth:grant-type:pre-authorized_code", skip_serializing_if = "Option::is_none")]
    pub pre_authorized_code: Option<PreAuthorizedCode>,
}

/// The parameters of the Pre-Authorized Code Flow: §4.1.1.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreAuthorizedCode {
    /// The code: short-lived and for one use.
    #[serde(rename = "pre-authorized_code")]
    pub code: String,
    /// Present, even if empty, when the holder must send a transaction code that came another way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tx_code: Option<TxCode>,
    /// Which of several authorization servers to use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_server: Option<String>,
}

/// The transaction code that the holder must type: §4.1.1, `tx_code`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TxCode {
    /// Digits or any characters; digits when it is left out.
    #[serde(default, deserialize_with = "input_mode", skip_serializing_if = "Option::is_none")]
    pub input_mode: Option<InputMode>,
    /// How many characters.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
    /// How the holder gets it, in at most 300 characters.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The characters of a transaction code: §4.1.1, `input_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputMode {
    /// Digits.
    Numeric,
    /// Any characters.
    Text,
}

/// An offer in a link or a QR code, with [`fmt::Display`] as `openid-credential-offer://?…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferLink {
    /// The offer itself: §4.1.2.
    ByValue(CredentialOffer),
    /// An `https` URL of the offer: §4.1.3.
    ByReference(String),
}

/// Why a text is not an offer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfferError {
    /// Longer than [`MAX_OFFER_BYTES`].
    #[error("the offer is {0} bytes long; at most {MAX_OFFER_BYTES} are accepted")]
    TooLarge(usize),
    /// Not a link, or one of plain `http`.
    #[error("this is no credential offer: paste the whole link, which begins with {OFFER_SCHEME}:// or https://")]
    Scheme,
    /// The link of a verifier's request (OpenID4VP 1.0 §5).
    #[error("this is a request of a verifier and no credential offer: take it in as a presentation")]
    Presentation,
    /// Not exactly one of the two parameters: §4.1.
    #[error("this is no credential offer: a link has either credential_offer or credential_offer_uri, once")]
    Parameters,
    /// Not a JSON object.
    #[error("the credential offer is no JSON object")]
    Malformed,
    /// More objects and lists in one another than a parser takes.
    #[error("the credential offer is nested too deeply")]
    TooDeep,
    /// A member is missing, or not of the form of §4.1.1.
    #[error("the credential offer cannot be read: `{0}` is missing or malformed")]
    Member(&'static str),
    /// No configuration, or one of them twice: §4.1.1.
    #[error("the credential offer names no credential, or one of them twice")]
    Configurations,
}

impl CredentialOffer {
    /// Reads an offer that was fetched or came in a link.
    pub fn parse(json: &[u8]) -> Result<Self, OfferError> {
        if json.len() > MAX_OFFER_BYTES {
            return Err(OfferError::TooLarge(json.len()));
        }
        let offer: Value = serde_json::from_slice(json)
            .map_err(|error| if is_too_deep(&error) { OfferError::TooDeep } else { OfferError::Malformed })?;
        if !offer.is_object() {
            return Err(OfferError::Malformed);
        }
        if let Some(member) = malformed(&offer) {
            return Err(OfferError::Member(member));
        }
        let offer: Self = serde_json::from_value(offer).map_err(|_| OfferError::Member("grants"))?;
        let ids = &offer.credential_configuration_ids;
        if ids.is_empty() || ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
            return Err(OfferError::Configurations);
        }
        Ok(offer)
    }
}

impl Grants {
    /// The name of the one grant of this profile.
    pub const PRE_AUTHORIZED_CODE: &str = GRANT_PRE_AUTHORIZED_CODE;

    /// Whether no grant of this profile is offered.
    pub fn is_empty(&self) -> bool {
        self.pre_authorized_code.is_none()
    }
}

impl OfferLink {
    /// Reads a link: of the scheme `openid-credential-offer` (§12.1), of a profile's own (`haip-vci`, `eudi-openid4ci`),
    /// or of a wallet's page (`https`). The parameters are the same in all of them (§4.1).
    pub fn parse(text: &str) -> Result<Self, OfferError> {
        let text = text.trim();
        if text.len() > MAX_OFFER_BYTES {
            return Err(OfferError::TooLarge(text.len()));
        }
        let (scheme, rest) = text.split_once(':').ok_or(OfferError::Scheme)?;
        // RFC 3986 §3.1: schemes have no case.
        let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        if !is_scheme || scheme.eq_ignore_ascii_case("http") {
            return Err(OfferError::Scheme);
        }
        let query = rest.split_once('?').map_or("", |(_, query)| query).split('#').next().unwrap_or_default();
        let (mut by_value, mut by_reference, mut is_request) = (Vec::new(), Vec::new(), false);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                offer_link::CREDENTIAL_OFFER => by_value.push(value),
                offer_link::CREDENTIAL_OFFER_URI => by_reference.push(value),
                "request_uri" | "client_id" => is_request = true,
                _ => {}
            }
        }
        match (by_value.as_slice(), by_reference.as_slice()) {
            ([json], []) => CredentialOffer::parse(json.as_bytes()).map(Self::ByValue),
            ([], [url]) => Ok(Self::ByReference(url.clone().into_owned())),
            ([], []) if is_request => Err(OfferError::Presentation),
            _ => Err(OfferError::Parameters),
        }
    }

    /// The query of a link: for a wallet's own Credential Offer Endpoint (§12.1) after its `?`.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        match self {
            Self::ByValue(offer) => {
                // An offer has only texts and numbers, which JSON can always say.
                query.append_pair(offer_link::CREDENTIAL_OFFER, &serde_json::to_string(offer).unwrap_or_default())
            }
            Self::ByReference(url) => query.append_pair(offer_link::CREDENTIAL_OFFER_URI, url),
        };
        // Wallets that decode percent signs only would keep the plus of a form.
        query.finish().replace('+', "%20")
    }
}

/// The member that decides and cannot be read. Grants of other flows and members of extensions decide nothing.
fn malformed(offer: &Value) -> Option<&'static str> {
    let is_there = |value: &&Value| !value.is_null();
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    if !offer.get("credential_issuer").is_some_and(is_text) {
        return Some("credential_issuer");
    }
    let ids = offer.get("credential_configuration_ids").and_then(Value::as_array);
    if !ids.is_some_and(|ids| ids.iter().all(is_text)) {
        return Some("credential_configuration_ids");
    }
    let grants = offer.get("grants").filter(is_there)?;
    if !grants.is_object() {
        return Some("grants");
    }
    let grant = grants.get(GRANT_PRE_AUTHORIZED_CODE).filter(is_there)?;
    if !grant.get("pre-authorized_code").is_some_and(is_text) {
        return Some("pre-authorized_code");
    }
    if grant.get("tx_code").filter(is_there).is_some_and(|tx_code| !tx_code.is_object()) {
        return Some("tx_code");
    }
    let server = grant.get("authorization_server").filter(is_there);
    server.is_some_and(|server| !is_text(server)).then_some("authorization_server")
}

/// `null` says as little as nothing.
fn grants<'de, D: Deserializer<'de>>(reader: D) -> Result<Grants, D::Error> {
    Ok(Option::deserialize(reader)?.unwrap_or_default())
}

/// A mode that the standard does not have may need any character.
fn input_mode<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<InputMode>, D::Error> {
    Ok(match Value::deserialize(reader)? {
        Value::Null => None,
        Value::String(mode) if mode == "numeric" => Some(InputMode::Numeric),
        _ => Some(InputMode::Text),
    })
}

impl fmt::Display for OfferLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OFFER_SCHEME}://?{}", self.query())
    }
}

impl fmt::Debug for PreAuthorizedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreAuthorizedCode").field("tx_code", &self.tx_code).finish_non_exhaustive()
    }
}
