//! Users, their roles and their passwords.

use std::collections::HashMap;

use model::{Email, Name, PermissionSet, RoleId, RoleRef, User, UserId, WalletId};

use crate::record::Listing;
use crate::{Conn, List, Page, Result, Tx};

/// A user to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub name: Name,
    /// Its e-mail address.
    pub email: Email,
    /// Its roles; ids that are no role of the transaction's wallet are left out.
    pub roles: Vec<RoleId>,
    /// Its password as a PHC string (argon2id); none for a user who is invited.
    pub password_hash: Option<String>,
}

/// An account: what sign-in checks an e-mail address and a password against.
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

record! {
    User in "users" where "wallet_id = $1 AND deleted_at IS NULL" {
        id, wallet_id, name, email, created_at, last_sign_in_at,
    } and "CAST(CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS active" |row| {
        active: row.get("active")?,
        // In a table of their own.
        roles: Vec::new(),
    }
}

record! {
    Account in "users" { wallet_id, name, password_hash } and "id" |row| {
        user_id: row.get("id")?,
    }
}

impl Conn {
    /// A user.
    pub async fn user(&mut self, wallet: WalletId, id: UserId) -> Result<Option<User>> {
        let Some(mut user) = self.find::<User>(wallet, "AND id = $2", values! { id }).await? else { return Ok(None) };
        user.roles = self.roles_of(wallet, Some(id)).await?.remove(&id).unwrap_or_default();
        Ok(Some(user))
    }

    /// A page of the users, by name.
    pub async fn users(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<User>> {
        let by = Listing { search: &["name_key", "email_key"], ..Listing::by_name() };
        let mut page = self.page::<User, ()>(wallet, list, by).await?;
        let mut roles = self.roles_of(wallet, None).await?;
        for user in &mut page.items {
            user.roles = roles.remove(&user.id).unwrap_or_default();
        }
        Ok(page)
    }

    /// The permissions of a user, active or not: the union of its roles'.
    pub async fn user_permissions(&mut self, wallet: WalletId, id: UserId) -> Result<PermissionSet> {
        let sql = "SELECT roles.permissions AS permissions FROM user_roles
                JOIN roles ON roles.id = user_roles.role_id AND roles.deleted_at IS NULL
             WHERE user_roles.wallet_id = $1 AND user_roles.user_id = $2";
        let sets: Vec<PermissionSet> =
            self.rows("roles", sql, values! { wallet, id }, |row| row.get("permissions")).await?;
        Ok(sets.into_iter().fold(PermissionSet::EMPTY, |all, set| all | set))
    }

    /// The permissions of each active user of the wallet: the union of its roles'.
    pub async fn active_permissions(&mut self, wallet: WalletId) -> Result<HashMap<UserId, PermissionSet>> {
        let sql = "SELECT users.id AS user_id, roles.permissions AS permissions FROM users
                LEFT JOIN user_roles ON user_roles.user_id = users.id
                LEFT JOIN roles ON roles.id = user_roles.role_id AND roles.deleted_at IS NULL
             WHERE users.wallet_id = $1 AND users.deleted_at IS NULL AND users.password_hash IS NOT NULL";
        let rows = self.rows("users", sql, values! { wallet }, |row| {
            Ok((row.get("user_id")?, row.get::<Option<PermissionSet>>("permissions")?.unwrap_or_default()))
        });
        let mut users = HashMap::new();
        for (id, permissions) in rows.await? {
            let held = users.entry(id).or_insert(PermissionSet::EMPTY);
            *held = *held | permissions;
        }
        Ok(users)
    }

    /// The accounts that sign in with this address: at most one in each wallet. Across wallets: a person who signs in
    /// names none.
    pub async fn accounts(&mut self, email: &Email) -> Result<Vec<Account>> {
        let rest = "WHERE email_key = $1 AND deleted_at IS NULL ORDER BY id";
        self.of_all_wallets(rest, values! { email.key() }).await
    }

    async fn roles_of(&mut self, wallet: WalletId, user: Option<UserId>) -> Result<HashMap<UserId, Vec<RoleRef>>> {
        let sql = "SELECT user_roles.user_id AS user_id, roles.id AS id, roles.name AS name
             FROM user_roles JOIN roles ON roles.id = user_roles.role_id
             WHERE user_roles.wallet_id = $1 AND ($2 IS NULL OR user_roles.user_id = $2)
             ORDER BY roles.name_key";
        let rows = self.rows("roles", sql, values! { wallet, user }, |row| {
            Ok((row.get("user_id")?, RoleRef { id: row.get("id")?, name: row.get("name")? }))
        });
        let mut users: HashMap<_, Vec<_>> = HashMap::new();
        for (user, role) in rows.await? {
            users.entry(user).or_default().push(role);
        }
        Ok(users)
    }
}

impl Tx {
    /// Adds a user.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when a user of this wallet has this e-mail address.
    pub async fn insert_user(&mut self, new: &NewUser) -> Result<()> {
        self.change(
            "INSERT INTO users (wallet_id, id, name, name_key, email, email_key, password_hash, created_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.email, new.email.key(), new.password_hash,
                self.at(), self.revision
            },
        )
        .await?;
        self.set_roles(new.id, &new.roles).await
    }

    /// Changes a user's name and roles; ids that are no role of the wallet are left out. When the user gains a role,
    /// its open invitations become void, because their makers gave less. Returns whether there is such a user.
    pub async fn update_user(&mut self, id: UserId, name: &Name, roles: &[RoleId]) -> Result<bool> {
        let sql = "UPDATE users SET name = $3, name_key = $4, revision = $5
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL";
        if !self.change(sql, values! { self.wallet_id(), id, name, name.key(), self.revision }).await? {
            return Ok(false);
        }
        let before = self.conn.user(self.wallet_id(), id).await?.map(|user| user.roles).unwrap_or_default();
        if roles.iter().any(|role| before.iter().all(|held| held.id != *role)) {
            self.void_invitations_of(id).await?;
        }
        self.set_roles(id, roles).await?;
        Ok(true)
    }

    /// Sets a user's password and ends its sessions. Returns whether there is such a user.
    pub async fn set_password(&mut self, id: UserId, password_hash: &str) -> Result<bool> {
        self.end_sessions_of(id).await?;
        self.change(
            "UPDATE users SET password_hash = $3, revision = $4
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            values! { self.wallet_id(), id, password_hash, self.revision },
        )
        .await
    }

    /// Notes that a user has signed in.
    pub async fn touch_sign_in(&mut self, id: UserId) -> Result<()> {
        let sql = "UPDATE users SET last_sign_in_at = $3 WHERE wallet_id = $1 AND id = $2";
        self.change(sql, values! { self.wallet_id(), id, self.at() }).await?;
        Ok(())
    }

    /// Deletes a user with its address, password, roles, sessions and invitations. Returns whether there
    /// was such a user.
    pub async fn delete_user(&mut self, id: UserId) -> Result<bool> {
        self.erase();
        let sql = "UPDATE users SET deleted_at = $3, revision = $4, email = '', email_key = '', password_hash = NULL
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL";
        let deleted = self.change(sql, values! { self.wallet_id(), id, self.at(), self.revision }).await?;
        if deleted {
            self.set_roles(id, &[]).await?;
            self.end_sessions_of(id).await?;
            self.void_invitations_of(id).await?;
        }
        Ok(deleted)
    }

    async fn set_roles(&mut self, id: UserId, roles: &[RoleId]) -> Result<()> {
        let sql = "DELETE FROM user_roles WHERE wallet_id = $1 AND user_id = $2";
        self.change(sql, values! { self.wallet_id(), id }).await?;
        for role in roles {
            self.change(
                "INSERT INTO user_roles (user_id, role_id, wallet_id)
                 SELECT $2, id, wallet_id FROM roles WHERE wallet_id = $1 AND id = $3 AND deleted_at IS NULL
                 ON CONFLICT DO NOTHING",
                values! { self.wallet_id(), id, role },
            )
            .await?;
        }
        Ok(())
    }
}
