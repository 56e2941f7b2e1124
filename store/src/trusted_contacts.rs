//! Trusted contacts: the parties that the wallet deals with.

use model::{Did, Name, Notes, TrustedContact, TrustedContactId, WalletId};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A contact to be added, or what it is to become.
#[derive(Clone, PartialEq, Debug)]
pub struct NewTrustedContact {
    /// Its id.
    pub id: TrustedContactId,
    /// What people call it.
    pub name: Name,
    /// Its DID.
    pub did: Did,
    /// Free text.
    pub notes: Notes,
    /// The credential issuer from which it may push credentials unattended.
    pub credential_issuer: Option<String>,
    /// Where credential offers are pushed to it.
    pub credential_offer_endpoint: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    did: String,
    notes: String,
    credential_issuer: Option<String>,
    credential_offer_endpoint: Option<String>,
    created_at: i64,
}

const SELECT: &str = "SELECT id, wallet_id, name, name_key, did, notes, credential_issuer, credential_offer_endpoint,
        created_at
     FROM trusted_contacts WHERE wallet_id = $1";

impl TryFrom<Row> for TrustedContact {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("trusted_contacts.id", &row.id)?,
            wallet_id: column::parse("trusted_contacts.wallet_id", &row.wallet_id)?,
            name: column::text(&row.name),
            did: row.did,
            notes: column::text(&row.notes),
            credential_issuer: row.credential_issuer,
            credential_offer_endpoint: row.credential_offer_endpoint,
            created_at: column::time("trusted_contacts.created_at", row.created_at)?,
        })
    }
}

impl Conn {
    /// A contact.
    pub async fn trusted_contact(
        &mut self,
        wallet: WalletId,
        id: TrustedContactId,
    ) -> Result<Option<TrustedContact>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(TrustedContact::try_from)
            .transpose()
    }

    /// A contact by its DID, compared as it stands: a change that is [`StoreError::Taken`] though no other
    /// contact has its DID has another's name.
    pub async fn trusted_contact_with_did(
        &mut self,
        wallet: WalletId,
        did: &str,
    ) -> Result<Option<TrustedContact>, StoreError> {
        let sql = format!("{SELECT} AND did = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), did)?
            .map(TrustedContact::try_from)
            .transpose()
    }

    /// The contact that may push credentials from this credential issuer, compared as it stands.
    pub async fn trusted_contact_of_issuer(
        &mut self,
        wallet: WalletId,
        credential_issuer: &str,
    ) -> Result<Option<TrustedContact>, StoreError> {
        let sql = format!("{SELECT} AND credential_issuer = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), credential_issuer)?
            .map(TrustedContact::try_from)
            .transpose()
    }

    /// The contacts that may push credentials.
    pub async fn trusted_contacts_that_push(&mut self, wallet: WalletId) -> Result<Vec<TrustedContact>, StoreError> {
        let sql = format!("{SELECT} AND credential_issuer IS NOT NULL ORDER BY id");
        let rows = fetch_all!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string())?;
        rows.into_iter().map(TrustedContact::try_from).collect()
    }

    /// A page of the contacts, by name.
    pub async fn trusted_contacts(
        &mut self,
        wallet: WalletId,
        list: &List<()>,
    ) -> Result<Page<TrustedContact>, StoreError> {
        let sql =
            format!("{SELECT} AND ($2 IS NULL OR name_key LIKE $2 ESCAPE '\\'){}", list.tail("name_key", "id", 3));
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), list.pattern())?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Text(row.name_key.clone()), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, TrustedContact::try_from)
    }
}

impl Tx {
    /// Adds a contact.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when a contact of the wallet has this name, without regard to case, this DID or this
    /// credential issuer.
    pub async fn insert_trusted_contact(&mut self, contact: &NewTrustedContact) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO trusted_contacts
                (id, wallet_id, name, name_key, did, notes, credential_issuer, credential_offer_endpoint, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            contact.id.to_string(),
            wallet,
            contact.name.as_str(),
            contact.name.key(),
            contact.did.as_str(),
            contact.notes.as_str(),
            contact.credential_issuer.as_deref(),
            contact.credential_offer_endpoint.as_deref(),
            now,
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Changes the contact with this id to what it is here. Returns whether there is such a contact.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another contact of the wallet has this name, without regard to case, this DID
    /// or this credential issuer.
    pub async fn update_trusted_contact(&mut self, contact: &NewTrustedContact) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE trusted_contacts
             SET name = $3, name_key = $4, did = $5, notes = $6, credential_issuer = $7, credential_offer_endpoint = $8
             WHERE wallet_id = $1 AND id = $2",
            wallet,
            contact.id.to_string(),
            contact.name.as_str(),
            contact.name.key(),
            contact.did.as_str(),
            contact.notes.as_str(),
            contact.credential_issuer.as_deref(),
            contact.credential_offer_endpoint.as_deref(),
        )
        .map_err(StoreError::unique)?;
        Ok(rows == 1)
    }

    /// Deletes a contact for good. Returns whether there was such a contact.
    pub async fn delete_trusted_contact(&mut self, id: TrustedContactId) -> Result<bool, StoreError> {
        self.erase();
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "DELETE FROM trusted_contacts WHERE wallet_id = $1 AND id = $2",
            wallet,
            id.to_string(),
        )?;
        Ok(rows == 1)
    }
}
