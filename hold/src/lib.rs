//! Holding: the wallet as a holder of verifiable credentials.

pub mod credential_offers;
pub mod credentials;
pub mod presentations;
pub mod public_profile;
pub mod trusted_contacts;
