//! One-time codes: an invited user's, and the one that makes the first administrator.

use jiff::Timestamp;
use model::{ActorKind, Digest, Invitation, InvitationId, RoleId, UserId};

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
    created_by_kind: Option<String>,
    created_by_id: Option<String>,
}

impl Conn {
    /// An unused invitation and its digest, by the id inside its text. Across wallets: whoever holds the
    /// text is not signed in yet.
    pub async fn invitation(&mut self, key_id: &str) -> Result<Option<(Invitation, Digest)>, StoreError> {
        let row = fetch_optional!(
            self,
            Row,
            "SELECT id, wallet_id, user_id, digest, expires_at, created_by_kind, created_by_id
             FROM invitations WHERE key_id = $1 AND used_at IS NULL",
            key_id,
        )?;
        row.map(|row| {
            let user = match (&row.wallet_id, &row.user_id) {
                (Some(wallet), Some(user)) => {
                    Some((column::parse("invitations.wallet_id", wallet)?, column::parse("invitations.user_id", user)?))
                }
                _ => None,
            };
            let maker_id = row.created_by_id.as_deref().map(|id| column::parse("invitations.created_by_id", id));
            let invitation = Invitation {
                id: column::parse("invitations.id", &row.id)?,
                user,
                maker: row.created_by_kind.as_deref().and_then(ActorKind::from_name).zip(Some(maker_id.transpose()?)),
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
    /// Invites a user, in the name of the change's author: earlier invitations of the same user are void.
    pub async fn insert_invitation(&mut self, user: UserId, invitation: &NewInvitation) -> Result<(), StoreError> {
        self.void_invitations_of(user).await?;
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let (maker_kind, maker_id) = (self.author.actor.kind.name(), column::actor_id(&self.author.actor));
        execute!(
            self.conn,
            "INSERT INTO invitations
                (id, wallet_id, user_id, key_id, digest, created_at, expires_at, created_by_kind, created_by_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            invitation.id.to_string(),
            wallet,
            user.to_string(),
            invitation.key_id.as_str(),
            invitation.digest.as_bytes().as_slice(),
            now,
            invitation.expires_at.as_millisecond(),
            maker_kind,
            maker_id,
        )?;
        Ok(())
    }

    /// Uses an invitation up. Returns whether it was still unused and within its time.
    pub async fn use_invitation(&mut self, id: InvitationId) -> Result<bool, StoreError> {
        let now = self.now();
        let rows = execute!(
            self.conn,
            "UPDATE invitations SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2",
            id.to_string(),
            now,
        )?;
        Ok(rows == 1)
    }

    /// Voids the open invitations of every user who has this role.
    pub(crate) async fn void_invitations_with(&mut self, role: RoleId) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "UPDATE invitations SET used_at = $3 WHERE wallet_id = $1 AND used_at IS NULL
                AND user_id IN (SELECT user_id FROM user_roles WHERE wallet_id = $1 AND role_id = $2)",
            wallet,
            role.to_string(),
            now,
        )?;
        Ok(())
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
