//! Console sessions, stored as a digest of the cookie's text.

use jiff::Timestamp;
use model::{Digest, SessionId, UserId};

use crate::{Result, Tx};

/// A session to be made.
#[derive(Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// The user.
    pub user_id: UserId,
    /// The id inside the cookie's text.
    pub key_id: String,
    /// The digest of the cookie's text.
    pub digest: Digest,
    /// Valid while now is before this.
    pub expires_at: Timestamp,
}

impl Tx {
    /// Makes a session.
    pub async fn insert_session(&mut self, new: &NewSession) -> Result<()> {
        self.change(
            "INSERT INTO sessions (wallet_id, id, user_id, key_id, digest, created_at, expires_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values! {
                self.wallet_id(), new.id, new.user_id, new.key_id, new.digest, self.at(), new.expires_at, self.revision
            },
        )
        .await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn end_session(&mut self, id: SessionId) -> Result<()> {
        let sql = "UPDATE sessions SET ended_at = $3, revision = $4
             WHERE wallet_id = $1 AND id = $2 AND ended_at IS NULL";
        self.change(sql, values! { self.wallet_id(), id, self.at(), self.revision }).await?;
        Ok(())
    }

    /// Ends every session of a user.
    pub(crate) async fn end_sessions_of(&mut self, user: UserId) -> Result<()> {
        let sql = "UPDATE sessions SET ended_at = $3, revision = $4
             WHERE wallet_id = $1 AND user_id = $2 AND ended_at IS NULL";
        self.change(sql, values! { self.wallet_id(), user, self.at(), self.revision }).await?;
        Ok(())
    }
}
