//! The decision.

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use model::{Actor, ActorKind, ApiKeyId, Digest, UserId};

use crate::headers;
use crate::last_use::{LastUse, Used};
use crate::snapshot::Snapshot;
use crate::{Caller, Denial, DigestKey, Entry, InvalidReason, KeyId, Presented, Via};

/// Decides who may pass, from what it has been told with [`Gate::apply`].
pub struct Gate {
    digest_key: DigestKey,
    session_cookie: Box<str>,
    on_first_use: Box<dyn Fn() + Send + Sync>,
    snapshot: Snapshot,
    /// Keys used since the last flush, with the use that put them here.
    used: Mutex<Vec<(KeyId, i64)>>,
}

impl Gate {
    /// A gate that knows nobody yet.
    ///
    /// `session_cookie` is the exact name of the console's cookie. `on_first_use` is called by the thread
    /// that admits a key for the very first time, after [`Gate::take_used`] can see it; it must only wake
    /// somebody and return.
    pub fn new(
        digest_key: DigestKey,
        session_cookie: impl Into<Box<str>>,
        on_first_use: Box<dyn Fn() + Send + Sync>,
    ) -> Self {
        let session_cookie = session_cookie.into();
        Self { digest_key, session_cookie, on_first_use, snapshot: Snapshot::default(), used: Mutex::default() }
    }

    /// Decides whether a request with these headers may pass at `now`, in epoch milliseconds.
    ///
    /// An API key comes in `x-api-key` or `Authorization: Bearer` (RFC 6750 §2.1), a session in its cookie.
    /// Nothing but its form is looked at before it is certain that only one was presented, and nothing is
    /// told of a key before its secret is proven (mission D1, D6).
    pub fn admit(&self, headers: &HeaderMap, now: i64) -> Result<Caller, Denial> {
        let sole = headers::sole(headers, &self.session_cookie)?;
        let presented = sole.read()?;
        match sole.via {
            Via::Header => self.admit_api_key(&presented, now),
            Via::Cookie => self.admit_session(&presented, now),
        }
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
            ActorKind::ApiKey => self.snapshot.api_keys.pin().get(&caller.key_id).map(|key| key.name.to_string()),
            ActorKind::User => self.snapshot.users.pin().get(&UserId(caller.id)).map(|user| user.name.to_string()),
            ActorKind::Operator => None,
        };
        Actor { kind: caller.kind, id: Some(caller.id), name: name.unwrap_or_else(|| caller.id.to_string()) }
    }

    /// The key under which the digests in the entries were made.
    pub fn digest_key(&self) -> &DigestKey {
        &self.digest_key
    }

    /// When this API key was last admitted, in epoch milliseconds: the live value, ahead of the stored one.
    pub fn last_used(&self, key_id: &KeyId) -> Option<i64> {
        self.snapshot.api_keys.pin().get(key_id)?.last_use.at()
    }

    /// The API keys admitted since this was last called, each once, with its last use in epoch milliseconds.
    ///
    /// Costs as much as there are keys in the answer, however many the gate knows.
    pub fn take_used(&self) -> Vec<(ApiKeyId, i64)> {
        let queue = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        let api_keys = self.snapshot.api_keys.pin();
        let mut used: Vec<_> = queue
            .into_iter()
            .filter_map(|(key_id, at)| api_keys.get(&key_id).map(|key| (key.id, key.last_use.take(at))))
            .collect();
        // A key that was edited while it was queued may stand here twice; the later use is the one.
        used.sort_unstable_by(|one, other| other.cmp(one));
        used.dedup_by_key(|(id, _)| *id);
        used
    }

    fn admit_api_key(&self, presented: &Presented<'_>, now: i64) -> Result<Caller, Denial> {
        let key_id = presented.key_id();
        let api_keys = self.snapshot.api_keys.pin();
        let key = api_keys.get(&key_id);
        self.prove(presented, key.map(|key| &key.digest))?;
        let key = key.ok_or(Denial::Invalid(InvalidReason::Unknown))?;
        if key.revoked {
            return Err(Denial::Revoked);
        }
        if now >= key.expires_at {
            return Err(Denial::Expired);
        }
        self.note_use(key_id, &key.last_use, now);
        Ok(Caller {
            kind: ActorKind::ApiKey,
            id: key.id.0,
            wallet: key.wallet,
            permissions: key.permissions,
            expires_at: key.expires_at,
            via: Via::Header,
            session: None,
            key_id,
        })
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
