//! Access tokens: the keys that sign them, and the ids of revoked tokens. Tokens themselves are not stored.

use jiff::Timestamp;
use model::{TokenId, TokenKey, TokenKeyId, WalletId};
use serde_json::Value;

use crate::{Conn, Result, Tx};

/// A key to sign access tokens with.
#[derive(Clone)]
pub struct NewTokenKey {
    /// Its id.
    pub id: TokenKeyId,
    /// The public key as a JWK (RFC 7517).
    pub public_jwk: Value,
    /// The private key, encrypted under the master key.
    pub sealed: Vec<u8>,
}

record! {
    TokenKey in "token_keys" { id, public_jwk, created_at }
}

impl Conn {
    /// The newest key of the wallet's access tokens.
    pub async fn token_key(&mut self, wallet: WalletId) -> Result<Option<TokenKey>> {
        self.find(wallet, "AND retired_at IS NULL", values! {}).await
    }

    /// The key that was the wallet's newest at an instant; the first one after it where there was none yet.
    pub async fn token_key_at(&mut self, wallet: WalletId, at: Timestamp) -> Result<Option<TokenKey>> {
        let rest = "AND (retired_at IS NULL OR retired_at > $2)
             ORDER BY created_at, retired_at IS NULL, retired_at LIMIT 1";
        self.find(wallet, rest, values! { at }).await
    }

    /// The private half of a key, encrypted under the master key.
    pub async fn sealed_token_key(&mut self, wallet: WalletId, id: TokenKeyId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT sealed FROM token_keys WHERE wallet_id = $1 AND id = $2";
        self.row("token_keys", sql, values! { wallet, id }, |row| row.get("sealed")).await
    }

    /// The keys of all wallets that sign, or did until after this instant. Across wallets: the server publishes
    /// one set of keys.
    pub async fn token_keys_since(&mut self, instant: Timestamp) -> Result<Vec<TokenKey>> {
        let rest = "WHERE retired_at IS NULL OR retired_at > $1 ORDER BY id";
        self.of_all_wallets(rest, values! { instant }).await
    }
}

impl Tx {
    /// Replaces the key that signs by a new one, keeps the old one to verify its tokens, and removes keys that were
    /// replaced before `forget`.
    pub async fn rotate_token_key(&mut self, new: &NewTokenKey, forget: Timestamp) -> Result<()> {
        let sql = "DELETE FROM token_keys WHERE wallet_id = $1 AND retired_at < $2";
        if self.conn.execute(sql, values! { self.wallet_id(), forget }).await? > 0 {
            self.erase();
        }
        let sql = "UPDATE token_keys SET retired_at = $2, revision = $3 WHERE wallet_id = $1 AND retired_at IS NULL";
        self.change(sql, values! { self.wallet_id(), self.at(), self.revision }).await?;
        self.change(
            "INSERT INTO token_keys (wallet_id, id, public_jwk, sealed, created_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6)",
            values! { self.wallet_id(), new.id, new.public_jwk, new.sealed, self.at(), self.revision },
        )
        .await?;
        Ok(())
    }

    /// Revokes an access token until its own end. Returns whether it was not revoked before.
    pub async fn revoke_token(&mut self, id: TokenId, expires_at: Timestamp) -> Result<bool> {
        // An expired token is refused anyway, so it need not be stored; the clock of another server may be a minute
        // behind.
        let sql = "DELETE FROM revoked_tokens WHERE wallet_id = $1 AND expires_at < $2 - 60000";
        self.change(sql, values! { self.wallet_id(), self.at() }).await?;
        self.change(
            "INSERT INTO revoked_tokens (wallet_id, id, expires_at, revision) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO NOTHING",
            values! { self.wallet_id(), id, expires_at, self.revision },
        )
        .await
    }
}
