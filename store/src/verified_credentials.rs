//! Verified credentials: the claims that others disclosed to the wallet.

use model::{VerificationId, VerifiedCredential, VerifiedCredentialId, WalletId};

use crate::record::{Listing, Sort};
use crate::{Conn, List, Page, Result, Tx};

/// Which verified credentials of the wallet.
#[derive(Clone, Default, Debug)]
pub struct VerifiedCredentialFilter {
    /// Only of this verification.
    pub verification_id: Option<VerificationId>,
    /// Only of verifications that the external system calls so.
    pub correlation_id: Option<String>,
    /// Only of this type.
    pub vct: Option<String>,
    /// Only by this issuer.
    pub issuer: Option<String>,
}

record! {
    /// A verified credential.
    fn verified_credential(VerifiedCredentialId) -> VerifiedCredential in "verified_credentials" {
        id, wallet_id, verification_id, template_name, correlation_id, query_id, vct, issuer, claims, checks, verified_at,
    } and "place" |row| {
        position: row.get("place")?,
    }
}

impl Conn {
    /// Those of one verification, in the order of its result.
    pub async fn verified_credentials_of(
        &mut self,
        wallet: WalletId,
        verification: VerificationId,
    ) -> Result<Vec<VerifiedCredential>> {
        self.all(wallet, "AND verification_id = $2 ORDER BY place", values! { verification }).await
    }

    /// A page of the verified credentials, by the time of the verification. `q` searches their types.
    pub async fn verified_credentials(
        &mut self,
        wallet: WalletId,
        filter: &VerifiedCredentialFilter,
        list: &List<()>,
    ) -> Result<Page<VerifiedCredential>> {
        let by = Listing {
            search: &["vct_key"],
            sort: Sort::Number("verified_at"),
            filter: "AND ($2 IS NULL OR verification_id = $2) AND ($3 IS NULL OR correlation_id = $3)
                AND ($4 IS NULL OR vct = $4) AND ($5 IS NULL OR issuer = $5)",
            values: values! { filter.verification_id, filter.correlation_id, filter.vct, filter.issuer },
        };
        self.page(wallet, list, by).await
    }
}

impl Tx {
    /// Inserts a credential that was verified in this change.
    pub async fn insert_verified_credential(&mut self, new: &VerifiedCredential) -> Result<()> {
        self.change(
            "INSERT INTO verified_credentials
                (wallet_id, id, verification_id, template_name, correlation_id, place, query_id, vct, vct_key, issuer,
                 claims, checks, verified_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            values! {
                self.wallet_id(), new.id, new.verification_id, new.template_name, new.correlation_id, new.position,
                new.query_id, new.vct, model::fold(&new.vct), new.issuer, new.claims, new.checks, new.verified_at
            },
        )
        .await?;
        Ok(())
    }

    /// Deletes a verified credential for good. Returns whether there was such a credential.
    pub async fn delete_verified_credential(&mut self, id: VerifiedCredentialId) -> Result<bool> {
        self.delete::<VerifiedCredential>(id).await
    }
}
