//! API keys. A deleted key's row stays: whoever still holds its text is told that it was revoked.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{Actor, ApiKey, ApiKeyId, Digest, Name, Notes, PermissionSet, WalletId};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A key to be made.
#[derive(Clone)]
pub struct NewApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name.
    pub name: Name,
    /// What it may do.
    pub permissions: PermissionSet,
    /// The last day on which it is valid.
    pub expires_on: Date,
    /// The first instant at which it is not.
    pub expires_at: Timestamp,
    /// Party, contact, purpose.
    pub notes: Notes,
    /// The id inside its text.
    pub key_id: String,
    /// What is stored in the text's place.
    pub digest: Digest,
    /// Who makes it.
    pub created_by: Actor,
}

/// By what a list of keys is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApiKeySort {
    /// By name, without regard to case.
    Name,
    /// By expiry date.
    ExpiresOn,
    /// By creation.
    CreatedAt,
    /// By last use; never used comes first.
    LastUsedAt,
}

/// Which keys a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApiKeyFilter {
    /// Every one.
    All,
    /// Valid at this instant.
    ActiveAt(Timestamp),
    /// Expired at this instant.
    ExpiredAt(Timestamp),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    permissions: String,
    expires_on: String,
    expires_at: i64,
    notes: String,
    key_id: String,
    created_at: i64,
    created_by_kind: String,
    created_by_id: Option<String>,
    created_by_name: String,
    last_used_at: Option<i64>,
}

const SELECT: &str =
    "SELECT id, wallet_id, name, name_key, permissions, expires_on, expires_at, notes, key_id, created_at,
        created_by_kind, created_by_id, created_by_name, last_used_at
     FROM api_keys WHERE wallet_id = $1 AND deleted_at IS NULL";

impl TryFrom<Row> for ApiKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("api_keys.id", &row.id)?,
            wallet_id: column::parse("api_keys.wallet_id", &row.wallet_id)?,
            name: column::parse("api_keys.name", &row.name)?,
            permissions: PermissionSet::from_names(&row.permissions),
            expires_on: column::parse("api_keys.expires_on", &row.expires_on)?,
            expires_at: column::time("api_keys.expires_at", row.expires_at)?,
            notes: column::parse("api_keys.notes", &row.notes)?,
            key_id: row.key_id,
            created_at: column::time("api_keys.created_at", row.created_at)?,
            created_by: column::actor(&row.created_by_kind, row.created_by_id.as_deref(), row.created_by_name)?,
            last_used_at: column::time_or_none("api_keys.last_used_at", row.last_used_at)?,
        })
    }
}

impl ApiKeySort {
    const fn column(self) -> &'static str {
        match self {
            Self::Name => "name_key",
            Self::ExpiresOn => "expires_on",
            Self::CreatedAt => "created_at",
            Self::LastUsedAt => "COALESCE(last_used_at, 0)",
        }
    }

    fn cursor(self, row: &Row) -> Cursor {
        let value = match self {
            Self::Name => CursorValue::Text(row.name_key.clone()),
            Self::ExpiresOn => CursorValue::Text(row.expires_on.clone()),
            Self::CreatedAt => CursorValue::Number(row.created_at),
            Self::LastUsedAt => CursorValue::Number(row.last_used_at.unwrap_or(0)),
        };
        Cursor { value, id: row.id.clone() }
    }
}

impl ApiKeyFilter {
    /// Lower bound (exclusive) and upper bound (inclusive) of the expiry, in epoch milliseconds.
    fn bounds(self) -> (i64, i64) {
        match self {
            Self::All => (i64::MIN, i64::MAX),
            Self::ActiveAt(now) => (now.as_millisecond(), i64::MAX),
            Self::ExpiredAt(now) => (i64::MIN, now.as_millisecond()),
        }
    }
}

impl Conn {
    /// A key that is not deleted.
    pub async fn api_key(&mut self, wallet: WalletId, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(ApiKey::try_from)
            .transpose()
    }

    /// A key that is not deleted, by its name without regard to case.
    pub async fn api_key_named(&mut self, wallet: WalletId, name: &Name) -> Result<Option<ApiKey>, StoreError> {
        let sql = format!("{SELECT} AND name_key = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), name.key())?
            .map(ApiKey::try_from)
            .transpose()
    }

    /// A page of the keys that are not deleted.
    pub async fn api_keys(
        &mut self,
        wallet: WalletId,
        filter: ApiKeyFilter,
        list: &List<ApiKeySort>,
    ) -> Result<Page<ApiKey>, StoreError> {
        let (above, up_to) = filter.bounds();
        let tail = list.tail(list.sort.column(), "id", 5);
        let sql = format!(
            "{SELECT} AND expires_at > $2 AND expires_at <= $3 AND ($4 IS NULL OR name_key LIKE $4 ESCAPE '\\'){tail}"
        );
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), above, up_to, list.pattern())?;
        Page::of(list.limit, rows, |row| list.sort.cursor(row), ApiKey::try_from)
    }
}

impl Tx {
    /// Makes a key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when a key that is not deleted has this name, without regard to case.
    pub async fn insert_api_key(&mut self, key: &NewApiKey) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "INSERT INTO api_keys
                (id, wallet_id, name, name_key, permissions, expires_on, expires_at, notes, key_id, digest,
                 created_at, created_by_kind, created_by_id, created_by_name, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            key.id.to_string(),
            wallet,
            key.name.as_str(),
            key.name.key(),
            key.permissions.to_string(),
            key.expires_on.to_string(),
            key.expires_at.as_millisecond(),
            key.notes.as_str(),
            key.key_id.as_str(),
            key.digest.as_bytes().as_slice(),
            now,
            key.created_by.kind.name(),
            column::actor_id(&key.created_by),
            key.created_by.name.as_str(),
            revision,
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Changes a key's permissions and notes. Returns whether there is such a key.
    pub async fn update_api_key(
        &mut self,
        id: ApiKeyId,
        permissions: PermissionSet,
        notes: &Notes,
    ) -> Result<bool, StoreError> {
        let (wallet, revision) = (self.wallet_id().to_string(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE api_keys SET permissions = $3, notes = $4, revision = $5
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            wallet,
            id.to_string(),
            permissions.to_string(),
            notes.as_str(),
            revision,
        )?;
        Ok(rows == 1)
    }

    /// Revokes a key for good. Returns whether there was such a key.
    pub async fn revoke_api_key(&mut self, id: ApiKeyId) -> Result<bool, StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE api_keys SET deleted_at = $3, revision = $4 WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            wallet,
            id.to_string(),
            now,
            revision,
        )?;
        Ok(rows == 1)
    }
}
