//! Entries of the gate: the state of one record after a change, as the feed brings it.

use std::sync::Arc;

use model::in_force::{RevokedToken, Role, Session, System, User};
use model::{TokenKeyId, WalletId};

/// The state of one record, which replaces the earlier one.
#[derive(Clone)]
pub enum Entry {
    /// An API key or an OAuth client.
    System(System),
    /// A key that signs access tokens. The gate has no signature code of its own, so the entry brings the function that
    /// verifies.
    TokenKey {
        /// Its id, the `kid` of the tokens that it signs.
        id: TokenKeyId,
        /// The wallet whose tokens it signs, and no other's.
        wallet_id: WalletId,
        /// Verifies its signatures.
        verify: Verify,
        /// The first instant at which none of its tokens is valid, in epoch milliseconds; none while it signs.
        ends_at: Option<i64>,
    },
    /// An access token that was revoked.
    RevokedToken(RevokedToken),
    /// A console session.
    Session(Session),
    /// A user.
    User(User),
    /// A role.
    Role(Role),
}

/// Whether a signature (`r || s`, 64 bytes) is that of a message, under one ES256 key.
pub type Verify = Arc<dyn Fn(&[u8], &[u8]) -> bool + Send + Sync>;

/// The key id of an entry is malformed. The gate does not take the entry, because no key text could match it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a stored key id is unreadable; its key opens nothing")]
pub struct UnreadableKeyId;
