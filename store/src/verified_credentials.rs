//! What was disclosed of credentials that others presented and the wallet verified.

use model::{VerificationId, VerifiedCredential, VerifiedCredentialId, WalletId};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

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

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    verification_id: String,
    template_name: String,
    correlation_id: Option<String>,
    place: i64,
    query_id: String,
    vct: String,
    issuer: String,
    claims: String,
    checks: String,
    verified_at: i64,
}

const SELECT: &str = "SELECT id, wallet_id, verification_id, template_name, correlation_id, place, query_id, vct,
        issuer, claims, checks, verified_at
     FROM verified_credentials WHERE wallet_id = $1";

impl TryFrom<Row> for VerifiedCredential {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unreadable = |_| StoreError::Unreadable { column: "verified_credentials.place" };
        Ok(Self {
            id: column::parse("verified_credentials.id", &row.id)?,
            wallet_id: column::parse("verified_credentials.wallet_id", &row.wallet_id)?,
            verification_id: column::parse("verified_credentials.verification_id", &row.verification_id)?,
            template_name: row.template_name,
            correlation_id: row.correlation_id,
            position: row.place.try_into().map_err(unreadable)?,
            query_id: row.query_id,
            vct: row.vct,
            issuer: row.issuer,
            claims: column::json("verified_credentials.claims", &row.claims)?,
            checks: column::json("verified_credentials.checks", &row.checks)?,
            verified_at: column::time("verified_credentials.verified_at", row.verified_at)?,
        })
    }
}

impl Conn {
    /// A verified credential.
    pub async fn verified_credential(
        &mut self,
        wallet: WalletId,
        id: VerifiedCredentialId,
    ) -> Result<Option<VerifiedCredential>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(VerifiedCredential::try_from)
            .transpose()
    }

    /// Those of one verification, in the order of its result.
    pub async fn verified_credentials_of(
        &mut self,
        wallet: WalletId,
        verification: VerificationId,
    ) -> Result<Vec<VerifiedCredential>, StoreError> {
        let sql = format!("{SELECT} AND verification_id = $2 ORDER BY place");
        let rows = fetch_all!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), verification.to_string())?;
        rows.into_iter().map(VerifiedCredential::try_from).collect()
    }

    /// A page of the verified credentials, by the time of the verification. `q` searches their types.
    pub async fn verified_credentials(
        &mut self,
        wallet: WalletId,
        filter: &VerifiedCredentialFilter,
        list: &List<()>,
    ) -> Result<Page<VerifiedCredential>, StoreError> {
        let sql = format!(
            "{SELECT} AND ($2 IS NULL OR verification_id = $2) AND ($3 IS NULL OR correlation_id = $3)
                AND ($4 IS NULL OR vct = $4) AND ($5 IS NULL OR issuer = $5)
                AND ($6 IS NULL OR vct_key LIKE $6 ESCAPE '\\'){}",
            list.tail("verified_at", "id", 7)
        );
        let rows = fetch_page!(
            self,
            Row,
            sql,
            &list.after,
            wallet.to_string(),
            filter.verification_id.map(|id| id.to_string()),
            filter.correlation_id.clone(),
            filter.vct.clone(),
            filter.issuer.clone(),
            list.pattern(),
        )?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Number(row.verified_at), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, VerifiedCredential::try_from)
    }
}

impl Tx {
    /// Takes in what was disclosed of a credential that was verified in this change.
    pub async fn insert_verified_credential(&mut self, new: &VerifiedCredential) -> Result<(), StoreError> {
        execute!(
            self.conn,
            "INSERT INTO verified_credentials
                (id, wallet_id, verification_id, template_name, correlation_id, place, query_id, vct, vct_key, issuer,
                 claims, checks, verified_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            new.id.to_string(),
            self.author.wallet_id.to_string(),
            new.verification_id.to_string(),
            new.template_name.as_str(),
            new.correlation_id.as_deref(),
            i64::from(new.position),
            new.query_id.as_str(),
            new.vct.as_str(),
            model::fold(&new.vct),
            new.issuer.as_str(),
            new.claims.to_string(),
            column::to_json(&new.checks),
            new.verified_at.as_millisecond(),
        )?;
        Ok(())
    }

    /// Deletes a verified credential for good. Returns whether there was such a credential.
    pub async fn delete_verified_credential(&mut self, id: VerifiedCredentialId) -> Result<bool, StoreError> {
        self.erase();
        let wallet = self.wallet_id().to_string();
        let sql = "DELETE FROM verified_credentials WHERE wallet_id = $1 AND id = $2";
        Ok(execute!(self.conn, sql, wallet, id.to_string())? == 1)
    }
}
