//! The decision whether a request is admitted.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use model::{Actor, ActorKind, Digest, ExternalSystemId, PermissionSet, SystemKind, UserId, WalletId};

use crate::headers::{self, Shown};
use crate::snapshot::{HashMap, Snapshot, State, SystemRecord};
use crate::token::{Compact, Token, TokenRealm};
use crate::{
    Caller, Counts, Denial, DigestKey, Entry, Exhausted, InvalidReason, KeyId, Presented, Rate, UnreadableKeyId, Via,
};

/// How many verified signatures are remembered.
const MAX_REMEMBERED: usize = 16_384;
/// How many tokens use up a client's limit of a minute. Each token is signed and audited, and is valid for an hour.
const TOKENS_PER_MINUTE: u32 = 100;

/// Decides which requests are admitted, by the entries that [`Gate::apply`] brought.
pub struct Gate {
    digest_key: DigestKey,
    session_cookie: Box<str>,
    realm: TokenRealm,
    snapshot: Snapshot,
    /// The claims of tokens whose signatures were verified, by the digest of their text. Their permissions are not
    /// stored.
    verified: HashMap<[u8; 32], Token>,
    requests_per_minute: Option<NonZeroU32>,
    /// Keys whose counts were not taken out yet, in the order of their first request.
    used: Mutex<VecDeque<(SystemKind, KeyId)>>,
}

/// Usage counts of an API key or OAuth client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Used {
    /// Its id.
    pub id: ExternalSystemId,
    /// Its wallet.
    pub wallet: WalletId,
    /// When it was last admitted, in epoch milliseconds.
    pub last_used_at: Option<i64>,
    /// Its requests.
    pub counts: Counts,
}

/// An OAuth client that has proved its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client {
    /// Its id.
    pub id: ExternalSystemId,
    /// Its wallet.
    pub wallet: WalletId,
    /// Its client ID.
    pub client_id: String,
    /// Its permissions.
    pub permissions: PermissionSet,
    /// The first instant at which it is not valid, in epoch milliseconds.
    pub expires_at: i64,
}

impl Gate {
    /// An empty gate.
    ///
    /// `session_cookie` is the exact name of the console's cookie, `realm` the issuer and audience of access tokens.
    pub fn new(digest_key: DigestKey, session_cookie: impl Into<Box<str>>, realm: TokenRealm) -> Self {
        let session_cookie = session_cookie.into();
        Self {
            digest_key,
            session_cookie,
            realm,
            snapshot: Snapshot::default(),
            verified: HashMap::default(),
            requests_per_minute: None,
            used: Mutex::default(),
        }
    }

    /// Sets the limit of requests a minute for API keys and clients without a limit of their own; `None` for no limit.
    #[must_use]
    pub fn with_requests_per_minute(self, requests: Option<NonZeroU32>) -> Self {
        Self { requests_per_minute: requests, ..self }
    }

    /// Decides whether a request with these headers may pass at `now`, in epoch milliseconds.
    ///
    /// An API key comes in `x-api-key` or `Authorization: Bearer` (RFC 6750 §2.1), an access token in the latter alone,
    /// a session in its cookie. Only the form is checked before it is certain that one secret alone was presented, and
    /// a denial says nothing about a key before its secret is proven (mission D1, D6).
    pub fn admit(&self, headers: &HeaderMap, now: i64) -> Result<Caller, Denial> {
        let sole = headers::sole(headers, &self.session_cookie)?;
        match sole.read()? {
            Shown::ApiKey(presented) => self.admit_api_key(&presented, now),
            Shown::Token(text) => self.admit_token(&text, now),
            Shown::Session(presented) => self.admit_session(&presented, now),
        }
    }

    /// Decides whether an OAuth client has proved itself with its client ID and secret (RFC 6749 §2.3.1).
    ///
    /// The id inside the secret finds the client; the client ID beside it must be its own, so that two wallets may
    /// use the same one.
    pub fn prove_client(&self, client_id: &str, secret: &Presented<'_>, now: i64) -> Result<Client, Denial> {
        self.prove_system(SystemKind::OauthClient, secret, |client| {
            if **client.name != *client_id {
                return Err(Denial::Invalid(InvalidReason::OtherClientId));
            }
            let (permissions, _) = self.let_in(SystemKind::OauthClient, secret.key_id(), client, now)?;
            Ok(client.client(permissions))
        })
    }

    /// Charges a client's limit for a new access token, at `now`: a hundredth of a minute's requests.
    pub fn charge_token(&self, client: &Client, now: i64) -> Result<(), Exhausted> {
        let clients = self.snapshot.systems(SystemKind::OauthClient).pin();
        let Some(record) = self.snapshot.client_ids.pin().get(&client.id).and_then(|key_id| clients.get(key_id)) else {
            return Ok(());
        };
        self.quota(record)
            .map_or(Ok(()), |quota| record.bucket.take(quota, quota.get().div_ceil(TOKENS_PER_MINUTE), now).map(|_| ()))
    }

    /// An access token's claims and its caller at `now`: the same decision as [`Gate::admit`] makes for a request that
    /// bears it.
    pub fn inspect(&self, text: &str, now: i64) -> Result<(Token, Caller), Denial> {
        let text = Compact::split(text.as_bytes()).ok_or(Denial::Invalid(InvalidReason::Malformed))?;
        let token = self.read(&text)?;
        let caller = self.judge(&token, now, |key_id, client| {
            let permissions = client.check_in_force(now)?;
            Ok(client.caller(SystemKind::OauthClient, key_id, permissions, None))
        })?;
        Ok((token, caller))
    }

    /// The OAuth clients of all wallets whose client ID is `wanted`. Looks at every client, so it is not for a request.
    pub fn clients_named(&self, wanted: impl Fn(&str) -> bool) -> Vec<Client> {
        let clients = self.snapshot.systems(SystemKind::OauthClient).pin();
        let wanted = clients.values().filter(|client| wanted(&client.name));
        wanted.filter_map(|client| Some(client.client(client.permissions()?))).collect()
    }

    /// The issuer and the audience of this server's access tokens.
    pub fn realm(&self) -> &TokenRealm {
        &self.realm
    }

    /// Reserves room for `count` API keys or clients before the first one is added: a map that grows step by step keeps
    /// its outgrown tables.
    pub fn reserve(&self, kind: SystemKind, count: usize) {
        self.snapshot.systems(kind).pin().reserve(count);
    }

    /// Applies the state of one record. It is in force for every request admitted after this returns.
    ///
    /// The entries of one record must come in the order of their changes, so from one place at a time.
    pub fn apply(&self, entry: Entry) -> Result<(), UnreadableKeyId> {
        self.snapshot.apply(entry)
    }

    /// The caller as an actor of audit events, with its current name.
    ///
    /// A user that was deleted since it was admitted is named by its id.
    pub fn actor(&self, caller: &Caller) -> Actor {
        let name = match caller.system_kind() {
            Some(kind) => self.snapshot.systems(kind).pin().get(&caller.key_id).map(|system| system.name.to_string()),
            None => self.snapshot.users.pin().get(&UserId(caller.id)).map(|user| user.name.to_string()),
        };
        Actor { kind: caller.kind, id: Some(caller.id), name: name.unwrap_or_else(|| caller.id.to_string()) }
    }

    /// The key under which the digests in the entries were made.
    pub fn digest_key(&self) -> &DigestKey {
        &self.digest_key
    }

    /// When the API key or client with this key id was last admitted, in epoch milliseconds: the live value, ahead
    /// of the stored one.
    pub fn last_used(&self, kind: SystemKind, key_id: &KeyId) -> Option<i64> {
        self.snapshot.systems(kind).pin().get(key_id)?.usage.last()
    }

    /// The number of API keys or clients in the gate, revoked and expired ones included.
    pub fn known(&self, kind: SystemKind) -> usize {
        self.snapshot.systems(kind).pin().len()
    }

    /// Takes out the counts of this API key or client since they were last taken; `None` when there was no request.
    pub fn take_used_of(&self, kind: SystemKind, key_id: &KeyId) -> Option<Used> {
        let used = self.snapshot.systems(kind).pin().get(key_id).map(SystemRecord::take_used)?;
        Some(used).filter(|used| used.counts.requests > 0)
    }

    /// Takes out the counts of at most `most` API keys and clients, the longest waiting first. Returns whether others
    /// are left.
    ///
    /// Costs as much as there are keys in the answer, however many the gate knows.
    pub fn take_used(&self, most: usize) -> (Vec<Used>, bool) {
        let (queue, are_left): (Vec<_>, _) = {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            let most = most.min(used.len());
            (used.drain(..most).collect(), !used.is_empty())
        };
        // A key that was taken out by itself, or whose record was replaced meanwhile, may be in the queue twice.
        let used = queue.into_iter().filter_map(|(kind, key_id)| self.take_used_of(kind, &key_id)).collect();
        (used, are_left)
    }

    /// Counts an admitted request of this caller as refused, because it lacked the permission.
    pub fn note_refusal(&self, caller: &Caller) {
        if let Some(kind) = caller.system_kind()
            && let Some(system) = self.snapshot.systems(kind).pin().get(&caller.key_id)
        {
            system.usage.refused_later();
        }
    }

    fn admit_api_key(&self, presented: &Presented<'_>, now: i64) -> Result<Caller, Denial> {
        let (kind, key_id) = (SystemKind::ApiKey, presented.key_id());
        self.prove_system(kind, presented, |key| {
            let (permissions, rate) = self.let_in(kind, key_id, key, now)?;
            Ok(key.caller(kind, key_id, permissions, rate))
        })
    }

    /// Finds the external system of a key text and verifies the secret; only then `admit` decides on the rest.
    fn prove_system<T>(
        &self,
        kind: SystemKind,
        presented: &Presented<'_>,
        admit: impl FnOnce(&SystemRecord) -> Result<T, Denial>,
    ) -> Result<T, Denial> {
        let systems = self.snapshot.systems(kind).pin();
        let system = systems.get(&presented.key_id());
        self.prove(presented, system.map(|system| &system.digest))?;
        admit(system.ok_or(Denial::Invalid(InvalidReason::Unknown))?)
    }

    /// Admits a proven system that is in force and within its limit. Counts its request either way.
    fn let_in(
        &self,
        kind: SystemKind,
        key_id: KeyId,
        system: &SystemRecord,
        now: i64,
    ) -> Result<(PermissionSet, Option<Rate>), Denial> {
        let within = |quota| system.bucket.take(quota, 1, now).map_err(Denial::TooManyRequests);
        let admitted = system
            .check_in_force(now)
            .and_then(|permissions| Ok((permissions, self.quota(system).map(within).transpose()?)));
        let is_first = if admitted.is_ok() { system.usage.admitted(now) } else { system.usage.refused() };
        if is_first {
            self.used.lock().unwrap_or_else(PoisonError::into_inner).push_back((kind, key_id));
        }
        admitted
    }

    /// The limit of requests a minute of this system.
    fn quota(&self, system: &SystemRecord) -> Option<NonZeroU32> {
        system.requests_per_minute().or(self.requests_per_minute)
    }

    fn admit_token(&self, text: &Compact<'_>, now: i64) -> Result<Caller, Denial> {
        let kind = SystemKind::OauthClient;
        self.judge(&self.read(text)?, now, |key_id, client| {
            let (permissions, rate) = self.let_in(kind, key_id, client, now)?;
            Ok(client.caller(kind, key_id, permissions, rate))
        })
    }

    /// The claims of a token whose signature is verified, now or by an earlier request.
    fn read(&self, text: &Compact<'_>) -> Result<Token, Denial> {
        let digest = self.digest_key.of_token(text.text);
        let verified = self.verified.pin();
        if let Some(token) = verified.get(&digest) {
            return Ok(*token);
        }
        let token = text.read(&self.realm, |key, message, signature| {
            self.snapshot.token_keys.pin().get(&key).is_some_and(|key| (key.verify)(message, signature))
        })?;
        // Only genuine tokens come here, so this is rare; to verify some of them again is cheaper than an order.
        if verified.len() >= MAX_REMEMBERED {
            verified.clear();
        }
        verified.insert(digest, token);
        Ok(token)
    }

    /// Decides on a token with a verified signature, anew at every request. `admit` decides on its client; the token's
    /// scope narrows the permissions.
    fn judge(
        &self,
        token: &Token,
        now: i64,
        admit: impl FnOnce(KeyId, &SystemRecord) -> Result<Caller, Denial>,
    ) -> Result<Caller, Denial> {
        let unknown = Denial::Invalid(InvalidReason::Unknown);
        let token_keys = self.snapshot.token_keys.pin();
        let clients = self.snapshot.systems(SystemKind::OauthClient).pin();
        let key = token_keys.get(&token.key).filter(|key| now < key.ends_at).ok_or(unknown)?;
        let key_id = *self.snapshot.client_ids.pin().get(&token.client).ok_or(unknown)?;
        let client = clients.get(&key_id).filter(|client| client.wallet() == key.wallet).ok_or(unknown)?;
        token.check_time(now)?;
        if self.snapshot.revoked_tokens.pin().contains_key(&token.id) {
            return Err(Denial::Revoked);
        }
        let caller = admit(key_id, client)?;
        Ok(Caller { permissions: caller.permissions & token.scope, ..caller })
    }

    fn admit_session(&self, presented: &Presented<'_>, now: i64) -> Result<Caller, Denial> {
        let key_id = presented.key_id();
        let (sessions, users) = (self.snapshot.sessions.pin(), self.snapshot.users.pin());
        let session = sessions.get(&key_id);
        self.prove(presented, session.map(|session| &session.digest))?;
        let session = session.ok_or(Denial::Invalid(InvalidReason::Unknown))?;
        let user = users
            .get(&session.user)
            .filter(|user| user.wallet == session.wallet)
            .ok_or(Denial::Invalid(InvalidReason::UserRemoved))?;
        if now >= session.expires_at {
            return Err(Denial::Expired);
        }
        Ok(Caller {
            kind: ActorKind::User,
            id: session.user.0,
            wallet: session.wallet,
            permissions: self.snapshot.permissions(user),
            expires_at: session.expires_at,
            via: Via::Cookie,
            session: Some(session.id),
            key_id,
            rate: None,
        })
    }

    /// Compares with the stored digest. Without one it does the same work, so that the time it takes does
    /// not tell an unknown key from a wrong secret.
    fn prove(&self, presented: &Presented<'_>, stored: Option<&Digest>) -> Result<(), Denial> {
        let nothing = Digest::from_bytes([0; 32]);
        let matches = self.digest_key.matches(presented, stored.unwrap_or(&nothing));
        match stored {
            Some(_) if matches => Ok(()),
            Some(_) => Err(Denial::Invalid(InvalidReason::WrongSecret)),
            None => Err(Denial::Invalid(InvalidReason::Unknown)),
        }
    }
}

impl SystemRecord {
    /// What it may do while it may still be used; only a caller that has proved it learns this (mission D6).
    fn check_in_force(&self, now: i64) -> Result<PermissionSet, Denial> {
        match self.state(now) {
            State::Active(permissions) => Ok(permissions),
            State::Expired => Err(Denial::Expired),
            State::Revoked => Err(Denial::Revoked),
        }
    }

    fn take_used(&self) -> Used {
        let counts = self.usage.take();
        Used { id: self.id, wallet: self.wallet(), last_used_at: self.usage.last(), counts }
    }

    fn client(&self, permissions: PermissionSet) -> Client {
        Client {
            id: self.id,
            wallet: self.wallet(),
            client_id: self.name.to_string(),
            permissions,
            expires_at: self.expires_at,
        }
    }

    fn caller(&self, kind: SystemKind, key_id: KeyId, permissions: PermissionSet, rate: Option<Rate>) -> Caller {
        Caller {
            kind: kind.actor(),
            id: self.id.0,
            wallet: self.wallet(),
            permissions,
            expires_at: self.expires_at,
            via: Via::Header,
            session: None,
            key_id,
            rate,
        }
    }
}
