//! Identifiers of the wallet and their key pairs; the private halves are stored sealed.

use std::collections::HashMap;

use model::{Did, DidMethod, Identifier, IdentifierId, IdentifierKey, IdentifierKeyId, Name, OwnedKey, WalletId};
use serde_json::Value;

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// An identifier to be made.
#[derive(Clone)]
pub struct NewIdentifier {
    /// Its id.
    pub id: IdentifierId,
    /// What people call it.
    pub name: Name,
    /// How it is resolved.
    pub method: DidMethod,
    /// The DID.
    pub did: Did,
    /// Its first key.
    pub key: NewIdentifierKey,
}

/// A key pair to be made.
#[derive(Clone)]
pub struct NewIdentifierKey {
    /// Its id.
    pub id: IdentifierKeyId,
    /// The public key as a JWK (RFC 7517).
    pub public_jwk: Value,
    /// The private key, encrypted under the master key.
    pub sealed: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    name: String,
    name_key: String,
    method: String,
    did: String,
    created_at: i64,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    identifier_id: String,
    public_jwk: String,
    created_at: i64,
    retired_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct OwnedRow {
    method: String,
    did: String,
    #[sqlx(flatten)]
    key: KeyRow,
}

#[derive(sqlx::FromRow)]
struct Owner {
    wallet_id: String,
}

#[derive(sqlx::FromRow)]
struct Sealed {
    sealed: Vec<u8>,
}

const SELECT: &str =
    "SELECT id, wallet_id, name, name_key, method, did, created_at FROM identifiers WHERE wallet_id = $1";

fn identifier(row: &Row, keys: Vec<IdentifierKey>) -> Result<Identifier, StoreError> {
    Ok(Identifier {
        id: column::parse("identifiers.id", &row.id)?,
        wallet_id: column::parse("identifiers.wallet_id", &row.wallet_id)?,
        name: column::text(&row.name),
        method: DidMethod::from_name(&row.method).ok_or(StoreError::Unreadable { column: "identifiers.method" })?,
        did: row.did.clone(),
        keys,
        created_at: column::time("identifiers.created_at", row.created_at)?,
    })
}

impl TryFrom<OwnedRow> for OwnedKey {
    type Error = StoreError;

    fn try_from(row: OwnedRow) -> Result<Self, StoreError> {
        Ok(Self {
            identifier_id: column::parse("identifier_keys.identifier_id", &row.key.identifier_id)?,
            method: DidMethod::from_name(&row.method).ok_or(StoreError::Unreadable { column: "identifiers.method" })?,
            did: row.did,
            key: row.key.try_into()?,
        })
    }
}

impl TryFrom<KeyRow> for IdentifierKey {
    type Error = StoreError;

    fn try_from(row: KeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("identifier_keys.id", &row.id)?,
            public_jwk: column::json("identifier_keys.public_jwk", &row.public_jwk)?,
            created_at: column::time("identifier_keys.created_at", row.created_at)?,
            retired_at: column::time_or_none("identifier_keys.retired_at", row.retired_at)?,
        })
    }
}

impl Conn {
    /// An identifier.
    pub async fn identifier(&mut self, wallet: WalletId, id: IdentifierId) -> Result<Option<Identifier>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        let row = fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?;
        let Some(row) = row else { return Ok(None) };
        let keys = self.keys_of(wallet, Some(id)).await?.remove(&row.id).unwrap_or_default();
        identifier(&row, keys).map(Some)
    }

    /// The did:web identifier whose document is asked for. Across wallets: whoever resolves a DID is a
    /// stranger, and the document is public.
    pub async fn identifier_for_document(&mut self, id: IdentifierId) -> Result<Option<Identifier>, StoreError> {
        let owner = fetch_optional!(
            self,
            Owner,
            "SELECT wallet_id FROM identifiers WHERE id = $1 AND method = $2",
            id.to_string(),
            DidMethod::Web.name(),
        )?;
        match owner {
            Some(owner) => self.identifier(column::parse("identifiers.wallet_id", &owner.wallet_id)?, id).await,
            None => Ok(None),
        }
    }

    /// A page of the identifiers, by name.
    pub async fn identifiers(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<Identifier>, StoreError> {
        let sql =
            format!("{SELECT} AND ($2 IS NULL OR name_key LIKE $2 ESCAPE '\\'){}", list.tail("name_key", "id", 3));
        let rows = fetch_page!(self, Row, sql, &list.after, wallet.to_string(), list.pattern())?;
        let mut keys = self.keys_of(wallet, None).await?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Text(row.name_key.clone()), id: row.id.clone() };
        let page = Page::of(list.limit, rows, cursor, Ok)?;
        let items = page
            .items
            .into_iter()
            .map(|row| {
                let keys = keys.remove(&row.id).unwrap_or_default();
                identifier(&row, keys)
            })
            .collect::<Result<_, _>>()?;
        Ok(Page { items, first: page.first, next: page.next })
    }

    /// The keys of all identifiers, those of the oldest identifier first, of each the one that signs before those
    /// that it replaced.
    pub async fn owned_keys(&mut self, wallet: WalletId) -> Result<Vec<OwnedKey>, StoreError> {
        let rows = fetch_all!(
            self,
            OwnedRow,
            "SELECT i.method, i.did, k.id, k.identifier_id, k.public_jwk, k.created_at, k.retired_at
             FROM identifier_keys k JOIN identifiers i ON i.id = k.identifier_id
             WHERE k.wallet_id = $1
             ORDER BY i.created_at, i.id, CASE WHEN k.retired_at IS NULL THEN 0 ELSE 1 END, k.created_at DESC, k.id DESC",
            wallet.to_string(),
        )?;
        rows.into_iter().map(OwnedKey::try_from).collect()
    }

    /// The private key of a key pair, as it was sealed.
    pub async fn sealed_key(&mut self, wallet: WalletId, id: IdentifierKeyId) -> Result<Option<Vec<u8>>, StoreError> {
        let row = fetch_optional!(
            self,
            Sealed,
            "SELECT sealed FROM identifier_keys WHERE wallet_id = $1 AND id = $2",
            wallet.to_string(),
            id.to_string(),
        )?;
        Ok(row.map(|row| row.sealed))
    }

    /// The keys, by their identifier's id: the one that signs, then the retired ones, newest first.
    async fn keys_of(
        &mut self,
        wallet: WalletId,
        identifier: Option<IdentifierId>,
    ) -> Result<HashMap<String, Vec<IdentifierKey>>, StoreError> {
        let rows = fetch_all!(
            self,
            KeyRow,
            "SELECT id, identifier_id, public_jwk, created_at, retired_at FROM identifier_keys
             WHERE wallet_id = $1 AND ($2 IS NULL OR identifier_id = $2)
             ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC",
            wallet.to_string(),
            identifier.map(|id| id.to_string()),
        )?;
        let mut keys: HashMap<String, Vec<IdentifierKey>> = HashMap::new();
        for mut row in rows {
            let identifier = std::mem::take(&mut row.identifier_id);
            keys.entry(identifier).or_default().push(row.try_into()?);
        }
        Ok(keys)
    }
}

impl Tx {
    /// Makes an identifier with its first key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when an identifier of the wallet has this name, without regard to case.
    pub async fn insert_identifier(&mut self, identifier: &NewIdentifier) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO identifiers (id, wallet_id, name, name_key, method, did, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            identifier.id.to_string(),
            wallet,
            identifier.name.as_str(),
            identifier.name.key(),
            identifier.method.name(),
            identifier.did.as_str(),
            now,
        )
        .map_err(StoreError::unique)?;
        self.insert_key(identifier.id, &identifier.key).await
    }

    /// Gives an identifier a new key to sign with and retires the present one, which stays for
    /// verification. Returns whether there is such an identifier.
    pub async fn add_identifier_key(&mut self, id: IdentifierId, key: &NewIdentifierKey) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let rows = execute!(
            self.conn,
            "UPDATE identifier_keys SET retired_at = $3
             WHERE wallet_id = $1 AND identifier_id = $2 AND retired_at IS NULL",
            wallet,
            id.to_string(),
            now,
        )?;
        // An identifier always has one key that signs, so no row means no identifier of this wallet.
        if rows == 1 {
            self.insert_key(id, key).await?;
        }
        Ok(rows == 1)
    }

    /// Deletes an identifier and its keys for good. Returns whether there was such an identifier.
    pub async fn delete_identifier(&mut self, id: IdentifierId) -> Result<bool, StoreError> {
        self.erase();
        self.hide_identifier(id).await?;
        let wallet = self.wallet_id().to_string();
        execute!(
            self.conn,
            "DELETE FROM identifier_keys WHERE wallet_id = $1 AND identifier_id = $2",
            wallet.as_str(),
            id.to_string(),
        )?;
        let rows = execute!(
            self.conn,
            "DELETE FROM identifiers WHERE wallet_id = $1 AND id = $2",
            wallet.as_str(),
            id.to_string(),
        )?;
        Ok(rows == 1)
    }

    async fn insert_key(&mut self, identifier: IdentifierId, key: &NewIdentifierKey) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO identifier_keys (id, wallet_id, identifier_id, public_jwk, sealed, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            key.id.to_string(),
            wallet,
            identifier.to_string(),
            key.public_jwk.to_string(),
            key.sealed.as_slice(),
            now,
        )?;
        Ok(())
    }
}
