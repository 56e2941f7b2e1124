//! What access tokens leave in the database: the keys that sign them, and those that were revoked. Tokens
//! themselves are not stored.

use jiff::Timestamp;
use model::{TokenId, TokenKey, TokenKeyId, WalletId};
use serde_json::Value;

use crate::database::Conn;
use crate::{StoreError, Tx, column};

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

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    public_jwk: String,
    created_at: i64,
}

#[derive(sqlx::FromRow)]
struct Sealed {
    sealed: Vec<u8>,
}

const SELECT: &str = "SELECT id, public_jwk, created_at FROM token_keys";

impl TryFrom<Row> for TokenKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("token_keys.id", &row.id)?,
            public_jwk: column::json("token_keys.public_jwk", &row.public_jwk)?,
            created_at: column::time("token_keys.created_at", row.created_at)?,
        })
    }
}

impl Conn {
    /// The newest key of the wallet's access tokens.
    pub async fn token_key(&mut self, wallet: WalletId) -> Result<Option<TokenKey>, StoreError> {
        let sql = format!("{SELECT} WHERE wallet_id = $1 AND retired_at IS NULL");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string())?.map(TokenKey::try_from).transpose()
    }

    /// The key that was the wallet's newest at an instant; the first one after it where there was none yet.
    pub async fn token_key_at(&mut self, wallet: WalletId, at: Timestamp) -> Result<Option<TokenKey>, StoreError> {
        let sql = format!(
            "{SELECT} WHERE wallet_id = $1 AND (retired_at IS NULL OR retired_at > $2)
             ORDER BY created_at, retired_at IS NULL, retired_at LIMIT 1"
        );
        let row = fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), at.as_millisecond())?;
        row.map(TokenKey::try_from).transpose()
    }

    /// The private half of a key, encrypted under the master key.
    pub async fn sealed_token_key(&mut self, wallet: WalletId, id: TokenKeyId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT sealed FROM token_keys WHERE wallet_id = $1 AND id = $2";
        let row = fetch_optional!(self, Sealed, sql, wallet.to_string(), id.to_string())?;
        Ok(row.map(|row| row.sealed))
    }

    /// The keys of all wallets that sign, or did until after this instant. Across wallets: the server publishes
    /// one set of keys.
    pub async fn token_keys_since(&mut self, instant: Timestamp) -> Result<Vec<TokenKey>, StoreError> {
        let sql = format!("{SELECT} WHERE retired_at IS NULL OR retired_at > $1 ORDER BY id");
        let rows = fetch_all!(self, Row, sqlx::AssertSqlSafe(sql), instant.as_millisecond())?;
        rows.into_iter().map(TokenKey::try_from).collect()
    }
}

impl Tx {
    /// Puts a new key in the place of the one that signs, which is kept so that its tokens can be verified, and
    /// removes those whose place was taken before `forget`.
    pub async fn rotate_token_key(&mut self, new: &NewTokenKey, forget: Timestamp) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        let forgotten = execute!(
            self.conn,
            "DELETE FROM token_keys WHERE wallet_id = $1 AND retired_at < $2",
            wallet.as_str(),
            forget.as_millisecond(),
        )?;
        if forgotten > 0 {
            self.erase();
        }
        execute!(
            self.conn,
            "UPDATE token_keys SET retired_at = $2, revision = $3 WHERE wallet_id = $1 AND retired_at IS NULL",
            wallet.as_str(),
            now,
            revision,
        )?;
        execute!(
            self.conn,
            "INSERT INTO token_keys (id, wallet_id, public_jwk, sealed, created_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6)",
            new.id.to_string(),
            wallet.as_str(),
            new.public_jwk.to_string(),
            new.sealed.as_slice(),
            now,
            revision,
        )?;
        Ok(())
    }

    /// Revokes an access token until its own end. Returns whether it was not revoked before.
    pub async fn revoke_token(&mut self, id: TokenId, expires_at: Timestamp) -> Result<bool, StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        // What is over is refused without being remembered; the clock of another server may be a minute behind.
        execute!(
            self.conn,
            "DELETE FROM revoked_tokens WHERE wallet_id = $1 AND expires_at < $2 - 60000",
            wallet.as_str(),
            now
        )?;
        let rows = execute!(
            self.conn,
            "INSERT INTO revoked_tokens (id, wallet_id, expires_at, revision) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO NOTHING",
            id.to_string(),
            wallet.as_str(),
            expires_at.as_millisecond(),
            revision,
        )?;
        Ok(rows == 1)
    }
}
