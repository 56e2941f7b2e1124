//! Roles. A deleted role's row stays, without users, so that the feed can tell of its end.

use model::{Name, PermissionSet, Role, RoleId, WalletId};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A role to be made.
#[derive(Clone, Debug)]
pub struct NewRole {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: Name,
    /// What it gives.
    pub permissions: PermissionSet,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    permissions: String,
    users: i64,
    created_at: i64,
}

const SELECT: &str = "SELECT id, wallet_id, name, name_key, permissions, created_at,
        (SELECT COUNT(*) FROM user_roles WHERE role_id = roles.id) AS users
     FROM roles WHERE wallet_id = $1 AND deleted_at IS NULL";

impl TryFrom<Row> for Role {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("roles.id", &row.id)?,
            wallet_id: column::parse("roles.wallet_id", &row.wallet_id)?,
            name: column::text(&row.name),
            permissions: PermissionSet::from_names(&row.permissions),
            users: row.users,
            created_at: column::time("roles.created_at", row.created_at)?,
        })
    }
}

impl Conn {
    /// A role.
    pub async fn role(&mut self, wallet: WalletId, id: RoleId) -> Result<Option<Role>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(Role::try_from)
            .transpose()
    }

    /// A role by its name without regard to case.
    pub async fn role_named(&mut self, wallet: WalletId, name: &Name) -> Result<Option<Role>, StoreError> {
        let sql = format!("{SELECT} AND name_key = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), name.key())?
            .map(Role::try_from)
            .transpose()
    }

    /// A page of the roles, by name.
    pub async fn roles(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<Role>, StoreError> {
        let sql =
            format!("{SELECT} AND ($2 IS NULL OR name_key LIKE $2 ESCAPE '\\'){}", list.tail("name_key", "id", 3));
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), list.pattern())?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Text(row.name_key.clone()), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, Role::try_from)
    }
}

impl Tx {
    /// Whether a user who can sign in has this role.
    pub async fn is_role_in_force(&mut self, id: RoleId) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let active = fetch_optional!(
            self.conn,
            (String,),
            "SELECT users.id FROM user_roles JOIN users ON users.id = user_roles.user_id
             WHERE user_roles.wallet_id = $1 AND user_roles.role_id = $2
                AND users.deleted_at IS NULL AND users.password_hash IS NOT NULL LIMIT 1",
            wallet,
            id.to_string(),
        )?;
        Ok(active.is_some())
    }

    /// Makes a role.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when a role has this name.
    pub async fn insert_role(&mut self, role: &NewRole) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "INSERT INTO roles (id, wallet_id, name, name_key, permissions, created_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            role.id.to_string(),
            wallet,
            role.name.as_str(),
            role.name.key(),
            role.permissions.to_string(),
            now,
            revision,
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Changes a role's name and permissions. When it gains one, the open invitations of its users are void: who made
    /// them gave less. Returns whether there is such a role.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another role has this name.
    pub async fn update_role(
        &mut self,
        id: RoleId,
        name: &Name,
        permissions: PermissionSet,
    ) -> Result<bool, StoreError> {
        let wallet = self.wallet_id();
        let before = self.role(wallet, id).await?;
        if before.is_some_and(|role| !(permissions - role.permissions).is_empty()) {
            self.void_invitations_with(id).await?;
        }
        let (wallet, revision) = (self.wallet_id().to_string(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE roles SET name = $3, name_key = $4, permissions = $5, revision = $6
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            wallet,
            id.to_string(),
            name.as_str(),
            name.key(),
            permissions.to_string(),
            revision,
        )
        .map_err(StoreError::unique)?;
        Ok(rows == 1)
    }

    /// Deletes a role that no user has. Returns whether there was such a role.
    pub async fn delete_role(&mut self, id: RoleId) -> Result<bool, StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE roles SET deleted_at = $3, revision = $4
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM user_roles WHERE role_id = roles.id)",
            wallet,
            id.to_string(),
            now,
            revision,
        )?;
        Ok(rows == 1)
    }
}
