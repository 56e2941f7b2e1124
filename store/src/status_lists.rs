//! Status lists and their entries.

use model::{CredentialStatus, IdentifierId, Name, StatusList, StatusListId, WalletId};

use crate::record::Listing;
use crate::{Conn, List, Page, Result, Tx};

/// A list to be made.
#[derive(Clone, Debug)]
pub struct NewStatusList {
    /// Its id.
    pub id: StatusListId,
    /// Its name.
    pub name: Name,
    /// The identifier that signs it.
    pub identifier_id: IdentifierId,
    /// How many credentials it holds.
    pub size: u32,
}

/// The version of a list, which changes whenever the list must be signed again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StatusListVersion {
    /// The identifier that signs it.
    pub identifier_id: IdentifierId,
    /// How many credentials it holds.
    pub size: u32,
    /// Another one when an entry says something else.
    pub revision: i64,
}

const ENTRIES: &str = "status_list_entries";

record! {
    /// A list.
    fn status_list(StatusListId) -> StatusList in "status_lists" {
        id, wallet_id, name, identifier_id, size, created_at,
    } and "(SELECT name FROM identifiers WHERE id = identifier_id) AS identifier_name,
        (SELECT COUNT(*) FROM status_list_entries WHERE status_list_id = status_lists.id AND status = 'valid') AS valid,
        (SELECT COUNT(*) FROM status_list_entries WHERE status_list_id = status_lists.id AND status = 'suspended')
            AS suspended,
        (SELECT COUNT(*) FROM status_list_entries WHERE status_list_id = status_lists.id AND status = 'revoked')
            AS revoked" |row| {
        identifier_name: row.get("identifier_name")?,
        valid: row.get("valid")?,
        suspended: row.get("suspended")?,
        revoked: row.get("revoked")?,
    }
}

record! {
    StatusListVersion in "status_lists" { identifier_id, size, revision }
}

impl Conn {
    /// A page of the lists, by name.
    pub async fn status_lists(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<StatusList>> {
        self.page(wallet, list, Listing::by_name()).await
    }

    /// The version of a list, without counting its entries: for serving it.
    pub async fn status_list_version(
        &mut self,
        wallet: WalletId,
        id: StatusListId,
    ) -> Result<Option<StatusListVersion>> {
        self.find(wallet, "AND id = $2", values! { id }).await
    }

    /// The entries of a list that do not say `valid`.
    pub async fn status_list_exceptions(
        &mut self,
        wallet: WalletId,
        id: StatusListId,
    ) -> Result<Vec<(u32, CredentialStatus)>> {
        let sql = "SELECT idx, status FROM status_list_entries
             WHERE wallet_id = $1 AND status_list_id = $2 AND status <> $3 ORDER BY idx";
        let values = values! { wallet, id, CredentialStatus::Valid };
        self.rows(ENTRIES, sql, values, |row| Ok((row.get("idx")?, row.get("status")?))).await
    }

    /// The entries of a list that belong to a credential, in order.
    pub async fn status_list_indices(&mut self, wallet: WalletId, id: StatusListId) -> Result<Vec<u32>> {
        let sql = "SELECT idx FROM status_list_entries WHERE wallet_id = $1 AND status_list_id = $2 ORDER BY idx";
        self.rows(ENTRIES, sql, values! { wallet, id }, |row| row.get("idx")).await
    }

    /// The status of an entry; `None` when it belongs to no credential.
    pub async fn status_list_entry(
        &mut self,
        wallet: WalletId,
        id: StatusListId,
        index: u32,
    ) -> Result<Option<CredentialStatus>> {
        let sql = "SELECT status FROM status_list_entries WHERE wallet_id = $1 AND status_list_id = $2 AND idx = $3";
        self.row(ENTRIES, sql, values! { wallet, id, index }, |row| row.get("status")).await
    }

    /// The name of a list that this identifier signs, if there is one.
    pub async fn status_list_signed_by(
        &mut self,
        wallet: WalletId,
        identifier: IdentifierId,
    ) -> Result<Option<String>> {
        let sql = "SELECT name FROM status_lists WHERE wallet_id = $1 AND identifier_id = $2 ORDER BY name_key LIMIT 1";
        self.row("status_lists", sql, values! { wallet, identifier }, |row| row.get("name")).await
    }
}

impl Tx {
    /// Makes a list.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when a list of the wallet has this name, without regard to case.
    pub async fn insert_status_list(&mut self, new: &NewStatusList) -> Result<StatusList> {
        self.insert(
            "INSERT INTO status_lists (wallet_id, id, name, name_key, identifier_id, size, created_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.identifier_id, new.size, self.at(), self.revision
            },
        )
        .await
    }

    /// Gives a list another name. Returns whether there is such a list.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when another list of the wallet has this name, without regard to
    /// case.
    pub async fn rename_status_list(&mut self, id: StatusListId, name: &Name) -> Result<bool> {
        let sql = "UPDATE status_lists SET name = $3, name_key = $4 WHERE wallet_id = $1 AND id = $2";
        self.change(sql, values! { self.wallet_id(), id, name, name.key() }).await
    }

    /// Deletes a list that no credential has an entry of. Returns whether there was such a list.
    pub async fn delete_status_list(&mut self, id: StatusListId) -> Result<bool> {
        self.change(
            "DELETE FROM status_lists WHERE wallet_id = $1 AND id = $2
                AND NOT EXISTS (SELECT 1 FROM status_list_entries WHERE status_list_id = $2)",
            values! { self.wallet_id(), id },
        )
        .await
    }

    /// Gives an entry to a credential, which is valid. Returns whether it was free; the unique index decides.
    pub async fn take_status_list_entry(&mut self, id: StatusListId, index: u32) -> Result<bool> {
        self.change(
            "INSERT INTO status_list_entries (status_list_id, idx, wallet_id, status)
             SELECT id, $3, wallet_id, $4 FROM status_lists WHERE wallet_id = $1 AND id = $2 AND size > $3
             ON CONFLICT DO NOTHING",
            values! { self.wallet_id(), id, index, CredentialStatus::Valid },
        )
        .await
    }

    /// Changes the status of an entry, after which the list must be signed again. Returns whether there is such an
    /// entry.
    pub async fn set_status_list_entry(
        &mut self,
        id: StatusListId,
        index: u32,
        status: CredentialStatus,
    ) -> Result<bool> {
        let sql = "UPDATE status_lists SET revision = $3 WHERE wallet_id = $1 AND id = $2";
        self.change(sql, values! { self.wallet_id(), id, self.revision }).await?;
        self.change(
            "UPDATE status_list_entries SET status = $4 WHERE wallet_id = $1 AND status_list_id = $2 AND idx = $3",
            values! { self.wallet_id(), id, index, status },
        )
        .await
    }
}
