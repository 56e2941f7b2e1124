//! What external systems sent, day by day: written in batches, beside the revisions, because using is not changing.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{DailyUsage, ExternalSystemId, WalletId};

use crate::database::Conn;
use crate::{Store, StoreError, column};

/// What was counted of one external system since it was last written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewUsage {
    /// Whose.
    pub system_id: ExternalSystemId,
    /// Its wallet.
    pub wallet_id: WalletId,
    /// The day to which it is added, on the wallet's calendar.
    pub day: Date,
    /// Requests, the refused ones among them.
    pub requests: u64,
    /// Requests that were refused.
    pub refusals: u64,
    /// When it was last admitted.
    pub last_used_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    day: String,
    requests: i64,
    refusals: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<Row> for DailyUsage {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            day: column::parse("daily_usage.day", &row.day)?,
            requests: row.requests.try_into().unwrap_or(0),
            refusals: row.refusals.try_into().unwrap_or(0),
            last_used_at: column::time_or_none("daily_usage.last_used_at", row.last_used_at)?,
        })
    }
}

impl Conn {
    /// The days on which a system of this wallet sent anything, from a day on, in order.
    pub async fn usage(
        &mut self,
        wallet: WalletId,
        system: ExternalSystemId,
        from: Date,
    ) -> Result<Vec<DailyUsage>, StoreError> {
        fetch_all!(
            self,
            Row,
            "SELECT day, requests, refusals, last_used_at FROM daily_usage
             WHERE wallet_id = $1 AND system_id = $2 AND day >= $3 ORDER BY day",
            wallet.to_string(),
            system.to_string(),
            from.to_string(),
        )?
        .into_iter()
        .map(DailyUsage::try_from)
        .collect()
    }
}

impl Store {
    /// Adds what was counted. An earlier last use never overwrites a later one.
    pub async fn add_usage(&self, counted: &[NewUsage]) -> Result<(), StoreError> {
        let mut conn = self.write().await?;
        for new in counted {
            let (system, at) = (new.system_id.to_string(), new.last_used_at.map(Timestamp::as_millisecond));
            if at.is_some() {
                execute!(
                    conn,
                    "UPDATE external_systems SET last_used_at = $2 WHERE id = $1 AND COALESCE(last_used_at, 0) < $2",
                    system.as_str(),
                    at,
                )?;
            }
            execute!(
                conn,
                "INSERT INTO daily_usage (system_id, wallet_id, day, requests, refusals, last_used_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (system_id, day) DO UPDATE SET
                    requests = daily_usage.requests + excluded.requests,
                    refusals = daily_usage.refusals + excluded.refusals,
                    last_used_at = CASE WHEN COALESCE(excluded.last_used_at, 0) > COALESCE(daily_usage.last_used_at, 0)
                        THEN excluded.last_used_at ELSE daily_usage.last_used_at END",
                system.as_str(),
                new.wallet_id.to_string(),
                new.day.to_string(),
                i64::try_from(new.requests).unwrap_or(i64::MAX),
                i64::try_from(new.refusals).unwrap_or(i64::MAX),
                at,
            )?;
        }
        conn.finish().await
    }

    /// Forgets what was counted on days before this one, of all wallets. Not a change: nobody can see it.
    pub async fn forget_usage(&self, before: Date) -> Result<u64, StoreError> {
        let mut conn = self.write().await?;
        let rows = execute!(conn, "DELETE FROM daily_usage WHERE day < $1", before.to_string())?;
        conn.finish().await?;
        Ok(rows)
    }
}
