//! One-time codes: an invited user's, and the one that makes the first administrator.

use jiff::Timestamp;
use model::{Digest, Invitation, InvitationId, UserId};

use crate::database::Conn;
use crate::{Store, StoreError, Tx, column};

/// An invitation to be made.
#[derive(Clone)]
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// The id inside its text.
    pub key_id: String,
    /// What is stored in the text's place.
    pub digest: Digest,
    /// Valid while now is before this.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: Option<String>,
    user_id: Option<String>,
    digest: Vec<u8>,
    expires_at: i64,
}

impl Conn {
    /// An unused invitation and its digest, by the id inside its text. Across wallets: whoever holds the
    /// text is not signed in yet.
    pub async fn invitation(&mut self, key_id: &str) -> Result<Option<(Invitation, Digest)>, StoreError> {
        let row = fetch_optional!(
            self,
            Row,
            "SELECT id, wallet_id, user_id, digest, expires_at FROM invitations WHERE key_id = $1 AND used_at IS NULL",
            key_id,
        )?;
        row.map(|row| {
            let user = match (&row.wallet_id, &row.user_id) {
                (Some(wallet), Some(user)) => {
                    Some((column::parse("invitations.wallet_id", wallet)?, column::parse("invitations.user_id", user)?))
                }
                _ => None,
            };
            let invitation = Invitation {
                id: column::parse("invitations.id", &row.id)?,
                user,
                expires_at: column::time("invitations.expires_at", row.expires_at)?,
            };
            Ok((invitation, column::digest("invitations.digest", &row.digest)?))
        })
        .transpose()
    }
}

impl Store {
    /// Puts the code that makes the first administrator in the place of any earlier one.
    ///
    /// It belongs to no wallet yet, so there is no audit log that could tell of it; its use is told.
    pub async fn put_setup_code(&self, code: &NewInvitation, now: Timestamp) -> Result<(), StoreError> {
        let mut conn = self.write().await?;
        let now = now.as_millisecond();
        execute!(conn, "UPDATE invitations SET used_at = $1 WHERE user_id IS NULL AND used_at IS NULL", now)?;
        execute!(
            conn,
            "INSERT INTO invitations (id, key_id, digest, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
            code.id.to_string(),
            code.key_id.as_str(),
            code.digest.as_bytes().as_slice(),
            now,
            code.expires_at.as_millisecond(),
        )?;
        conn.finish().await
    }
}

impl Tx {
    /// Invites a user: earlier invitations of the same user are void.
    pub async fn insert_invitation(&mut self, user: UserId, invitation: &NewInvitation) -> Result<(), StoreError> {
        self.void_invitations_of(user).await?;
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO invitations (id, wallet_id, user_id, key_id, digest, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            invitation.id.to_string(),
            wallet,
            user.to_string(),
            invitation.key_id.as_str(),
            invitation.digest.as_bytes().as_slice(),
            now,
            invitation.expires_at.as_millisecond(),
        )?;
        Ok(())
    }

    /// Uses an invitation up. Returns whether it was still unused.
    pub async fn use_invitation(&mut self, id: InvitationId) -> Result<bool, StoreError> {
        let now = self.now();
        let rows = execute!(
            self.conn,
            "UPDATE invitations SET used_at = $2 WHERE id = $1 AND used_at IS NULL",
            id.to_string(),
            now,
        )?;
        Ok(rows == 1)
    }

    pub(crate) async fn void_invitations_of(&mut self, user: UserId) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "UPDATE invitations SET used_at = $3 WHERE wallet_id = $1 AND user_id = $2 AND used_at IS NULL",
            wallet,
            user.to_string(),
            now,
        )?;
        Ok(())
    }
}
