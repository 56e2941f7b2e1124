//! The view that the gate reads: one map for each kind of record, in which a change costs one entry.
//!
//! A reader never waits for a writer: it sees a record either before or after a change.

use model::{
    Digest, ExternalSystemId, PermissionSet, RoleId, SessionId, SystemKind, TokenId, TokenKeyId, UserId, WalletId,
};
use papaya::HashMap;

use crate::KeyId;
use crate::entry::{Entry, RevokedTokenEntry, RoleEntry, SessionEntry, SystemEntry, TokenKeyEntry, UserEntry, Verify};
use crate::last_use::LastUse;
use crate::token::{LIFETIME, SKEW};

#[derive(Default)]
pub(crate) struct Snapshot {
    /// By the id inside their secret.
    pub(crate) systems: HashMap<KeyId, SystemRecord>,
    /// The OAuth clients among them, by what their tokens name.
    pub(crate) clients: HashMap<ExternalSystemId, KeyId>,
    pub(crate) token_keys: HashMap<TokenKeyId, TokenKeyRecord>,
    /// With the instant at which each would be over anyway.
    pub(crate) revoked_tokens: HashMap<TokenId, i64>,
    pub(crate) sessions: HashMap<KeyId, SessionRecord>,
    pub(crate) users: HashMap<UserId, UserRecord>,
    pub(crate) roles: HashMap<RoleId, RoleRecord>,
}

pub(crate) struct SystemRecord {
    pub(crate) id: ExternalSystemId,
    pub(crate) kind: SystemKind,
    pub(crate) wallet: WalletId,
    pub(crate) digest: Digest,
    pub(crate) permissions: PermissionSet,
    pub(crate) expires_at: i64,
    pub(crate) last_use: LastUse,
    pub(crate) name: Box<str>,
    pub(crate) revoked: bool,
}

pub(crate) struct TokenKeyRecord {
    pub(crate) wallet: WalletId,
    pub(crate) verify: Verify,
    pub(crate) ends_at: i64,
}

pub(crate) struct SessionRecord {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) wallet: WalletId,
    pub(crate) digest: Digest,
    pub(crate) expires_at: i64,
}

pub(crate) struct UserRecord {
    pub(crate) wallet: WalletId,
    pub(crate) name: Box<str>,
    pub(crate) roles: Box<[RoleId]>,
}

pub(crate) struct RoleRecord {
    pub(crate) wallet: WalletId,
    pub(crate) permissions: PermissionSet,
}

impl Snapshot {
    pub(crate) fn apply(&self, entry: Entry) {
        match entry {
            Entry::System(entry) => self.apply_system(entry),
            Entry::TokenKey(TokenKeyEntry { id, wallet, verify, ends_at }) => {
                let ends_at = ends_at.unwrap_or(i64::MAX);
                self.token_keys.pin().insert(id, TokenKeyRecord { wallet, verify, ends_at });
            }
            Entry::RevokedToken(RevokedTokenEntry { id, expires_at }) => {
                let revoked = self.revoked_tokens.pin();
                // No token lives longer than its lifetime, so what ends this much earlier is over by now, also where
                // a server whose clock is ahead issued this one.
                revoked.retain(|_, other| *other > expires_at - LIFETIME - SKEW);
                revoked.insert(id, expires_at);
            }
            Entry::Session(SessionEntry { key_id, revoked: true, .. }) => {
                self.sessions.pin().remove(&key_id);
            }
            Entry::Session(SessionEntry { id, key_id, user, wallet, digest, expires_at, revoked: false }) => {
                self.sessions.pin().insert(key_id, SessionRecord { id, user, wallet, digest, expires_at });
            }
            Entry::User(UserEntry { id, removed: true, .. }) => {
                self.users.pin().remove(&id);
            }
            Entry::User(UserEntry { id, wallet, name, roles, removed: false }) => {
                let (name, roles) = (name.into_boxed_str(), roles.into_boxed_slice());
                self.users.pin().insert(id, UserRecord { wallet, name, roles });
            }
            Entry::Role(RoleEntry { id, removed: true, .. }) => {
                self.roles.pin().remove(&id);
            }
            Entry::Role(RoleEntry { id, wallet, permissions, removed: false }) => {
                self.roles.pin().insert(id, RoleRecord { wallet, permissions });
            }
        }
    }

    /// What the user's roles give together at this moment; a role of another wallet gives nothing.
    pub(crate) fn permissions(&self, user: &UserRecord) -> PermissionSet {
        let roles = self.roles.pin();
        let of_wallet = user.roles.iter().filter_map(|role| roles.get(role)).filter(|role| role.wallet == user.wallet);
        of_wallet.fold(PermissionSet::EMPTY, |all, role| all | role.permissions)
    }

    fn apply_system(&self, entry: SystemEntry) {
        let SystemEntry { id, kind, key_id, wallet, digest, permissions, expires_at, revoked, last_used_at, name } =
            entry;
        let name = name.into_boxed_str();
        let systems = self.systems.pin();
        // The new record starts outside the queue although the old one may stand in it: to be queued
        // twice costs nothing, never to be queued again would lose every later use.
        let last_use = LastUse::new(last_used_at.max(systems.get(&key_id).and_then(|known| known.last_use.at())));
        let record = SystemRecord { id, kind, wallet, digest, permissions, expires_at, last_use, name, revoked };
        systems.insert(key_id, record);
        if kind == SystemKind::OauthClient {
            self.clients.pin().insert(id, key_id);
        }
    }
}
