//! The records that decide whether a request is admitted, as the store reads them and the gate holds them.
//!
//! An entry is the state of one record after a change; it replaces the earlier one. Instants are epoch milliseconds,
//! because the gate compares with nothing else.

use serde_json::Value;

use crate::{
    Digest, ExternalSystemId, PermissionSet, RequestsPerMinute, RoleId, SessionId, SystemKind, TokenId, TokenKeyId,
    UserId, WalletId,
};

/// An API key or an OAuth client. Its key id never changes.
#[derive(Clone)]
pub struct System {
    /// Its id.
    pub id: ExternalSystemId,
    /// Whether it is an API key or an OAuth client.
    pub kind: SystemKind,
    /// The wallet that it gives access to.
    pub wallet_id: WalletId,
    /// Its name; of an OAuth client, the client ID.
    pub name: String,
    /// The id inside its secret.
    pub key_id: String,
    /// The digest of its secret.
    pub digest: Digest,
    /// Its permissions.
    pub permissions: PermissionSet,
    /// Its own limit of requests a minute; the server's default limit without one.
    pub requests_per_minute: Option<RequestsPerMinute>,
    /// The first instant at which it is not valid.
    pub expires_at: i64,
    /// When it was last used, as far as that is stored.
    pub last_used_at: Option<i64>,
    /// Whether it was revoked. The entry stays, so that a caller that proves the secret is told `revoked`.
    pub revoked: bool,
}

/// A key that signs access tokens.
#[derive(Clone)]
pub struct TokenKey {
    /// Its id, the `kid` of the tokens that it signs.
    pub id: TokenKeyId,
    /// The wallet whose tokens it signs, and no other's.
    pub wallet_id: WalletId,
    /// The public key as a JWK (RFC 7517).
    pub public_jwk: Value,
    /// When a newer key replaced it.
    pub retired_at: Option<i64>,
}

/// An access token that was revoked.
#[derive(Clone, Copy)]
pub struct RevokedToken {
    /// Its `jti`.
    pub id: TokenId,
    /// When it expires; the entry is not needed after that.
    pub expires_at: i64,
}

/// A console session.
#[derive(Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The wallet of its user.
    pub wallet_id: WalletId,
    /// The user.
    pub user_id: UserId,
    /// The id inside the cookie's text.
    pub key_id: String,
    /// The digest of the cookie's text.
    pub digest: Digest,
    /// The first instant at which it is not valid.
    pub expires_at: i64,
    /// Whether it was ended, by its user or with its user; the gate then forgets it.
    pub ended: bool,
}

/// A user.
#[derive(Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The wallet that it belongs to.
    pub wallet_id: WalletId,
    /// Its name, for the audit log.
    pub name: String,
    /// Its roles; the user has the union of their permissions.
    pub roles: Vec<RoleId>,
    /// Whether it was deleted; the gate then forgets it, and its sessions open nothing.
    pub deleted: bool,
}

/// A role.
#[derive(Clone)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// The wallet that it belongs to.
    pub wallet_id: WalletId,
    /// Its permissions.
    pub permissions: PermissionSet,
    /// Whether it was deleted; the gate then forgets it.
    pub deleted: bool,
}
