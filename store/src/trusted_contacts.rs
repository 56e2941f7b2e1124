//! Trusted contacts: the parties that the wallet deals with.

use model::{Did, Name, Notes, TrustedContact, TrustedContactId, WalletId};

use crate::record::Listing;
use crate::{Conn, List, Page, Result, Tx};

/// A contact to be inserted or updated.
#[derive(Clone, PartialEq, Debug)]
pub struct NewTrustedContact {
    /// Its id.
    pub id: TrustedContactId,
    /// Its name.
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

record! {
    /// A contact.
    fn trusted_contact(TrustedContactId) -> TrustedContact in "trusted_contacts" {
        id, wallet_id, name, did, notes, credential_issuer, credential_offer_endpoint, created_at,
    }
}

impl Conn {
    /// A contact by its DID, compared exactly. A change that is [`Taken`](crate::StoreError::Taken) although no other
    /// contact has the DID has the name of another one.
    pub async fn trusted_contact_with_did(&mut self, wallet: WalletId, did: &str) -> Result<Option<TrustedContact>> {
        self.find(wallet, "AND did = $2", values! { did }).await
    }

    /// The contact that may push credentials from this credential issuer, compared exactly.
    pub async fn trusted_contact_of_issuer(
        &mut self,
        wallet: WalletId,
        credential_issuer: &str,
    ) -> Result<Option<TrustedContact>> {
        self.find(wallet, "AND credential_issuer = $2", values! { credential_issuer }).await
    }

    /// The contacts that may push credentials.
    pub async fn trusted_contacts_that_push(&mut self, wallet: WalletId) -> Result<Vec<TrustedContact>> {
        self.all(wallet, "AND credential_issuer IS NOT NULL ORDER BY id", values! {}).await
    }

    /// A page of the contacts, by name.
    pub async fn trusted_contacts(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<TrustedContact>> {
        self.page(wallet, list, Listing::by_name()).await
    }
}

impl Tx {
    /// Adds a contact.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when a contact of the wallet has this name, without regard to
    /// case, this DID or this credential issuer.
    pub async fn insert_trusted_contact(&mut self, new: &NewTrustedContact) -> Result<TrustedContact> {
        self.insert(
            "INSERT INTO trusted_contacts
                (wallet_id, id, name, name_key, did, notes, credential_issuer, credential_offer_endpoint, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.did, new.notes, new.credential_issuer,
                new.credential_offer_endpoint, self.at()
            },
        )
        .await
    }

    /// Changes the contact with this id to `new`.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when another contact of the wallet has this name, without regard
    /// to case, this DID or this credential issuer.
    pub async fn update_trusted_contact(&mut self, new: &NewTrustedContact) -> Result<Option<TrustedContact>> {
        self.update(
            "UPDATE trusted_contacts
             SET name = $3, name_key = $4, did = $5, notes = $6, credential_issuer = $7, credential_offer_endpoint = $8
             WHERE wallet_id = $1 AND id = $2",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.did, new.notes, new.credential_issuer,
                new.credential_offer_endpoint
            },
        )
        .await
    }

    /// Deletes a contact for good. Returns whether there was such a contact.
    pub async fn delete_trusted_contact(&mut self, id: TrustedContactId) -> Result<bool> {
        self.delete::<TrustedContact>(id).await
    }
}
