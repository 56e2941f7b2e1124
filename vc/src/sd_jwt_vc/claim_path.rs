//! The path of a claim in a credential, in the form that type metadata and DCQL share: the claims path pointer of
//! OpenID4VP 1.0 §7, here always of one claim (no `null`).

use core::fmt;

use identity_kit::vc::{ClaimPath as Theirs, PathComponent};
use serde::{Deserialize, Serialize};

/// A path to one claim, in JSON a list such as `["address", "street"]` or `["nationalities", 0]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimPath(pub Vec<PathStep>);

/// One step of a [`ClaimPath`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PathStep {
    /// Into the member of an object.
    Name(String),
    /// Into the element of an array, from 0.
    Index(usize),
}

impl ClaimPath {
    /// The name at the top level that the path begins with.
    pub fn top_level(&self) -> Option<&str> {
        match self.0.first() {
            Some(PathStep::Name(name)) => Some(name),
            _ => None,
        }
    }

    pub(super) fn of(path: &Theirs) -> Self {
        let step = |component: &PathComponent| match component {
            PathComponent::Key(name) => Some(PathStep::Name(name.clone())),
            PathComponent::Index(index) => Some(PathStep::Index(*index)),
            PathComponent::All => None,
        };
        Self(path.components().iter().filter_map(step).collect())
    }

    pub(super) fn to_theirs(&self) -> Theirs {
        Theirs::new(self.0.iter().map(|step| match step {
            PathStep::Name(name) => PathComponent::Key(name.clone()),
            PathStep::Index(index) => PathComponent::Index(*index),
        }))
    }
}

impl<const N: usize> From<[PathStep; N]> for ClaimPath {
    fn from(steps: [PathStep; N]) -> Self {
        Self(steps.into())
    }
}

/// A claim at the top level.
impl From<&str> for ClaimPath {
    fn from(name: &str) -> Self {
        Self(vec![name.into()])
    }
}

impl From<&str> for PathStep {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<usize> for PathStep {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// `address.street`, `nationalities[0]`: for people; programs read the JSON.
impl fmt::Display for ClaimPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Name(name) if position == 0 => f.write_str(name)?,
                PathStep::Name(name) => write!(f, ".{name}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
