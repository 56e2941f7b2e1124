//! Verifications: what the wallet asks of others, and what came of it.

use jiff::Timestamp;
use model::{
    Actor, IdentifierId, Terms, Verification, VerificationId, VerificationResult, VerificationStatus,
    VerifierTemplateId, WalletId,
};

use crate::protocol_sessions::{SessionFilter, listing, search_key};
use crate::{Conn, List, Page, Result, Tx};

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
pub type VerificationFilter = SessionFilter<VerificationStatus, VerifierTemplateId>;

record! {
    /// A verification.
    fn verification(VerificationId) -> Verification in "verifications" {
        id, wallet_id, template_id, template_name, correlation_id, identifier_id, verifier, status, redirect_uri, result,
        created_at, expires_at, retrieved_at, finished_at, kept_until,
    } and "purpose, query, trust, retention_days, request_uri_method, created_by_kind, created_by_id, created_by_name"
    |row| {
        terms: Terms {
            purpose: row.get("purpose")?,
            query: row.get("query")?,
            trust: row.get("trust")?,
            retention: row.get("retention_days")?,
            request_uri_method: row.get("request_uri_method")?,
        },
        created_by: row.created_by()?,
    }
}

impl Conn {
    /// The verification whose request is fetched by the reference with this digest.
    pub async fn verification_with_reference(
        &mut self,
        wallet: WalletId,
        digest: &[u8; 32],
    ) -> Result<Option<Verification>> {
        self.find(wallet, "AND reference_digest = $2", values! { digest }).await
    }

    /// A page of the verifications, by the time of their creation. `q` searches template and correlation id.
    pub async fn verifications(
        &mut self,
        wallet: WalletId,
        filter: &VerificationFilter,
        list: &List<()>,
    ) -> Result<Page<Verification>> {
        let by = listing(filter, session_filter!("'requested', 'retrieved'"));
        self.page(wallet, list, by).await
    }

    /// The reference by which the request of an open verification is fetched, as it was sealed.
    pub async fn sealed_verification_reference(
        &mut self,
        wallet: WalletId,
        id: VerificationId,
    ) -> Result<Option<Vec<u8>>> {
        self.bytes::<Verification>("reference", wallet, id).await
    }

    /// What the answer of a wallet has to repeat; none when no answer is waited for.
    pub async fn verification_challenge(&mut self, wallet: WalletId, id: VerificationId) -> Result<Option<Challenge>> {
        let sql = "SELECT nonce, state_digest FROM verifications
             WHERE wallet_id = $1 AND id = $2 AND status = 'retrieved' AND nonce IS NOT NULL";
        self.row("verifications", sql, values! { wallet, id }, |row| {
            Ok(Challenge { nonce: row.get("nonce")?, state_digest: row.get("state_digest")? })
        })
        .await
    }

    /// Requests of all wallets whose time has passed and that are not marked so yet, at most `limit`. Across
    /// wallets: the server cleans up for all of them.
    pub async fn overdue_verifications(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Verification>> {
        let rest = "WHERE status IN ('requested', 'retrieved') AND expires_at <= $1 ORDER BY expires_at LIMIT $2";
        self.of_all_wallets(rest, values! { now, limit }).await
    }

    /// Verifications of all wallets that were kept for as long as their template said, at most `limit`. Across
    /// wallets, as above.
    pub async fn outlived_verifications(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Verification>> {
        self.of_all_wallets("WHERE kept_until <= $1 ORDER BY kept_until LIMIT $2", values! { now, limit }).await
    }
}

impl Tx {
    /// Asks for a presentation.
    pub async fn insert_verification(&mut self, new: &NewVerification) -> Result<Verification> {
        let search = search_key(&new.template_name, new.correlation_id.as_deref());
        let Terms { purpose, query, trust, retention, request_uri_method } = &new.terms;
        self.insert(
            "INSERT INTO verifications
                (wallet_id, id, template_id, template_name, correlation_id, search_key, identifier_id, verifier,
                 purpose, query, trust, retention_days, request_uri_method, status, redirect_uri, reference,
                 reference_digest, expires_at, created_at, created_by_kind, created_by_id, created_by_name)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'requested', $14, $15, $16, $17, $18, $19,
                 $20, $21)",
            values! {
                self.wallet_id(), new.id, new.template_id, new.template_name, new.correlation_id, search,
                new.identifier_id, new.verifier, purpose, query, trust, retention, request_uri_method, new.redirect_uri,
                new.reference, new.reference_digest, new.expires_at, self.at(), new.created_by.kind, new.created_by.id,
                new.created_by.name
            },
        )
        .await
    }

    /// Hands the request out for the first time, with what its answer has to repeat. It can be handed out again until it
    /// is answered or has expired. Returns whether it was waiting for that.
    pub async fn retrieve_verification(&mut self, id: VerificationId, challenge: &Challenge) -> Result<bool> {
        self.change(
            "UPDATE verifications
             SET status = 'retrieved', retrieved_at = $3, nonce = $4, state_digest = $5
             WHERE wallet_id = $1 AND id = $2 AND status = 'requested' AND expires_at > $3",
            values! { self.wallet_id(), id, self.at(), challenge.nonce, challenge.state_digest },
        )
        .await
    }

    /// Takes the one answer to a request that was handed out and has not expired. Returns whether it was waited for.
    pub async fn answer_verification(&mut self, id: VerificationId, end: &VerificationEnd) -> Result<bool> {
        self.end_verification(id, end, "status = 'retrieved' AND expires_at > $3").await
    }

    /// Ends a verification whose time has passed. Returns whether it was open until now.
    pub async fn expire_verification(&mut self, id: VerificationId, end: &VerificationEnd) -> Result<bool> {
        self.end_verification(id, end, "status IN ('requested', 'retrieved') AND expires_at <= $3").await
    }

    /// Forgets every secret of it but the code with which the holder comes back.
    async fn end_verification(
        &mut self,
        id: VerificationId,
        end: &VerificationEnd,
        while_: &'static str,
    ) -> Result<bool> {
        let sql = format!(
            "UPDATE verifications
             SET status = $4, finished_at = $3, result = $5, response_code_digest = $6, kept_until = $7,
                 reference = NULL, reference_digest = NULL, nonce = NULL, state_digest = NULL
             WHERE wallet_id = $1 AND id = $2 AND {while_}"
        );
        let VerificationEnd { status, result, response_code_digest, kept_until } = end;
        let values = values! {
            self.wallet_id(), id, self.at(), status, result, response_code_digest, kept_until
        };
        self.change(sqlx::AssertSqlSafe(sql), values).await
    }

    /// Uses the code with which the holder came back, once. Returns whether it is the one of this verification.
    pub async fn use_response_code(&mut self, id: VerificationId, digest: &[u8; 32]) -> Result<bool> {
        let sql = "UPDATE verifications SET response_code_digest = NULL
             WHERE wallet_id = $1 AND id = $2 AND response_code_digest = $3";
        self.change(sql, values! { self.wallet_id(), id, digest }).await
    }

    /// Deletes a verification for good, with what was disclosed. Returns whether there was such a verification.
    pub async fn delete_verification(&mut self, id: VerificationId) -> Result<bool> {
        let sql = "DELETE FROM verified_credentials WHERE wallet_id = $1 AND verification_id = $2";
        self.change(sql, values! { self.wallet_id(), id }).await?;
        self.delete::<Verification>(id).await
    }
}
