//! Credentials that others issued and the wallet holds. They never change: a credential comes in whole
//! and is deleted whole. What changes is what its issuer's status list says of it.

use jiff::Timestamp;
use model::{Credential, CredentialId, HeldStatus, WalletId};
use serde_json::Value;

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A verified credential to be held.
#[derive(Clone)]
pub struct NewCredential {
    /// Its id.
    pub id: CredentialId,
    /// Its type, the `vct` claim.
    pub vct: String,
    /// Who issued it.
    pub issuer: String,
    /// The claims, with those that can be withheld already disclosed.
    pub claims: Value,
    /// The names of the claims that can be withheld, as JSON Pointers (RFC 6901).
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
    /// What its issuer's status list says now.
    pub live_status: Option<HeldStatus>,
}

/// By what a list of credentials is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CredentialSort {
    /// By import. Lists show the newest first unless something else is asked for.
    CreatedAt,
    /// By the end of validity; what never ends is latest.
    ValidUntil,
    /// By type, without regard to case.
    Vct,
}

/// Which credentials a list shows.
#[derive(Clone, Default, Debug)]
pub struct CredentialFilter {
    /// Only of this type, compared as it stands.
    pub vct: Option<String>,
    /// Only of this issuer, compared as it stands.
    pub issuer: Option<String>,
    /// Only those whose own dates say this at this instant.
    pub dates: Option<(CredentialDates, Timestamp)>,
}

/// What the dates of a credential say at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CredentialDates {
    /// It has begun and not ended.
    Valid,
    /// It has not begun.
    NotYetValid,
    /// It has ended.
    Expired,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    vct: String,
    vct_key: String,
    issuer: String,
    claims: String,
    disclosures: String,
    compact: String,
    issued_at: Option<i64>,
    valid_from: Option<i64>,
    valid_until: Option<i64>,
    live_status: Option<String>,
    live_status_at: Option<i64>,
    created_at: i64,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

const SELECT: &str = "SELECT id, wallet_id, vct, vct_key, issuer, claims, disclosures, compact, issued_at, valid_from,
        valid_until, live_status, live_status_at, created_at
     FROM credentials WHERE wallet_id = $1";

impl TryFrom<Row> for Credential {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("credentials.id", &row.id)?,
            wallet_id: column::parse("credentials.wallet_id", &row.wallet_id)?,
            vct: row.vct,
            issuer: row.issuer,
            claims: column::json("credentials.claims", &row.claims)?,
            disclosures: column::json("credentials.disclosures", &row.disclosures)?,
            compact: row.compact,
            issued_at: column::time_or_none("credentials.issued_at", row.issued_at)?,
            valid_from: column::time_or_none("credentials.valid_from", row.valid_from)?,
            valid_until: column::time_or_none("credentials.valid_until", row.valid_until)?,
            live_status: row.live_status.as_deref().map(status).transpose()?,
            live_status_at: column::time_or_none("credentials.live_status_at", row.live_status_at)?,
            created_at: column::time("credentials.created_at", row.created_at)?,
        })
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
    const fn column(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            // i64::MAX, which no instant reaches: NULL sorts first on SQLite and last on PostgreSQL.
            Self::ValidUntil => "COALESCE(valid_until, 9223372036854775807)",
            Self::Vct => "vct_key",
        }
    }

    fn cursor(self, row: &Row) -> Cursor {
        let value = match self {
            Self::CreatedAt => CursorValue::Number(row.created_at),
            Self::ValidUntil => CursorValue::Number(row.valid_until.unwrap_or(i64::MAX)),
            Self::Vct => CursorValue::Text(row.vct_key.clone()),
        };
        Cursor { value, id: row.id.clone() }
    }
}

impl Conn {
    /// A credential.
    pub async fn credential(&mut self, wallet: WalletId, id: CredentialId) -> Result<Option<Credential>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(Credential::try_from)
            .transpose()
    }

    /// Whether the wallet holds the credential with this digest.
    pub async fn holds_credential(&mut self, wallet: WalletId, compact_sha256: &str) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) AS count FROM credentials WHERE wallet_id = $1 AND compact_sha256 = $2";
        Ok(fetch_one!(self, Count, sql, wallet.to_string(), compact_sha256)?.count > 0)
    }

    /// A page of the credentials. `q` searches their types.
    pub async fn credentials(
        &mut self,
        wallet: WalletId,
        filter: &CredentialFilter,
        list: &List<CredentialSort>,
    ) -> Result<Page<Credential>, StoreError> {
        let sql = format!(
            "{SELECT} AND ($2 IS NULL OR vct = $2) AND ($3 IS NULL OR issuer = $3)
                AND ($4 IS NULL OR vct_key LIKE $4 ESCAPE '\\')
                AND ($5 IS NULL OR $5 = CASE WHEN valid_until <= $6 THEN 2 WHEN valid_from > $6 THEN 1 ELSE 0 END){}",
            list.tail(list.sort.column(), "id", 7)
        );
        let rows = fetch_page!(
            self,
            Row,
            sql,
            &list.after,
            wallet.to_string(),
            filter.vct.clone(),
            filter.issuer.clone(),
            list.pattern(),
            filter.dates.map(|(dates, _)| dates.number()),
            filter.dates.map(|(_, now)| now.as_millisecond()),
        )?;
        Page::of(list.limit, rows, |row| list.sort.cursor(row), Credential::try_from)
    }
}

impl Tx {
    /// Takes a credential in.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when the wallet already holds it.
    pub async fn insert_credential(&mut self, credential: &NewCredential) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        execute!(
            self.conn,
            "INSERT INTO credentials
                (id, wallet_id, vct, vct_key, issuer, claims, disclosures, compact, compact_sha256,
                 issued_at, valid_from, valid_until, live_status, live_status_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            credential.id.to_string(),
            wallet,
            credential.vct.as_str(),
            model::fold(&credential.vct),
            credential.issuer.as_str(),
            credential.claims.to_string(),
            Value::from(credential.disclosures.as_slice()).to_string(),
            credential.compact.as_str(),
            credential.compact_sha256.as_str(),
            credential.issued_at.map(Timestamp::as_millisecond),
            credential.valid_from.map(Timestamp::as_millisecond),
            credential.valid_until.map(Timestamp::as_millisecond),
            credential.live_status.map(HeldStatus::name),
            credential.live_status.map(|_| now),
            now,
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Writes down what the issuer's status list says now. Returns whether there is such a credential.
    pub async fn set_live_status(&mut self, id: CredentialId, status: HeldStatus) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let sql = "UPDATE credentials SET live_status = $3, live_status_at = $4 WHERE wallet_id = $1 AND id = $2";
        Ok(execute!(self.conn, sql, wallet, id.to_string(), status.name(), now)? == 1)
    }

    /// Deletes a credential for good. Returns whether there was such a credential.
    pub async fn delete_credential(&mut self, id: CredentialId) -> Result<bool, StoreError> {
        self.erase();
        self.hide_credential(id).await?;
        let wallet = self.wallet_id().to_string();
        let rows =
            execute!(self.conn, "DELETE FROM credentials WHERE wallet_id = $1 AND id = $2", wallet, id.to_string(),)?;
        Ok(rows == 1)
    }
}

fn status(name: &str) -> Result<HeldStatus, StoreError> {
    HeldStatus::from_name(name).ok_or(StoreError::Unreadable { column: "credentials.live_status" })
}
