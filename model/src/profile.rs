//! The public profile: what a wallet publishes about its organisation.

use jiff::Timestamp;

use crate::{CredentialId, IdentifierId, Name, Notes};

/// The public profile of a wallet; visible to others only while it is published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// Since when it is public; none while it is not.
    pub published_at: Option<Timestamp>,
    /// The organisation's name.
    pub display_name: Name,
    /// A description of the organisation.
    pub description: Notes,
    /// Its website, an https URL; may be empty.
    pub website: String,
    /// Its e-mail address; may be empty.
    pub email: String,
    /// Its logo, an https URL; empty when it has none.
    pub logo_url: String,
    /// The identifiers that the profile shows, the oldest first.
    pub identifiers: Vec<IdentifierId>,
    /// The held credentials that the profile shows, the oldest first.
    pub credentials: Vec<CredentialId>,
    /// When it last changed; none before its first change.
    pub updated_at: Option<Timestamp>,
}

impl Profile {
    /// The empty profile of a new wallet.
    pub fn empty(wallet_name: Name) -> Self {
        Self {
            published_at: None,
            display_name: wallet_name,
            description: Notes::none(),
            website: String::new(),
            email: String::new(),
            logo_url: String::new(),
            identifiers: Vec::new(),
            credentials: Vec::new(),
            updated_at: None,
        }
    }

    /// Whether it is published.
    pub fn is_published(&self) -> bool {
        self.published_at.is_some()
    }
}
