//! Trusted issuers: whose credentials the wallet accepts from others.

use model::{AllowedTypes, Name, Notes, TrustedIssuer, TrustedIssuerId, WalletId};

use crate::record::Listing;
use crate::{Conn, List, Page, Result, Tx};

/// An issuer to be trusted.
#[derive(Clone, Debug)]
pub struct NewTrustedIssuer {
    /// Its id.
    pub id: TrustedIssuerId,
    /// Its name.
    pub name: Name,
    /// A DID or an https URL.
    pub issuer: String,
    /// The credential types that it is trusted for.
    pub types: AllowedTypes,
    /// Free text.
    pub notes: Notes,
}

record! {
    /// A trusted issuer.
    fn trusted_issuer(TrustedIssuerId) -> TrustedIssuer in "trusted_issuers" {
        id, wallet_id, name, issuer, types, notes, created_at,
    }
}

impl Conn {
    /// A trusted issuer by the `iss` claim of its credentials, compared exactly.
    pub async fn trusted_issuer_called(&mut self, wallet: WalletId, issuer: &str) -> Result<Option<TrustedIssuer>> {
        self.find(wallet, "AND issuer = $2", values! { issuer }).await
    }

    /// A page of the trusted issuers, by name.
    pub async fn trusted_issuers(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<TrustedIssuer>> {
        self.page(wallet, list, Listing::by_name()).await
    }
}

impl Tx {
    /// Adds a trusted issuer.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when one of the wallet has this name, without regard to case, or
    /// is this issuer.
    pub async fn insert_trusted_issuer(&mut self, new: &NewTrustedIssuer) -> Result<TrustedIssuer> {
        self.insert(
            "INSERT INTO trusted_issuers (wallet_id, id, name, name_key, issuer, types, notes, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.issuer, new.types, new.notes, self.at()
            },
        )
        .await
    }

    /// Changes the trusted issuer with this id to `new`.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when another one of the wallet has this name, without regard to
    /// case, or is this issuer.
    pub async fn update_trusted_issuer(&mut self, new: &NewTrustedIssuer) -> Result<Option<TrustedIssuer>> {
        self.update(
            "UPDATE trusted_issuers SET name = $3, name_key = $4, issuer = $5, types = $6, notes = $7
             WHERE wallet_id = $1 AND id = $2",
            values! { self.wallet_id(), new.id, new.name, new.name.key(), new.issuer, new.types, new.notes },
        )
        .await
    }

    /// Deletes a trusted issuer for good, also from the templates for which it was chosen. Returns whether there
    /// was such an issuer.
    pub async fn delete_trusted_issuer(&mut self, id: TrustedIssuerId) -> Result<bool> {
        self.forget_chosen_issuer(id).await?;
        self.delete::<TrustedIssuer>(id).await
    }
}
