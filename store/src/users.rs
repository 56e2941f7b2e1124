//! Users, their roles and their passwords.

use std::collections::HashMap;

use model::{Email, Name, PermissionSet, RoleId, RoleRef, User, UserId, WalletId};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A user to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub name: Name,
    /// What it signs in with.
    pub email: Email,
    /// Its roles; what is no role of the transaction's wallet is left out.
    pub roles: Vec<RoleId>,
    /// Its password as a PHC string (argon2id); none for a user who is invited.
    pub password_hash: Option<String>,
}

/// What a sign-in is checked against.
#[derive(Clone)]
pub struct Account {
    /// Whose it is.
    pub user_id: UserId,
    /// The user's wallet.
    pub wallet_id: WalletId,
    /// The user's name.
    pub name: String,
    /// Its password as a PHC string; none for a user who is invited.
    pub password_hash: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    email: String,
    active: i64,
    created_at: i64,
    last_sign_in_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct RoleRow {
    user_id: String,
    id: String,
    name: String,
}

#[derive(sqlx::FromRow)]
struct PermissionRow {
    user_id: String,
    permissions: Option<String>,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: String,
    wallet_id: String,
    name: String,
    password_hash: Option<String>,
}

const SELECT: &str = "SELECT id, wallet_id, name, name_key, email, created_at, last_sign_in_at,
        CAST(CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS active
     FROM users WHERE wallet_id = $1 AND deleted_at IS NULL";

fn user(row: &Row, roles: Vec<RoleRef>) -> Result<User, StoreError> {
    Ok(User {
        id: column::parse("users.id", &row.id)?,
        wallet_id: column::parse("users.wallet_id", &row.wallet_id)?,
        name: column::text(&row.name),
        email: column::text(&row.email),
        roles,
        active: row.active == 1,
        created_at: column::time("users.created_at", row.created_at)?,
        last_sign_in_at: column::time_or_none("users.last_sign_in_at", row.last_sign_in_at)?,
    })
}

impl Conn {
    /// A user.
    pub async fn user(&mut self, wallet: WalletId, id: UserId) -> Result<Option<User>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        let row = fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?;
        let Some(row) = row else { return Ok(None) };
        let roles = self.roles_of(wallet, Some(id)).await?.remove(&row.id).unwrap_or_default();
        user(&row, roles).map(Some)
    }

    /// A page of the users, by name.
    pub async fn users(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<User>, StoreError> {
        let sql = format!(
            "{SELECT} AND ($2 IS NULL OR name_key LIKE $2 ESCAPE '\\' OR email_key LIKE $2 ESCAPE '\\'){}",
            list.tail("name_key", "id", 3)
        );
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), list.pattern())?;
        let mut roles = self.roles_of(wallet, None).await?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Text(row.name_key.clone()), id: row.id.clone() };
        let page = Page::of(list.limit, rows, cursor, Ok)?;
        let items = page
            .items
            .into_iter()
            .map(|row| {
                let roles = roles.remove(&row.id).unwrap_or_default();
                user(&row, roles)
            })
            .collect::<Result<_, _>>()?;
        Ok(Page { items, first: page.first, next: page.next })
    }

    /// What a user may do, active or not: the union of its roles.
    pub async fn user_permissions(&mut self, wallet: WalletId, id: UserId) -> Result<PermissionSet, StoreError> {
        let rows = fetch_all!(
            self,
            PermissionRow,
            "SELECT user_roles.user_id AS user_id, roles.permissions AS permissions FROM user_roles
                JOIN roles ON roles.id = user_roles.role_id AND roles.deleted_at IS NULL
             WHERE user_roles.wallet_id = $1 AND user_roles.user_id = $2",
            wallet.to_string(),
            id.to_string(),
        )?;
        let permissions =
            |row: &PermissionRow| PermissionSet::from_names(row.permissions.as_deref().unwrap_or_default());
        Ok(rows.iter().fold(PermissionSet::EMPTY, |all, row| all | permissions(row)))
    }

    /// What each active user of the wallet may do: the union of its roles.
    pub async fn active_permissions(&mut self, wallet: WalletId) -> Result<HashMap<UserId, PermissionSet>, StoreError> {
        let rows = fetch_all!(
            self,
            PermissionRow,
            "SELECT users.id AS user_id, roles.permissions AS permissions FROM users
                LEFT JOIN user_roles ON user_roles.user_id = users.id
                LEFT JOIN roles ON roles.id = user_roles.role_id AND roles.deleted_at IS NULL
             WHERE users.wallet_id = $1 AND users.deleted_at IS NULL AND users.password_hash IS NOT NULL",
            wallet.to_string(),
        )?;
        let mut users = HashMap::new();
        for row in rows {
            let held = users.entry(column::parse("users.id", &row.user_id)?).or_insert(PermissionSet::EMPTY);
            *held = *held | PermissionSet::from_names(row.permissions.as_deref().unwrap_or_default());
        }
        Ok(users)
    }

    /// The accounts that sign in with this address: at most one in each wallet. Across wallets: a person who signs in
    /// names none.
    pub async fn accounts(&mut self, email: &Email) -> Result<Vec<Account>, StoreError> {
        let rows = fetch_all!(
            self,
            AccountRow,
            "SELECT id, wallet_id, name, password_hash FROM users WHERE email_key = $1 AND deleted_at IS NULL
             ORDER BY id",
            email.key(),
        )?;
        let account = |row: AccountRow| {
            Ok(Account {
                user_id: column::parse("users.id", &row.id)?,
                wallet_id: column::parse("users.wallet_id", &row.wallet_id)?,
                name: row.name,
                password_hash: row.password_hash,
            })
        };
        rows.into_iter().map(account).collect()
    }

    async fn roles_of(
        &mut self,
        wallet: WalletId,
        user: Option<UserId>,
    ) -> Result<HashMap<String, Vec<RoleRef>>, StoreError> {
        let rows = fetch_all!(
            self,
            RoleRow,
            "SELECT user_roles.user_id AS user_id, roles.id AS id, roles.name AS name
             FROM user_roles JOIN roles ON roles.id = user_roles.role_id
             WHERE user_roles.wallet_id = $1 AND ($2 IS NULL OR user_roles.user_id = $2)
             ORDER BY roles.name_key",
            wallet.to_string(),
            user.map(|id| id.to_string()),
        )?;
        let mut users: HashMap<String, Vec<RoleRef>> = HashMap::new();
        for row in rows {
            let role = RoleRef { id: column::parse("roles.id", &row.id)?, name: row.name };
            users.entry(row.user_id).or_default().push(role);
        }
        Ok(users)
    }
}

impl Tx {
    /// Adds a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when a user of this wallet has this e-mail address.
    pub async fn insert_user(&mut self, user: &NewUser) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "INSERT INTO users (id, wallet_id, name, name_key, email, email_key, password_hash, created_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            user.id.to_string(),
            wallet,
            user.name.as_str(),
            user.name.key(),
            user.email.as_str(),
            user.email.key(),
            user.password_hash.as_deref(),
            now,
            revision,
        )
        .map_err(StoreError::unique)?;
        self.set_roles(user.id, &user.roles).await
    }

    /// Changes a user's name and roles; what is no role of the wallet is left out. When it gains a role, its open
    /// invitations are void: who made them gave less. Returns whether there is such a user.
    pub async fn update_user(&mut self, id: UserId, name: &Name, roles: &[RoleId]) -> Result<bool, StoreError> {
        let (wallet, revision) = (self.wallet_id().to_string(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE users SET name = $3, name_key = $4, revision = $5
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            wallet,
            id.to_string(),
            name.as_str(),
            name.key(),
            revision,
        )?;
        if rows == 1 {
            let wallet = self.wallet_id();
            let before = self.user(wallet, id).await?.map(|user| user.roles).unwrap_or_default();
            if roles.iter().any(|role| before.iter().all(|held| held.id != *role)) {
                self.void_invitations_of(id).await?;
            }
            self.set_roles(id, roles).await?;
        }
        Ok(rows == 1)
    }

    /// Sets a user's password and ends its sessions. Returns whether there is such a user.
    pub async fn set_password(&mut self, id: UserId, password_hash: &str) -> Result<bool, StoreError> {
        let (wallet, revision) = (self.wallet_id().to_string(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE users SET password_hash = $3, revision = $4
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            wallet,
            id.to_string(),
            password_hash,
            revision,
        )?;
        self.end_sessions_of(id).await?;
        Ok(rows == 1)
    }

    /// Notes that a user has signed in.
    pub async fn touch_sign_in(&mut self, id: UserId) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "UPDATE users SET last_sign_in_at = $3 WHERE wallet_id = $1 AND id = $2",
            wallet,
            id.to_string(),
            now,
        )?;
        Ok(())
    }

    /// Deletes a user with its address, password, roles, sessions and invitations. Returns whether there
    /// was such a user.
    pub async fn delete_user(&mut self, id: UserId) -> Result<bool, StoreError> {
        self.erase();
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE users SET deleted_at = $3, revision = $4, email = '', email_key = '', password_hash = NULL
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            wallet,
            id.to_string(),
            now,
            revision,
        )?;
        if rows == 1 {
            self.set_roles(id, &[]).await?;
            self.end_sessions_of(id).await?;
            self.void_invitations_of(id).await?;
        }
        Ok(rows == 1)
    }

    async fn set_roles(&mut self, id: UserId, roles: &[RoleId]) -> Result<(), StoreError> {
        let wallet = self.wallet_id().to_string();
        execute!(
            self.conn,
            "DELETE FROM user_roles WHERE wallet_id = $1 AND user_id = $2",
            wallet.as_str(),
            id.to_string(),
        )?;
        for role in roles {
            execute!(
                self.conn,
                "INSERT INTO user_roles (user_id, role_id, wallet_id)
                 SELECT $1, id, wallet_id FROM roles WHERE id = $2 AND wallet_id = $3 AND deleted_at IS NULL
                 ON CONFLICT DO NOTHING",
                id.to_string(),
                role.to_string(),
                wallet.as_str(),
            )?;
        }
        Ok(())
    }
}
