//! Invitations: the one-time code of an invited user, and the one that makes the first administrator.

use jiff::Timestamp;
use model::{ActorKind, Digest, Invitation, InvitationId, RoleId, UserId, WalletId};

use crate::{Conn, Result, Store, Tx};

/// An invitation to be made.
#[derive(Clone)]
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// The id inside its text.
    pub key_id: String,
    /// The digest of its text.
    pub digest: Digest,
    /// Valid while now is before this.
    pub expires_at: Timestamp,
}

impl Conn {
    /// An unused invitation and its digest, by the id inside its text. Across wallets: the holder of the text is not
    /// signed in yet.
    pub async fn invitation(&mut self, key_id: &str) -> Result<Option<(Invitation, Digest)>> {
        let sql = "SELECT id, wallet_id, user_id, digest, expires_at, created_by_kind, created_by_id
             FROM invitations WHERE key_id = $1 AND used_at IS NULL";
        self.row("invitations", sql, values! { key_id }, |row| {
            let (wallet, user): (Option<WalletId>, Option<UserId>) = (row.get("wallet_id")?, row.get("user_id")?);
            let (maker, maker_id): (Option<ActorKind>, _) = (row.get("created_by_kind")?, row.get("created_by_id")?);
            let invitation = Invitation {
                id: row.get("id")?,
                user: wallet.zip(user),
                maker: maker.map(|kind| (kind, maker_id)),
                expires_at: row.get("expires_at")?,
            };
            Ok((invitation, row.get("digest")?))
        })
        .await
    }
}

impl Store {
    /// Stores the code that makes the first administrator, and replaces any earlier one.
    ///
    /// It belongs to no wallet yet, so there is no audit log for it; its use is an event.
    pub async fn put_setup_code(&self, code: &NewInvitation, now: Timestamp) -> Result<()> {
        let mut conn = self.write().await?;
        let sql = "UPDATE invitations SET used_at = $1 WHERE user_id IS NULL AND used_at IS NULL";
        conn.execute(sql, values! { now }).await?;
        let sql = "INSERT INTO invitations (id, key_id, digest, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
        conn.execute(sql, values! { code.id, code.key_id, code.digest, now, code.expires_at }).await?;
        conn.finish().await
    }
}

impl Tx {
    /// Invites a user, in the name of the change's author: earlier invitations of the same user are void.
    pub async fn insert_invitation(&mut self, user: UserId, new: &NewInvitation) -> Result<()> {
        self.void_invitations_of(user).await?;
        self.change(
            "INSERT INTO invitations
                (wallet_id, id, user_id, key_id, digest, created_at, expires_at, created_by_kind, created_by_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values! {
                self.wallet_id(), new.id, user, new.key_id, new.digest, self.at(), new.expires_at,
                self.author.actor.kind, self.author.actor.id
            },
        )
        .await?;
        Ok(())
    }

    /// Uses an invitation up. Returns whether it was still unused and within its time.
    pub async fn use_invitation(&mut self, id: InvitationId) -> Result<bool> {
        let sql = "UPDATE invitations SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2";
        self.change(sql, values! { id, self.at() }).await
    }

    /// Voids the open invitations of every user who has this role.
    pub(crate) async fn void_invitations_with(&mut self, role: RoleId) -> Result<()> {
        self.change(
            "UPDATE invitations SET used_at = $3 WHERE wallet_id = $1 AND used_at IS NULL
                AND user_id IN (SELECT user_id FROM user_roles WHERE wallet_id = $1 AND role_id = $2)",
            values! { self.wallet_id(), role, self.at() },
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn void_invitations_of(&mut self, user: UserId) -> Result<()> {
        let sql = "UPDATE invitations SET used_at = $3 WHERE wallet_id = $1 AND user_id = $2 AND used_at IS NULL";
        self.change(sql, values! { self.wallet_id(), user, self.at() }).await?;
        Ok(())
    }
}
