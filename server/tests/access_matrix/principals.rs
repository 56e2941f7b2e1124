//! Every kind of caller.

use serde_json::json;

use super::operations::columns_of;
use crate::support::{Actor, Key, Server, Wallet, forged};

/// The columns of the matrix, in the order of [`Principals::of`].
pub(super) const COLUMNS: [&str; 19] = [
    "nothing",
    "malformed",
    "unknown",
    "wrong",
    "expired",
    "revoked",
    "none",
    "view",
    "change",
    "other",
    "session",
    "session+",
    "two",
    "token_none",
    "token_view",
    "token_change",
    "token_narrowed",
    "token_expired",
    "token_deleted",
];

/// Those who call, in a wallet and from another one.
pub(super) struct Principals<'a> {
    server: &'a Server,
    wallet: Wallet<'a>,
    other: Wallet<'a>,
    /// Makes what the others try to reach.
    pub(super) owner: Key,
    /// The same in the other wallet.
    pub(super) other_owner: Key,
    known: Key,
    expired: Key,
    revoked: Key,
    /// Of a client that expired, and of one that was deleted, since.
    expired_token: Actor,
    deleted_token: Actor,
}

impl<'a> Principals<'a> {
    pub(super) async fn new(server: &'a Server) -> Self {
        let (wallet, other) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let (owner, other_owner) = (wallet.administrator_key().await, other.administrator_key().await);
        let known = wallet.key(&[]).await;
        let revoked = wallet.administrator_key().await;
        let all = owner.get("/api/v1/me").await.is(200).json()["permissions"].clone();
        let all: Vec<String> = serde_json::from_value(all).unwrap();
        let expired = wallet.key_until("2026-11-23", &all.iter().map(String::as_str).collect::<Vec<_>>()).await;
        owner.delete(&revoked.path()).await.is(204);
        // A token lives an hour: these are still young when their clients' last day ends.
        server.move_clock_to("2026-11-23T23:30:00Z");
        let names: Vec<&str> = all.iter().map(String::as_str).collect();
        let (ending, deleted) =
            (wallet.client_named("ending", &names, Some("2026-11-23")).await, wallet.client(&names).await);
        let (expired_token, deleted_token) =
            (ending.bearer(&ending.token().await), deleted.bearer(&deleted.token().await));
        owner.delete(&deleted.path()).await.is(204);
        server.move_clock_to("2026-11-24T00:00:00Z");
        Self { server, wallet, other, owner, other_owner, known, expired, revoked, expired_token, deleted_token }
    }

    /// The bearer of a token of a client that holds these permissions.
    async fn bearer(&self, names: &[&str]) -> Actor {
        let client = self.wallet.client(names).await;
        client.bearer(&client.token().await)
    }

    /// The bearer of a token of a client that held the first permissions then, and holds the second now.
    async fn narrowed(&self, then: &[&str], now: &[&str]) -> Actor {
        let client = self.wallet.client(then).await;
        let bearer = client.bearer(&client.token().await);
        self.owner.patch(&client.path(), json!({"permissions": now})).await.is(200);
        bearer
    }

    /// The callers with regard to an operation that needs this permission.
    pub(super) async fn of(&self, permission: Option<&str>) -> Vec<(&'static str, Actor)> {
        let (view, change) = columns_of(permission);
        let view: Vec<&str> = view.iter().map(String::as_str).collect();
        let change: Vec<&str> = change.iter().map(String::as_str).collect();
        let nobody = self.server.anonymous();
        let allowed = self.wallet.key(&change).await;
        let actors = [
            nobody.clone(),
            nobody.with("x-api-key", "clvk_malformed"),
            nobody.with("x-api-key", &forged(None)),
            nobody.with("x-api-key", &forged(Some(&self.known.text[5..21]))),
            Actor::clone(&self.expired),
            Actor::clone(&self.revoked),
            Actor::clone(&self.known),
            Actor::clone(&*self.wallet.key(&view).await),
            Actor::clone(&allowed),
            Actor::clone(&*self.other.key(&change).await),
            Actor::clone(&*self.wallet.session(&[]).await),
            Actor::clone(&*self.wallet.session(&change).await),
            allowed.with("authorization", &format!("Bearer {}", allowed.text)),
            self.bearer(&[]).await,
            self.bearer(&view).await,
            self.bearer(&change).await,
            self.narrowed(&change, &view).await,
            self.expired_token.clone(),
            self.deleted_token.clone(),
        ];
        COLUMNS.into_iter().zip(actors).collect()
    }
}
