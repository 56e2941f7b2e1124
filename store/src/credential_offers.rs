//! The inbox of credential offers. An offer is accepted by one request at a time: it is claimed, the issuer is asked
//! while no transaction is open, and then it is settled.

use jiff::Timestamp;
use model::{
    CredentialId, CredentialOffer, CredentialOfferId, IdentifierId, OfferState, OfferedCredential, TrustedContactId,
    TxCodeHint, WalletId,
};

use crate::record::{Listing, Row, Sort};
use crate::{Conn, List, Page, Result, Store, Tx};

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

record! {
    /// An offer.
    fn credential_offer(CredentialOfferId) -> CredentialOffer in "credential_offers" {
        id, wallet_id, credential_issuer, issuer_name, credentials, contact_id, unconfirmed, identifier_id, state,
        reason, credential_ids, created_at, expires_at,
    } and "tx_code" |row| {
        tx_code: tx_code(row)?,
    }
}

/// The words of whoever sent it are not the contact's.
fn tx_code(row: &Row<'_>) -> Result<Option<TxCodeHint>> {
    let (hint, unconfirmed): (Option<TxCodeHint>, bool) = (row.get("tx_code")?, row.get("unconfirmed")?);
    Ok(hint.map(|hint| if unconfirmed { TxCodeHint { description: None, ..hint } } else { hint }))
}

impl Conn {
    /// A page of the offers, by the time of their coming; with a state only those that are in it at `now`. `q` searches
    /// the names of issuers and credentials.
    pub async fn credential_offers(
        &mut self,
        wallet: WalletId,
        state: Option<OfferState>,
        now: Timestamp,
        list: &List<()>,
    ) -> Result<Page<CredentialOffer>> {
        let by = Listing {
            search: &["label_key"],
            sort: Sort::Number("created_at"),
            filter: concat!("AND ($2 IS NULL OR $2 = ", status_at!("state", "'pending'", "$3"), ")"),
            values: values! { state, now },
        };
        self.page(wallet, list, by).await
    }

    /// The offer with this digest, that can be accepted or was.
    pub async fn credential_offer_with_code(
        &mut self,
        wallet: WalletId,
        code_digest: &[u8],
    ) -> Result<Option<CredentialOffer>> {
        self.find(wallet, "AND code_digest = $2", values! { code_digest }).await
    }

    /// How many offers wait under a contact's name, of those that its server confirmed or of those that it did not.
    pub async fn pushed_credential_offers(
        &mut self,
        wallet: WalletId,
        contact: TrustedContactId,
        unconfirmed: bool,
        now: Timestamp,
    ) -> Result<i64> {
        let sql = "SELECT COUNT(*) AS count FROM credential_offers
             WHERE wallet_id = $1 AND contact_id = $2 AND unconfirmed = $3 AND state = $4 AND expires_at > $5";
        self.count(sql, values! { wallet, contact, unconfirmed, OfferState::Pending, now }).await
    }

    /// How many offers wait for a decision.
    pub async fn pending_credential_offers(&mut self, wallet: WalletId, now: Timestamp) -> Result<i64> {
        let sql = "SELECT COUNT(*) AS count FROM credential_offers
             WHERE wallet_id = $1 AND state = $2 AND expires_at > $3";
        self.count(sql, values! { wallet, OfferState::Pending, now }).await
    }

    /// What the issuer wants to see for the credentials, as it was sealed; none when it is of no more use.
    pub async fn credential_offer_code(&mut self, wallet: WalletId, id: CredentialOfferId) -> Result<Option<Vec<u8>>> {
        self.bytes::<CredentialOffer>("code", wallet, id).await
    }

    /// What asking an issuer again takes, as it was sealed.
    pub async fn deferred_credential_offer(
        &mut self,
        wallet: WalletId,
        id: CredentialOfferId,
    ) -> Result<Option<Vec<u8>>> {
        self.bytes::<CredentialOffer>("deferred", wallet, id).await
    }

    async fn insert_offer(
        &mut self,
        wallet: WalletId,
        now: Timestamp,
        new: &NewCredentialOffer,
    ) -> Result<CredentialOffer> {
        let offer = self.returning(
            "INSERT INTO credential_offers
                (id, wallet_id, credential_issuer, issuer_name, label_key, credentials, tx_code, contact_id,
                 unconfirmed, identifier_id, code, code_digest, state, credential_ids, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '[]', $14, $15)",
            values! {
                new.id, wallet, new.credential_issuer, new.issuer_name, label(new), new.credentials, new.tx_code,
                new.contact_id, new.unconfirmed, new.identifier_id, new.code, new.code_digest, OfferState::Pending,
                now, new.expires_at
            },
        );
        Ok(offer.await?.ok_or(sqlx::Error::RowNotFound)?)
    }
}

impl Tx {
    /// Puts an offer into the inbox.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when the wallet has this offer already.
    pub async fn insert_credential_offer(&mut self, offer: &NewCredentialOffer) -> Result<CredentialOffer> {
        self.conn.insert_offer(self.wallet_id(), self.at(), offer).await
    }

    /// Claims a pending offer for the one request that asks the issuer; none when it was not this one's to claim.
    /// A claim that was made until `abandoned` is nobody's any more: its server stopped meanwhile.
    pub async fn claim_credential_offer(
        &mut self,
        id: CredentialOfferId,
        identifier: Option<IdentifierId>,
        abandoned: Timestamp,
    ) -> Result<Option<CredentialOffer>> {
        self.update(
            "UPDATE credential_offers SET state = $3, claimed_at = $4, identifier_id = $5
             WHERE wallet_id = $1 AND id = $2 AND expires_at > $4
                AND (state = $6 OR (state = $3 AND claimed_at <= $7))",
            values! {
                self.wallet_id(), id, OfferState::Accepting, self.at(), identifier, OfferState::Pending, abandoned
            },
        )
        .await
    }

    /// Gives a claimed offer back, to be accepted another time, with the reason for which it was not now and the
    /// identifier that is chosen for it, if one is; none when it was not claimed.
    pub async fn release_credential_offer(
        &mut self,
        id: CredentialOfferId,
        reason: &str,
        identifier: Option<IdentifierId>,
    ) -> Result<Option<CredentialOffer>> {
        self.update(
            "UPDATE credential_offers SET state = $3, claimed_at = NULL, reason = $5, identifier_id = $6
             WHERE wallet_id = $1 AND id = $2 AND state = $4",
            values! { self.wallet_id(), id, OfferState::Pending, OfferState::Accepting, reason, identifier },
        )
        .await
    }

    /// Writes down what became of an offer that is in state `from`; its code is of no more use and leaves the disk. One
    /// that failed or was declined may come again. None when it was not in that state.
    pub async fn settle_credential_offer(
        &mut self,
        id: CredentialOfferId,
        from: OfferState,
        settled: &SettledOffer,
    ) -> Result<Option<CredentialOffer>> {
        self.erase();
        let is_over = matches!(settled.state, OfferState::Failed | OfferState::Declined);
        let deferred = settled.deferred.as_ref();
        self.update(
            "UPDATE credential_offers
             SET state = $4, reason = $5, credential_ids = $6, credentials = $7, identifier_id = $8, unconfirmed = $9,
                deferred = $10, asked_again_at = $11, expires_at = COALESCE($12, expires_at), code = NULL,
                code_digest = CASE WHEN $13 = 0 THEN code_digest END
             WHERE wallet_id = $1 AND id = $2 AND state = $3",
            values! {
                self.wallet_id(), id, from, settled.state, settled.reason, settled.credential_ids, settled.credentials,
                settled.identifier_id, settled.unconfirmed, deferred.map(|deferred| &deferred.sealed),
                deferred.map(|deferred| deferred.asked_again_at), deferred.map(|deferred| deferred.expires_at), is_over
            },
        )
        .await
    }

    /// Deletes an offer for good. Returns whether there was such an offer.
    pub async fn delete_credential_offer(&mut self, id: CredentialOfferId) -> Result<bool> {
        self.delete::<CredentialOffer>(id).await
    }
}

impl Store {
    /// Puts an offer into the inbox that anybody can have sent under a contact's name, unless `most` such offers wait
    /// there already. Not a change: a stranger writes no audit event; how many came is told once a minute.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when the wallet has this offer already.
    pub async fn keep_pushed_offer(
        &self,
        wallet: WalletId,
        contact: TrustedContactId,
        offer: &NewCredentialOffer,
        most: i64,
        now: Timestamp,
    ) -> Result<PushedOffer> {
        let mut conn = self.write().await?;
        // The row of the contact is held, so that of two that come at once each sees the other.
        let sql = "UPDATE trusted_contacts SET name = name WHERE wallet_id = $1 AND id = $2";
        if conn.execute(sql, values! { wallet, contact }).await? == 0 {
            return Ok(PushedOffer::NoContact);
        }
        if conn.pushed_credential_offers(wallet, contact, offer.unconfirmed, now).await? >= most {
            return Ok(PushedOffer::Full);
        }
        conn.insert_offer(wallet, now, offer).await?;
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
    ) -> Result<Vec<(WalletId, CredentialOfferId)>> {
        let mut conn = self.write().await?;
        let due = "SELECT id, wallet_id, asked_again_at FROM credential_offers
             WHERE asked_again_at <= $1 ORDER BY asked_again_at, id LIMIT $2";
        let due = conn.rows("credential_offers", due, values! { now, most }, |row| {
            Ok((row.get("wallet_id")?, row.get("id")?, row.get::<Timestamp>("asked_again_at")?))
        });
        let mut taken = Vec::new();
        for (wallet, id, at) in due.await? {
            let sql = "UPDATE credential_offers SET asked_again_at = $3 WHERE id = $1 AND asked_again_at = $2";
            if conn.execute(sql, values! { id, at, until }).await? == 1 {
                taken.push((wallet, id));
            }
        }
        conn.finish().await?;
        Ok(taken)
    }

    /// Has an issuer asked again later that has nothing yet. Not a change: nothing became of the offer.
    pub async fn postpone_deferred_offer(&self, wallet: WalletId, id: CredentialOfferId, at: Timestamp) -> Result<()> {
        let sql = "UPDATE credential_offers SET asked_again_at = $3
             WHERE wallet_id = $1 AND id = $2 AND asked_again_at IS NOT NULL";
        self.execute(sql, values! { wallet, id, at }).await?;
        Ok(())
    }

    /// Deletes the offers that were pushed under a contact's name, that its server never confirmed and that nobody
    /// accepted in time. Not a change: they were nobody's.
    pub async fn delete_expired_pushed_offers(&self, now: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM credential_offers WHERE expires_at <= $1 AND unconfirmed = 1 AND state = $2";
        self.erase(sql, values! { now, OfferState::Pending }).await
    }

    /// Forgets the codes of all wallets' offers that are over. Not a change: what anybody sees of them stays.
    pub async fn forget_codes_of_expired_offers(&self, now: Timestamp) -> Result<u64> {
        let sql = "UPDATE credential_offers SET code = NULL, code_digest = NULL
             WHERE expires_at <= $1 AND code IS NOT NULL";
        self.erase(sql, values! { now }).await
    }
}

/// What a search looks at.
fn label(offer: &NewCredentialOffer) -> String {
    let names = offer.credentials.iter().flat_map(|offered| [&offered.name, &offered.vct]);
    let issuer = [Some(&offer.credential_issuer), offer.issuer_name.as_ref()];
    let words: Vec<&str> = issuer.into_iter().chain(names.map(Option::as_ref)).flatten().map(String::as_str).collect();
    model::fold(&words.join(" "))
}
