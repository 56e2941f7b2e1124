//! A gate with one API key and one signed-in user in it.

use http::{HeaderMap, HeaderName, HeaderValue};
use model::in_force::{Role, Session, System, User};
use model::{ExternalSystemId, PermissionSet, RoleId, SessionId, SystemKind, UserId, WalletId};
use uuid::Uuid;

use crate::{Caller, Denial, DigestKey, Entry, Gate, KeyKind, KeyText, TokenRealm};

pub(super) const COOKIE: &str = "__Host-claviger";
pub(super) const NOW: i64 = 1_795_000_000_000;
pub(super) const EXPIRES: i64 = NOW + 1000;
pub(super) const WALLET: WalletId = WalletId(Uuid::from_u128(1));
pub(super) const OTHER_WALLET: WalletId = WalletId(Uuid::from_u128(2));
pub(super) const KEY: ExternalSystemId = ExternalSystemId(Uuid::from_u128(3));
pub(super) const USER: UserId = UserId(Uuid::from_u128(4));
pub(super) const ROLE: RoleId = RoleId(Uuid::from_u128(5));
pub(super) const SESSION: SessionId = SessionId(Uuid::from_u128(6));

pub(super) struct House {
    pub(super) gate: Gate,
    pub(super) key: KeyText,
    pub(super) session: KeyText,
}

/// What tokens must be for.
pub(super) fn realm() -> TokenRealm {
    TokenRealm { issuer: "https://wallet.example".into(), audience: "https://wallet.example/api/v1".into() }
}

/// A key text whose id and secret are these bytes over and over.
pub(super) fn text(kind: KeyKind, id: u8, secret: u8) -> KeyText {
    KeyText::generate(kind, &mut |bytes| bytes.fill(if bytes.len() == 16 { id } else { secret }))
}

pub(super) fn permissions(names: &str) -> PermissionSet {
    PermissionSet::from_names(names)
}

pub(super) fn headers(pairs: &[(&str, &[u8])]) -> HeaderMap {
    let pair =
        |(name, value): &(&str, &[u8])| (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value).unwrap());
    pairs.iter().map(pair).fold(HeaderMap::new(), |mut map, (name, value)| {
        map.append(name, value);
        map
    })
}

impl House {
    pub(super) fn new() -> Self {
        Self::with(|gate| gate)
    }

    /// With a gate that was set up otherwise.
    pub(super) fn with(set_up: impl FnOnce(Gate) -> Gate) -> Self {
        let house = Self {
            gate: set_up(Gate::new(DigestKey::from_bytes([9; 32]), COOKIE, realm())),
            key: text(KeyKind::ApiKey, 1, 2),
            session: text(KeyKind::Session, 3, 4),
        };
        house.apply(Entry::System(house.key_entry()));
        house.apply(Entry::Role(house.role_entry()));
        house.apply(Entry::User(house.user_entry()));
        house.apply(Entry::Session(house.session_entry()));
        house
    }

    pub(super) fn apply(&self, entry: Entry) {
        self.gate.apply(entry).unwrap();
    }

    pub(super) fn key_entry(&self) -> System {
        System {
            id: KEY,
            kind: SystemKind::ApiKey,
            key_id: self.key.key_id().to_string(),
            wallet_id: WALLET,
            digest: self.gate.digest_key().digest(&self.key),
            permissions: permissions("holder_credentials:view"),
            expires_at: EXPIRES,
            revoked: false,
            requests_per_minute: None,
            last_used_at: None,
            name: "acme-backend".to_owned(),
        }
    }

    pub(super) fn session_entry(&self) -> Session {
        Session {
            id: SESSION,
            key_id: self.session.key_id().to_string(),
            user_id: USER,
            wallet_id: WALLET,
            digest: self.gate.digest_key().digest(&self.session),
            expires_at: EXPIRES,
            ended: false,
        }
    }

    #[expect(clippy::unused_self, reason = "stands beside the other entries")]
    pub(super) fn user_entry(&self) -> User {
        User { id: USER, wallet_id: WALLET, name: "Ada".to_owned(), roles: vec![ROLE], deleted: false }
    }

    #[expect(clippy::unused_self, reason = "stands beside the other entries")]
    pub(super) fn role_entry(&self) -> Role {
        Role { id: ROLE, wallet_id: WALLET, permissions: permissions("users:change"), deleted: false }
    }

    pub(super) fn admit(&self, pairs: &[(&str, &[u8])]) -> Result<Caller, Denial> {
        self.gate.admit(&headers(pairs), NOW)
    }

    pub(super) fn with_key(&self, now: i64) -> Result<Caller, Denial> {
        self.gate.admit(&headers(&[("x-api-key", self.key.reveal().as_bytes())]), now)
    }

    pub(super) fn with_session(&self, now: i64) -> Result<Caller, Denial> {
        self.gate.admit(&headers(&[("cookie", self.cookie().as_bytes())]), now)
    }

    /// When the key was last used.
    pub(super) fn last_used(&self) -> Option<i64> {
        self.gate.last_used(SystemKind::ApiKey, &self.key.key_id())
    }

    /// What was counted of the key since this was last asked: its last use, requests and refusals.
    pub(super) fn take_used(&self) -> Vec<(Option<i64>, u64, u64)> {
        let used = self.gate.take_used(usize::MAX).0;
        assert!(used.iter().all(|used| (used.id, used.wallet) == (KEY, WALLET)));
        used.iter().map(|used| (used.last_used_at, used.counts.requests, used.counts.refusals)).collect()
    }

    pub(super) fn cookie(&self) -> String {
        format!("{COOKIE}={}", self.session.reveal())
    }

    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.key.reveal())
    }
}
