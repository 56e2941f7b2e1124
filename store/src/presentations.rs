//! Requests of verifiers and their answers. A request is answered once: it is claimed, the verifier is told while no
//! transaction is open, and then it is settled.

use jiff::Timestamp;
use model::{Disclosed, Presentation, PresentationId, PresentationState, WalletId};
use serde_json::{Value, json};

use crate::database::Conn;
use crate::{Cursor, CursorValue, List, Page, Store, StoreError, Tx, column};

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

/// Which requests a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum PresentationFilter {
    /// All.
    #[default]
    All,
    /// In this state, and not over before a decision.
    In(PresentationState),
    /// Over before a decision.
    Expired,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wallet_id: String,
    verifier: String,
    verifier_name: Option<String>,
    query: String,
    response_uri: String,
    state: String,
    reason: Option<String>,
    disclosed: String,
    redirect_uri: Option<String>,
    created_at: i64,
    expires_at: i64,
}

#[derive(sqlx::FromRow)]
struct Answer {
    answer: Option<Vec<u8>>,
}

const COLUMNS: &str = "id, wallet_id, verifier, verifier_name, query, response_uri, state, reason, disclosed,
        redirect_uri, created_at, expires_at";

impl TryFrom<Row> for Presentation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: column::parse("presentations.id", &row.id)?,
            wallet_id: column::parse("presentations.wallet_id", &row.wallet_id)?,
            verifier: row.verifier,
            verifier_name: row.verifier_name,
            query: column::json("presentations.query", &row.query)?,
            response_uri: row.response_uri,
            state: PresentationState::from_name(&row.state)
                .ok_or(StoreError::Unreadable { column: "presentations.state" })?,
            reason: row.reason,
            disclosed: column::json("presentations.disclosed", &row.disclosed)?,
            redirect_uri: row.redirect_uri,
            created_at: column::time("presentations.created_at", row.created_at)?,
            expires_at: column::time("presentations.expires_at", row.expires_at)?,
        })
    }
}

impl PresentationFilter {
    /// The state, and whether the request must be over (1) or must not be (0).
    fn columns(self) -> (Option<&'static str>, Option<i64>) {
        match self {
            Self::All => (None, None),
            Self::In(state @ PresentationState::Pending) => (Some(state.name()), Some(0)),
            Self::In(state) => (Some(state.name()), None),
            Self::Expired => (Some(PresentationState::Pending.name()), Some(1)),
        }
    }
}

impl Conn {
    /// A request.
    pub async fn presentation(
        &mut self,
        wallet: WalletId,
        id: PresentationId,
    ) -> Result<Option<Presentation>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM presentations WHERE wallet_id = $1 AND id = $2");
        fetch_optional!(self, Row, sqlx::AssertSqlSafe(sql), wallet.to_string(), id.to_string())?
            .map(Presentation::try_from)
            .transpose()
    }

    /// A page of the requests, by the time of their coming. `q` searches the names of verifiers.
    pub async fn presentations(
        &mut self,
        wallet: WalletId,
        filter: PresentationFilter,
        now: Timestamp,
        list: &List<()>,
    ) -> Result<Page<Presentation>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM presentations WHERE wallet_id = $1 AND ($2 IS NULL OR state = $2)
                AND ($3 IS NULL OR $3 = CASE WHEN expires_at <= $4 THEN 1 ELSE 0 END)
                AND ($5 IS NULL OR label_key LIKE $5 ESCAPE '\\'){}",
            list.tail("created_at", "id", 6)
        );
        let (state, over) = filter.columns();
        let (wallet, now) = (wallet.to_string(), now.as_millisecond());
        let rows = fetch_page!(self, Row, sql, &list.after, wallet, state, over, now, list.pattern())?;
        let cursor = |row: &Row| Cursor { value: CursorValue::Number(row.created_at), id: row.id.clone() };
        Page::of(list.limit, rows, cursor, Presentation::try_from)
    }

    /// Requests of all wallets that were claimed at or before this instant and never settled, at most `limit`. Across
    /// wallets: the server cleans up for all of them.
    pub async fn abandoned_presentations(
        &mut self,
        claimed_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Presentation>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM presentations WHERE state = 'sending' AND claimed_at <= $1
             ORDER BY claimed_at LIMIT {limit}"
        );
        let rows = fetch_all!(self, Row, sqlx::AssertSqlSafe(sql), claimed_until.as_millisecond())?;
        rows.into_iter().map(Presentation::try_from).collect()
    }

    /// What the answer needs of the request, as it was sealed; none when it is of no more use.
    pub async fn presentation_answer(
        &mut self,
        wallet: WalletId,
        id: PresentationId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT answer FROM presentations WHERE wallet_id = $1 AND id = $2";
        let row = fetch_optional!(self, Answer, sql, wallet.to_string(), id.to_string())?;
        Ok(row.and_then(|row| row.answer))
    }
}

impl Tx {
    /// Takes a request in.
    ///
    /// # Errors
    ///
    /// [`StoreError::Taken`] when the wallet has this request already.
    pub async fn insert_presentation(&mut self, presentation: &NewPresentation) -> Result<(), StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let label = format!("{} {}", presentation.verifier, presentation.verifier_name.as_deref().unwrap_or_default());
        execute!(
            self.conn,
            "INSERT INTO presentations
                (id, wallet_id, verifier, verifier_name, label_key, query, response_uri, answer, nonce_digest, state,
                 disclosed, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', $11, $12)",
            presentation.id.to_string(),
            wallet,
            presentation.verifier.as_str(),
            presentation.verifier_name.as_deref(),
            model::fold(&label),
            presentation.query.to_string(),
            presentation.response_uri.as_str(),
            presentation.answer.as_slice(),
            presentation.nonce_digest.as_slice(),
            PresentationState::Pending.name(),
            now,
            presentation.expires_at.as_millisecond(),
        )
        .map_err(StoreError::unique)?;
        Ok(())
    }

    /// Claims a pending request for the one answer that it gets, which discloses this. Returns whether it was this
    /// one's to claim. There is no second try: whether an answer that broke off arrived is not known.
    pub async fn claim_presentation(
        &mut self,
        id: PresentationId,
        disclosed: &[Disclosed],
    ) -> Result<bool, StoreError> {
        let (wallet, now) = (self.wallet_id().to_string(), self.now());
        let sql = "UPDATE presentations SET state = $3, claimed_at = $4, disclosed = $6
             WHERE wallet_id = $1 AND id = $2 AND state = $5 AND expires_at > $4";
        let (to, from) = (PresentationState::Sending.name(), PresentationState::Pending.name());
        let disclosed = json!(disclosed).to_string();
        Ok(execute!(self.conn, sql, wallet, id.to_string(), to, now, from, disclosed)? == 1)
    }

    /// Ends a claimed request; what the answer needed of it leaves the disk. Returns whether it was claimed.
    pub async fn settle_presentation(
        &mut self,
        id: PresentationId,
        settled: &SettledPresentation,
    ) -> Result<bool, StoreError> {
        self.erase();
        let wallet = self.wallet_id().to_string();
        let rows = execute!(
            self.conn,
            "UPDATE presentations SET state = $4, reason = $5, disclosed = $6, redirect_uri = $7, answer = NULL
             WHERE wallet_id = $1 AND id = $2 AND state = $3",
            wallet,
            id.to_string(),
            PresentationState::Sending.name(),
            settled.state.name(),
            settled.reason.as_deref(),
            json!(settled.disclosed).to_string(),
            settled.redirect_uri.as_deref(),
        )?;
        Ok(rows == 1)
    }

    /// Deletes a request for good. Returns whether there was such a request.
    pub async fn delete_presentation(&mut self, id: PresentationId) -> Result<bool, StoreError> {
        self.erase();
        let wallet = self.wallet_id().to_string();
        let sql = "DELETE FROM presentations WHERE wallet_id = $1 AND id = $2";
        Ok(execute!(self.conn, sql, wallet, id.to_string())? == 1)
    }
}

impl Store {
    /// Forgets what the answers to all wallets' requests that are over would have needed. Not a change: what anybody
    /// sees of them stays.
    pub async fn forget_answers_of_expired_presentations(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut conn = self.write().await?;
        let sql = "UPDATE presentations SET answer = NULL WHERE expires_at <= $1 AND answer IS NOT NULL";
        let rows = execute!(conn, sql, now.as_millisecond())?;
        conn.finish().await?;
        if rows > 0 {
            self.empty_log().await;
        }
        Ok(rows)
    }
}
