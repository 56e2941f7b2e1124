//! From the store to the gate: what is committed is brought into force here.

use std::sync::Arc;

use gate::{Entry, KeyId, RevokedTokenEntry, RoleEntry, SessionEntry, SystemEntry, TokenKeyEntry, UserEntry};
use model::RequestsPerMinute;
use store::{Changes, RevokedToken, RoleChange, SessionChange, StoreError, SystemChange, TokenKeyChange, UserChange};
use vc::keys::PublicJwk;

use crate::access::oauth2::TRUSTED_AFTER_REPLACEMENT;
use crate::kernel::app::App;

impl App {
    /// Brings the gate up to at least this revision. Only then is a change answered.
    pub(crate) async fn catch_up(&self, revision: i64) -> Result<(), StoreError> {
        let mut applied = self.applied.lock().await;
        if *applied < revision {
            *applied = self.apply_changes_since(*applied).await?;
        }
        Ok(())
    }

    /// Fills the empty gate of a server that starts.
    pub(crate) async fn fill(&self) -> Result<(), StoreError> {
        for (kind, count) in self.store.read().await?.count_external_systems().await? {
            self.gate.reserve(kind, count);
        }
        self.refresh().await
    }

    /// Brings the gate up to whatever is committed.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let mut applied = self.applied.lock().await;
        *applied = self.apply_changes_since(*applied).await?;
        Ok(())
    }

    async fn apply_changes_since(&self, revision: i64) -> Result<i64, StoreError> {
        let apply = |change| system(change).into_iter().for_each(|entry| self.gate.apply(entry));
        let mut changes = self.store.read().await?.changes_since(revision, self.clock.millis(), apply).await?;
        let reached = changes.revision;
        for wallet in changes.wallets.drain(..) {
            self.wallets.pin().insert(wallet.id, wallet);
        }
        for entry in entries(changes) {
            self.gate.apply(entry);
        }
        self.telemetry.applied(reached);
        Ok(reached)
    }
}

/// Roles and users come before what leans on them.
fn entries(changes: Changes) -> impl Iterator<Item = Entry> {
    let roles = changes.roles.into_iter().map(role);
    let users = changes.users.into_iter().map(user);
    let sessions = changes.sessions.into_iter().filter_map(session);
    let token_keys = changes.token_keys.into_iter().filter_map(token_key);
    let revoked_tokens = changes.revoked_tokens.into_iter().map(revoked_token);
    roles.chain(users).chain(sessions).chain(token_keys).chain(revoked_tokens)
}

fn role(change: RoleChange) -> Entry {
    Entry::Role(RoleEntry {
        id: change.id,
        wallet: change.wallet_id,
        permissions: change.permissions,
        removed: change.deleted,
    })
}

fn user(change: UserChange) -> Entry {
    Entry::User(UserEntry {
        id: change.id,
        wallet: change.wallet_id,
        name: change.name,
        roles: change.roles,
        removed: change.deleted,
    })
}

fn session(change: SessionChange) -> Option<Entry> {
    Some(Entry::Session(SessionEntry {
        id: change.id,
        key_id: key_id(&change.key_id)?,
        user: change.user_id,
        wallet: change.wallet_id,
        digest: change.digest,
        expires_at: change.expires_at,
        revoked: change.ended,
    }))
}

fn system(change: SystemChange) -> Option<Entry> {
    Some(Entry::System(SystemEntry {
        id: change.id,
        kind: change.kind,
        key_id: key_id(&change.key_id)?,
        wallet: change.wallet_id,
        digest: change.digest,
        permissions: change.permissions,
        requests_per_minute: change.requests_per_minute.map(RequestsPerMinute::get),
        expires_at: change.expires_at,
        revoked: change.revoked,
        last_used_at: change.last_used_at,
        name: change.name,
    }))
}

fn token_key(change: TokenKeyChange) -> Option<Entry> {
    let Ok(public) = serde_json::from_value::<PublicJwk>(change.public_jwk) else {
        tracing::error!(key = %change.id, "a stored token key is unreadable; its tokens open nothing");
        return None;
    };
    Some(Entry::TokenKey(TokenKeyEntry {
        id: change.id,
        wallet: change.wallet_id,
        verify: Arc::new(move |message, signature| public.verify(message, signature)),
        ends_at: change.retired_at.map(|at| at.saturating_add(TRUSTED_AFTER_REPLACEMENT)),
    }))
}

fn revoked_token(change: RevokedToken) -> Entry {
    Entry::RevokedToken(RevokedTokenEntry { id: change.id, expires_at: change.expires_at })
}

/// A row whose key id is not one cannot be presented by anybody: it is left out, and said.
fn key_id(text: &str) -> Option<KeyId> {
    let key_id = KeyId::parse(text);
    if key_id.is_none() {
        tracing::error!("a stored key id is unreadable; its key opens nothing");
    }
    key_id
}
