//! The verifier's Client Identifier with its prefix (§5.9).

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::did::{Did, DidError};
use crate::names::openid4vp::DECENTRALIZED_IDENTIFIER;
use crate::words::shown;

/// A verifier that is known by its DID: `decentralized_identifier:did:web:…`, the one prefix of the profile (§5.9.3).
/// The whole text is also the audience of what is presented to it (§5.9.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientId(Did);

/// Why a Client Identifier is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientIdError {
    /// Another prefix, or none (§5.9.2).
    #[error("verifiers are accepted by {DECENTRALIZED_IDENTIFIER}: only{}", not_as(.0))]
    Prefix(String),
    /// The text after the prefix is no DID.
    #[error(transparent)]
    Did(#[from] DidError),
}

fn not_as(found: &str) -> String {
    if found.is_empty() { ", and none is named".to_owned() } else { format!(", not as {}", shown(found)) }
}

impl ClientId {
    /// The identifier of the verifier with this DID.
    pub fn of(did: Did) -> Self {
        Self(did)
    }

    /// The verifier's DID.
    pub fn did(&self) -> &Did {
        &self.0
    }
}

impl FromStr for ClientId {
    type Err = ClientIdError;

    /// The prefix is the text before the first colon (§5.9.1).
    fn from_str(text: &str) -> Result<Self, ClientIdError> {
        match text.split_once(':') {
            Some((DECENTRALIZED_IDENTIFIER, did)) => Ok(Self(did.parse()?)),
            _ => Err(ClientIdError::Prefix(text.chars().take(80).collect())),
        }
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{DECENTRALIZED_IDENTIFIER}:{}", self.0)
    }
}

impl Serialize for ClientId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
