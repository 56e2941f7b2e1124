//! Status lists and their entries.

use model::{CredentialStatus, IdentifierId, Name, StatusList, StatusListId, WalletId};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A list to be made.
#[derive(Clone, Debug)]
pub struct NewStatusList {
    /// Its id.
    pub id: StatusListId,
    /// What it is for.
    pub name: Name,
    /// Who signs it; an identifier of the wallet.
    pub identifier_id: IdentifierId,
    /// How many credentials it holds.
    pub size: u32,
}

/// What is needed to know whether a list must be signed anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StatusListVersion {
    /// Who signs it.
    pub identifier_id: IdentifierId,
    /// How many credentials it holds.
    pub size: u32,
    /// Another one when an entry says something else.
    pub revision: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    identifier_id: String,
    identifier_name: String,
    size: i64,
    valid: i64,
    suspended: i64,
    revoked: i64,
    created_at: i64,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    identifier_id: String,
    size: i64,
    revision: i64,
}

#[derive(sqlx::FromRow)]
struct Entry {
    idx: i64,
    status: String,
}

#[derive(sqlx::FromRow)]
struct Named {
    name: String,
}

const SELECT: &str = "SELECT id, wallet_id, name, name_key, identifier_id, size, created_at,
        (SELECT name FROM identifiers WHERE id = identifier_id) AS identifier_name,
        (SELECT COUNT(*) FROM status_list_entries WHERE status_list_id = status_lists.id AND status = 'valid') AS valid,
        (SELECT COUNT(*) FROM status_list_entries WHERE status_list_id = status_lists.id AND status = 'suspended')
            AS suspended,
        (SELECT COUNT(*) FROM status_list_entries WHERE status_list_id = status_lists.id AND status = 'revoked')
            AS revoked
     FROM status_lists WHERE wallet_id = $1";

impl TryFrom<Row> for StatusList {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("status_lists.id", &row.id)?,
            wallet_id: column::parse("status_lists.wallet_id", &row.wallet_id)?,
            name: column::text(&row.name),
            identifier_id: column::parse("status_lists.identifier_id", &row.identifier_id)?,
            identifier_name: row.identifier_name,
            size: number("status_lists.size", row.size)?,
            valid: number("valid", row.valid)?,
            suspended: number("suspended", row.suspended)?,
            revoked: number("revoked", row.revoked)?,
            created_at: column::time("status_lists.created_at", row.created_at)?,
        })
    }
}

impl Conn {
    /// A list.
    pub async fn status_list(&mut self, wallet: WalletId, id: StatusListId) -> Result<Option<StatusList>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(StatusList::try_from)
            .transpose()
    }

    /// A page of the lists, by name.
    pub async fn status_lists(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<StatusList>, StoreError> {
        let sql =
            format!("{SELECT} AND ($2 IS NULL OR name_key LIKE $2 ESCAPE '\\'){}", list.tail("name_key", "id", 3));
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), list.pattern())?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Text(row.name_key.clone()), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, StatusList::try_from)
    }

    /// The state of a list, without counting: for whoever serves it.
    pub async fn status_list_version(
        &mut self,
        wallet: WalletId,
        id: StatusListId,
    ) -> Result<Option<StatusListVersion>, StoreError> {
        let row = fetch_optional!(
            self,
            VersionRow,
            "SELECT identifier_id, size, revision FROM status_lists WHERE wallet_id = $1 AND id = $2",
            wallet.to_string(),
            id.to_string(),
        )?;
        row.map(|row| {
            Ok(StatusListVersion {
                identifier_id: column::parse("status_lists.identifier_id", &row.identifier_id)?,
                size: number("status_lists.size", row.size)?,
                revision: row.revision,
            })
        })
        .transpose()
    }

    /// The entries of a list that do not say `valid`.
    pub async fn status_list_exceptions(
        &mut self,
        wallet: WalletId,
        id: StatusListId,
    ) -> Result<Vec<(u32, CredentialStatus)>, StoreError> {
        let rows = fetch_all!(
            self,
            Entry,
            "SELECT idx, status FROM status_list_entries
             WHERE wallet_id = $1 AND status_list_id = $2 AND status <> $3 ORDER BY idx",
            wallet.to_string(),
            id.to_string(),
            CredentialStatus::Valid.name(),
        )?;
        rows.into_iter().map(|row| Ok((number("status_list_entries.idx", row.idx)?, status(&row.status)?))).collect()
    }

    /// The entries of a list that belong to a credential, in order.
    pub async fn status_list_indices(&mut self, wallet: WalletId, id: StatusListId) -> Result<Vec<u32>, StoreError> {
        let rows = fetch_all!(
            self,
            Entry,
            "SELECT idx, status FROM status_list_entries WHERE wallet_id = $1 AND status_list_id = $2 ORDER BY idx",
            wallet.to_string(),
            id.to_string(),
        )?;
        rows.into_iter().map(|row| number("status_list_entries.idx", row.idx)).collect()
    }

    /// What an entry says; none when it belongs to no credential.
    pub async fn status_list_entry(
        &mut self,
        wallet: WalletId,
        id: StatusListId,
        index: u32,
    ) -> Result<Option<CredentialStatus>, StoreError> {
        let row = fetch_optional!(
            self,
            Entry,
            "SELECT idx, status FROM status_list_entries WHERE wallet_id = $1 AND status_list_id = $2 AND idx = $3",
            wallet.to_string(),
            id.to_string(),
            i64::from(index),
        )?;
        row.map(|row| status(&row.status)).transpose()
    }

    /// The name of a list that this identifier signs, if there is one.
    pub async fn status_list_signed_by(
        &mut self,
        wallet: WalletId,
        identifier: IdentifierId,
    ) -> Result<Option<String>, StoreError> {
        let row = fetch_optional!(
            self,
            Named,
            "SELECT name FROM status_lists WHERE wallet_id = $1 AND identifier_id = $2 ORDER BY name_key LIMIT 1",
            wallet.to_string(),
            identifier.to_string(),
        )?;
        Ok(row.map(|row| row.name))
    }
}

impl Tx {
    /// Makes a list.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when a list of the wallet has this name, without regard to case.
    pub async fn insert_status_list(&mut self, list: &NewStatusList) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "INSERT INTO status_lists (id, wallet_id, name, name_key, identifier_id, size, created_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            list.id.to_string(),
            wallet,
            list.name.as_str(),
            list.name.key(),
            list.identifier_id.to_string(),
            i64::from(list.size),
            now,
            revision,
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Gives a list another name. Returns whether there is such a list.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another list of the wallet has this name, without regard to case.
    pub async fn rename_status_list(&mut self, id: StatusListId, name: &Name) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE status_lists SET name = $3, name_key = $4 WHERE wallet_id = $1 AND id = $2",
            wallet,
            id.to_string(),
            name.as_str(),
            name.key(),
        )
        .map_err(StoreError::unique)?;
        Ok(rows == 1)
    }

    /// Deletes a list that no credential has an entry of. Returns whether there was such a list.
    pub async fn delete_status_list(&mut self, id: StatusListId) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "DELETE FROM status_lists WHERE wallet_id = $1 AND id = $2
                AND NOT EXISTS (SELECT 1 FROM status_list_entries WHERE status_list_id = $2)",
            wallet,
            id.to_string(),
        )?;
        Ok(rows == 1)
    }

    /// Gives an entry to a credential, which is valid. Returns whether it was free; the unique index decides.
    pub async fn take_status_list_entry(&mut self, id: StatusListId, index: u32) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "INSERT INTO status_list_entries (status_list_id, idx, wallet_id, status)
             SELECT id, $3, wallet_id, $4 FROM status_lists WHERE wallet_id = $1 AND id = $2 AND size > $3
             ON CONFLICT DO NOTHING",
            wallet,
            id.to_string(),
            i64::from(index),
            CredentialStatus::Valid.name(),
        )?;
        Ok(rows == 1)
    }

    /// Changes what an entry says; the list must be signed anew. Returns whether there is such an entry.
    pub async fn set_status_list_entry(
        &mut self,
        id: StatusListId,
        index: u32,
        status: CredentialStatus,
    ) -> Result<bool, StoreError> {
        let (wallet, revision) = (self.wallet_id().to_string(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE status_list_entries SET status = $4 WHERE wallet_id = $1 AND status_list_id = $2 AND idx = $3",
            wallet.as_str(),
            id.to_string(),
            i64::from(index),
            status.name(),
        )?;
        execute!(
            self.conn,
            "UPDATE status_lists SET revision = $3 WHERE wallet_id = $1 AND id = $2",
            wallet.as_str(),
            id.to_string(),
            revision,
        )?;
        Ok(rows == 1)
    }
}

fn number(column: &'static str, value: i64) -> Result<u32, StoreError> {
    value.try_into().map_err(|_| StoreError::Unreadable { column })
}

fn status(name: &str) -> Result<CredentialStatus, StoreError> {
    CredentialStatus::from_name(name).ok_or(StoreError::Unreadable { column: "status_list_entries.status" })
}
