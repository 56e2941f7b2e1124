//! What the feed brings to the gate: the state of one record after a change.

use std::num::NonZeroU32;
use std::sync::Arc;

use model::{
    Digest, ExternalSystemId, PermissionSet, RoleId, SessionId, SystemKind, TokenId, TokenKeyId, UserId, WalletId,
};

use crate::KeyId;

/// The state of one record, which takes the place of what the gate knew of it.
#[derive(Clone)]
pub enum Entry {
    /// An API key or an OAuth client.
    System(SystemEntry),
    /// A key that signs access tokens.
    TokenKey(TokenKeyEntry),
    /// An access token that was revoked.
    RevokedToken(RevokedTokenEntry),
    /// A console session.
    Session(SessionEntry),
    /// A user.
    User(UserEntry),
    /// A role.
    Role(RoleEntry),
}

/// An API key or OAuth client as the gate needs it. Its key id never changes.
#[derive(Clone)]
pub struct SystemEntry {
    /// Its id.
    pub id: ExternalSystemId,
    /// How it proves itself.
    pub kind: SystemKind,
    /// The id inside its secret.
    pub key_id: KeyId,
    /// The wallet that it opens.
    pub wallet: WalletId,
    /// The digest of its secret.
    pub digest: Digest,
    /// What it may do.
    pub permissions: PermissionSet,
    /// The first instant at which it is not valid, in epoch milliseconds.
    pub expires_at: i64,
    /// Whether it was revoked. It stays known, so that a proven caller is told.
    pub revoked: bool,
    /// How many requests a minute it may send; what the gate allows everybody when it is left out.
    pub requests_per_minute: Option<NonZeroU32>,
    /// Its stored last use, in epoch milliseconds; a later one that the gate saw itself is kept.
    pub last_used_at: Option<i64>,
    /// Its name, for the audit log; of an OAuth client, the client ID.
    pub name: String,
}

/// Whether a signature (`r || s`, 64 bytes) is that of a message, under one ES256 key.
pub type Verify = Arc<dyn Fn(&[u8], &[u8]) -> bool + Send + Sync>;

/// A key that signs access tokens, as the gate needs it.
#[derive(Clone)]
pub struct TokenKeyEntry {
    /// Its id, the `kid` of the tokens that it signs.
    pub id: TokenKeyId,
    /// The wallet whose tokens it signs, and no other's.
    pub wallet: WalletId,
    /// Verifies its signatures.
    pub verify: Verify,
    /// The first instant at which none of its tokens is valid, in epoch milliseconds; none while it signs.
    pub ends_at: Option<i64>,
}

/// An access token that was revoked.
#[derive(Clone, Copy)]
pub struct RevokedTokenEntry {
    /// Its `jti`.
    pub id: TokenId,
    /// When it would be over anyway, in epoch milliseconds.
    pub expires_at: i64,
}

/// A console session as the gate needs it.
#[derive(Clone)]
pub struct SessionEntry {
    /// Its id.
    pub id: SessionId,
    /// The id inside its cookie's text.
    pub key_id: KeyId,
    /// Who signed in.
    pub user: UserId,
    /// The user's wallet.
    pub wallet: WalletId,
    /// The digest of its text.
    pub digest: Digest,
    /// The first instant at which it is not valid, in epoch milliseconds.
    pub expires_at: i64,
    /// Whether it was ended; the gate then forgets it.
    pub revoked: bool,
}

/// A user as the gate needs it.
#[derive(Clone)]
pub struct UserEntry {
    /// Its id.
    pub id: UserId,
    /// The wallet that it belongs to.
    pub wallet: WalletId,
    /// Its name, for the audit log.
    pub name: String,
    /// Its roles; their permissions together are its own.
    pub roles: Vec<RoleId>,
    /// Whether it was deleted; the gate then forgets it, and its sessions open nothing.
    pub removed: bool,
}

/// A role as the gate needs it.
#[derive(Clone)]
pub struct RoleEntry {
    /// Its id.
    pub id: RoleId,
    /// The wallet that it belongs to.
    pub wallet: WalletId,
    /// What it gives.
    pub permissions: PermissionSet,
    /// Whether it was deleted; the gate then forgets it.
    pub removed: bool,
}
