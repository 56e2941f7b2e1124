//! Trusted issuers: the issuers whose credentials the wallet accepts from others, and the types that it accepts.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Name, Notes, TextError, TrustedIssuerId, WalletId};

/// The longest credential type, in bytes: as long as the credentials that are read.
const TYPE_MAX: usize = 2048;
/// How many types an issuer may be trusted for, one by one.
const TYPES_MAX: usize = 100;

/// An issuer whose credentials the wallet accepts.
#[derive(Clone, PartialEq, Debug)]
pub struct TrustedIssuer {
    /// Its id.
    pub id: TrustedIssuerId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// Its name.
    pub name: Name,
    /// A DID or an https URL, as the `iss` claim of its credentials names it; unique in the wallet.
    pub issuer: String,
    /// The credential types that it is trusted for.
    pub types: AllowedTypes,
    /// Free text.
    pub notes: Notes,
    /// When it was added.
    pub created_at: Timestamp,
}

/// The credential types that an issuer is trusted for. "Any" must be said: an empty list is refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowedTypes {
    /// Every type.
    Any,
    /// These, at least one.
    Only(Vec<CredentialType>),
}

/// The type of a credential (`vct`), as text: trimmed, not empty, without control characters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CredentialType(String);

/// Why a list of types was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TypesError {
    /// Neither a type nor "any".
    #[error("must list at least one type, unless any is accepted")]
    Nothing,
    /// Both.
    #[error("must be empty where any type is accepted")]
    Both,
    /// Too many.
    #[error("must list at most {TYPES_MAX} types")]
    TooMany,
}

impl AllowedTypes {
    /// Either any type or these, of which each counts once.
    ///
    /// # Errors
    ///
    /// [`TypesError`] when it is neither, or both.
    pub fn new(any: bool, types: Vec<CredentialType>) -> Result<Self, TypesError> {
        match (any, types.len()) {
            (true, 0) => Ok(Self::Any),
            (true, _) => Err(TypesError::Both),
            (false, 0) => Err(TypesError::Nothing),
            (false, count) if count > TYPES_MAX => Err(TypesError::TooMany),
            (false, _) => {
                let mut once: Vec<CredentialType> = Vec::with_capacity(types.len());
                for kind in types {
                    if !once.contains(&kind) {
                        once.push(kind);
                    }
                }
                Ok(Self::Only(once))
            }
        }
    }

    /// Whether a credential of this type is accepted; types are compared exactly.
    pub fn allows(&self, vct: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(types) => types.iter().any(|allowed| allowed.0 == vct),
        }
    }

    /// Whether every type is accepted.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// The types that are listed; none where any is accepted.
    pub fn listed(&self) -> &[CredentialType] {
        match self {
            Self::Any => &[],
            Self::Only(types) => types,
        }
    }
}

impl CredentialType {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CredentialType {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > TYPE_MAX {
            return Err(TextError::TooLong(TYPE_MAX));
        }
        if text.chars().any(char::is_control) {
            return Err(TextError::ControlCharacter);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for CredentialType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(texts: &[&str]) -> Vec<CredentialType> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn an_issuer_is_trusted_for_the_types_that_are_listed_or_explicitly_for_any() {
        let some = AllowedTypes::new(false, types(&["urn:pid", " urn:diploma ", "urn:pid"])).unwrap();
        assert_eq!(some.listed(), types(&["urn:pid", "urn:diploma"]));
        assert!(some.allows("urn:pid") && some.allows("urn:diploma"));
        assert!(!some.allows("urn:PID") && !some.allows("urn") && !some.allows(""));
        let any = AllowedTypes::new(true, Vec::new()).unwrap();
        assert!(any.allows("urn:anything") && any.is_any() && any.listed().is_empty());
    }

    #[test]
    fn what_is_neither_or_both_is_refused() {
        assert_eq!(AllowedTypes::new(false, Vec::new()), Err(TypesError::Nothing));
        assert_eq!(AllowedTypes::new(true, types(&["urn:pid"])), Err(TypesError::Both));
        let many = vec!["urn:pid"; TYPES_MAX + 1];
        assert_eq!(AllowedTypes::new(false, types(&many)), Err(TypesError::TooMany));
    }

    #[test]
    fn a_type_is_text_of_one_line() {
        let refused = |text: &str| text.parse::<CredentialType>().unwrap_err();
        assert_eq!(refused(" "), TextError::Empty);
        assert_eq!(refused("a\nb"), TextError::ControlCharacter);
        assert_eq!(refused(&"a".repeat(TYPE_MAX + 1)), TextError::TooLong(TYPE_MAX));
    }
}
