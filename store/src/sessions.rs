//! Console sessions, stored as a digest of the cookie's text.

use jiff::Timestamp;
use model::{Digest, SessionId, UserId};

use crate::{StoreError, Tx};

/// A session to be made.
#[derive(Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Who signs in.
    pub user_id: UserId,
    /// The id inside the cookie's text.
    pub key_id: String,
    /// What is stored in the text's place.
    pub digest: Digest,
    /// Valid while now is before this.
    pub expires_at: Timestamp,
}

impl Tx {
    /// Makes a session.
    pub async fn insert_session(&mut self, session: &NewSession) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "INSERT INTO sessions (id, wallet_id, user_id, key_id, digest, created_at, expires_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            session.id.to_string(),
            wallet,
            session.user_id.to_string(),
            session.key_id.as_str(),
            session.digest.as_bytes().as_slice(),
            now,
            session.expires_at.as_millisecond(),
            revision,
        )?;
        Ok(())
    }

    /// Ends a session.
    pub async fn end_session(&mut self, id: SessionId) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "UPDATE sessions SET ended_at = $3, revision = $4 WHERE wallet_id = $1 AND id = $2 AND ended_at IS NULL",
            wallet,
            id.to_string(),
            now,
            revision,
        )?;
        Ok(())
    }

    /// Ends every session of a user.
    pub(crate) async fn end_sessions_of(&mut self, user: UserId) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "UPDATE sessions SET ended_at = $3, revision = $4
             WHERE wallet_id = $1 AND user_id = $2 AND ended_at IS NULL",
            wallet,
            user.to_string(),
            now,
            revision,
        )?;
        Ok(())
    }
}
