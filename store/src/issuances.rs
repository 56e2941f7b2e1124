//! Issuances: the credentials that the wallet offers, and what remains of those that it has issued.

use jiff::Timestamp;
use model::{
    Actor, CredentialStatus, Issuance, IssuanceFailure, IssuanceId, IssuanceStatus, IssuedCredential, IssuerTemplateId,
    StatusEntry, TrustedContactId, WalletId,
};

use crate::protocol_sessions::{SessionFilter, listing, search_key};
use crate::record::Row;
use crate::{Conn, List, Page, Result, Store, Tx};

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
pub type IssuanceFilter = SessionFilter<IssuanceStatus, IssuerTemplateId>;

record! {
    /// An issuance.
    fn issuance(IssuanceId) -> Issuance in "issuances" {
        id, wallet_id, template_id, template_name, vct, correlation_id, status, failure, tx_code_length, wrong_tries,
        expires_at, valid_until, contact_id, pushed_at, created_at, accepted_at,
    } and "created_by_kind, created_by_id, created_by_name, issued_at, issued_valid_until, holder_key, status_uri,
        status_index, credential_status" |row| {
        created_by: row.created_by()?,
        credential: issued(row)?,
    }
}

/// What was issued: all of its columns are there together.
fn issued(row: &Row<'_>) -> Result<Option<IssuedCredential>> {
    let Some(issued_at) = row.get("issued_at")? else { return Ok(None) };
    let (uri, index): (Option<String>, Option<u64>) = (row.get("status_uri")?, row.get("status_index")?);
    Ok(Some(IssuedCredential {
        issued_at,
        valid_until: row.get("issued_valid_until")?,
        holder_key: row.get("holder_key")?,
        status_entry: uri.zip(index).map(|(uri, index)| StatusEntry { uri, index }),
        status: row.get("credential_status")?,
    }))
}

impl Conn {
    /// The issuance whose offer has the pre-authorized code with this digest.
    pub async fn issuance_with_code(&mut self, wallet: WalletId, digest: &[u8; 32]) -> Result<Option<Issuance>> {
        self.find(wallet, "AND code_digest = $2", values! { digest }).await
    }

    /// The issuance whose credential the access token with this digest fetches.
    pub async fn issuance_with_token(&mut self, wallet: WalletId, digest: &[u8; 32]) -> Result<Option<Issuance>> {
        self.find(wallet, "AND token_digest = $2", values! { digest }).await
    }

    /// A page of the issuances, by the time of their creation. `q` searches template and correlation id.
    pub async fn issuances(
        &mut self,
        wallet: WalletId,
        filter: &IssuanceFilter,
        list: &List<()>,
    ) -> Result<Page<Issuance>> {
        let by = listing(filter, session_filter!("'offered', 'accepted'"));
        self.page(wallet, list, by).await
    }

    /// Offers of all wallets whose time has passed and that are not marked so yet, at most `limit`. Across
    /// wallets: the server cleans up for all of them.
    pub async fn overdue_issuances(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Issuance>> {
        let rest = "WHERE status IN ('offered', 'accepted') AND expires_at <= $1 ORDER BY expires_at LIMIT $2";
        self.of_all_wallets(rest, values! { now, limit }).await
    }

    /// The pre-authorized code of an open offer, as it was sealed.
    pub async fn sealed_issuance_code(&mut self, wallet: WalletId, id: IssuanceId) -> Result<Option<Vec<u8>>> {
        self.bytes::<Issuance>("code", wallet, id).await
    }

    /// The claims of an issuance that is still open, as they were sealed.
    pub async fn sealed_issuance_claims(&mut self, wallet: WalletId, id: IssuanceId) -> Result<Option<Vec<u8>>> {
        self.bytes::<Issuance>("claims", wallet, id).await
    }

    /// The digest of the transaction code that an offer asks for.
    pub async fn issuance_tx_code_digest(&mut self, wallet: WalletId, id: IssuanceId) -> Result<Option<Vec<u8>>> {
        self.bytes::<Issuance>("tx_code_digest", wallet, id).await
    }
}

impl Tx {
    /// Offers a credential.
    pub async fn insert_issuance(&mut self, new: &NewIssuance) -> Result<Issuance> {
        let search = search_key(&new.template_name, new.correlation_id.as_deref());
        let (tx_code, length) = new.tx_code.unzip();
        self.insert(
            "INSERT INTO issuances
                (wallet_id, id, template_id, template_name, vct, correlation_id, search_key, status, code, code_digest,
                 tx_code_digest, tx_code_length, wrong_tries, claims, expires_at, valid_until, contact_id, created_at,
                 created_by_kind, created_by_id, created_by_name)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'offered', $8, $9, $10, $11, 0, $12, $13, $14, $15, $16, $17, $18, $19)",
            values! {
                self.wallet_id(), new.id, new.template_id, new.template_name, new.vct, new.correlation_id,
                search, new.code, new.code_digest, tx_code, length, new.claims, new.expires_at,
                new.valid_until, new.contact_id, self.at(), new.created_by.kind, new.created_by.id, new.created_by.name
            },
        )
        .await
    }

    /// Exchanges the code of an offer for an access token, once; none when the offer was not open.
    pub async fn accept_issuance(
        &mut self,
        id: IssuanceId,
        token_digest: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<Option<Issuance>> {
        self.update(
            "UPDATE issuances
             SET status = 'accepted', accepted_at = $3, token_digest = $4, expires_at = $5,
                 code = NULL, code_digest = NULL, tx_code_digest = NULL
             WHERE wallet_id = $1 AND id = $2 AND status = 'offered' AND expires_at > $3",
            values! { self.wallet_id(), id, self.at(), token_digest, expires_at },
        )
        .await
    }

    /// Counts a wrong transaction code. Returns how many came to the offer, none when it is not open.
    pub async fn count_wrong_tx_code(&mut self, id: IssuanceId) -> Result<Option<i64>> {
        let sql = "UPDATE issuances SET wrong_tries = wrong_tries + 1
             WHERE wallet_id = $1 AND id = $2 AND status = 'offered' RETURNING wrong_tries";
        let values = values! { self.wallet_id(), id };
        self.conn.row("issuances", sql, values, |row| row.get("wrong_tries")).await
    }

    /// Remembers what was issued, once, and forgets the claims and the token; none when the issuance was not waiting
    /// for it.
    pub async fn finish_issuance(
        &mut self,
        id: IssuanceId,
        token_digest: &[u8; 32],
        issued: &IssuedCredential,
    ) -> Result<Option<Issuance>> {
        self.erase();
        let (uri, index) = issued.status_entry.as_ref().map(|entry| (&entry.uri, entry.index)).unzip();
        self.update(
            "UPDATE issuances
             SET status = 'issued', claims = NULL, token_digest = NULL, issued_at = $5, issued_valid_until = $6,
                 holder_key = $7, status_uri = $8, status_index = $9, credential_status = $10
             WHERE wallet_id = $1 AND id = $2 AND status = 'accepted' AND token_digest = $3 AND expires_at > $4",
            values! {
                self.wallet_id(), id, token_digest, self.at(), issued.issued_at, issued.valid_until, issued.holder_key,
                uri, index, issued.status
            },
        )
        .await
    }

    /// Ends an issuance that was not issued, and forgets the claims and every secret of it; none when it was not open.
    pub async fn end_issuance(
        &mut self,
        id: IssuanceId,
        status: IssuanceStatus,
        failure: Option<IssuanceFailure>,
    ) -> Result<Option<Issuance>> {
        self.erase();
        self.update(
            "UPDATE issuances
             SET status = $3, failure = $4, claims = NULL, code = NULL, code_digest = NULL, tx_code_digest = NULL,
                 token_digest = NULL
             WHERE wallet_id = $1 AND id = $2 AND status IN ('offered', 'accepted')",
            values! { self.wallet_id(), id, status, failure },
        )
        .await
    }

    /// Remembers that the offer reached the contact that it is for.
    pub async fn set_issuance_pushed(&mut self, id: IssuanceId) -> Result<Option<Issuance>> {
        let sql = "UPDATE issuances SET pushed_at = $3 WHERE wallet_id = $1 AND id = $2";
        self.update(sql, values! { self.wallet_id(), id, self.at() }).await
    }

    /// Remembers what the status list says of an issued credential; none when it is not one.
    pub async fn set_credential_status(
        &mut self,
        id: IssuanceId,
        status: CredentialStatus,
    ) -> Result<Option<Issuance>> {
        let sql = "UPDATE issuances SET credential_status = $3 WHERE wallet_id = $1 AND id = $2 AND status = 'issued'";
        self.update(sql, values! { self.wallet_id(), id, status }).await
    }

    /// Uses the nonce with this digest, once. Returns whether it was not used before.
    pub async fn use_nonce(&mut self, digest: &[u8; 32], expires_at: Timestamp) -> Result<bool> {
        let sql = "INSERT INTO used_nonces (wallet_id, digest, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (wallet_id, digest) DO NOTHING";
        self.change(sql, values! { self.wallet_id(), digest, expires_at }).await
    }
}

impl Store {
    /// Removes used nonces that are too old to be used again. No change, because nobody can tell: what is removed
    /// is refused by its age.
    pub async fn forget_nonces(&self, before: Timestamp) -> Result<u64> {
        self.execute("DELETE FROM used_nonces WHERE expires_at < $1", values! { before }).await
    }
}
