//! From the store to the gate: applies committed changes to the gate.

use std::sync::Arc;

use gate::{Entry, TOKEN_LIFETIME};
use model::in_force::TokenKey;
use store::{Changes, StoreError};
use vc::keys::PublicJwk;

use crate::app::App;

/// How long a token key is published before it signs, in milliseconds: as long as the published keys may be cached.
pub const TOKEN_KEY_LEAD: i64 = 5 * 60 * 1000;
/// How long after its replacement a token key's tokens can be valid, in milliseconds.
pub const TOKEN_KEY_TRUST: i64 = TOKEN_LIFETIME + TOKEN_KEY_LEAD;

impl App {
    /// Brings the gate up to at least this revision; a change is answered after that.
    pub(crate) async fn catch_up(&self, revision: i64) -> Result<(), StoreError> {
        let mut applied = self.applied.lock().await;
        if *applied < revision {
            *applied = self.apply_changes_since(*applied).await?;
        }
        Ok(())
    }

    /// Fills the empty gate of a server that starts.
    pub async fn fill(&self) -> Result<(), StoreError> {
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
        // A row that cannot be read is left out, and said.
        let apply = |entry| self.gate.apply(entry).unwrap_or_else(|error| tracing::error!("{error}"));
        let system = |system| apply(Entry::System(system));
        let mut changes = self.store.read().await?.changes_since(revision, self.clock.millis(), system).await?;
        let reached = changes.revision;
        for wallet in changes.wallets.drain(..) {
            self.wallets.pin().insert(wallet.id, wallet);
        }
        entries(changes).for_each(apply);
        self.telemetry.applied(reached);
        Ok(reached)
    }
}

/// Roles and users come before the sessions that refer to them.
fn entries(changes: Changes) -> impl Iterator<Item = Entry> {
    let roles = changes.roles.into_iter().map(Entry::Role);
    let users = changes.users.into_iter().map(Entry::User);
    let sessions = changes.sessions.into_iter().map(Entry::Session);
    let token_keys = changes.token_keys.into_iter().filter_map(token_key);
    let revoked_tokens = changes.revoked_tokens.into_iter().map(Entry::RevokedToken);
    roles.chain(users).chain(sessions).chain(token_keys).chain(revoked_tokens)
}

fn token_key(key: TokenKey) -> Option<Entry> {
    let Ok(public) = serde_json::from_value::<PublicJwk>(key.public_jwk) else {
        tracing::error!(key = %key.id, "a stored token key is unreadable; its tokens open nothing");
        return None;
    };
    Some(Entry::TokenKey {
        id: key.id,
        wallet_id: key.wallet_id,
        verify: Arc::new(move |message, signature| public.verify(message, signature)),
        ends_at: key.retired_at.map(|at| at.saturating_add(TOKEN_KEY_TRUST)),
    })
}
