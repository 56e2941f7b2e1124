//! Issuer templates: the claims, the look and the validity of the credentials of one type.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::{IdentifierId, IssuerTemplateId, Name, Notes, StatusListId, WalletId};

/// The longest name of a claim, in characters.
const CLAIM_NAME_MAX: usize = 64;
/// How deep a claim may stand.
const DEPTH_MAX: usize = 4;
/// The longest credential type, in bytes.
const VCT_MAX: usize = 512;
/// The longest validity: a hundred years.
const DAYS_MAX: u32 = 36_525;

/// A type of credential that the wallet issues.
#[derive(Clone, PartialEq, Debug)]
pub struct IssuerTemplate {
    /// Its id, which is also the id of its credential configuration (OpenID4VCI 1.0 §12.2.4).
    pub id: IssuerTemplateId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// Its name.
    pub name: Name,
    /// The type of its credentials; never changes, because another type is another template.
    pub vct: Vct,
    /// The claims of its credentials, in the order in which they are displayed.
    pub claims: Vec<TemplateClaim>,
    /// The card in the holder's wallet.
    pub card: Card,
    /// How long they are valid; without it they do not expire.
    pub valid_for: Option<Days>,
    /// The identifier that signs them.
    pub identifier_id: IdentifierId,
    /// The status list in which they can be revoked and suspended; without one they cannot be.
    pub status_list_id: Option<StatusListId>,
    /// When the first credential was issued by it. From then on, what an issued credential relies on cannot change.
    pub first_issued_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One claim of a template.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TemplateClaim {
    /// Where it stands in the credential, such as `["address", "street"]`.
    pub path: TemplatePath,
    /// What people read beside its value.
    #[serde(deserialize_with = "parsed")]
    #[schemars(with = "crate::schema::Name")]
    pub label: Name,
    /// What its value is.
    #[serde(rename = "type")]
    pub kind: ClaimKind,
    /// Whether every credential has it.
    pub mandatory: bool,
    /// Whether the holder may withhold it.
    pub selectively_disclosable: bool,
}

names! {
    /// What the value of a claim is.
    #[derive(JsonSchema)]
    #[schemars(inline)]
    pub enum ClaimKind {
        /// A JSON string.
        Text = "text",
        /// A JSON number.
        Number = "number",
        /// A JSON number without a fraction.
        Integer = "integer",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A calendar date as a JSON string, `YYYY-MM-DD`.
        Date = "date",
        /// A JSON array of strings.
        TextList = "text_list",
    }
}

/// How a credential looks in the holder's wallet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Card {
    /// Its title.
    #[serde(deserialize_with = "parsed")]
    #[schemars(with = "crate::schema::Name")]
    pub name: Name,
    /// What it is, in a sentence or two.
    #[serde(deserialize_with = "parsed")]
    #[schemars(with = "crate::schema::Notes")]
    pub description: Notes,
    /// The language of the title, the description and the labels.
    pub language: Language,
    /// Behind the text.
    pub background_color: Color,
    /// Of the text.
    pub text_color: Color,
    /// A picture of the issuer.
    pub logo_url: Option<LogoUrl>,
}

/// Why a part of a template was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TemplateError {
    /// A path without a name, or with an empty one.
    #[error("must name the claim")]
    EmptyPath,
    /// A name that programs stumble over.
    #[error("must have only letters, digits and _ - : in each name, at most {CLAIM_NAME_MAX} of them")]
    BadClaimName,
    /// Too many names.
    #[error("must not be more than {DEPTH_MAX} names deep")]
    TooDeep,
    /// No URI.
    #[error("must be a URI such as https://example.org/diploma or urn:example:diploma")]
    NotAUri,
    /// No `#rrggbb`.
    #[error("must be a colour such as #0a5a72")]
    NotAColor,
    /// No language tag.
    #[error("must be a language tag such as en or nl-BE")]
    NotALanguage,
    /// No https URL.
    #[error("must be an https URL")]
    NotAnHttpsUrl,
    /// Out of range, or not a number.
    #[error("must be a whole number of days from 1 to {DAYS_MAX}")]
    NotDays,
}

/// The path of a claim: the names from the top of the credential, of letters, digits, `_`, `-` and `:`. In JSON a list;
/// in text the names with dots between them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<String>")]
#[schemars(inline)]
pub struct TemplatePath(Vec<String>);

impl TemplatePath {
    /// The names, at least one.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether the other path leads to the same place, or to a part of what this one leads to.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// A name made of a label: "Légal name" becomes `legal_name`. It is no name where the label has no letters of ASCII.
    pub fn name_of(label: &str) -> String {
        let letters = label.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
        let words = letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("_")
    }

    /// A label made of the last name: `legal_name` reads "Legal name".
    pub fn label(&self) -> String {
        let name = self.0.last().map_or("", String::as_str).replace(['_', '-', ':'], " ");
        let mut letters = name.trim().chars();
        let label: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        if label.is_empty() { self.to_string() } else { label }
    }
}

impl TryFrom<Vec<String>> for TemplatePath {
    type Error = TemplateError;

    fn try_from(names: Vec<String>) -> Result<Self, TemplateError> {
        if names.is_empty() || names.iter().any(String::is_empty) {
            return Err(TemplateError::EmptyPath);
        }
        if names.len() > DEPTH_MAX {
            return Err(TemplateError::TooDeep);
        }
        let speakable = |name: &String| {
            name.len() <= CLAIM_NAME_MAX && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-:".contains(&b))
        };
        if names.iter().all(speakable) { Ok(Self(names)) } else { Err(TemplateError::BadClaimName) }
    }
}

impl FromStr for TemplatePath {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        text.trim().split('.').map(|name| name.trim().to_owned()).collect::<Vec<_>>().try_into()
    }
}

impl fmt::Display for TemplatePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

macro_rules! checked_text {
    ($( $(#[$doc:meta])* $name:ident($text:ident) = $error:ident unless $check:expr; )*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TemplateError;

            fn from_str(text: &str) -> Result<Self, TemplateError> {
                let $text = text.trim();
                if $check { Ok(Self($text.to_owned())) } else { Err(TemplateError::$error) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                parsed(deserializer)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                String::json_schema(generator)
            }
        }
    )* };
}

checked_text! {
    /// The type of a credential, a URI (draft-ietf-oauth-sd-jwt-vc, "`vct` Claim").
    Vct(text) = NotAUri unless is_uri(text);
    /// A colour, `#rrggbb`.
    Color(text) = NotAColor unless is_color(text);
    /// A language tag (BCP 47), as far as its shape goes.
    Language(text) = NotALanguage unless is_language(text);
    /// Where a logo is fetched from.
    LogoUrl(text) = NotAnHttpsUrl unless is_uri(text) && text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
}

/// A validity period in days, at least one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Days(u32);

impl Days {
    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<i64> for Days {
    type Error = TemplateError;

    fn try_from(days: i64) -> Result<Self, TemplateError> {
        u32::try_from(days).ok().filter(|days| (1..=DAYS_MAX).contains(days)).map(Self).ok_or(TemplateError::NotDays)
    }
}

impl FromStr for Days {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        text.trim().parse::<i64>().map_err(|_| TemplateError::NotDays)?.try_into()
    }
}

/// RFC 3986 §3 as far as a type needs it: a scheme, and something after it without spaces and fragments of markup.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let plain = rest.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b));
    named && plain && !rest.is_empty() && text.len() <= VCT_MAX
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// RFC 5646 §2.1: a language of two or three letters, and subtags of one to eight characters.
fn is_language(text: &str) -> bool {
    let mut tags = text.split('-');
    let language = tags.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && tags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric()))
        && text.len() <= 35
}

/// A stored value is parsed again when it is read, so that no other value can be stored.
fn parsed<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Result<Vec<String>, TemplateError> {
        text.parse::<TemplatePath>().map(|path| path.0)
    }

    #[test]
    fn a_path_is_typed_with_dots_and_sent_as_a_list() {
        assert_eq!(path(" address . street "), Ok(vec!["address".to_owned(), "street".to_owned()]));
        let claim: TemplateClaim = serde_json::from_str(
            r#"{"path":["address","street"],"label":"Street","type":"text","mandatory":true,"selectively_disclosable":false}"#,
        )
        .unwrap();
        assert_eq!(claim.path.to_string(), "address.street");
        assert_eq!(serde_json::to_value(&claim.path).unwrap(), serde_json::json!(["address", "street"]));
        assert!(serde_json::from_str::<TemplatePath>(r#"["a b"]"#).is_err());
    }

    #[test]
    fn a_path_has_one_to_four_plain_names() {
        for empty in ["", " ", "a.", ".a", "a..b"] {
            assert_eq!(path(empty), Err(TemplateError::EmptyPath), "{empty}");
        }
        for bad in ["a b", "naïve", "a/b", "_sd[0]", &"a".repeat(65)] {
            assert_eq!(path(bad), Err(TemplateError::BadClaimName), "{bad}");
        }
        assert_eq!(path("a.b.c.d.e"), Err(TemplateError::TooDeep));
        assert!(path("a.b.c.d").is_ok() && path("urn:x-1_2").is_ok());
    }

    #[test]
    fn a_path_contains_itself_and_what_stands_below() {
        let path = |text: &str| text.parse::<TemplatePath>().unwrap();
        assert!(path("a").contains(&path("a")) && path("a").contains(&path("a.b")));
        assert!(!path("a.b").contains(&path("a")) && !path("a").contains(&path("ab")));
    }

    #[test]
    fn a_label_is_made_of_the_last_name() {
        for (text, label) in
            [("legal_name", "Legal name"), ("address.street", "Street"), ("vat-id", "Vat id"), ("_", "_")]
        {
            assert_eq!(text.parse::<TemplatePath>().unwrap().label(), label);
        }
    }

    #[test]
    fn a_name_is_made_of_a_label() {
        for (label, name) in
            [("Legal name", "legal_name"), (" Année (début) ", "annee_debut"), ("名前", ""), ("E-mail", "e_mail")]
        {
            assert_eq!(TemplatePath::name_of(label), name);
        }
    }

    #[test]
    fn a_type_is_a_uri() {
        for good in ["https://example.org/diploma", "urn:eudi:pid:1", "http://localhost:8080/wallets/1", "did:web:a#b"]
        {
            assert_eq!(good.parse::<Vct>().map(|vct| vct.0), Ok(good.to_owned()));
        }
        let long = format!("urn:{}", "a".repeat(VCT_MAX));
        for bad in ["", "diploma", "urn:", ":x", "1a:b", "https://a b", "urn:<x>", "urn:é", long.as_str()] {
            assert_eq!(bad.parse::<Vct>(), Err(TemplateError::NotAUri), "{bad}");
        }
    }

    #[test]
    fn colours_languages_logos_and_days_are_read_strictly() {
        assert_eq!(" #0A5a72 ".parse::<Color>().unwrap().as_str(), "#0A5a72");
        for bad in ["", "0a5a72", "#0a5a7", "#0a5a7g", "red", "#0a5a72ff"] {
            assert_eq!(bad.parse::<Color>(), Err(TemplateError::NotAColor), "{bad}");
        }
        assert!("en".parse::<Language>().is_ok() && "zh-Hant-TW".parse::<Language>().is_ok());
        for bad in ["", "e", "english", "en_GB", "en-", "12"] {
            assert_eq!(bad.parse::<Language>(), Err(TemplateError::NotALanguage), "{bad}");
        }
        assert!("https://example.org/logo.png".parse::<LogoUrl>().is_ok());
        for bad in ["", "http://example.org/logo.png", "https://", "data:image/png;base64,AA", "https://a b"] {
            assert_eq!(bad.parse::<LogoUrl>(), Err(TemplateError::NotAnHttpsUrl), "{bad}");
        }
        assert_eq!(" 365 ".parse::<Days>().map(Days::get), Ok(365));
        for bad in ["", "0", "-1", "1.5", "36526", "year"] {
            assert_eq!(bad.parse::<Days>(), Err(TemplateError::NotDays), "{bad}");
        }
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in ClaimKind::ALL {
            assert_eq!(ClaimKind::from_name(kind.name()), Some(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(ClaimKind::from_name("string"), None);
    }
}
