//! The snapshot that the gate reads: one map for each kind of record, in which a change writes one entry.
//!
//! A reader never waits for a writer: it sees a record either before or after a change.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use foldhash::fast::RandomState;
use model::in_force::{RevokedToken, Role, Session, System, User};
use model::{
    Digest, ExternalSystemId, PermissionSet, RoleId, SessionId, SystemKind, TokenId, TokenKeyId, UserId, WalletId,
};

use crate::entry::{Entry, UnreadableKeyId, Verify};
use crate::key_text::KeyId;
use crate::rate::Bucket;
use crate::token::{LIFETIME, SKEW};
use crate::usage::Usage;

/// A map with a fast hash. Its keys are drawn by this server, so a stranger cannot choose colliding ones.
pub(crate) type HashMap<K, V> = papaya::HashMap<K, V, RandomState>;

#[derive(Default)]
pub(crate) struct Snapshot {
    /// By the id inside their secret.
    api_keys: HashMap<KeyId, SystemRecord>,
    oauth_clients: HashMap<KeyId, SystemRecord>,
    /// The key ids of the OAuth clients, by the client that a token names in `sub`.
    pub(crate) client_ids: HashMap<ExternalSystemId, KeyId>,
    /// The wallet ids, each stored once and shared by its systems.
    wallets: HashMap<WalletId, Arc<WalletId>>,
    pub(crate) token_keys: HashMap<TokenKeyId, TokenKeyRecord>,
    /// With the instant at which each token expires.
    pub(crate) revoked_tokens: HashMap<TokenId, i64>,
    pub(crate) sessions: HashMap<KeyId, SessionRecord>,
    pub(crate) users: HashMap<UserId, UserRecord>,
    pub(crate) roles: HashMap<RoleId, RoleRecord>,
}

/// An API key or OAuth client. What an edit can change is written in place, so that a change costs no more than a
/// few stores, and a use that is counted meanwhile is not lost. With a million of them each byte counts: with its key id
/// it takes two lines of the processor's cache.
pub(crate) struct SystemRecord {
    pub(crate) id: ExternalSystemId,
    pub(crate) digest: Digest,
    /// Boxed twice to keep the record small; no request reads it.
    pub(crate) name: Box<Box<str>>,
    /// The first instant at which it is not valid, in epoch milliseconds.
    pub(crate) expires_at: i64,
    pub(crate) usage: Usage,
    pub(crate) bucket: Bucket,
    wallet: Arc<WalletId>,
    /// The bits of its permissions, or [`REVOKED`].
    access: AtomicU64,
    /// 0 for the default limit.
    requests_per_minute: AtomicU32,
}

/// No permission has this bit.
const REVOKED: u64 = 1 << 63;
const _: () = assert!(PermissionSet::ALL.bits() & REVOKED == 0);
const _: () = assert!(size_of::<(KeyId, SystemRecord)>() == 128);

/// Whether a system may be used at an instant, and what it may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Active(PermissionSet),
    Expired,
    Revoked,
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
    pub(crate) fn apply(&self, entry: Entry) -> Result<(), UnreadableKeyId> {
        match entry {
            Entry::System(entry) => self.apply_system(&entry)?,
            Entry::TokenKey { id, wallet_id, verify, ends_at } => {
                let ends_at = ends_at.unwrap_or(i64::MAX);
                self.token_keys.pin().insert(id, TokenKeyRecord { wallet: wallet_id, verify, ends_at });
            }
            Entry::RevokedToken(RevokedToken { id, expires_at }) => {
                let revoked = self.revoked_tokens.pin();
                // No token lives longer than its lifetime, so what ends this much earlier is over by now, also where
                // a server whose clock is ahead issued this one.
                revoked.retain(|_, other| *other > expires_at - LIFETIME - SKEW);
                revoked.insert(id, expires_at);
            }
            Entry::Session(entry) => self.apply_session(&entry)?,
            Entry::User(User { id, deleted: true, .. }) => {
                self.users.pin().remove(&id);
            }
            Entry::User(User { id, wallet_id, name, roles, deleted: false }) => {
                let (name, roles) = (name.into_boxed_str(), roles.into_boxed_slice());
                self.users.pin().insert(id, UserRecord { wallet: wallet_id, name, roles });
            }
            Entry::Role(Role { id, deleted: true, .. }) => {
                self.roles.pin().remove(&id);
            }
            Entry::Role(Role { id, wallet_id, permissions, deleted: false }) => {
                self.roles.pin().insert(id, RoleRecord { wallet: wallet_id, permissions });
            }
        }
        Ok(())
    }

    /// The union of the permissions of the user's roles now; a role of another wallet counts for nothing.
    pub(crate) fn permissions(&self, user: &UserRecord) -> PermissionSet {
        let roles = self.roles.pin();
        let of_wallet = user.roles.iter().filter_map(|role| roles.get(role)).filter(|role| role.wallet == user.wallet);
        of_wallet.fold(PermissionSet::EMPTY, |all, role| all | role.permissions)
    }

    /// The systems of one kind, by the id inside their secret.
    pub(crate) fn systems(&self, kind: SystemKind) -> &HashMap<KeyId, SystemRecord> {
        match kind {
            SystemKind::ApiKey => &self.api_keys,
            SystemKind::OauthClient => &self.oauth_clients,
        }
    }

    fn apply_system(&self, entry: &System) -> Result<(), UnreadableKeyId> {
        let key_id = KeyId::parse(&entry.key_id).ok_or(UnreadableKeyId)?;
        let systems = self.systems(entry.kind).pin();
        match systems.get(&key_id).filter(|known| known.is_of(entry)) {
            Some(known) => known.update(entry),
            None => {
                systems.insert(key_id, SystemRecord::new(entry, self.wallet(entry.wallet_id)));
            }
        }
        if entry.kind == SystemKind::OauthClient {
            self.client_ids.pin().insert(entry.id, key_id);
        }
        Ok(())
    }

    fn apply_session(&self, entry: &Session) -> Result<(), UnreadableKeyId> {
        let key_id = KeyId::parse(&entry.key_id).ok_or(UnreadableKeyId)?;
        let sessions = self.sessions.pin();
        if entry.ended {
            sessions.remove(&key_id);
        } else {
            sessions.insert(key_id, SessionRecord::new(entry));
        }
        Ok(())
    }

    fn wallet(&self, id: WalletId) -> Arc<WalletId> {
        Arc::clone(self.wallets.pin().get_or_insert_with(id, || Arc::new(id)))
    }
}

impl SessionRecord {
    fn new(entry: &Session) -> Self {
        Self {
            id: entry.id,
            user: entry.user_id,
            wallet: entry.wallet_id,
            digest: entry.digest,
            expires_at: entry.expires_at,
        }
    }
}

impl SystemRecord {
    fn new(entry: &System, wallet: Arc<WalletId>) -> Self {
        let record = Self {
            id: entry.id,
            digest: entry.digest,
            name: Box::new(entry.name.as_str().into()),
            expires_at: entry.expires_at,
            usage: Usage::new(entry.last_used_at),
            bucket: Bucket::default(),
            wallet,
            access: AtomicU64::default(),
            requests_per_minute: AtomicU32::default(),
        };
        record.update(entry);
        record
    }

    /// Whether the entry is a later state of this record, rather than another one.
    fn is_of(&self, entry: &System) -> bool {
        // Both digests are the server's own, so the time of the comparison tells a stranger nothing.
        self.id == entry.id
            && self.digest.as_bytes() == entry.digest.as_bytes()
            && *self.wallet == entry.wallet_id
            && self.expires_at == entry.expires_at
            && **self.name == *entry.name
    }

    /// Applies the members that an edit may change; each is in force for the next reader.
    fn update(&self, entry: &System) {
        self.usage.saw(entry.last_used_at);
        let requests = entry.requests_per_minute.map_or(0, |limit| limit.get().get());
        self.requests_per_minute.store(requests, Ordering::Release);
        let access = if entry.revoked { REVOKED } else { entry.permissions.bits() };
        self.access.store(access, Ordering::Release);
    }

    pub(crate) fn wallet(&self) -> WalletId {
        *self.wallet
    }

    /// The permissions; `None` when it is revoked. Both are one word, read once: a request sees a system either before or
    /// after its revocation.
    pub(crate) fn permissions(&self) -> Option<PermissionSet> {
        let access = self.access.load(Ordering::Acquire);
        (access != REVOKED).then(|| PermissionSet::from_bits(access))
    }

    pub(crate) fn state(&self, now: i64) -> State {
        match self.permissions() {
            None => State::Revoked,
            Some(_) if now >= self.expires_at => State::Expired,
            Some(permissions) => State::Active(permissions),
        }
    }

    pub(crate) fn requests_per_minute(&self) -> Option<NonZeroU32> {
        NonZeroU32::new(self.requests_per_minute.load(Ordering::Acquire))
    }
}
