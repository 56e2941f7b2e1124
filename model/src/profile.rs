//! What a wallet tells everybody about its organisation.

use jiff::Timestamp;

use crate::{CredentialId, IdentifierId, Name, Notes};

/// The public profile. Nothing of it is public before it is published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// Since when it is public; none while it is not.
    pub published_at: Option<Timestamp>,
    /// What the organisation is called.
    pub display_name: Name,
    /// What it does.
    pub description: Notes,
    /// Its website, an https URL; empty when it tells none.
    pub website: String,
    /// Where to write to; empty when it tells none.
    pub email: String,
    /// Its logo, an https URL; empty when it has none.
    pub logo_url: String,
    /// Which of the wallet's identifiers are told, the oldest first.
    pub identifiers: Vec<IdentifierId>,
    /// Which of the held credentials are shown to everybody, the oldest first.
    pub credentials: Vec<CredentialId>,
    /// When it last changed; none before its first change.
    pub updated_at: Option<Timestamp>,
}

impl Profile {
    /// The profile of a wallet that has told nothing yet.
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

    /// Whether everybody can see it.
    pub fn is_published(&self) -> bool {
        self.published_at.is_some()
    }
}
