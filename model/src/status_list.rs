//! Status lists: where the credentials that the wallet issued are revoked and suspended.

use jiff::Timestamp;

use crate::{IdentifierId, Name, StatusListId, WalletId};

/// How many credentials a list holds: many enough that an entry tells nobody whose it is
/// (draft-ietf-oauth-status-list, "Herd Privacy").
pub const STATUS_LIST_SIZE: u32 = 100_000;

names! {
    /// What a status list says of a credential.
    pub enum CredentialStatus {
        /// It holds.
        Valid = "valid",
        /// It does not hold for a time.
        Suspended = "suspended",
        /// It holds no more, for good.
        Revoked = "revoked",
    }
}

/// A list with an entry for each of many credentials, signed by the issuer of all of them.
#[derive(Clone, PartialEq, Debug)]
pub struct StatusList {
    /// Its id.
    pub id: StatusListId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// What it is for; unique in the wallet.
    pub name: Name,
    /// Who signs it and issues its credentials; never changes.
    pub identifier_id: IdentifierId,
    /// What people call that identifier.
    pub identifier_name: String,
    /// How many credentials it holds.
    pub size: u32,
    /// How many entries belong to credentials that hold.
    pub valid: u32,
    /// How many belong to suspended ones.
    pub suspended: u32,
    /// How many belong to revoked ones.
    pub revoked: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

impl StatusList {
    /// How many entries belong to a credential.
    pub fn used(&self) -> u32 {
        self.valid + self.suspended + self.revoked
    }
}
