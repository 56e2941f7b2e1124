//! Identifiers of the wallet and their key pairs; the private halves are stored sealed.

use std::collections::HashMap;

use model::{Did, DidMethod, Identifier, IdentifierId, IdentifierKey, IdentifierKeyId, Name, OwnedKey, WalletId};
use serde_json::Value;

use crate::record::{Listing, Record as _};
use crate::{Conn, List, Page, Result, Tx};

/// An identifier to be made.
#[derive(Clone)]
pub struct NewIdentifier {
    /// Its id.
    pub id: IdentifierId,
    /// Its name.
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

record! {
    Identifier in "identifiers" { id, wallet_id, name, method, did, created_at } and {
        // In a table of their own.
        keys: Vec::new(),
    }
}

record! {
    IdentifierKey in "identifier_keys" { id, public_jwk, created_at, retired_at }
}

impl Conn {
    /// An identifier.
    pub async fn identifier(&mut self, wallet: WalletId, id: IdentifierId) -> Result<Option<Identifier>> {
        let found = self.find::<Identifier>(wallet, "AND id = $2", values! { id }).await?;
        let Some(mut identifier) = found else { return Ok(None) };
        identifier.keys = self.keys_of(wallet, Some(id)).await?.remove(&id).unwrap_or_default();
        Ok(Some(identifier))
    }

    /// The did:web identifier with this id, whose document is fetched. Across wallets: who resolves a DID is a
    /// stranger, and the document is public.
    pub async fn identifier_for_document(&mut self, id: IdentifierId) -> Result<Option<Identifier>> {
        let sql = "SELECT wallet_id FROM identifiers WHERE id = $1 AND method = $2";
        let owner = self.row("identifiers", sql, values! { id, DidMethod::Web }, |row| row.get("wallet_id")).await?;
        match owner {
            Some(owner) => self.identifier(owner, id).await,
            None => Ok(None),
        }
    }

    /// A page of the identifiers, by name.
    pub async fn identifiers(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<Identifier>> {
        let mut page = self.page::<Identifier, ()>(wallet, list, Listing::by_name()).await?;
        let mut keys = self.keys_of(wallet, None).await?;
        for identifier in &mut page.items {
            identifier.keys = keys.remove(&identifier.id).unwrap_or_default();
        }
        Ok(page)
    }

    /// The keys of all identifiers, those of the oldest identifier first, of each the one that signs before those
    /// that it replaced.
    pub async fn owned_keys(&mut self, wallet: WalletId) -> Result<Vec<OwnedKey>> {
        let sql = "SELECT i.method, i.did, k.id, k.identifier_id, k.public_jwk, k.created_at, k.retired_at
             FROM identifier_keys k JOIN identifiers i ON i.id = k.identifier_id
             WHERE k.wallet_id = $1
             ORDER BY i.created_at, i.id, CASE WHEN k.retired_at IS NULL THEN 0 ELSE 1 END, k.created_at DESC, k.id DESC";
        self.rows("identifier_keys", sql, values! { wallet }, |row| {
            Ok(OwnedKey {
                identifier_id: row.get("identifier_id")?,
                method: row.get("method")?,
                did: row.get("did")?,
                key: IdentifierKey::read(row)?,
            })
        })
        .await
    }

    /// The private key of a key pair, as it was sealed.
    pub async fn sealed_key(&mut self, wallet: WalletId, id: IdentifierKeyId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT sealed FROM identifier_keys WHERE wallet_id = $1 AND id = $2";
        self.row("identifier_keys", sql, values! { wallet, id }, |row| row.get("sealed")).await
    }

    /// The keys, by their identifier's id: the one that signs, then the retired ones, newest first.
    async fn keys_of(
        &mut self,
        wallet: WalletId,
        identifier: Option<IdentifierId>,
    ) -> Result<HashMap<IdentifierId, Vec<IdentifierKey>>> {
        let sql = "SELECT id, identifier_id, public_jwk, created_at, retired_at FROM identifier_keys
             WHERE wallet_id = $1 AND ($2 IS NULL OR identifier_id = $2)
             ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC";
        let rows = self.rows("identifier_keys", sql, values! { wallet, identifier }, |row| {
            Ok((row.get("identifier_id")?, IdentifierKey::read(row)?))
        });
        let mut keys: HashMap<_, Vec<_>> = HashMap::new();
        for (identifier, key) in rows.await? {
            keys.entry(identifier).or_default().push(key);
        }
        Ok(keys)
    }
}

impl Tx {
    /// Makes an identifier with its first key.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when an identifier of the wallet has this name, without regard to case.
    pub async fn insert_identifier(&mut self, new: &NewIdentifier) -> Result<Identifier> {
        let sql = "INSERT INTO identifiers (wallet_id, id, name, name_key, method, did, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = values! {
            self.wallet_id(), new.id, new.name, new.name.key(), new.method, new.did, self.at()
        };
        let identifier = self.insert::<Identifier>(sql, values).await?;
        Ok(Identifier { keys: vec![self.insert_key(new.id, &new.key).await?], ..identifier })
    }

    /// Gives an identifier a new key to sign with and retires the present one, which stays for
    /// verification. Returns whether there is such an identifier.
    pub async fn add_identifier_key(&mut self, id: IdentifierId, key: &NewIdentifierKey) -> Result<bool> {
        let sql = "UPDATE identifier_keys SET retired_at = $3
             WHERE wallet_id = $1 AND identifier_id = $2 AND retired_at IS NULL";
        // An identifier always has one key that signs, so no row means no identifier of this wallet.
        let is_there = self.change(sql, values! { self.wallet_id(), id, self.at() }).await?;
        if is_there {
            self.insert_key(id, key).await?;
        }
        Ok(is_there)
    }

    /// Deletes an identifier and its keys for good. Returns whether there was such an identifier.
    pub async fn delete_identifier(&mut self, id: IdentifierId) -> Result<bool> {
        self.erase();
        self.hide_identifier(id).await?;
        let sql = "DELETE FROM identifier_keys WHERE wallet_id = $1 AND identifier_id = $2";
        self.change(sql, values! { self.wallet_id(), id }).await?;
        let sql = "DELETE FROM identifiers WHERE wallet_id = $1 AND id = $2";
        self.change(sql, values! { self.wallet_id(), id }).await
    }

    async fn insert_key(&mut self, identifier: IdentifierId, new: &NewIdentifierKey) -> Result<IdentifierKey> {
        self.insert(
            "INSERT INTO identifier_keys (wallet_id, id, identifier_id, public_jwk, sealed, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            values! { self.wallet_id(), new.id, identifier, new.public_jwk, new.sealed, self.at() },
        )
        .await
    }
}
