//! The feed: what changed after a revision, as the gate needs to know it. Across wallets: there is one
//! gate for all of them.

use futures_util::TryStreamExt as _;
use model::in_force::{RevokedToken, Role, Session, System, TokenKey, User};
use model::{PermissionSet, SystemKind, Wallet};

use crate::database::Conn;
use crate::{StoreError, column};

/// Everything that changed after a revision, but for external systems: of those there may be millions, so they are
/// handed over one by one.
#[derive(Default)]
pub struct Changes {
    /// The revision that these changes lead to. It is read first: what commits meanwhile is given
    /// again by the next feed, never left out.
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

#[derive(sqlx::FromRow)]
struct Revision {
    value: i64,
}

#[derive(sqlx::FromRow)]
struct SystemRow {
    id: String,
    wallet_id: String,
    kind: String,
    name: String,
    key_id: String,
    digest: Vec<u8>,
    permissions: String,
    requests_per_minute: Option<i64>,
    expires_at: i64,
    last_used_at: Option<i64>,
    deleted_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct TokenKeyRow {
    id: String,
    wallet_id: String,
    public_jwk: String,
    retired_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct RevokedTokenRow {
    id: String,
    expires_at: i64,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    wallet_id: String,
    user_id: String,
    key_id: String,
    digest: Vec<u8>,
    expires_at: i64,
    ended_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    wallet_id: String,
    name: String,
    deleted_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct RoleOfUser {
    role_id: String,
}

#[derive(sqlx::FromRow)]
struct RoleRow {
    id: String,
    wallet_id: String,
    permissions: String,
    deleted_at: Option<i64>,
}

impl Conn {
    /// The revision of the last change that is committed.
    pub async fn revision(&mut self) -> Result<i64, StoreError> {
        Ok(fetch_one!(self, Revision, "SELECT value FROM revision WHERE id = 1")?.value)
    }

    /// What changed after a revision; everything after revision -1. Each external system that was made, edited or
    /// revoked is handed to `system`. Sessions and tokens that were over before `now` (epoch milliseconds) are left
    /// out.
    pub async fn changes_since(
        &mut self,
        revision: i64,
        now: i64,
        system: impl FnMut(System) + Send,
    ) -> Result<Changes, StoreError> {
        let reached = self.revision().await?;
        if reached == revision {
            return Ok(Changes { revision, ..Changes::default() });
        }
        self.systems_since(revision, system).await?;
        let wallets = self.wallets_since(revision).await?;
        let token_keys = fetch_all!(
            self,
            TokenKeyRow,
            "SELECT id, wallet_id, public_jwk, retired_at FROM token_keys WHERE revision > $1",
            revision
        )?;
        let revoked_tokens = fetch_all!(
            self,
            RevokedTokenRow,
            "SELECT id, expires_at FROM revoked_tokens WHERE revision > $1 AND expires_at > $2",
            revision,
            now
        )?;
        let sessions = fetch_all!(
            self,
            SessionRow,
            "SELECT id, wallet_id, user_id, key_id, digest, expires_at, ended_at
             FROM sessions WHERE revision > $1 AND expires_at > $2",
            revision,
            now
        )?;
        let users = fetch_all!(
            self,
            UserRow,
            "SELECT id, wallet_id, name, deleted_at FROM users WHERE revision > $1",
            revision
        )?;
        let roles = fetch_all!(
            self,
            RoleRow,
            "SELECT id, wallet_id, permissions, deleted_at FROM roles WHERE revision > $1",
            revision
        )?;
        let mut changes = Changes {
            revision: reached,
            wallets,
            token_keys: token_keys.into_iter().map(TokenKey::try_from).collect::<Result<_, _>>()?,
            revoked_tokens: revoked_tokens.into_iter().map(RevokedToken::try_from).collect::<Result<_, _>>()?,
            sessions: sessions.into_iter().map(Session::try_from).collect::<Result<_, _>>()?,
            users: Vec::with_capacity(users.len()),
            roles: roles.into_iter().map(Role::try_from).collect::<Result<_, _>>()?,
        };
        for row in users {
            changes.users.push(self.user_change(row).await?);
        }
        Ok(changes)
    }

    /// How many external systems of each kind the feed tells of from its beginning.
    pub async fn count_external_systems(&mut self) -> Result<Vec<(SystemKind, usize)>, StoreError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            kind: String,
            number: i64,
        }
        fetch_all!(self, Row, "SELECT kind, COUNT(*) AS number FROM external_systems GROUP BY kind ORDER BY kind")?
            .into_iter()
            .map(|Row { kind, number }| {
                Ok((column::parse("external_systems.kind", &kind)?, number.try_into().unwrap_or(0)))
            })
            .collect()
    }

    /// Hands over the external systems that changed after a revision, as they come from the database.
    async fn systems_since(&mut self, revision: i64, mut system: impl FnMut(System) + Send) -> Result<(), StoreError> {
        const SELECT: &str = "SELECT id, wallet_id, kind, name, key_id, digest, permissions, requests_per_minute,
                expires_at, last_used_at, deleted_at
             FROM external_systems WHERE revision > $1";
        with!(self, |c| {
            let mut rows = sqlx::query_as::<_, SystemRow>(SELECT).bind(revision).fetch(&mut **c);
            while let Some(row) = rows.try_next().await? {
                system(System::try_from(row)?);
            }
            Ok(())
        })
    }

    async fn user_change(&mut self, row: UserRow) -> Result<User, StoreError> {
        let roles = fetch_all!(
            self,
            RoleOfUser,
            "SELECT role_id FROM user_roles WHERE user_id = $1 AND wallet_id = $2",
            row.id.as_str(),
            row.wallet_id.as_str(),
        )?;
        Ok(User {
            id: column::parse("users.id", &row.id)?,
            wallet_id: column::parse("users.wallet_id", &row.wallet_id)?,
            name: row.name,
            roles: roles
                .iter()
                .map(|role| column::parse("user_roles.role_id", &role.role_id))
                .collect::<Result<_, _>>()?,
            deleted: row.deleted_at.is_some(),
        })
    }
}

impl TryFrom<SystemRow> for System {
    type Error = StoreError;

    fn try_from(row: SystemRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("external_systems.id", &row.id)?,
            kind: column::parse("external_systems.kind", &row.kind)?,
            wallet_id: column::parse("external_systems.wallet_id", &row.wallet_id)?,
            name: row.name,
            key_id: row.key_id,
            digest: column::digest("external_systems.digest", &row.digest)?,
            permissions: PermissionSet::from_names(&row.permissions),
            requests_per_minute: column::requests_per_minute(row.requests_per_minute)?,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked: row.deleted_at.is_some(),
        })
    }
}

impl TryFrom<TokenKeyRow> for TokenKey {
    type Error = StoreError;

    fn try_from(row: TokenKeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("token_keys.id", &row.id)?,
            wallet_id: column::parse("token_keys.wallet_id", &row.wallet_id)?,
            public_jwk: column::json("token_keys.public_jwk", &row.public_jwk)?,
            retired_at: row.retired_at,
        })
    }
}

impl TryFrom<RevokedTokenRow> for RevokedToken {
    type Error = StoreError;

    fn try_from(row: RevokedTokenRow) -> Result<Self, StoreError> {
        Ok(Self { id: column::parse("revoked_tokens.id", &row.id)?, expires_at: row.expires_at })
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("sessions.id", &row.id)?,
            wallet_id: column::parse("sessions.wallet_id", &row.wallet_id)?,
            user_id: column::parse("sessions.user_id", &row.user_id)?,
            key_id: row.key_id,
            digest: column::digest("sessions.digest", &row.digest)?,
            expires_at: row.expires_at,
            ended: row.ended_at.is_some(),
        })
    }
}

impl TryFrom<RoleRow> for Role {
    type Error = StoreError;

    fn try_from(row: RoleRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("roles.id", &row.id)?,
            wallet_id: column::parse("roles.wallet_id", &row.wallet_id)?,
            permissions: PermissionSet::from_names(&row.permissions),
            deleted: row.deleted_at.is_some(),
        })
    }
}
