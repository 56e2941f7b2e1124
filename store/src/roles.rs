//! Roles. A deleted role's row stays, without users, so that the feed can tell of its end.

use model::{Name, PermissionSet, Role, RoleId, WalletId};

use crate::record::Listing;
use crate::{Conn, List, Page, Result, Tx};

/// A role to be made.
#[derive(Clone, Debug)]
pub struct NewRole {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: Name,
    /// Its permissions.
    pub permissions: PermissionSet,
}

record! {
    /// A role.
    fn role(RoleId) -> Role in "roles" where "wallet_id = $1 AND deleted_at IS NULL" {
        id, wallet_id, name, permissions, created_at,
    } and "(SELECT COUNT(*) FROM user_roles WHERE role_id = roles.id) AS users" |row| {
        users: row.get("users")?,
    }
}

impl Conn {
    /// A role by its name without regard to case.
    pub async fn role_named(&mut self, wallet: WalletId, name: &Name) -> Result<Option<Role>> {
        self.find(wallet, "AND name_key = $2", values! { name.key() }).await
    }

    /// A page of the roles, by name.
    pub async fn roles(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<Role>> {
        self.page(wallet, list, Listing::by_name()).await
    }
}

impl Tx {
    /// Whether a user who can sign in has this role.
    pub async fn is_role_in_force(&mut self, id: RoleId) -> Result<bool> {
        let sql = "SELECT users.id FROM user_roles JOIN users ON users.id = user_roles.user_id
             WHERE user_roles.wallet_id = $1 AND user_roles.role_id = $2
                AND users.deleted_at IS NULL AND users.password_hash IS NOT NULL LIMIT 1";
        let values = values! { self.wallet_id(), id };
        Ok(self.conn.row("users", sql, values, |_| Ok(())).await?.is_some())
    }

    /// Makes a role.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when a role has this name.
    pub async fn insert_role(&mut self, new: &NewRole) -> Result<Role> {
        self.insert(
            "INSERT INTO roles (wallet_id, id, name, name_key, permissions, created_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.permissions, self.at(), self.revision
            },
        )
        .await
    }

    /// Changes a role's name and permissions. When it gains one, the open invitations of its users are void: who made
    /// them gave less.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when another role has this name.
    pub async fn update_role(&mut self, id: RoleId, name: &Name, permissions: PermissionSet) -> Result<Option<Role>> {
        let before = self.conn.role(self.wallet_id(), id).await?;
        if before.is_some_and(|role| !(permissions - role.permissions).is_empty()) {
            self.void_invitations_with(id).await?;
        }
        self.update(
            "UPDATE roles SET name = $3, name_key = $4, permissions = $5, revision = $6
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            values! { self.wallet_id(), id, name, name.key(), permissions, self.revision },
        )
        .await
    }

    /// Deletes a role that no user has. Returns whether there was such a role.
    pub async fn delete_role(&mut self, id: RoleId) -> Result<bool> {
        self.change(
            "UPDATE roles SET deleted_at = $3, revision = $4
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM user_roles WHERE role_id = roles.id)",
            values! { self.wallet_id(), id, self.at(), self.revision },
        )
        .await
    }
}
