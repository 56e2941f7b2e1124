//! Issuances: the credentials that the wallet offers, and what remains of those that it has issued.

use jiff::Timestamp;
use model::{
    Actor, CredentialStatus, Issuance, IssuanceFailure, IssuanceId, IssuanceStatus, IssuedCredential, IssuerTemplateId,
    StatusEntry, TrustedContactId, WalletId,
};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, Store, StoreError, Tx, column};

/// An issuance to be offered.
#[derive(Clone)]
pub struct NewIssuance {
    /// Its id.
    pub id: IssuanceId,
    /// The template.
    pub template_id: IssuerTemplateId,
    /// What it is called.
    pub template_name: String,
    /// The type of the credential.
    pub vct: String,
    /// What the external system calls it.
    pub correlation_id: Option<String>,
    /// The pre-authorized code, encrypted under the master key, to be shown again.
    pub code: Vec<u8>,
    /// Its digest, to be found by.
    pub code_digest: [u8; 32],
    /// The digest of the transaction code with the number of its characters, if one is asked for.
    pub tx_code: Option<([u8; 32], u32)>,
    /// The claims, encrypted under the master key.
    pub claims: Vec<u8>,
    /// Until when the offer holds.
    pub expires_at: Timestamp,
    /// The end of the credential, where it is not the template's to say.
    pub valid_until: Option<Timestamp>,
    /// The trusted contact that the offer is for.
    pub contact_id: Option<TrustedContactId>,
    /// Who offers it.
    pub created_by: Actor,
}

/// Which issuances of the wallet.
#[derive(Clone, Debug)]
pub struct IssuanceFilter {
    /// Only those that are this far at `now`.
    pub status: Option<IssuanceStatus>,
    /// Only what the external system calls so.
    pub correlation_id: Option<String>,
    /// Only of this template.
    pub template_id: Option<IssuerTemplateId>,
    /// The present, by which offers have expired.
    pub now: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    template_id: String,
    template_name: String,
    vct: String,
    correlation_id: Option<String>,
    status: String,
    failure: Option<String>,
    tx_code_length: Option<i64>,
    wrong_tries: i64,
    expires_at: i64,
    valid_until: Option<i64>,
    contact_id: Option<String>,
    pushed_at: Option<i64>,
    created_at: i64,
    created_by_kind: String,
    created_by_id: Option<String>,
    created_by_name: String,
    accepted_at: Option<i64>,
    issued_at: Option<i64>,
    issued_valid_until: Option<i64>,
    holder_key: Option<String>,
    status_uri: Option<String>,
    status_index: Option<i64>,
    credential_status: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Bytes {
    bytes: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct Tries {
    wrong_tries: i64,
}

const COLUMNS: &str = "id, wallet_id, template_id, template_name, vct, correlation_id, status, failure,
        tx_code_length, wrong_tries, expires_at, valid_until, contact_id, pushed_at, created_at, created_by_kind,
        created_by_id, created_by_name, accepted_at, issued_at, issued_valid_until, holder_key, status_uri,
        status_index, credential_status";

impl TryFrom<Row> for Issuance {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable { column };
        Ok(Self {
            id: column::parse("issuances.id", &row.id)?,
            wallet_id: column::parse("issuances.wallet_id", &row.wallet_id)?,
            template_id: column::parse("issuances.template_id", &row.template_id)?,
            status: IssuanceStatus::from_name(&row.status).ok_or(unreadable("issuances.status"))?,
            failure: named("issuances.failure", row.failure.as_deref(), IssuanceFailure::from_name)?,
            tx_code_length: row.tx_code_length.map(|length| small("issuances.tx_code_length", length)).transpose()?,
            wrong_tries: small("issuances.wrong_tries", row.wrong_tries)?,
            expires_at: column::time("issuances.expires_at", row.expires_at)?,
            valid_until: column::time_or_none("issuances.valid_until", row.valid_until)?,
            contact_id: row.contact_id.as_deref().map(|id| column::parse("issuances.contact_id", id)).transpose()?,
            pushed_at: column::time_or_none("issuances.pushed_at", row.pushed_at)?,
            created_at: column::time("issuances.created_at", row.created_at)?,
            created_by: column::actor(&row.created_by_kind, row.created_by_id.as_deref(), row.created_by_name.clone())?,
            accepted_at: column::time_or_none("issuances.accepted_at", row.accepted_at)?,
            credential: issued(&row)?,
            template_name: row.template_name,
            vct: row.vct,
            correlation_id: row.correlation_id,
        })
    }
}

/// What was issued: all of its columns are there together.
fn issued(row: &Row) -> Result<Option<IssuedCredential>, StoreError> {
    let Some(issued_at) = row.issued_at else { return Ok(None) };
    let status = named("issuances.credential_status", row.credential_status.as_deref(), CredentialStatus::from_name)?;
    let status_entry = match (&row.status_uri, row.status_index) {
        (Some(uri), Some(index)) => {
            Some(StatusEntry { uri: uri.clone(), index: small("issuances.status_index", index)? })
        }
        _ => None,
    };
    Ok(Some(IssuedCredential {
        issued_at: column::time("issuances.issued_at", issued_at)?,
        valid_until: column::time_or_none("issuances.issued_valid_until", row.issued_valid_until)?,
        holder_key: row.holder_key.clone().ok_or(StoreError::Unreadable { column: "issuances.holder_key" })?,
        status_entry,
        status: status.ok_or(StoreError::Unreadable { column: "issuances.credential_status" })?,
    }))
}

fn named<T>(
    column: &'static str,
    name: Option<&str>,
    from_name: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    name.map(|name| from_name(name).ok_or(StoreError::Unreadable { column })).transpose()
}

fn small<T: TryFrom<i64>>(column: &'static str, number: i64) -> Result<T, StoreError> {
    number.try_into().map_err(|_| StoreError::Unreadable { column })
}

impl Conn {
    /// An issuance.
    pub async fn issuance(&mut self, wallet: WalletId, id: IssuanceId) -> Result<Option<Issuance>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM issuances WHERE wallet_id = $1 AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(Issuance::try_from)
            .transpose()
    }

    /// The issuance whose offer has the pre-authorized code with this digest.
    pub async fn issuance_with_code(
        &mut self,
        wallet: WalletId,
        digest: &[u8; 32],
    ) -> Result<Option<Issuance>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM issuances WHERE wallet_id = $1 AND code_digest = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), digest.as_slice())?
            .map(Issuance::try_from)
            .transpose()
    }

    /// The issuance whose credential the access token with this digest fetches.
    pub async fn issuance_with_token(
        &mut self,
        wallet: WalletId,
        digest: &[u8; 32],
    ) -> Result<Option<Issuance>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM issuances WHERE wallet_id = $1 AND token_digest = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), digest.as_slice())?
            .map(Issuance::try_from)
            .transpose()
    }

    /// A page of the issuances, by the time of their creation. `q` searches template and correlation id.
    pub async fn issuances(
        &mut self,
        wallet: WalletId,
        filter: &IssuanceFilter,
        list: &List<()>,
    ) -> Result<Page<Issuance>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM issuances WHERE wallet_id = $1
                AND ($2 IS NULL OR correlation_id = $2) AND ($3 IS NULL OR template_id = $3)
                AND ($4 IS NULL OR $4 = CASE
                    WHEN status IN ('offered', 'accepted') AND expires_at <= $5 THEN 'expired' ELSE status END)
                AND ($6 IS NULL OR search_key LIKE $6 ESCAPE '\\'){}",
            list.tail("created_at", "id", 7)
        );
        let rows = fetch_page!(
            self,
            Row,
            sql,
            &list.after,
            wallet.to_string(),
            filter.correlation_id.clone(),
            filter.template_id.map(|id| id.to_string()),
            filter.status.map(IssuanceStatus::name),
            filter.now.as_millisecond(),
            list.pattern(),
        )?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Number(row.created_at), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, Issuance::try_from)
    }

    /// Offers of all wallets whose time has passed and that are not marked so yet, at most `limit`. Across
    /// wallets: the server cleans up for all of them.
    pub async fn overdue_issuances(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Issuance>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM issuances WHERE status IN ('offered', 'accepted') AND expires_at <= $1
             ORDER BY expires_at LIMIT {limit}"
        );
        let rows = fetch_all!(self, Row, sqlx::AssertSqlSafe(sql), now.as_millisecond())?;
        rows.into_iter().map(Issuance::try_from).collect()
    }

    /// The pre-authorized code of an open offer, as it was sealed.
    pub async fn sealed_issuance_code(
        &mut self,
        wallet: WalletId,
        id: IssuanceId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.issuance_bytes("code", wallet, id).await
    }

    /// The claims of an issuance that is still open, as they were sealed.
    pub async fn sealed_issuance_claims(
        &mut self,
        wallet: WalletId,
        id: IssuanceId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.issuance_bytes("claims", wallet, id).await
    }

    /// The digest of the transaction code that an offer asks for.
    pub async fn issuance_tx_code_digest(
        &mut self,
        wallet: WalletId,
        id: IssuanceId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.issuance_bytes("tx_code_digest", wallet, id).await
    }

    async fn issuance_bytes(
        &mut self,
        column: &'static str,
        wallet: WalletId,
        id: IssuanceId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = format!("SELECT {column} AS bytes FROM issuances WHERE wallet_id = $1 AND id = $2");
        let row = fetch_optional!(self, Bytes, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?;
        Ok(row.and_then(|row| row.bytes))
    }
}

impl Tx {
    /// Offers a credential.
    pub async fn insert_issuance(&mut self, new: &NewIssuance) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let search = format!("{} {}", new.template_name, new.correlation_id.as_deref().unwrap_or_default());
        execute!(
            self.conn,
            "INSERT INTO issuances
                (id, wallet_id, template_id, template_name, vct, correlation_id, search_key, status, code, code_digest,
                 tx_code_digest, tx_code_length, wrong_tries, claims, expires_at, valid_until, contact_id, created_at,
                 created_by_kind, created_by_id, created_by_name)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'offered', $8, $9, $10, $11, 0, $12, $13, $14, $15, $16, $17, $18,
                 $19)",
            new.id.to_string(),
            wallet,
            new.template_id.to_string(),
            new.template_name.as_str(),
            new.vct.as_str(),
            new.correlation_id.as_deref(),
            model::fold(&search),
            new.code.as_slice(),
            new.code_digest.as_slice(),
            new.tx_code.as_ref().map(|(digest, _)| digest.to_vec()),
            new.tx_code.as_ref().map(|(_, length)| i64::from(*length)),
            new.claims.as_slice(),
            new.expires_at.as_millisecond(),
            new.valid_until.map(Timestamp::as_millisecond),
            new.contact_id.map(|id| id.to_string()),
            now,
            new.created_by.kind.name(),
            column::actor_id(&new.created_by),
            new.created_by.name.as_str(),
        )?;
        Ok(())
    }

    /// Exchanges the code of an offer for an access token, once. Returns whether the offer was open.
    pub async fn accept_issuance(
        &mut self,
        id: IssuanceId,
        token_digest: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let rows = execute!(
            self.conn,
            "UPDATE issuances
             SET status = 'accepted', accepted_at = $3, token_digest = $4, expires_at = $5,
                 code = NULL, code_digest = NULL, tx_code_digest = NULL
             WHERE wallet_id = $1 AND id = $2 AND status = 'offered' AND expires_at > $3",
            wallet,
            id.to_string(),
            now,
            token_digest.as_slice(),
            expires_at.as_millisecond(),
        )?;
        Ok(rows == 1)
    }

    /// Counts a wrong transaction code. Returns how many came to the offer, none when it is not open.
    pub async fn count_wrong_tx_code(&mut self, id: IssuanceId) -> Result<Option<i64>, StoreError> {
        let wallet = self.wallet_id().to_string();
        let row = fetch_optional!(
            self.conn,
            Tries,
            "UPDATE issuances SET wrong_tries = wrong_tries + 1
             WHERE wallet_id = $1 AND id = $2 AND status = 'offered' RETURNING wrong_tries",
            wallet,
            id.to_string(),
        )?;
        Ok(row.map(|row| row.wrong_tries))
    }

    /// Remembers what was issued, once, and forgets the claims and the token. Returns whether the issuance was
    /// waiting for it.
    pub async fn finish_issuance(
        &mut self,
        id: IssuanceId,
        token_digest: &[u8; 32],
        issued: &IssuedCredential,
    ) -> Result<bool, StoreError> {
        self.erase();
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let entry = issued.status_entry.as_ref();
        let index = entry.map(|entry| i64::try_from(entry.index).unwrap_or(i64::MAX));
        let rows = execute!(
            self.conn,
            "UPDATE issuances
             SET status = 'issued', claims = NULL, token_digest = NULL, issued_at = $5, issued_valid_until = $6,
                 holder_key = $7, status_uri = $8, status_index = $9, credential_status = $10
             WHERE wallet_id = $1 AND id = $2 AND status = 'accepted' AND token_digest = $3 AND expires_at > $4",
            wallet,
            id.to_string(),
            token_digest.as_slice(),
            now,
            issued.issued_at.as_millisecond(),
            issued.valid_until.map(Timestamp::as_millisecond),
            issued.holder_key.as_str(),
            entry.map(|entry| entry.uri.clone()),
            index,
            issued.status.name(),
        )?;
        Ok(rows == 1)
    }

    /// Ends an issuance that was not issued, and forgets the claims and every secret of it. Returns whether it was
    /// open.
    pub async fn end_issuance(
        &mut self,
        id: IssuanceId,
        status: IssuanceStatus,
        failure: Option<IssuanceFailure>,
    ) -> Result<bool, StoreError> {
        self.erase();
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE issuances
             SET status = $3, failure = $4, claims = NULL, code = NULL, code_digest = NULL, tx_code_digest = NULL,
                 token_digest = NULL
             WHERE wallet_id = $1 AND id = $2 AND status IN ('offered', 'accepted')",
            wallet,
            id.to_string(),
            status.name(),
            failure.map(IssuanceFailure::name),
        )?;
        Ok(rows == 1)
    }

    /// Remembers that the offer reached the contact that it is for.
    pub async fn set_issuance_pushed(&mut self, id: IssuanceId) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let rows = execute!(
            self.conn,
            "UPDATE issuances SET pushed_at = $3 WHERE wallet_id = $1 AND id = $2",
            wallet,
            id.to_string(),
            now,
        )?;
        Ok(rows == 1)
    }

    /// Remembers what the status list says of an issued credential. Returns whether it is one.
    pub async fn set_credential_status(
        &mut self,
        id: IssuanceId,
        status: CredentialStatus,
    ) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE issuances SET credential_status = $3 WHERE wallet_id = $1 AND id = $2 AND status = 'issued'",
            wallet,
            id.to_string(),
            status.name(),
        )?;
        Ok(rows == 1)
    }

    /// Uses the nonce with this digest, once. Returns whether it was not used before.
    pub async fn use_nonce(&mut self, digest: &[u8; 32], expires_at: Timestamp) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "INSERT INTO used_nonces (wallet_id, digest, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (wallet_id, digest) DO NOTHING",
            wallet,
            digest.as_slice(),
            expires_at.as_millisecond(),
        )?;
        Ok(rows == 1)
    }
}

impl Store {
    /// Removes used nonces that are too old to be used again. No change, because nobody can tell: what is removed
    /// is refused by its age.
    pub async fn forget_nonces(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut conn = self.write().await?;
        let rows = execute!(conn, "DELETE FROM used_nonces WHERE expires_at < $1", before.as_millisecond())?;
        conn.finish().await?;
        Ok(rows)
    }
}
