//! Verifications: what the wallet asks of others, and what came of it.

use jiff::Timestamp;
use model::{
    Actor, IdentifierId, RequestUriMethod, Terms, Verification, VerificationId, VerificationResult, VerificationStatus,
    VerifierTemplateId, WalletId,
};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, StoreError, Tx, column};

/// A verification to be asked for.
#[derive(Clone)]
pub struct NewVerification {
    /// Its id.
    pub id: VerificationId,
    /// The template.
    pub template_id: VerifierTemplateId,
    /// What it is called.
    pub template_name: String,
    /// What the external system calls it.
    pub correlation_id: Option<String>,
    /// Who signs the request.
    pub identifier_id: IdentifierId,
    /// Its DID.
    pub verifier: String,
    /// What is asked.
    pub terms: Terms,
    /// Where the holder is sent when it was answered, in whatever way.
    pub redirect_uri: Option<String>,
    /// By which a wallet fetches the request, encrypted under the master key, to be shown again.
    pub reference: Vec<u8>,
    /// Its digest, to be found by.
    pub reference_digest: [u8; 32],
    /// The first instant at which it cannot be answered any more.
    pub expires_at: Timestamp,
    /// Who asks.
    pub created_by: Actor,
}

/// What a wallet has to repeat in its answer.
#[derive(Clone)]
pub struct Challenge {
    /// The nonce, encrypted under the master key.
    pub nonce: Vec<u8>,
    /// The digest of the state.
    pub state_digest: [u8; 32],
}

/// What becomes of a verification.
#[derive(Clone, Debug)]
pub struct VerificationEnd {
    /// Verified, rejected, declined or expired.
    pub status: VerificationStatus,
    /// What was checked, when it was answered.
    pub result: Option<VerificationResult>,
    /// The digest of the code with which the holder comes back.
    pub response_code_digest: Option<[u8; 32]>,
    /// When it is deleted by itself.
    pub kept_until: Option<Timestamp>,
}

/// Which verifications of the wallet.
#[derive(Clone, Debug)]
pub struct VerificationFilter {
    /// Only those that are this far at `now`.
    pub status: Option<VerificationStatus>,
    /// Only what the external system calls so.
    pub correlation_id: Option<String>,
    /// Only of this template.
    pub template_id: Option<VerifierTemplateId>,
    /// The present, by which requests have expired.
    pub now: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    template_id: String,
    template_name: String,
    correlation_id: Option<String>,
    identifier_id: String,
    verifier: String,
    purpose: String,
    query: String,
    trust: String,
    retention_days: i64,
    request_uri_method: String,
    status: String,
    redirect_uri: Option<String>,
    result: Option<String>,
    created_at: i64,
    created_by_kind: String,
    created_by_id: Option<String>,
    created_by_name: String,
    expires_at: i64,
    retrieved_at: Option<i64>,
    finished_at: Option<i64>,
    kept_until: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Bytes {
    bytes: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct Waiting {
    nonce: Option<Vec<u8>>,
    state_digest: Option<Vec<u8>>,
}

const SELECT: &str = "SELECT id, wallet_id, template_id, template_name, correlation_id, identifier_id, verifier, purpose,
        query, trust, retention_days, request_uri_method, status, redirect_uri, result, created_at, created_by_kind, created_by_id, created_by_name,
        expires_at, retrieved_at, finished_at, kept_until
     FROM verifications";

impl TryFrom<Row> for Verification {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unreadable = |column| StoreError::Unreadable { column };
        let retention = row.retention_days.try_into().map_err(|_| unreadable("verifications.retention_days"))?;
        Ok(Self {
            id: column::parse("verifications.id", &row.id)?,
            wallet_id: column::parse("verifications.wallet_id", &row.wallet_id)?,
            template_id: column::parse("verifications.template_id", &row.template_id)?,
            template_name: row.template_name,
            correlation_id: row.correlation_id,
            identifier_id: column::parse("verifications.identifier_id", &row.identifier_id)?,
            verifier: row.verifier,
            terms: Terms {
                purpose: row.purpose,
                query: column::json("verifications.query", &row.query)?,
                trust: column::json("verifications.trust", &row.trust)?,
                retention,
                request_uri_method: RequestUriMethod::from_name(&row.request_uri_method)
                    .ok_or_else(|| unreadable("verifications.request_uri_method"))?,
            },
            status: VerificationStatus::from_name(&row.status).ok_or_else(|| unreadable("verifications.status"))?,
            redirect_uri: row.redirect_uri,
            created_at: column::time("verifications.created_at", row.created_at)?,
            created_by: column::actor(&row.created_by_kind, row.created_by_id.as_deref(), row.created_by_name)?,
            expires_at: column::time("verifications.expires_at", row.expires_at)?,
            retrieved_at: column::time_or_none("verifications.retrieved_at", row.retrieved_at)?,
            finished_at: column::time_or_none("verifications.finished_at", row.finished_at)?,
            kept_until: column::time_or_none("verifications.kept_until", row.kept_until)?,
            result: row.result.map(|result| column::json("verifications.result", &result)).transpose()?,
        })
    }
}

impl Conn {
    /// A verification.
    pub async fn verification(
        &mut self,
        wallet: WalletId,
        id: VerificationId,
    ) -> Result<Option<Verification>, StoreError> {
        let sql = format!("{SELECT} WHERE wallet_id = $1 AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(Verification::try_from)
            .transpose()
    }

    /// The verification whose request is fetched by the reference with this digest.
    pub async fn verification_with_reference(
        &mut self,
        wallet: WalletId,
        digest: &[u8; 32],
    ) -> Result<Option<Verification>, StoreError> {
        let sql = format!("{SELECT} WHERE wallet_id = $1 AND reference_digest = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), digest.as_slice())?
            .map(Verification::try_from)
            .transpose()
    }

    /// A page of the verifications, by the time of their creation. `q` searches template and correlation id.
    pub async fn verifications(
        &mut self,
        wallet: WalletId,
        filter: &VerificationFilter,
        list: &List<()>,
    ) -> Result<Page<Verification>, StoreError> {
        let sql = format!(
            "{SELECT} WHERE wallet_id = $1
                AND ($2 IS NULL OR correlation_id = $2) AND ($3 IS NULL OR template_id = $3)
                AND ($4 IS NULL OR $4 = CASE
                    WHEN status IN ('requested', 'retrieved') AND expires_at <= $5 THEN 'expired' ELSE status END)
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
            filter.status.map(VerificationStatus::name),
            filter.now.as_millisecond(),
            list.pattern(),
        )?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Number(row.created_at), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, Verification::try_from)
    }

    /// The reference by which the request of an open verification is fetched, as it was sealed.
    pub async fn sealed_verification_reference(
        &mut self,
        wallet: WalletId,
        id: VerificationId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT reference AS bytes FROM verifications WHERE wallet_id = $1 AND id = $2";
        let row = fetch_optional!(self, Bytes, sql, wallet.to_string(), id.to_string())?;
        Ok(row.and_then(|row| row.bytes))
    }

    /// What the answer of a wallet has to repeat; none when no answer is waited for.
    pub async fn verification_challenge(
        &mut self,
        wallet: WalletId,
        id: VerificationId,
    ) -> Result<Option<Challenge>, StoreError> {
        let sql = "SELECT nonce, state_digest FROM verifications
             WHERE wallet_id = $1 AND id = $2 AND status = 'retrieved'";
        let row = fetch_optional!(self, Waiting, sql, wallet.to_string(), id.to_string())?;
        let Some((nonce, state)) = row.and_then(|row| row.nonce.zip(row.state_digest)) else { return Ok(None) };
        let unreadable = |_| StoreError::Unreadable { column: "verifications.state_digest" };
        Ok(Some(Challenge { nonce, state_digest: state.try_into().map_err(unreadable)? }))
    }

    /// Requests of all wallets whose time has passed and that are not marked so yet, at most `limit`. Across
    /// wallets: the server cleans up for all of them.
    pub async fn overdue_verifications(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Verification>, StoreError> {
        let sql = format!(
            "{SELECT} WHERE status IN ('requested', 'retrieved') AND expires_at <= $1 ORDER BY expires_at LIMIT {limit}"
        );
        let rows = fetch_all!(self, Row, sqlx::AssertSqlSafe(sql), now.as_millisecond())?;
        rows.into_iter().map(Verification::try_from).collect()
    }

    /// Verifications of all wallets that were kept for as long as their template said, at most `limit`. Across
    /// wallets, as above.
    pub async fn outlived_verifications(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Verification>, StoreError> {
        let sql = format!("{SELECT} WHERE kept_until <= $1 ORDER BY kept_until LIMIT {limit}");
        let rows = fetch_all!(self, Row, sqlx::AssertSqlSafe(sql), now.as_millisecond())?;
        rows.into_iter().map(Verification::try_from).collect()
    }
}

impl Tx {
    /// Asks for a presentation.
    pub async fn insert_verification(&mut self, new: &NewVerification) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let search = format!("{} {}", new.template_name, new.correlation_id.as_deref().unwrap_or_default());
        execute!(
            self.conn,
            "INSERT INTO verifications
                (id, wallet_id, template_id, template_name, correlation_id, search_key, identifier_id, verifier,
                 purpose, query, trust, retention_days, status, redirect_uri, reference, reference_digest, expires_at,
                 created_at, created_by_kind, created_by_id, created_by_name, request_uri_method)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'requested', $13, $14, $15, $16, $17, $18, $19,
                 $20, $21)",
            new.id.to_string(),
            wallet,
            new.template_id.to_string(),
            new.template_name.as_str(),
            new.correlation_id.as_deref(),
            model::fold(&search),
            new.identifier_id.to_string(),
            new.verifier.as_str(),
            new.terms.purpose.as_str(),
            new.terms.query.to_string(),
            column::to_json(&new.terms.trust),
            i64::from(new.terms.retention.days()),
            new.redirect_uri.as_deref(),
            new.reference.as_slice(),
            new.reference_digest.as_slice(),
            new.expires_at.as_millisecond(),
            now,
            new.created_by.kind.name(),
            column::actor_id(&new.created_by),
            new.created_by.name.as_str(),
            new.terms.request_uri_method.name(),
        )?;
        Ok(())
    }

    /// Hands the request out for the first time, with what its answer has to repeat. It can be handed out again until it
    /// is answered or has expired. Returns whether it was waiting for that.
    pub async fn retrieve_verification(
        &mut self,
        id: VerificationId,
        challenge: &Challenge,
    ) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let rows = execute!(
            self.conn,
            "UPDATE verifications
             SET status = 'retrieved', retrieved_at = $3, nonce = $4, state_digest = $5
             WHERE wallet_id = $1 AND id = $2 AND status = 'requested' AND expires_at > $3",
            wallet,
            id.to_string(),
            now,
            challenge.nonce.as_slice(),
            challenge.state_digest.as_slice(),
        )?;
        Ok(rows == 1)
    }

    /// Takes the one answer to a request that was handed out and has not expired. Returns whether it was waited for.
    pub async fn answer_verification(&mut self, id: VerificationId, end: &VerificationEnd) -> Result<bool, StoreError> {
        self.end_verification(id, end, "status = 'retrieved' AND expires_at > $3").await
    }

    /// Ends a verification whose time has passed. Returns whether it was open until now.
    pub async fn expire_verification(&mut self, id: VerificationId, end: &VerificationEnd) -> Result<bool, StoreError> {
        self.end_verification(id, end, "status IN ('requested', 'retrieved') AND expires_at <= $3").await
    }

    /// Forgets every secret of it but the code with which the holder comes back.
    async fn end_verification(
        &mut self,
        id: VerificationId,
        end: &VerificationEnd,
        while_: &'static str,
    ) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let sql = format!(
            "UPDATE verifications
             SET status = $4, finished_at = $3, result = $5, response_code_digest = $6, kept_until = $7,
                 reference = NULL, reference_digest = NULL, nonce = NULL, state_digest = NULL
             WHERE wallet_id = $1 AND id = $2 AND {while_}"
        );
        let rows = execute!(
            self.conn,
            sqlx::AssertSqlSafe(sql.as_str()),
            wallet,
            id.to_string(),
            now,
            end.status.name(),
            end.result.as_ref().map(column::to_json),
            end.response_code_digest.map(|digest| digest.to_vec()),
            end.kept_until.map(Timestamp::as_millisecond),
        )?;
        Ok(rows == 1)
    }

    /// Uses the code with which the holder came back, once. Returns whether it is the one of this verification.
    pub async fn use_response_code(&mut self, id: VerificationId, digest: &[u8; 32]) -> Result<bool, StoreError> {
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE verifications SET response_code_digest = NULL
             WHERE wallet_id = $1 AND id = $2 AND response_code_digest = $3",
            wallet,
            id.to_string(),
            digest.as_slice(),
        )?;
        Ok(rows == 1)
    }

    /// Deletes a verification for good, with what was disclosed. Returns whether there was such a verification.
    pub async fn delete_verification(&mut self, id: VerificationId) -> Result<bool, StoreError> {
        self.erase();
        let (wallet, id) = (self.wallet_id().to_string(), id.to_string());
        execute!(
            self.conn,
            "DELETE FROM verified_credentials WHERE wallet_id = $1 AND verification_id = $2",
            wallet.as_str(),
            id.as_str(),
        )?;
        let sql = "DELETE FROM verifications WHERE wallet_id = $1 AND id = $2";
        Ok(execute!(self.conn, sql, wallet.as_str(), id.as_str())? == 1)
    }
}
