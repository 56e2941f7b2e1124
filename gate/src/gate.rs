//! The decision.

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use model::{Actor, ActorKind, Digest, ExternalSystemId, PermissionSet, SystemKind, UserId, WalletId};
use papaya::HashMap;

use crate::headers::{self, Shown};
use crate::last_use::{LastUse, Used};
use crate::snapshot::{Snapshot, SystemRecord};
use crate::token::{Compact, Token, TokenRealm};
use crate::{Caller, Denial, DigestKey, Entry, InvalidReason, KeyId, Presented, Via};

/// How many verified signatures are remembered.
const REMEMBERED: usize = 16_384;

/// Decides who may pass, from what it has been told with [`Gate::apply`].
pub struct Gate {
    digest_key: DigestKey,
    session_cookie: Box<str>,
    realm: TokenRealm,
    on_first_use: Box<dyn Fn() + Send + Sync>,
    snapshot: Snapshot,
    /// What tokens say whose signatures were verified, by the digest of their text. Never what they may do.
    verified: HashMap<[u8; 32], Token>,
    /// Keys used since the last flush, with the use that put them here.
    used: Mutex<Vec<(KeyId, i64)>>,
}

/// An OAuth client that has proved its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client {
    /// Its id.
    pub id: ExternalSystemId,
    /// The wallet that it opens.
    pub wallet: WalletId,
    /// Its client ID.
    pub client_id: String,
    /// What it may do.
    pub permissions: PermissionSet,
    /// The first instant at which it is not valid, in epoch milliseconds.
    pub expires_at: i64,
}

impl Gate {
    /// A gate that knows nobody yet.
    ///
    /// `session_cookie` is the exact name of the console's cookie, `realm` what access tokens must be for.
    /// `on_first_use` is called by the thread that admits a key for the very first time, after
    /// [`Gate::take_used`] can see it; it must only wake somebody and return.
    pub fn new(
        digest_key: DigestKey,
        session_cookie: impl Into<Box<str>>,
        realm: TokenRealm,
        on_first_use: Box<dyn Fn() + Send + Sync>,
    ) -> Self {
        let session_cookie = session_cookie.into();
        Self {
            digest_key,
            session_cookie,
            realm,
            on_first_use,
            snapshot: Snapshot::default(),
            verified: HashMap::new(),
            used: Mutex::default(),
        }
    }

    /// Decides whether a request with these headers may pass at `now`, in epoch milliseconds.
    ///
    /// An API key comes in `x-api-key` or `Authorization: Bearer` (RFC 6750 §2.1), an access token in the latter
    /// alone, a session in its cookie.
    /// Nothing but its form is looked at before it is certain that only one was presented, and nothing is
    /// told of a key before its secret is proven (mission D1, D6).
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
        self.prove_system(SystemKind::OauthClient, secret, now, |client| {
            let own = *client.name == *client_id;
            own.then(|| client.client()).ok_or(Denial::Invalid(InvalidReason::OtherClientId))
        })
    }

    /// What an access token is worth at `now`: what it says, and its client with what it may do with it; the same
    /// answer that [`Gate::admit`] gives a request that bears it.
    pub fn inspect(&self, text: &str, now: i64) -> Result<(Token, Caller), Denial> {
        let text = Compact::split(text.as_bytes()).ok_or(Denial::Invalid(InvalidReason::Malformed))?;
        let token = self.read(&text)?;
        Ok((token, self.judge(&token, now, |_, _| ())?))
    }

    /// The OAuth clients, of whatever wallet, whose client ID is wanted. Looks at every client: not for a request.
    pub fn clients_named(&self, wanted: impl Fn(&str) -> bool) -> Vec<Client> {
        let (clients, systems) = (self.snapshot.clients.pin(), self.snapshot.systems.pin());
        let clients = clients.values().filter_map(|key_id| systems.get(key_id));
        clients.filter(|client| !client.revoked && wanted(&client.name)).map(SystemRecord::client).collect()
    }

    /// What access tokens of this server say of their issuer and audience.
    pub fn realm(&self) -> &TokenRealm {
        &self.realm
    }

    /// Takes in the state of one record. It is in force for every request admitted after this returns.
    ///
    /// The entries of one record must come in the order of their changes, so from one place at a time.
    pub fn apply(&self, entry: Entry) {
        self.snapshot.apply(entry);
    }

    /// The caller as an audit event remembers it, by the name that it has now.
    ///
    /// A user that was deleted since it was admitted is named by its id.
    pub fn actor(&self, caller: &Caller) -> Actor {
        let name = match caller.kind {
            ActorKind::ApiKey | ActorKind::OauthClient => {
                self.snapshot.systems.pin().get(&caller.key_id).map(|system| system.name.to_string())
            }
            ActorKind::User => self.snapshot.users.pin().get(&UserId(caller.id)).map(|user| user.name.to_string()),
            ActorKind::Operator | ActorKind::Server => None,
        };
        Actor { kind: caller.kind, id: Some(caller.id), name: name.unwrap_or_else(|| caller.id.to_string()) }
    }

    /// The key under which the digests in the entries were made.
    pub fn digest_key(&self) -> &DigestKey {
        &self.digest_key
    }

    /// When the API key or client with this key id was last admitted, in epoch milliseconds: the live value, ahead
    /// of the stored one.
    pub fn last_used(&self, key_id: &KeyId) -> Option<i64> {
        self.snapshot.systems.pin().get(key_id)?.last_use.at()
    }

    /// The API keys and clients admitted since this was last called, each once, with its last use in epoch milliseconds.
    ///
    /// Costs as much as there are keys in the answer, however many the gate knows.
    pub fn take_used(&self) -> Vec<(ExternalSystemId, i64)> {
        let queue = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        let systems = self.snapshot.systems.pin();
        let mut used: Vec<_> = queue
            .into_iter()
            .filter_map(|(key_id, at)| systems.get(&key_id).map(|system| (system.id, system.last_use.take(at))))
            .collect();
        // A key that was edited while it was queued may stand here twice; the later use is the one.
        used.sort_unstable_by(|one, other| other.cmp(one));
        used.dedup_by_key(|(id, _)| *id);
        used
    }

    fn admit_api_key(&self, presented: &Presented<'_>, now: i64) -> Result<Caller, Denial> {
        self.prove_system(SystemKind::ApiKey, presented, now, |key| Ok(key.caller(presented.key_id(), key.permissions)))
    }

    /// Finds the external system of this kind that a key text is of, and what it proves; a use is noted when it may be
    /// used at `now`. What `read` refuses is refused before anything is told of the system's state.
    fn prove_system<T>(
        &self,
        kind: SystemKind,
        presented: &Presented<'_>,
        now: i64,
        read: impl FnOnce(&SystemRecord) -> Result<T, Denial>,
    ) -> Result<T, Denial> {
        let key_id = presented.key_id();
        let systems = self.snapshot.systems.pin();
        let system = systems.get(&key_id).filter(|system| system.kind == kind);
        self.prove(presented, system.map(|system| &system.digest))?;
        let system = system.ok_or(Denial::Invalid(InvalidReason::Unknown))?;
        let answer = read(system)?;
        system.check_in_force(now)?;
        self.note_use(key_id, &system.last_use, now);
        Ok(answer)
    }

    fn admit_token(&self, text: &Compact<'_>, now: i64) -> Result<Caller, Denial> {
        self.judge(&self.read(text)?, now, |key_id, client| self.note_use(key_id, &client.last_use, now))
    }

    /// What a token says, with its signature verified now or before.
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
        if verified.len() >= REMEMBERED {
            verified.clear();
        }
        verified.insert(digest, token);
        Ok(token)
    }

    /// What a genuine token is worth at this moment: asked anew at every request, and never remembered. `admitted` is
    /// told the client of one that is worth something.
    fn judge(&self, token: &Token, now: i64, admitted: impl FnOnce(KeyId, &SystemRecord)) -> Result<Caller, Denial> {
        let unknown = Denial::Invalid(InvalidReason::Unknown);
        let (token_keys, clients, systems) =
            (self.snapshot.token_keys.pin(), self.snapshot.clients.pin(), self.snapshot.systems.pin());
        let key = token_keys.get(&token.key).filter(|key| now < key.ends_at).ok_or(unknown)?;
        let key_id = *clients.get(&token.client).ok_or(unknown)?;
        let client = systems.get(&key_id).filter(|client| client.wallet == key.wallet).ok_or(unknown)?;
        token.check_time(now)?;
        if self.snapshot.revoked_tokens.pin().contains_key(&token.id) {
            return Err(Denial::Revoked);
        }
        client.check_in_force(now)?;
        admitted(key_id, client);
        Ok(client.caller(key_id, client.permissions & token.scope))
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

    fn note_use(&self, key_id: KeyId, last_use: &LastUse, now: i64) {
        let used = last_use.note(now);
        if used != Used::Again {
            self.used.lock().unwrap_or_else(PoisonError::into_inner).push((key_id, now));
        }
        if used == Used::First {
            (self.on_first_use)();
        }
    }
}

impl SystemRecord {
    /// Whether it may still be used; only a caller that has proved it learns this (mission D6).
    fn check_in_force(&self, now: i64) -> Result<(), Denial> {
        if self.revoked {
            return Err(Denial::Revoked);
        }
        if now >= self.expires_at {
            return Err(Denial::Expired);
        }
        Ok(())
    }

    fn client(&self) -> Client {
        Client {
            id: self.id,
            wallet: self.wallet,
            client_id: self.name.to_string(),
            permissions: self.permissions,
            expires_at: self.expires_at,
        }
    }

    fn caller(&self, key_id: KeyId, permissions: PermissionSet) -> Caller {
        Caller {
            kind: self.kind.actor(),
            id: self.id.0,
            wallet: self.wallet,
            permissions,
            expires_at: self.expires_at,
            via: Via::Header,
            session: None,
            key_id,
        }
    }
}
