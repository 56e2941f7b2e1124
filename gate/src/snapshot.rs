//! The view that the gate reads: one map for each kind of record, in which a change costs one entry.
//!
//! A reader never waits for a writer: it sees a record either before or after a change.

use model::{ApiKeyId, Digest, PermissionSet, RoleId, SessionId, UserId, WalletId};
use papaya::HashMap;

use crate::KeyId;
use crate::entry::{ApiKeyEntry, Entry, RoleEntry, SessionEntry, UserEntry};
use crate::last_use::LastUse;

#[derive(Default)]
pub(crate) struct Snapshot {
    pub(crate) api_keys: HashMap<KeyId, ApiKeyRecord>,
    pub(crate) sessions: HashMap<KeyId, SessionRecord>,
    pub(crate) users: HashMap<UserId, UserRecord>,
    pub(crate) roles: HashMap<RoleId, RoleRecord>,
}

pub(crate) struct ApiKeyRecord {
    pub(crate) id: ApiKeyId,
    pub(crate) wallet: WalletId,
    pub(crate) digest: Digest,
    pub(crate) permissions: PermissionSet,
    pub(crate) expires_at: i64,
    pub(crate) last_use: LastUse,
    pub(crate) name: Box<str>,
    pub(crate) revoked: bool,
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
            Entry::ApiKey(entry) => self.apply_api_key(entry),
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

    fn apply_api_key(&self, entry: ApiKeyEntry) {
        let ApiKeyEntry { id, key_id, wallet, digest, permissions, expires_at, revoked, last_used_at, name } = entry;
        let name = name.into_boxed_str();
        let api_keys = self.api_keys.pin();
        // The new record starts outside the queue although the old one may stand in it: to be queued
        // twice costs nothing, never to be queued again would lose every later use.
        let last_use = LastUse::new(last_used_at.max(api_keys.get(&key_id).and_then(|known| known.last_use.at())));
        let record = ApiKeyRecord { id, wallet, digest, permissions, expires_at, last_use, name, revoked };
        api_keys.insert(key_id, record);
    }
}
