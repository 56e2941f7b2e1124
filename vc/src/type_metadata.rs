//! SD-JWT VC Type Metadata (draft-ietf-oauth-sd-jwt-vc, "SD-JWT VC Type Metadata"): what the issuer of a
//! type of credential tells everybody about it, found at the URL that its `vct` is.
//!
//! Members that this profile has no use for are ignored when they are read, as the draft asks for: a reader of
//! metadata meets extensions. References to other documents (`extends`) are not followed.

use serde::{Deserialize, Serialize};

use crate::lenient;
use crate::sd_jwt_vc::PathStep;
use crate::words::{fault, says_of};

/// The longest document that is read, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// The metadata of a type: "Type Metadata Format".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeMetadata {
    /// The type, equal to the `vct` that the reader began with.
    pub vct: String,
    /// Its name for developers.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A description for developers.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How its credentials are shown, in one language each.
    #[serde(default, deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<TypeDisplay>,
    /// The claims, in the order of display.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimMetadata>,
}

/// How a type is shown in one language: "Credential Type Display Metadata".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeDisplay {
    /// The language (BCP 47); drafts before 11 called it `lang`.
    #[serde(alias = "lang")]
    pub locale: String,
    /// Its name for people.
    pub name: String,
    /// A description for people.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How it looks.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub rendering: Option<Rendering>,
}

/// How a credential looks: "Credential Type Display Metadata", `rendering`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendering {
    /// Colours and a logo: "Rendering Method `simple`".
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub simple: Option<SimpleRendering>,
}

/// "Rendering Method `simple`".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimpleRendering {
    /// A picture.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// A colour of CSS.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub background_color: Option<String>,
    /// A colour of CSS.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub text_color: Option<String>,
}

/// "Logo Metadata".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Where it is.
    pub uri: String,
    /// What it shows.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
}

/// The metadata of a claim: "Claim Metadata".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimMetadata {
    /// Where it stands: "Claim Path". Nothing (`null`) stands for all elements of an array.
    pub path: Vec<Option<PathStep>>,
    /// How it is shown, in one language each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<ClaimLabel>,
    /// Whether every credential has it: "Claim Mandatory Metadata".
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub mandatory: bool,
    /// Whether the holder may withhold it.
    #[serde(default)]
    pub sd: SelectiveDisclosure,
}

/// How a claim is shown in one language: "Claim Display Metadata".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimLabel {
    /// The language (BCP 47); drafts before 11 called it `lang`.
    #[serde(alias = "lang")]
    pub locale: String,
    /// The label of the value.
    pub label: String,
    /// A description of the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Whether the holder may withhold a claim: "Claim Selective Disclosure Metadata".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SelectiveDisclosure {
    /// In every credential of the type.
    Always,
    /// As the issuer decides for each.
    #[default]
    Allowed,
    /// In none.
    Never,
}

/// Why type metadata cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypeMetadataError {
    /// Longer than [`MAX_BYTES`].
    #[error("the type metadata is {0} bytes long; at most {MAX_BYTES} are read")]
    TooLarge(usize),
    /// Not JSON of this form.
    #[error("the type metadata is malformed: {0}")]
    Malformed(String),
    /// About another type than was asked for ("Type Metadata Format", `vct`).
    #[error("the type metadata of {expected} {}", says_of(.found))]
    OfAnother {
        /// The type that was asked for.
        expected: String,
        /// Whose it is.
        found: String,
    },
}

impl TypeMetadata {
    /// Parses the document at the URL that `vct` is.
    pub fn parse(json: &[u8], vct: &str) -> Result<Self, TypeMetadataError> {
        if json.len() > MAX_BYTES {
            return Err(TypeMetadataError::TooLarge(json.len()));
        }
        let metadata: Self =
            serde_json::from_slice(json).map_err(|error| TypeMetadataError::Malformed(fault(&error)))?;
        if metadata.vct != vct {
            let found = metadata.vct.chars().take(200).collect();
            return Err(TypeMetadataError::OfAnother { expected: vct.to_owned(), found });
        }
        Ok(metadata)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const VCT: &str = "https://example.org/degree";

    fn document() -> Value {
        json!({
            "vct": VCT,
            "name": "Degree",
            "display": [{
                "locale": "en",
                "name": "Degree of Example University",
                "rendering": {"simple": {
                    "logo": {"uri": "https://example.org/logo.png", "alt_text": "Example University"},
                    "background_color": "#12107c",
                    "text_color": "#ffffff",
                }},
            }],
            "claims": [
                {"path": ["name"], "display": [{"locale": "en", "label": "Name"}], "mandatory": true, "sd": "always"},
                {"path": ["degrees", null, "type"], "sd": "never"},
            ],
        })
    }

    fn parse(document: &Value) -> Result<TypeMetadata, TypeMetadataError> {
        TypeMetadata::parse(document.to_string().as_bytes(), VCT)
    }

    #[test]
    fn metadata_is_written_as_it_was_read() {
        let read = parse(&document()).unwrap();
        assert_eq!(read.claims[1].path, [Some("degrees".into()), None, Some("type".into())]);
        assert_eq!(serde_json::to_value(&read).unwrap(), document());
    }

    #[test]
    fn what_is_left_out_has_the_drafts_default_and_what_is_unknown_is_ignored() {
        let read = parse(&json!({"vct": VCT, "extends": "urn:x", "claims": [{"path": ["a"], "svg_id": "a"}]})).unwrap();
        assert_eq!((read.claims[0].mandatory, read.claims[0].sd), (false, SelectiveDisclosure::Allowed));
    }

    #[test]
    fn what_only_shows_never_stops_a_type() {
        for rubbish in [json!(null), json!(5), json!([5, {"locale": "en"}]), json!({"a": []})] {
            let read =
                parse(&json!({"vct": VCT, "name": rubbish, "description": rubbish, "display": rubbish})).unwrap();
            assert!(read.display.is_empty() && read.name.is_none(), "{rubbish}");
        }
        let read =
            parse(&json!({"vct": VCT, "display": [7, {"locale": "en", "name": "Degree", "rendering": 7}]})).unwrap();
        assert_eq!(read.display[0].name, "Degree");
    }

    #[test]
    fn the_name_that_older_drafts_have_for_the_language_is_read_and_never_written() {
        let read = parse(&json!({"vct": VCT, "display": [{"lang": "nl", "name": "Diploma"}]})).unwrap();
        assert_eq!(read.display[0].locale, "nl");
        assert_eq!(serde_json::to_value(&read).unwrap()["display"], json!([{"locale": "nl", "name": "Diploma"}]));
    }

    #[test]
    fn metadata_of_another_type_of_another_form_or_without_end_is_refused() {
        let of = |document: &Value| parse(document).unwrap_err();
        let (expected, found) = (VCT.to_owned(), "urn:x".to_owned());
        assert_eq!(of(&json!({"vct": "urn:x"})), TypeMetadataError::OfAnother { expected, found });
        assert!(matches!(of(&json!({"name": "Degree"})), TypeMetadataError::Malformed(_)));
        assert!(matches!(of(&json!({"vct": VCT, "claims": [{"path": [1.5]}]})), TypeMetadataError::Malformed(_)));
        let long = " ".repeat(MAX_BYTES + 1);
        assert_eq!(TypeMetadata::parse(long.as_bytes(), VCT), Err(TypeMetadataError::TooLarge(MAX_BYTES + 1)));
    }
}
