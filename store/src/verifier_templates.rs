//! Verifier templates: the kinds of verification that the wallet asks for.

use model::{
    IdentifierId, Name, Purpose, RequestUriMethod, Retention, TrustPolicy, TrustedIssuerId, VerifierTemplate,
    VerifierTemplateId, WalletId,
};
use serde_json::Value;

use crate::record::Listing;
use crate::{Conn, List, Page, Result, Tx};

/// A template to be added.
#[derive(Clone, Debug)]
pub struct NewVerifierTemplate {
    /// Its id.
    pub id: VerifierTemplateId,
    /// Its name.
    pub name: Name,
    /// Why the wallet asks.
    pub purpose: Purpose,
    /// The identifier that signs the requests.
    pub identifier_id: IdentifierId,
    /// The query, in DCQL.
    pub query: Value,
    /// Whose credentials are accepted.
    pub trust: TrustPolicy,
    /// How long outcomes are kept.
    pub retention: Retention,
    /// How its links ask wallets to fetch the request.
    pub request_uri_method: RequestUriMethod,
}

record! {
    /// A template.
    fn verifier_template(VerifierTemplateId) -> VerifierTemplate in "verifier_templates" {
        id, wallet_id, name, purpose, identifier_id, query, trust, request_uri_method, created_at,
    } and "retention_days" |row| {
        retention: row.get("retention_days")?,
    }
}

impl Conn {
    /// The first template, by name, whose requests this identifier signs.
    pub async fn verifier_template_signed_by(
        &mut self,
        wallet: WalletId,
        identifier: IdentifierId,
    ) -> Result<Option<VerifierTemplate>> {
        self.find(wallet, "AND identifier_id = $2 ORDER BY name_key LIMIT 1", values! { identifier }).await
    }

    /// A page of the templates, by name.
    pub async fn verifier_templates(&mut self, wallet: WalletId, list: &List<()>) -> Result<Page<VerifierTemplate>> {
        self.page(wallet, list, Listing::by_name()).await
    }
}

impl Tx {
    /// Adds a template.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when a template of the wallet has this name, without regard to
    /// case.
    pub async fn insert_verifier_template(&mut self, new: &NewVerifierTemplate) -> Result<VerifierTemplate> {
        self.insert(
            "INSERT INTO verifier_templates
                (wallet_id, id, name, name_key, purpose, identifier_id, query, trust, retention_days,
                 request_uri_method, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.purpose, new.identifier_id, new.query, new.trust,
                new.retention, new.request_uri_method, self.at()
            },
        )
        .await
    }

    /// Changes the template with this id to `new`.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when another template of the wallet has this name, without regard
    /// to case.
    pub async fn update_verifier_template(&mut self, new: &NewVerifierTemplate) -> Result<Option<VerifierTemplate>> {
        self.update(
            "UPDATE verifier_templates SET name = $3, name_key = $4, purpose = $5, identifier_id = $6, query = $7,
                trust = $8, retention_days = $9, request_uri_method = $10
             WHERE wallet_id = $1 AND id = $2",
            values! {
                self.wallet_id(), new.id, new.name, new.name.key(), new.purpose, new.identifier_id, new.query, new.trust,
                new.retention, new.request_uri_method
            },
        )
        .await
    }

    /// Deletes a template for good. Returns whether there was such a template.
    pub async fn delete_verifier_template(&mut self, id: VerifierTemplateId) -> Result<bool> {
        self.delete::<VerifierTemplate>(id).await
    }

    /// Removes an issuer from every list of chosen issuers. An empty list trusts no issuer.
    pub(crate) async fn forget_chosen_issuer(&mut self, issuer: TrustedIssuerId) -> Result<()> {
        // An id stands in the JSON as it is written, and nowhere else.
        let chosen = format!("%{issuer}%");
        for template in
            self.conn.all::<VerifierTemplate>(self.wallet_id(), "AND trust LIKE $2", values! { chosen }).await?
        {
            let others = template.trust.chosen().iter().copied().filter(|chosen| *chosen != issuer).collect();
            self.change(
                "UPDATE verifier_templates SET trust = $3 WHERE wallet_id = $1 AND id = $2",
                values! { self.wallet_id(), template.id, TrustPolicy::ChosenIssuers(others) },
            )
            .await?;
        }
        Ok(())
    }
}
