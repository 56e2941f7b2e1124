//! External systems: API keys and OAuth clients. The row of a deleted one stays, so that a caller that still holds the
//! secret is told `revoked`.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{
    Actor, Digest, ExternalSystem, ExternalSystemId, Name, Notes, PermissionSet, RequestsPerMinute, SystemKind,
    WalletId,
};
use uuid::Uuid;

use crate::record::{Listing, Sort};
use crate::{Conn, List, Page, Result, Tx};

/// An API key or OAuth client to be inserted.
#[derive(Clone)]
pub struct NewExternalSystem {
    /// Its id.
    pub id: ExternalSystemId,
    /// Whether it is an API key or an OAuth client.
    pub kind: SystemKind,
    /// Its name.
    pub name: Name,
    /// Its permissions.
    pub permissions: PermissionSet,
    /// Its own limit of requests a minute; `None` for the server's default.
    pub requests_per_minute: Option<RequestsPerMinute>,
    /// The last day on which it is valid.
    pub expires_on: Date,
    /// The first instant at which it is not.
    pub expires_at: Timestamp,
    /// Party, contact, purpose.
    pub notes: Notes,
    /// The id inside its secret.
    pub key_id: String,
    /// The digest of its secret.
    pub digest: Digest,
    /// The principal that makes it.
    pub created_by: Actor,
}

/// The order of a list of external systems.
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

/// The filter of a list of external systems; the default shows all.
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

record! {
    ExternalSystem in "external_systems" where "wallet_id = $1 AND deleted_at IS NULL" {
        id, wallet_id, kind, name, permissions, requests_per_minute, expires_on, expires_at, notes, key_id, created_at,
        last_used_at,
    } and "created_by_kind, created_by_id, created_by_name" |row| {
        created_by: row.created_by()?,
    }
}

impl SystemSort {
    const fn column(self) -> Sort {
        match self {
            Self::Name => Sort::Text("name_key"),
            Self::ExpiresOn => Sort::Text("expires_on"),
            Self::CreatedAt => Sort::Number("created_at"),
            Self::LastUsedAt => Sort::Number("COALESCE(last_used_at, 0)"),
        }
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
    ) -> Result<Option<ExternalSystem>> {
        self.find(wallet, "AND kind = $2 AND id = $3", values! { kind, id }).await
    }

    /// One of this kind that is not deleted, by its name without regard to case.
    pub async fn external_system_named(
        &mut self,
        wallet: WalletId,
        kind: SystemKind,
        name: &Name,
    ) -> Result<Option<ExternalSystem>> {
        self.find(wallet, "AND kind = $2 AND name_key = $3", values! { kind, name.key() }).await
    }

    /// A page of those of this kind that are not deleted.
    pub async fn external_systems(
        &mut self,
        wallet: WalletId,
        kind: SystemKind,
        filter: SystemFilter,
        list: &List<SystemSort>,
    ) -> Result<Page<ExternalSystem>> {
        let (above, up_to) = filter.status.bounds();
        let by = Listing {
            search: &["name_key"],
            sort: list.sort.column(),
            filter: "AND kind = $2 AND expires_at > $3 AND expires_at <= $4 AND ($5 IS NULL OR created_by_id = $5)",
            values: values! { kind, above, up_to, filter.created_by },
        };
        self.page(wallet, list, by).await
    }

    /// The descendants of an API key or OAuth client that are not deleted, the oldest first: those that it made, and
    /// those that these made, also through deleted ones.
    pub async fn descendants(&mut self, wallet: WalletId, id: ExternalSystemId) -> Result<Vec<ExternalSystem>> {
        let made = "AND id IN (
                WITH RECURSIVE made (id) AS (
                    SELECT id FROM external_systems WHERE wallet_id = $1 AND created_by_id = $2
                    UNION
                    SELECT child.id FROM external_systems AS child JOIN made ON child.created_by_id = made.id
                    WHERE child.wallet_id = $1
                )
                SELECT id FROM made
             ) ORDER BY created_at, id";
        self.all(wallet, made, values! { id }).await
    }
}

impl Tx {
    /// Inserts an API key or OAuth client.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when one of its kind that is not deleted has this name, without regard to
    /// case.
    pub async fn insert_external_system(&mut self, new: &NewExternalSystem) -> Result<ExternalSystem> {
        self.insert(
            "INSERT INTO external_systems
                (wallet_id, id, kind, name, name_key, permissions, requests_per_minute, expires_on, expires_at, notes,
                 key_id, digest, created_at, created_by_kind, created_by_id, created_by_name, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            values! {
                self.wallet_id(), new.id, new.kind, new.name, new.name.key(), new.permissions, new.requests_per_minute,
                new.expires_on, new.expires_at, new.notes, new.key_id, new.digest, self.at(), new.created_by.kind,
                new.created_by.id, new.created_by.name, self.revision
            },
        )
        .await
    }

    /// Changes permissions, notes and limit. Returns whether there is such a one.
    pub async fn update_external_system(
        &mut self,
        id: ExternalSystemId,
        permissions: PermissionSet,
        notes: &Notes,
        requests_per_minute: Option<RequestsPerMinute>,
    ) -> Result<bool> {
        self.change(
            "UPDATE external_systems SET permissions = $3, notes = $4, revision = $5, requests_per_minute = $6
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            values! { self.wallet_id(), id, permissions, notes, self.revision, requests_per_minute },
        )
        .await
    }

    /// Revokes one for good. Returns whether there was such a one.
    pub async fn revoke_external_system(&mut self, id: ExternalSystemId) -> Result<bool> {
        self.change(
            "UPDATE external_systems SET deleted_at = $3, revision = $4
             WHERE wallet_id = $1 AND id = $2 AND deleted_at IS NULL",
            values! { self.wallet_id(), id, self.at(), self.revision },
        )
        .await
    }
}
