//! Status lists: where the credentials that the wallet issued are revoked and suspended.

use jiff::Timestamp;

use crate::{IdentifierId, Name, StatusListId, WalletId};

/// The number of entries of a list, large enough that an index does not identify a holder
/// (draft-ietf-oauth-status-list, "Herd Privacy").
pub const STATUS_LIST_SIZE: u32 = 100_000;

names! {
    /// The status of an issued credential.
    pub enum CredentialStatus {
        /// Valid.
        Valid = "valid",
        /// Suspended; it may be restored.
        Suspended = "suspended",
        /// Revoked, for good.
        Revoked = "revoked",
    }
}

/// A status list: an entry for each credential, signed by their issuer.
#[derive(Clone, PartialEq, Debug)]
pub struct StatusList {
    /// Its id.
    pub id: StatusListId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// Its name, unique in the wallet.
    pub name: Name,
    /// The identifier that signs it and issues its credentials; never changes.
    pub identifier_id: IdentifierId,
    /// The name of that identifier.
    pub identifier_name: String,
    /// The number of its entries.
    pub size: u32,
    /// The number of entries of valid credentials.
    pub valid: u32,
    /// The number of entries of suspended credentials.
    pub suspended: u32,
    /// The number of entries of revoked credentials.
    pub revoked: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

impl StatusList {
    /// The number of entries that are in use.
    pub fn used(&self) -> u32 {
        self.valid + self.suspended + self.revoked
    }
}
