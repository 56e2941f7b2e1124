//! External systems: API keys and OAuth clients. The row of a deleted one stays: whoever still holds its secret is
//! told that it was revoked.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{
    Actor, Digest, ExternalSystem, ExternalSystemId, Name, Notes, PermissionSet, RequestsPerMinute, SystemKind,
    WalletId,
};
use uuid::Uuid;

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// An external system to be let in.
#[derive(Clone)]
pub struct NewExternalSystem {
    /// Its id.
    pub id: ExternalSystemId,
    /// How it proves itself.
    pub kind: SystemKind,
    /// Its name.
    pub name: Name,
    /// What it may do.
    pub permissions: PermissionSet,
    /// How many requests a minute it may send, if not what the server allows everybody.
    pub requests_per_minute: Option<RequestsPerMinute>,
    /// The last day on which it is valid.
    pub expires_on: Date,
    /// The first instant at which it is not.
    pub expires_at: Timestamp,
    /// Party, contact, purpose.
    pub notes: Notes,
    /// The id inside its secret.
    pub key_id: String,
    /// What is stored in the secret's place.
    pub digest: Digest,
    /// Who makes it.
    pub created_by: Actor,
}

/// By what a list of external systems is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SystemSort {
    /// By name, without regard to case.
    Name,
    /// By expiry date.
    ExpiresOn,
    /// By creation.
    CreatedAt,
    /// By last use; never used comes first.
    LastUsedAt,
}

/// Which external systems a list shows; every one when nothing is set.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SystemFilter {
    /// Whether they are valid.
    pub status: SystemStatus,
    /// Only those that this user, API key or OAuth client made.
    pub created_by: Option<Uuid>,
}

/// Whether external systems are valid.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum SystemStatus {
    /// Valid or not.
    #[default]
    Any,
    /// Valid at this instant.
    ActiveAt(Timestamp),
    /// Expired at this instant.
    ExpiredAt(Timestamp),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    kind: String,
    name: String,
    name_key: String,
    permissions: String,
    requests_per_minute: Option<i64>,
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
    "SELECT id, wallet_id, kind, name, name_key, permissions, requests_per_minute, expires_on, expires_at, notes, key_id,
        created_at, created_by_kind, created_by_id, created_by_name, last_used_at
     FROM external_systems WHERE wallet_id = $1 AND kind = $2 AND deleted_at IS NULL";

/// What `$2` made, directly and further down, also through what was deleted since.
const DESCENDANTS: &str =
    "WITH RECURSIVE made (id) AS (
        SELECT id FROM external_systems WHERE wallet_id = $1 AND created_by_id = $2
        UNION
        SELECT child.id FROM external_systems AS child JOIN made ON child.created_by_id = made.id
        WHERE child.wallet_id = $1
     )
     SELECT id, wallet_id, kind, name, name_key, permissions, requests_per_minute, expires_on, expires_at, notes, key_id,
        created_at, created_by_kind, created_by_id, created_by_name, last_used_at
     FROM external_systems WHERE wallet_id = $1 AND deleted_at IS NULL AND id IN (SELECT id FROM made)
     ORDER BY created_at, id";

impl TryFrom<Row> for ExternalSystem {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("external_systems.id", &row.id)?,
            wallet_id: column::parse("external_systems.wallet_id", &row.wallet_id)?,
            kind: column::parse("external_systems.kind", &row.kind)?,
            name: column::text(&row.name),
            permissions: PermissionSet::from_names(&row.permissions),
            requests_per_minute: column::requests_per_minute(row.requests_per_minute)?,
            expires_on: column::parse("external_systems.expires_on", &row.expires_on)?,
            expires_at: column::time("external_systems.expires_at", row.expires_at)?,
            notes: column::text(&row.notes),
            key_id: row.key_id,
            created_at: column::time("external_systems.created_at", row.created_at)?,
            created_by: column::actor(&row.created_by_kind, row.created_by_id.as_deref(), row.created_by_name)?,
            last_used_at: column::time_or_none("external_systems.last_used_at", row.last_used_at)?,
        })
    }
}

impl SystemSort {
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

impl SystemStatus {
    /// Lower bound (exclusive) and upper bound (inclusive) of the expiry, in epoch milliseconds.
    fn bounds(self) -> (i64, i64) {
        match self {
            Self::Any => (i64::MIN, i64::MAX),
            Self::ActiveAt(now) => (now.as_millisecond(), i64::MAX),
            Self::ExpiredAt(now) => (i64::MIN, now.as_millisecond()),
        }
    }
}

impl Conn {
    /// One of this kind that is not deleted.
    pub async fn external_system(
        &mut self,
        wallet: WalletId,
        kind: SystemKind,
        id: ExternalSystemId,
    ) -> Result<Option<ExternalSystem>, StoreError> {
        self.external_system_where(wallet, kind, "id", id.to_string()).await
    }

    /// One of this kind that is not deleted, by its name without regard to case.
    pub async fn external_system_named(
        &mut self,
        wallet: WalletId,
        kind: SystemKind,
        name: &Name,
    ) -> Result<Option<ExternalSystem>, StoreError> {
        self.external_system_where(wallet, kind, "name_key", name.key()).await
    }

    /// A page of those of this kind that are not deleted.
    pub async fn external_systems(
        &mut self,
        wallet: WalletId,
        kind: SystemKind,
        filter: SystemFilter,
        list: &List<SystemSort>,
    ) -> Result<Page<ExternalSystem>, StoreError> {
        let (above, up_to) = filter.status.bounds();
        let maker = filter.created_by.map(|id| id.to_string());
        let tail = list.tail(list.sort.column(), "id", 7);
        let sql = format!(
            "{SELECT} AND expires_at > $3 AND expires_at <= $4 AND ($5 IS NULL OR name_key LIKE $5 ESCAPE '\\')
                AND ($6 IS NULL OR created_by_id = $6){tail}"
        );
        let (wallet, kind) = (wallet.to_string(), kind.name());
        let rows = fetch_page!(self, Row, sql, &list.after, wallet, kind, above, up_to, list.pattern(), maker)?;
        Page::of(list.limit, rows, |row| list.sort.cursor(row), ExternalSystem::try_from)
    }

    /// The API keys and OAuth clients, not deleted, that this one made, directly and further down; the oldest first.
    pub async fn descendants(
        &mut self,
        wallet: WalletId,
        id: ExternalSystemId,
    ) -> Result<Vec<ExternalSystem>, StoreError> {
        let rows = fetch_all!(self, Row, DESCENDANTS, wallet.to_string(), id.to_string())?;
        rows.into_iter().map(ExternalSystem::try_from).collect()
    }

    async fn external_system_where(
        &mut self,
        wallet: WalletId,
        kind: SystemKind,
        column: &'static str,
        value: String,
    ) -> Result<Option<ExternalSystem>, StoreError> {
        let sql = format!("{SELECT} AND {column} = $3");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), kind.name(), value)?
            .map(ExternalSystem::try_from)
            .transpose()
    }
}

impl Tx {
    /// Lets an external system in.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when one of its kind that is not deleted has this name, without regard to case.
    pub async fn insert_external_system(&mut self, new: &NewExternalSystem) -> Result<(), StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        execute!(
            self.conn,
            "INSERT INTO external_systems
                (id, wallet_id, kind, name, name_key, permissions, expires_on, expires_at, notes, key_id, digest,
                 created_at, created_by_kind, created_by_id, created_by_name, revision, requests_per_minute)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            new.id.to_string(),
            wallet,
            new.kind.name(),
            new.name.as_str(),
            new.name.key(),
            new.permissions.to_string(),
            new.expires_on.to_string(),
            new.expires_at.as_millisecond(),
            new.notes.as_str(),
            new.key_id.as_str(),
            new.digest.as_bytes().as_slice(),
            now,
            new.created_by.kind.name(),
            column::actor_id(&new.created_by),
            new.created_by.name.as_str(),
            revision,
            new.requests_per_minute.map(i64::from),
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Changes permissions, notes and limit. Returns whether there is such a one.
    pub async fn update_external_system(
        &mut self,
        id: ExternalSystemId,
        permissions: PermissionSet,
        notes: &Notes,
        requests_per_minute: Option<RequestsPerMinute>,
    ) -> Result<bool, StoreError> {
        let (wallet, revision) = (self.wallet_id().to_string(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE external_systems SET permissions = $3, notes = $4, revision = $5, requests_per_minute = $6
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            wallet,
            id.to_string(),
            permissions.to_string(),
            notes.as_str(),
            revision,
            requests_per_minute.map(i64::from),
        )?;
        Ok(rows == 1)
    }

    /// Revokes one for good. Returns whether there was such a one.
    pub async fn revoke_external_system(&mut self, id: ExternalSystemId) -> Result<bool, StoreError> {
        let (wallet, now, revision) = (self.wallet_id().to_string(), self.now(), self.revision);
        let rows = execute!(
            self.conn,
            "UPDATE external_systems SET deleted_at = $3, revision = $4 WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            wallet,
            id.to_string(),
            now,
            revision,
        )?;
        Ok(rows == 1)
    }
}
