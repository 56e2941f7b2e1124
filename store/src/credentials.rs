//! Held credentials, issued by others. A credential is inserted and deleted as a whole; only its status by the issuer's
//! status list changes.

use jiff::Timestamp;
use model::{Credential, CredentialId, HeldStatus, WalletId};
use serde_json::Value;

use crate::record::{Listing, Sort};
use crate::{Conn, List, Page, Result, Tx};

/// A verified credential to be held.
#[derive(Clone)]
pub struct NewCredential {
    /// Its id.
    pub id: CredentialId,
    /// Its type, the `vct` claim.
    pub vct: String,
    /// Its issuer.
    pub issuer: String,
    /// The claims, with every disclosure applied.
    pub claims: Value,
    /// The selectively disclosable claims, as JSON Pointers (RFC 6901).
    pub disclosures: Vec<String>,
    /// The credential itself, issuer-signed JWT and disclosures.
    pub compact: String,
    /// The SHA-256 of `compact`, by which a wallet holds a credential once.
    pub compact_sha256: String,
    /// `iat`.
    pub issued_at: Option<Timestamp>,
    /// `nbf`.
    pub valid_from: Option<Timestamp>,
    /// `exp`.
    pub valid_until: Option<Timestamp>,
    /// Its status by the issuer's status list now.
    pub live_status: Option<HeldStatus>,
}

/// The order of a list of credentials.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CredentialSort {
    /// By import. Lists show the newest first unless something else is asked for.
    CreatedAt,
    /// By the end of validity; a credential without one counts as the latest.
    ValidUntil,
    /// By type, without regard to case.
    Vct,
}

/// The filter of a list of credentials.
#[derive(Clone, Default, Debug)]
pub struct CredentialFilter {
    /// Only of this type, compared exactly.
    pub vct: Option<String>,
    /// Only of this issuer, compared exactly.
    pub issuer: Option<String>,
    /// Only those that are in this state by their dates at this instant.
    pub dates: Option<(CredentialDates, Timestamp)>,
}

/// The state of a credential by its dates at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CredentialDates {
    /// It has begun and not ended.
    Valid,
    /// It has not begun.
    NotYetValid,
    /// It has ended.
    Expired,
}

record! {
    /// A credential.
    fn credential(CredentialId) -> Credential in "credentials" {
        id, wallet_id, vct, issuer, claims, disclosures, compact, issued_at, valid_from, valid_until, live_status,
        live_status_at, created_at,
    }
}

impl CredentialDates {
    /// As the statement computes it.
    const fn number(self) -> i64 {
        match self {
            Self::Valid => 0,
            Self::NotYetValid => 1,
            Self::Expired => 2,
        }
    }
}

impl CredentialSort {
    const fn column(self) -> Sort {
        match self {
            Self::CreatedAt => Sort::Number("created_at"),
            // i64::MAX, which no instant reaches: NULL sorts first on SQLite and last on PostgreSQL.
            Self::ValidUntil => Sort::Number("COALESCE(valid_until, 9223372036854775807)"),
            Self::Vct => Sort::Text("vct_key"),
        }
    }
}

impl Conn {
    /// Whether the wallet holds the credential with this digest.
    pub async fn holds_credential(&mut self, wallet: WalletId, compact_sha256: &str) -> Result<bool> {
        let sql = "SELECT id FROM credentials WHERE wallet_id = $1 AND compact_sha256 = $2";
        Ok(self.row("credentials", sql, values! { wallet, compact_sha256 }, |_| Ok(())).await?.is_some())
    }

    /// A page of the credentials. `q` searches their types.
    pub async fn credentials(
        &mut self,
        wallet: WalletId,
        filter: &CredentialFilter,
        list: &List<CredentialSort>,
    ) -> Result<Page<Credential>> {
        let (dates, now) = filter.dates.map(|(dates, now)| (dates.number(), now)).unzip();
        let by = Listing {
            search: &["vct_key"],
            sort: list.sort.column(),
            filter: "AND ($2 IS NULL OR vct = $2) AND ($3 IS NULL OR issuer = $3)
                AND ($4 IS NULL OR $4 = CASE WHEN valid_until <= $5 THEN 2 WHEN valid_from > $5 THEN 1 ELSE 0 END)",
            values: values! { filter.vct, filter.issuer, dates, now },
        };
        self.page(wallet, list, by).await
    }
}

impl Tx {
    /// Inserts a credential.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when the wallet already holds it.
    pub async fn insert_credential(&mut self, new: &NewCredential) -> Result<Credential> {
        self.insert(
            "INSERT INTO credentials
                (wallet_id, id, vct, vct_key, issuer, claims, disclosures, compact, compact_sha256,
                 issued_at, valid_from, valid_until, live_status, live_status_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            values! {
                self.wallet_id(), new.id, new.vct, model::fold(&new.vct), new.issuer, new.claims, new.disclosures,
                new.compact, new.compact_sha256, new.issued_at, new.valid_from, new.valid_until, new.live_status,
                new.live_status.map(|_| self.at()), self.at()
            },
        )
        .await
    }

    /// Stores the status by the issuer's status list.
    pub async fn set_live_status(&mut self, id: CredentialId, status: HeldStatus) -> Result<Option<Credential>> {
        let sql = "UPDATE credentials SET live_status = $3, live_status_at = $4 WHERE wallet_id = $1 AND id = $2";
        self.update(sql, values! { self.wallet_id(), id, status, self.at() }).await
    }

    /// Deletes a credential for good. Returns whether there was such a credential.
    pub async fn delete_credential(&mut self, id: CredentialId) -> Result<bool> {
        self.hide_credential(id).await?;
        self.delete::<Credential>(id).await
    }
}
