//! Issuer templates: the types of credential that the wallet issues.

use model::{
    Card, Days, IdentifierId, IssuerTemplate, IssuerTemplateId, Name, StatusListId, TemplateClaim, Vct, WalletId,
};

use crate::record::Listing;
use crate::{Conn, List, Page, Result, Tx};

/// A template to be made.
#[derive(Clone, Debug)]
pub struct NewIssuerTemplate {
    /// Its id.
    pub id: IssuerTemplateId,
    /// Its name.
    pub name: Name,
    /// The type of its credentials.
    pub vct: Vct,
    /// The claims.
    pub claims: Vec<TemplateClaim>,
    /// How they look.
    pub card: Card,
    /// How long they are valid.
    pub valid_for: Option<Days>,
    /// The identifier that signs them.
    pub identifier_id: IdentifierId,
    /// Where they can be revoked and suspended.
    pub status_list_id: Option<StatusListId>,
}

record! {
    /// A template.
    fn issuer_template(IssuerTemplateId) -> IssuerTemplate in "issuer_templates" {
        id, wallet_id, name, vct, claims, card, identifier_id, status_list_id, first_issued_at, created_at,
    } and "valid_for_days" |row| {
        valid_for: row.get("valid_for_days")?,
    }
}

impl Conn {
    /// A page of the templates, by name.
    pub async fn issuer_templates(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<IssuerTemplate>> {
        self.page(wallet, list, Listing::by_name()).await
    }

    /// Every template of the wallet, the oldest first, for its issuer metadata.
    pub async fn all_issuer_templates(&mut self, wallet: WalletId) -> Result<Vec<IssuerTemplate>> {
        self.all(wallet, "ORDER BY created_at, id", values! {}).await
    }

    /// Whether a template of the wallet is signed by this identifier.
    pub async fn identifier_has_templates(&mut self, wallet: WalletId, identifier: IdentifierId) -> Result<bool> {
        let found = self.find::<IssuerTemplate>(wallet, "AND identifier_id = $2 LIMIT 1", values! { identifier });
        Ok(found.await?.is_some())
    }

    /// Whether the credentials of a template of the wallet get their status from this list.
    pub async fn status_list_has_templates(&mut self, wallet: WalletId, list: StatusListId) -> Result<bool> {
        let found = self.find::<IssuerTemplate>(wallet, "AND status_list_id = $2 LIMIT 1", values! { list });
        Ok(found.await?.is_some())
    }
}

impl Tx {
    /// Makes a template.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when a template of the wallet has this name, without regard to
    /// case.
    pub async fn insert_issuer_template(&mut self, new: &NewIssuerTemplate) -> Result<IssuerTemplate> {
        self.insert(
            "INSERT INTO issuer_templates
                (wallet_id, id, name, name_key, vct, claims, card, valid_for_days, identifier_id, status_list_id,
                 created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.vct, new.claims, new.card, new.valid_for,
                new.identifier_id, new.status_list_id, self.at()
            },
        )
        .await
    }

    /// Changes the template with this id to `new`, but for its type and its dates.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when another template of the wallet has this name, without regard
    /// to case.
    pub async fn update_issuer_template(&mut self, template: &IssuerTemplate) -> Result<Option<IssuerTemplate>> {
        self.update(
            "UPDATE issuer_templates SET name = $3, name_key = $4, claims = $5, card = $6, valid_for_days = $7,
                identifier_id = $8, status_list_id = $9
             WHERE wallet_id = $1 AND id = $2",
            values! {
                self.wallet_id(), template.id, template.name, template.name.key(), template.claims, template.card,
                template.valid_for, template.identifier_id, template.status_list_id
            },
        )
        .await
    }

    /// Remembers that a credential was issued by the template, if it is the first one. Returns whether there is
    /// such a template.
    pub async fn mark_issuer_template_issued(&mut self, id: IssuerTemplateId) -> Result<bool> {
        self.change(
            "UPDATE issuer_templates SET first_issued_at = COALESCE(first_issued_at, $3)
             WHERE wallet_id = $1 AND id = $2",
            values! { self.wallet_id(), id, self.at() },
        )
        .await
    }

    /// Deletes a template for good. Returns whether there was such a template.
    pub async fn delete_issuer_template(&mut self, id: IssuerTemplateId) -> Result<bool> {
        self.delete::<IssuerTemplate>(id).await
    }
}
