//! The feed: the records of the gate that changed after a revision. Across wallets: there is one gate for all of them.

use futures_util::TryStreamExt as _;
use model::in_force::{RevokedToken, Role, Session, System, TokenKey, User};
use model::{SystemKind, Wallet};

use crate::record::{Record, Row};
use crate::{Conn, Result};

/// Everything that changed after a revision, but for external systems: of those there may be millions, so they are
/// handed over one by one.
#[derive(Default)]
pub struct Changes {
    /// The revision that these changes lead to. It is read first, so that a change that commits meanwhile is in the
    /// next feed again and never left out.
    pub revision: i64,
    /// Wallets that were made or edited.
    pub wallets: Vec<Wallet>,
    /// Keys of access tokens that were made or retired.
    pub token_keys: Vec<TokenKey>,
    /// Access tokens that were revoked.
    pub revoked_tokens: Vec<RevokedToken>,
    /// Sessions that began or ended.
    pub sessions: Vec<Session>,
    /// Users that were added, edited or deleted.
    pub users: Vec<User>,
    /// Roles that were made, edited or deleted.
    pub roles: Vec<Role>,
}

record! {
    System in "external_systems" {
        id, kind, wallet_id, name, key_id, digest, permissions, requests_per_minute, expires_at, last_used_at,
    } and "deleted_at" |row| {
        revoked: row.has("deleted_at")?,
    }
}

record! {
    TokenKey in "token_keys" { id, wallet_id, public_jwk, retired_at }
}

record! {
    RevokedToken in "revoked_tokens" { id, expires_at }
}

record! {
    Session in "sessions" { id, wallet_id, user_id, key_id, digest, expires_at } and "ended_at" |row| {
        ended: row.has("ended_at")?,
    }
}

record! {
    User in "users" { id, wallet_id, name } and "deleted_at" |row| {
        deleted: row.has("deleted_at")?,
        // In a table of their own.
        roles: Vec::new(),
    }
}

record! {
    Role in "roles" { id, wallet_id, permissions } and "deleted_at" |row| {
        deleted: row.has("deleted_at")?,
    }
}

impl Conn {
    /// The revision of the last change that is committed.
    pub async fn revision(&mut self) -> Result<i64> {
        let sql = "SELECT value FROM revision WHERE id = 1";
        let revision = self.row("revision", sql, values! {}, |row| row.get("value")).await?;
        Ok(revision.ok_or(sqlx::Error::RowNotFound)?)
    }

    /// The changes after a revision; everything after revision -1. Each external system that was made, edited or
    /// revoked is passed to `system`. Sessions and tokens that expired before `now` (epoch milliseconds) are left out.
    pub async fn changes_since(
        &mut self,
        revision: i64,
        now: i64,
        system: impl FnMut(System) + Send,
    ) -> Result<Changes> {
        const CHANGED: &str = "WHERE revision > $1";
        const CHANGED_AND_NOT_OVER: &str = "WHERE revision > $1 AND expires_at > $2";
        let reached = self.revision().await?;
        if reached == revision {
            return Ok(Changes { revision, ..Changes::default() });
        }
        self.systems_since(revision, system).await?;
        let mut changes = Changes {
            revision: reached,
            wallets: self.of_all_wallets(CHANGED, values! { revision }).await?,
            token_keys: self.of_all_wallets(CHANGED, values! { revision }).await?,
            revoked_tokens: self.of_all_wallets(CHANGED_AND_NOT_OVER, values! { revision, now }).await?,
            sessions: self.of_all_wallets(CHANGED_AND_NOT_OVER, values! { revision, now }).await?,
            users: self.of_all_wallets(CHANGED, values! { revision }).await?,
            roles: self.of_all_wallets(CHANGED, values! { revision }).await?,
        };
        for user in &mut changes.users {
            let sql = "SELECT role_id FROM user_roles WHERE wallet_id = $1 AND user_id = $2";
            let values = values! { user.wallet_id, user.id };
            user.roles = self.rows("user_roles", sql, values, |row| row.get("role_id")).await?;
        }
        Ok(changes)
    }

    /// The number of external systems of each kind, revoked ones included.
    pub async fn count_external_systems(&mut self) -> Result<Vec<(SystemKind, usize)>> {
        let sql = "SELECT kind, COUNT(*) AS number FROM external_systems GROUP BY kind ORDER BY kind";
        self.rows("external_systems", sql, values! {}, |row| {
            Ok((row.get("kind")?, row.get::<i64>("number")?.try_into().unwrap_or(0)))
        })
        .await
    }

    /// Passes on the external systems that changed after a revision, one by one as the database gives them.
    async fn systems_since(&mut self, revision: i64, mut system: impl FnMut(System) + Send) -> Result<()> {
        let sql = format!("SELECT {} FROM external_systems WHERE revision > $1", System::COLUMNS);
        with!(self, |c| {
            let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(revision).fetch(&mut **c);
            while let Some(row) = rows.try_next().await? {
                system(System::read(&Row::new(System::TABLE, &row))?);
            }
        });
        Ok(())
    }
}
