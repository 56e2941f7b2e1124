//! The inbox of credential offers. An offer is accepted by one request at a time: it is claimed, the issuer is asked
//! while no transaction is open, and then it is settled.

use jiff::Timestamp;
use model::{
    CredentialId, CredentialOffer, CredentialOfferId, IdentifierId, OfferState, OfferedCredential, TrustedContactId,
    TxCodeHint, WalletId,
};
use serde_json::json;

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, Store, StoreError, Tx, column};

/// An offer that has come.
#[derive(Clone)]
pub struct NewCredentialOffer {
    /// Its id.
    pub id: CredentialOfferId,
    /// Who offers.
    pub credential_issuer: String,
    /// What the issuer calls itself.
    pub issuer_name: Option<String>,
    /// What is offered.
    pub credentials: Vec<OfferedCredential>,
    /// The transaction code that is needed.
    pub tx_code: Option<TxCodeHint>,
    /// The contact that pushed it.
    pub contact_id: Option<TrustedContactId>,
    /// Whether the contact's own server has yet to confirm it.
    pub unconfirmed: bool,
    /// The identifier to whose key the credentials are to be bound.
    pub identifier_id: Option<IdentifierId>,
    /// What the issuer wants to see for them, sealed; none when it has been used already.
    pub code: Option<Vec<u8>>,
    /// A keyed digest of issuer and code, by which a wallet knows the offer again.
    pub code_digest: Vec<u8>,
    /// It can be accepted while now is before this.
    pub expires_at: Timestamp,
}

/// What became of an offer.
#[derive(Clone, Debug)]
pub struct SettledOffer {
    /// Its state from now on.
    pub state: OfferState,
    /// Why it failed.
    pub reason: Option<String>,
    /// Each credential of it, with what became of it.
    pub credentials: Vec<OfferedCredential>,
    /// What was received of all of them.
    pub credential_ids: Vec<CredentialId>,
    /// The identifier to whose key they are bound.
    pub identifier_id: Option<IdentifierId>,
    /// Whether the contact's own server has yet to confirm it.
    pub unconfirmed: bool,
    /// How the issuer is asked again, when it gives some of them later.
    pub deferred: Option<DeferredOffer>,
}

/// How an issuer is asked again (OpenID4VCI 1.0 §9).
#[derive(Clone, Debug)]
pub struct DeferredOffer {
    /// What it is shown, sealed.
    pub sealed: Vec<u8>,
    /// When it is asked next.
    pub asked_again_at: Timestamp,
    /// When it is not asked any more.
    pub expires_at: Timestamp,
}

/// What became of an offer that was pushed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PushedOffer {
    /// It waits in the inbox.
    Kept,
    /// As many as may wait under the contact's name already do.
    Full,
    /// There is no such contact any more.
    NoContact,
}

/// Which offers a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum OfferFilter {
    /// All.
    #[default]
    All,
    /// In this state, and not over before a decision.
    In(OfferState),
    /// Over before a decision.
    Expired,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    credential_issuer: String,
    issuer_name: Option<String>,
    credentials: String,
    tx_code: Option<String>,
    contact_id: Option<String>,
    unconfirmed: i64,
    identifier_id: Option<String>,
    state: String,
    reason: Option<String>,
    credential_ids: String,
    created_at: i64,
    expires_at: i64,
}

#[derive(sqlx::FromRow)]
struct Code {
    code: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct Due {
    id: String,
    wallet_id: String,
    asked_again_at: i64,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

const SELECT: &str = "SELECT id, wallet_id, credential_issuer, issuer_name, credentials, tx_code, contact_id,
        unconfirmed, identifier_id, state, reason, credential_ids, created_at, expires_at
     FROM credential_offers WHERE wallet_id = $1";

impl TryFrom<Row> for CredentialOffer {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let contact = row.contact_id.as_deref().map(|id| column::parse("credential_offers.contact_id", id));
        let identifier = row.identifier_id.as_deref().map(|id| column::parse("credential_offers.identifier_id", id));
        let mut tx_code: Option<TxCodeHint> =
            row.tx_code.map(|hint| column::json("credential_offers.tx_code", &hint)).transpose()?;
        let unconfirmed = row.unconfirmed != 0;
        // The words of whoever sent it are not the contact's.
        if let Some(hint) = tx_code.as_mut().filter(|_| unconfirmed) {
            hint.description = None;
        }
        Ok(Self {
            id: column::parse("credential_offers.id", &row.id)?,
            wallet_id: column::parse("credential_offers.wallet_id", &row.wallet_id)?,
            credential_issuer: row.credential_issuer,
            issuer_name: row.issuer_name,
            credentials: column::json("credential_offers.credentials", &row.credentials)?,
            tx_code,
            contact_id: contact.transpose()?,
            unconfirmed,
            identifier_id: identifier.transpose()?,
            state: OfferState::from_name(&row.state)
                .ok_or(StoreError::Unreadable { column: "credential_offers.state" })?,
            reason: row.reason,
            credential_ids: column::json("credential_offers.credential_ids", &row.credential_ids)?,
            created_at: column::time("credential_offers.created_at", row.created_at)?,
            expires_at: column::time("credential_offers.expires_at", row.expires_at)?,
        })
    }
}

impl OfferFilter {
    /// The state, and whether the offer must be over (1) or must not be (0).
    fn columns(self) -> (Option<&'static str>, Option<i64>) {
        match self {
            Self::All => (None, None),
            Self::In(state @ OfferState::Pending) => (Some(state.name()), Some(0)),
            Self::In(state) => (Some(state.name()), None),
            Self::Expired => (Some(OfferState::Pending.name()), Some(1)),
        }
    }
}

impl Conn {
    /// An offer.
    pub async fn credential_offer(
        &mut self,
        wallet: WalletId,
        id: CredentialOfferId,
    ) -> Result<Option<CredentialOffer>, StoreError> {
        let sql = format!("{SELECT} AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(CredentialOffer::try_from)
            .transpose()
    }

    /// A page of the offers, by the time of their coming. `q` searches the names of issuers and credentials.
    pub async fn credential_offers(
        &mut self,
        wallet: WalletId,
        filter: OfferFilter,
        now: Timestamp,
        list: &List<()>,
    ) -> Result<Page<CredentialOffer>, StoreError> {
        let sql = format!(
            "{SELECT} AND ($2 IS NULL OR state = $2)
                AND ($3 IS NULL OR $3 = CASE WHEN expires_at <= $4 THEN 1 ELSE 0 END)
                AND ($5 IS NULL OR label_key LIKE $5 ESCAPE '\\'){}",
            list.tail("created_at", "id", 6)
        );
        let (state, over) = filter.columns();
        let (wallet, now) = (wallet.to_string(), now.as_millisecond());
        let rows = fetch_page!(self, Row, sql, &list.after, wallet, state, over, now, list.pattern())?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Number(row.created_at), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, CredentialOffer::try_from)
    }

    /// The offer with this digest, that can be accepted or was.
    pub async fn credential_offer_with_code(
        &mut self,
        wallet: WalletId,
        code_digest: &[u8],
    ) -> Result<Option<CredentialOffer>, StoreError> {
        let sql = format!("{SELECT} AND code_digest = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), code_digest)?
            .map(CredentialOffer::try_from)
            .transpose()
    }

    /// How many offers wait under a contact's name, of those that its server confirmed or of those that it did not.
    pub async fn pushed_credential_offers(
        &mut self,
        wallet: WalletId,
        contact: TrustedContactId,
        unconfirmed: bool,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) AS count FROM credential_offers
             WHERE wallet_id = $1 AND contact_id = $2 AND unconfirmed = $3 AND state = $4 AND expires_at > $5";
        let (wallet, contact) = (wallet.to_string(), contact.to_string());
        let (pending, now) = (OfferState::Pending.name(), now.as_millisecond());
        Ok(fetch_one!(self, Count, sql, wallet, contact, i64::from(unconfirmed), pending, now)?.count)
    }

    /// How many offers wait for a decision.
    pub async fn pending_credential_offers(&mut self, wallet: WalletId, now: Timestamp) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(*) AS count FROM credential_offers
             WHERE wallet_id = $1 AND state = $2 AND expires_at > $3";
        let pending = OfferState::Pending.name();
        Ok(fetch_one!(self, Count, sql, wallet.to_string(), pending, now.as_millisecond())?.count)
    }

    /// What the issuer wants to see for the credentials, as it was sealed; none when it is of no more use.
    pub async fn credential_offer_code(
        &mut self,
        wallet: WalletId,
        id: CredentialOfferId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT code FROM credential_offers WHERE wallet_id = $1 AND id = $2";
        let row = fetch_optional!(self, Code, sql, wallet.to_string(), id.to_string())?;
        Ok(row.and_then(|row| row.code))
    }
}

impl Conn {
    /// What asking an issuer again takes, as it was sealed.
    pub async fn deferred_credential_offer(
        &mut self,
        wallet: WalletId,
        id: CredentialOfferId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT deferred AS code FROM credential_offers WHERE wallet_id = $1 AND id = $2";
        let row = fetch_optional!(self, Code, sql, wallet.to_string(), id.to_string())?;
        Ok(row.and_then(|row| row.code))
    }

    async fn insert_offer(&mut self, wallet: WalletId, now: i64, offer: &NewCredentialOffer) -> Result<(), StoreError> {
        execute!(
            self,
            "INSERT INTO credential_offers
                (id, wallet_id, credential_issuer, issuer_name, label_key, credentials, tx_code, contact_id,
                 unconfirmed, identifier_id, code, code_digest, state, credential_ids, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '[]', $14, $15)",
            offer.id.to_string(),
            wallet.to_string(),
            offer.credential_issuer.as_str(),
            offer.issuer_name.as_deref(),
            label(offer),
            json!(offer.credentials).to_string(),
            offer.tx_code.as_ref().map(|hint| json!(hint).to_string()),
            offer.contact_id.map(|id| id.to_string()),
            i64::from(offer.unconfirmed),
            offer.identifier_id.map(|id| id.to_string()),
            offer.code.as_deref(),
            offer.code_digest.as_slice(),
            OfferState::Pending.name(),
            now,
            offer.expires_at.as_millisecond(),
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }
}

impl Tx {
    /// Puts an offer into the inbox.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when the wallet has this offer already.
    pub async fn insert_credential_offer(&mut self, offer: &NewCredentialOffer) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id(), self.now());
        self.conn.insert_offer(wallet, now, offer).await
    }

    /// Claims a pending offer for the one request that asks the issuer. Returns whether it was this one's to claim.
    /// A claim that was made until `abandoned` is nobody's any more: its server stopped meanwhile.
    pub async fn claim_credential_offer(
        &mut self,
        id: CredentialOfferId,
        identifier: Option<IdentifierId>,
        abandoned: Timestamp,
    ) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let rows = execute!(
            self.conn,
            "UPDATE credential_offers SET state = $3, claimed_at = $4, identifier_id = $5
             WHERE wallet_id = $1 AND id = $2 AND expires_at > $4
                AND (state = $6 OR (state = $3 AND claimed_at <= $7))",
            wallet,
            id.to_string(),
            OfferState::Accepting.name(),
            now,
            identifier.map(|id| id.to_string()),
            OfferState::Pending.name(),
            abandoned.as_millisecond(),
        )?;
        Ok(rows == 1)
    }

    /// Gives a claimed offer back, to be accepted another time, with the reason for which it was not now and the
    /// identifier that is chosen for it, if one is. Returns whether it was claimed.
    pub async fn release_credential_offer(
        &mut self,
        id: CredentialOfferId,
        reason: &str,
        identifier: Option<IdentifierId>,
    ) -> Result<bool, StoreError> {
        let (wallet, identifier) = (self.wallet_id().to_string(), identifier.map(|id| id.to_string()));
        let sql = "UPDATE credential_offers SET state = $3, claimed_at = NULL, reason = $5, identifier_id = $6
             WHERE wallet_id = $1 AND id = $2 AND state = $4";
        let (to, from) = (OfferState::Pending.name(), OfferState::Accepting.name());
        Ok(execute!(self.conn, sql, wallet, id.to_string(), to, from, reason, identifier)? == 1)
    }

    /// Writes down what became of an offer that is in state `from`; its code is of no more use and leaves the disk. One
    /// that failed or was declined may come again. Returns whether it was in that state.
    pub async fn settle_credential_offer(
        &mut self,
        id: CredentialOfferId,
        from: OfferState,
        settled: &SettledOffer,
    ) -> Result<bool, StoreError> {
        self.erase();
        let wallet = self.wallet_id().to_string();
        let is_over = matches!(settled.state, OfferState::Failed | OfferState::Declined);
        let deferred = settled.deferred.as_ref();
        let rows = execute!(
            self.conn,
            "UPDATE credential_offers
             SET state = $4, reason = $5, credential_ids = $6, credentials = $7, identifier_id = $8, unconfirmed = $9,
                deferred = $10, asked_again_at = $11, expires_at = COALESCE($12, expires_at), code = NULL,
                code_digest = CASE WHEN $13 = 0 THEN code_digest END
             WHERE wallet_id = $1 AND id = $2 AND state = $3",
            wallet,
            id.to_string(),
            from.name(),
            settled.state.name(),
            settled.reason.as_deref(),
            json!(settled.credential_ids).to_string(),
            json!(settled.credentials).to_string(),
            settled.identifier_id.map(|id| id.to_string()),
            i64::from(settled.unconfirmed),
            deferred.map(|deferred| deferred.sealed.as_slice()),
            deferred.map(|deferred| deferred.asked_again_at.as_millisecond()),
            deferred.map(|deferred| deferred.expires_at.as_millisecond()),
            i64::from(is_over),
        )?;
        Ok(rows == 1)
    }

    /// Deletes an offer for good. Returns whether there was such an offer.
    pub async fn delete_credential_offer(&mut self, id: CredentialOfferId) -> Result<bool, StoreError> {
        self.erase();
        let wallet = self.wallet_id().to_string();
        let sql = "DELETE FROM credential_offers WHERE wallet_id = $1 AND id = $2";
        Ok(execute!(self.conn, sql, wallet, id.to_string())? == 1)
    }
}

impl Store {
    /// Puts an offer into the inbox that anybody can have sent under a contact's name, unless `most` such offers wait
    /// there already. Not a change: a stranger writes no audit event; how many came is told once a minute.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when the wallet has this offer already.
    pub async fn keep_pushed_offer(
        &self,
        wallet: WalletId,
        contact: TrustedContactId,
        offer: &NewCredentialOffer,
        most: i64,
        now: Timestamp,
    ) -> Result<PushedOffer, StoreError> {
        let mut conn = self.write().await?;
        // The row of the contact is held, so that of two that come at once each sees the other.
        let sql = "UPDATE trusted_contacts SET name = name WHERE wallet_id = $1 AND id = $2";
        if execute!(conn, sql, wallet.to_string(), contact.to_string())? == 0 {
            return Ok(PushedOffer::NoContact);
        }
        if conn.pushed_credential_offers(wallet, contact, offer.unconfirmed, now).await? >= most {
            return Ok(PushedOffer::Full);
        }
        conn.insert_offer(wallet, now.as_millisecond(), offer).await?;
        conn.finish().await?;
        Ok(PushedOffer::Kept)
    }

    /// Takes the offers of all wallets whose issuers are to be asked again, at most `most`: until `until` they are
    /// nobody else's to ask. Not a change.
    pub async fn take_deferred_offers(
        &self,
        now: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<Vec<(WalletId, CredentialOfferId)>, StoreError> {
        let due = "SELECT id, wallet_id, asked_again_at FROM credential_offers
             WHERE asked_again_at <= $1 ORDER BY asked_again_at, id LIMIT $2";
        let mut conn = self.write().await?;
        let rows = fetch_all!(conn, Due, due, now.as_millisecond(), i64::from(most))?;
        let mut taken = Vec::new();
        for row in rows {
            let sql = "UPDATE credential_offers SET asked_again_at = $3 WHERE id = $1 AND asked_again_at = $2";
            if execute!(conn, sql, row.id.as_str(), row.asked_again_at, until.as_millisecond())? == 1 {
                let wallet = column::parse("credential_offers.wallet_id", &row.wallet_id)?;
                taken.push((wallet, column::parse("credential_offers.id", &row.id)?));
            }
        }
        conn.finish().await?;
        Ok(taken)
    }

    /// Has an issuer asked again later that has nothing yet. Not a change: nothing became of the offer.
    pub async fn postpone_deferred_offer(
        &self,
        wallet: WalletId,
        id: CredentialOfferId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut conn = self.write().await?;
        let sql = "UPDATE credential_offers SET asked_again_at = $3
             WHERE wallet_id = $1 AND id = $2 AND asked_again_at IS NOT NULL";
        execute!(conn, sql, wallet.to_string(), id.to_string(), at.as_millisecond())?;
        conn.finish().await
    }

    /// Deletes the offers that were pushed under a contact's name, that its server never confirmed and that nobody
    /// accepted in time. Not a change: they were nobody's.
    pub async fn delete_expired_pushed_offers(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut conn = self.write().await?;
        let sql = "DELETE FROM credential_offers WHERE expires_at <= $1 AND unconfirmed = 1 AND state = $2";
        let rows = execute!(conn, sql, now.as_millisecond(), OfferState::Pending.name())?;
        conn.finish().await?;
        if rows > 0 {
            self.empty_log().await;
        }
        Ok(rows)
    }

    /// Forgets the codes of all wallets' offers that are over. Not a change: what anybody sees of them stays.
    pub async fn forget_codes_of_expired_offers(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut conn = self.write().await?;
        let sql = "UPDATE credential_offers SET code = NULL, code_digest = NULL
             WHERE expires_at <= $1 AND code IS NOT NULL";
        let rows = execute!(conn, sql, now.as_millisecond())?;
        conn.finish().await?;
        if rows > 0 {
            self.empty_log().await;
        }
        Ok(rows)
    }
}

/// What a search looks at.
fn label(offer: &NewCredentialOffer) -> String {
    let names = offer.credentials.iter().flat_map(|offered| [&offered.name, &offered.vct]);
    let issuer = [Some(&offer.credential_issuer), offer.issuer_name.as_ref()];
    let words: Vec<&str> = issuer.into_iter().chain(names.map(Option::as_ref)).flatten().map(String::as_str).collect();
    model::fold(&words.join(" "))
}
