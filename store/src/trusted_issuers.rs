//! Trusted issuers: whose credentials the wallet accepts from others.

use model::{AllowedTypes, Name, Notes, TrustedIssuer, TrustedIssuerId, WalletId};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// An issuer to be trusted.
#[derive(Clone, Debug)]
pub struct NewTrustedIssuer {
    /// Its id.
    pub id: TrustedIssuerId,
    /// What people call it.
    pub name: Name,
    /// A DID or an https URL.
    pub issuer: String,
    /// What it is trusted for.
    pub types: AllowedTypes,
    /// Free text.
    pub notes: Notes,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    issuer: String,
    types: String,
    notes: String,
    created_at: i64,
}

const SELECT: &str =
    "SELECT id, wallet_id, name, name_key, issuer, types, notes, created_at FROM trusted_issuers WHERE wallet_id = $1";

impl TryFrom<Row> for TrustedIssuer {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("trusted_issuers.id", &row.id)?,
            wallet_id: column::parse("trusted_issuers.wallet_id", &row.wallet_id)?,
            name: column::text(&row.name),
            issuer: row.issuer,
            types: column::json("trusted_issuers.types", &row.types)?,
            notes: column::text(&row.notes),
            created_at: column::time("trusted_issuers.created_at", row.created_at)?,
        })
    }
}

impl Conn {
    /// A trusted issuer.
    pub async fn trusted_issuer(
        &mut self,
        wallet: WalletId,
        id: TrustedIssuerId,
    ) -> Result<Option<TrustedIssuer>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(TrustedIssuer::try_from)
            .transpose()
    }

    /// A trusted issuer by what its credentials call it, compared as it stands.
    pub async fn trusted_issuer_called(
        &mut self,
        wallet: WalletId,
        issuer: &str,
    ) -> Result<Option<TrustedIssuer>, StoreError> {
        let sql = format!("{SELECT} AND issuer = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), issuer)?
            .map(TrustedIssuer::try_from)
            .transpose()
    }

    /// A page of the trusted issuers, by name.
    pub async fn trusted_issuers(
        &mut self,
        wallet: WalletId,
        list: &List<()>,
    ) -> Result<Page<TrustedIssuer>, StoreError> {
        let sql =
            format!("{SELECT} AND ($2 IS NULL OR name_key LIKE $2 ESCAPE '\\'){}", list.tail("name_key", "id", 3));
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), list.pattern())?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Text(row.name_key.clone()), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, TrustedIssuer::try_from)
    }
}

impl Tx {
    /// Adds a trusted issuer.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when one of the wallet has this name, without regard to case, or is this issuer.
    pub async fn insert_trusted_issuer(&mut self, new: &NewTrustedIssuer) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO trusted_issuers (id, wallet_id, name, name_key, issuer, types, notes, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            new.id.to_string(),
            wallet,
            new.name.as_str(),
            new.name.key(),
            new.issuer.as_str(),
            column::to_json(&new.types),
            new.notes.as_str(),
            now,
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Changes a trusted issuer to what `changed` says. Returns whether there is such an issuer.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when another one of the wallet has this name, without regard to case, or is this
    /// issuer.
    pub async fn update_trusted_issuer(&mut self, changed: &NewTrustedIssuer) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE trusted_issuers SET name = $3, name_key = $4, issuer = $5, types = $6, notes = $7
             WHERE wallet_id = $1 AND id = $2",
            wallet,
            changed.id.to_string(),
            changed.name.as_str(),
            changed.name.key(),
            changed.issuer.as_str(),
            column::to_json(&changed.types),
            changed.notes.as_str(),
        )
        .map_err(StoreError::unique)?;
        Ok(rows == 1)
    }

    /// Deletes a trusted issuer for good, also from the templates for which it was chosen. Returns whether there
    /// was such an issuer.
    pub async fn delete_trusted_issuer(&mut self, id: TrustedIssuerId) -> Result<bool, StoreError> {
        self.forget_chosen_issuer(id).await?;
        self.erase();
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "DELETE FROM trusted_issuers WHERE wallet_id = $1 AND id = $2",
            wallet,
            id.to_string(),
        )?;
        Ok(rows == 1)
    }
}
