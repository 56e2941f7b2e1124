//! Requests of verifiers and their answers. A request is answered once: it is claimed, the verifier is told while no
//! transaction is open, and then it is settled.

use jiff::Timestamp;
use model::{Disclosed, Presentation, PresentationId, PresentationState, WalletId};
use serde_json::Value;

use crate::record::{Listing, Sort};
use crate::{Conn, List, Page, Result, Store, Tx};

/// A request that has come.
#[derive(Clone)]
pub struct NewPresentation {
    /// Its id.
    pub id: PresentationId,
    /// The DID that signed it.
    pub verifier: String,
    /// What the verifier calls itself.
    pub verifier_name: Option<String>,
    /// What is asked, in DCQL.
    pub query: Value,
    /// Where the answer goes.
    pub response_uri: String,
    /// What else the answer needs of it, sealed.
    pub answer: Vec<u8>,
    /// A keyed digest of verifier and nonce, by which a wallet knows the request again.
    pub nonce_digest: Vec<u8>,
    /// It can be answered while now is before this.
    pub expires_at: Timestamp,
}

/// How a request ends.
#[derive(Clone, Debug)]
pub struct SettledPresentation {
    /// Its last state.
    pub state: PresentationState,
    /// Why it failed.
    pub reason: Option<String>,
    /// What was presented.
    pub disclosed: Vec<Disclosed>,
    /// Where the verifier sends whoever presented.
    pub redirect_uri: Option<String>,
}

record! {
    /// A request.
    fn presentation(PresentationId) -> Presentation in "presentations" {
        id, wallet_id, verifier, verifier_name, query, response_uri, state, reason, disclosed, redirect_uri, created_at,
        expires_at,
    }
}

impl Conn {
    /// A page of the requests, by the time of their coming; with a state only those that are in it at `now`. `q`
    /// searches the names of verifiers.
    pub async fn presentations(
        &mut self,
        wallet: WalletId,
        state: Option<PresentationState>,
        now: Timestamp,
        list: &List<()>,
    ) -> Result<Page<Presentation>> {
        let by = Listing {
            search: &["label_key"],
            sort: Sort::Number("created_at"),
            filter: concat!("AND ($2 IS NULL OR $2 = ", status_at!("state", "'pending'", "$3"), ")"),
            values: values! { state, now },
        };
        self.page(wallet, list, by).await
    }

    /// Requests of all wallets that were claimed at or before this instant and never settled, at most `limit`. Across
    /// wallets: the server cleans up for all of them.
    pub async fn abandoned_presentations(&mut self, until: Timestamp, limit: u32) -> Result<Vec<Presentation>> {
        let rest = "WHERE state = 'sending' AND claimed_at <= $1 ORDER BY claimed_at LIMIT $2";
        self.of_all_wallets(rest, values! { until, limit }).await
    }

    /// What the answer needs of the request, as it was sealed; none when it is of no more use.
    pub async fn presentation_answer(&mut self, wallet: WalletId, id: PresentationId) -> Result<Option<Vec<u8>>> {
        self.bytes::<Presentation>("answer", wallet, id).await
    }
}

impl Tx {
    /// Takes a request in.
    ///
    /// # Errors
    ///
    /// [`Taken`](crate::StoreError::Taken) when the wallet has this request already.
    pub async fn insert_presentation(&mut self, new: &NewPresentation) -> Result<Presentation> {
        let label = format!("{} {}", new.verifier, new.verifier_name.as_deref().unwrap_or_default());
        self.insert(
            "INSERT INTO presentations
                (wallet_id, id, verifier, verifier_name, label_key, query, response_uri, answer, nonce_digest, state,
                 disclosed, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', $11, $12)",
            values! {
                self.wallet_id(), new.id, new.verifier, new.verifier_name, model::fold(&label), new.query,
                new.response_uri, new.answer, new.nonce_digest, PresentationState::Pending, self.at(), new.expires_at
            },
        )
        .await
    }

    /// Claims a pending request for the one answer that it gets, which discloses this. Returns whether it was this
    /// one's to claim. There is no second try: whether an answer that broke off arrived is not known.
    pub async fn claim_presentation(&mut self, id: PresentationId, disclosed: &[Disclosed]) -> Result<bool> {
        let (from, to) = (PresentationState::Pending, PresentationState::Sending);
        self.change(
            "UPDATE presentations SET state = $3, claimed_at = $4, disclosed = $6
             WHERE wallet_id = $1 AND id = $2 AND state = $5 AND expires_at > $4",
            values! { self.wallet_id(), id, to, self.at(), from, disclosed },
        )
        .await
    }

    /// Ends a claimed request; what the answer needed of it leaves the disk. None when it was not claimed.
    pub async fn settle_presentation(
        &mut self,
        id: PresentationId,
        settled: &SettledPresentation,
    ) -> Result<Option<Presentation>> {
        self.erase();
        self.update(
            "UPDATE presentations SET state = $4, reason = $5, disclosed = $6, redirect_uri = $7, answer = NULL
             WHERE wallet_id = $1 AND id = $2 AND state = $3",
            values! {
                self.wallet_id(), id, PresentationState::Sending, settled.state, settled.reason, settled.disclosed,
                settled.redirect_uri
            },
        )
        .await
    }

    /// Deletes a request for good. Returns whether there was such a request.
    pub async fn delete_presentation(&mut self, id: PresentationId) -> Result<bool> {
        self.delete::<Presentation>(id).await
    }
}

impl Store {
    /// Forgets what the answers to all wallets' requests that are over would have needed. Not a change: what anybody
    /// sees of them stays.
    pub async fn forget_answers_of_expired_presentations(&self, now: Timestamp) -> Result<u64> {
        let sql = "UPDATE presentations SET answer = NULL WHERE expires_at <= $1 AND answer IS NOT NULL";
        self.erase(sql, values! { now }).await
    }
}
