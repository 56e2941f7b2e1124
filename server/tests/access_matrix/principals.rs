//! Every kind of caller.

use crate::support::{Actor, Key, Server, Wallet, forged};

use super::operations::columns_of;

/// The columns of the matrix, in the order of [`Principals::of`].
pub(super) const COLUMNS: [&str; 13] = [
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
];

/// Those who call, in a wallet and from another one.
pub(super) struct Principals<'a> {
    server: &'a Server,
    wallet: Wallet<'a>,
    other: Wallet<'a>,
    /// Makes what the others try to reach.
    pub(super) owner: Key,
    known: Key,
    expired: Key,
    revoked: Key,
}

impl<'a> Principals<'a> {
    pub(super) async fn new(server: &'a Server) -> Self {
        let (wallet, other) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let owner = wallet.administrator_key().await;
        let known = wallet.key(&[]).await;
        let revoked = wallet.administrator_key().await;
        let all = owner.get("/api/v1/me").await.is(200).json()["permissions"].clone();
        let all: Vec<String> = serde_json::from_value(all).unwrap();
        let expired = wallet.key_until("2026-11-23", &all.iter().map(String::as_str).collect::<Vec<_>>()).await;
        owner.delete(&revoked.path()).await.is(204);
        server.move_clock_to("2026-11-24T00:00:00Z");
        Self { server, wallet, other, owner, known, expired, revoked }
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
        ];
        COLUMNS.into_iter().zip(actors).collect()
    }
}
