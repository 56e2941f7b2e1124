//! The two kinds of external systems: API keys and OAuth clients (mission M1).

use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::{ActorKind, Name, TextError, UnknownName};

/// The kind of an external system, which is how it authenticates.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SystemKind {
    /// With an API key, sent with each request.
    ApiKey,
    /// As an OAuth client, which exchanges its secret for access tokens (RFC 6749 §4.4).
    OauthClient,
}

impl SystemKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::ApiKey, Self::OauthClient];

    /// The kind as an actor.
    pub const fn actor(self) -> ActorKind {
        match self {
            Self::ApiKey => ActorKind::ApiKey,
            Self::OauthClient => ActorKind::OauthClient,
        }
    }

    /// The name on the wire and on disk: the actor's.
    pub const fn name(self) -> &'static str {
        self.actor().name()
    }

    /// Reads the name of a new one: any name for an API key; for an OAuth client, whose name is its client ID,
    /// only what travels unchanged in every form (RFC 6749 §2.3.1): letters, digits, `.`, `_` and `-`.
    pub fn parse_name(self, text: &str) -> Result<Name, TextError> {
        let name: Name = text.parse()?;
        let travels = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if self == Self::OauthClient && !name.as_str().chars().all(travels) {
            return Err(TextError::NotAClientId);
        }
        Ok(name)
    }
}

impl FromStr for SystemKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(UnknownName)
    }
}

impl Serialize for SystemKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d3_a_client_id_is_a_name_of_letters_digits_and_three_marks() {
        let read = |text: &str| SystemKind::OauthClient.parse_name(text).map(Name::into_string);
        assert_eq!(read(" Acme-backend_2.eu "), Ok("Acme-backend_2.eu".to_owned()));
        for bad in ["acme backend", "acme:backend", "acmé", "acme%20", "a/b", "a+b"] {
            assert_eq!(read(bad), Err(TextError::NotAClientId), "{bad}");
            assert!(SystemKind::ApiKey.parse_name(bad).is_ok(), "{bad}");
        }
        assert_eq!(read(""), Err(TextError::Empty));
        assert_eq!(read(&"a".repeat(65)), Err(TextError::TooLong(64)));
    }

    #[test]
    fn a_kind_is_read_back_from_its_name() {
        for kind in SystemKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert_eq!("user".parse::<SystemKind>(), Err(UnknownName));
    }
}
