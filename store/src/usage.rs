//! Usage of external systems by day, written in batches and without a revision, because use is no change.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use model::{DailyUsage, ExternalSystemId, WalletId};
use sqlx::QueryBuilder;

use crate::{Conn, Result, Store};

/// How many rows one statement writes. Each has six parameters, of which SQLite takes 32,766 a statement. It is not kept
/// prepared: the next one has another number of rows, and a hundred of them would take megabytes.
const ROWS: usize = 1000;

/// The usage of one external system since it was last written.
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

record! {
    DailyUsage in "daily_usage" { day, requests, refusals, last_used_at }
}

impl Conn {
    /// The days on which a system of this wallet sent anything, from a day on, in order.
    pub async fn usage(&mut self, wallet: WalletId, system: ExternalSystemId, from: Date) -> Result<Vec<DailyUsage>> {
        self.all(wallet, "AND system_id = $2 AND day >= $3 ORDER BY day", values! { system, from }).await
    }

    async fn add_requests(&mut self, rows: &[NewUsage]) -> Result<()> {
        with!(self, |c| {
            let mut statement = QueryBuilder::new(
                "INSERT INTO daily_usage (system_id, wallet_id, day, requests, refusals, last_used_at) ",
            );
            statement.push_values(rows, |mut row, new| {
                row.push_bind(new.system_id.to_string())
                    .push_bind(new.wallet_id.to_string())
                    .push_bind(new.day.to_string())
                    .push_bind(i64::try_from(new.requests).unwrap_or(i64::MAX))
                    .push_bind(i64::try_from(new.refusals).unwrap_or(i64::MAX))
                    .push_bind(new.last_used_at.map(Timestamp::as_millisecond));
            });
            statement.push(
                " ON CONFLICT (system_id, day) DO UPDATE SET
                    requests = daily_usage.requests + excluded.requests,
                    refusals = daily_usage.refusals + excluded.refusals,
                    last_used_at = CASE WHEN COALESCE(excluded.last_used_at, 0) > COALESCE(daily_usage.last_used_at, 0)
                        THEN excluded.last_used_at ELSE daily_usage.last_used_at END",
            );
            statement.build().persistent(false).execute(&mut **c).await?;
        });
        Ok(())
    }

    async fn move_last_uses(&mut self, rows: &[(ExternalSystemId, Timestamp)]) -> Result<()> {
        with!(self, |c| {
            let mut statement = QueryBuilder::new("WITH used (id, last_used_at) AS (");
            statement.push_values(rows, |mut row, (id, at)| {
                row.push_bind(id.to_string()).push_bind(at.as_millisecond());
            });
            statement.push(
                ") UPDATE external_systems SET last_used_at = used.last_used_at FROM used
                 WHERE external_systems.id = used.id
                   AND COALESCE(external_systems.last_used_at, 0) < used.last_used_at",
            );
            statement.build().persistent(false).execute(&mut **c).await?;
        });
        Ok(())
    }
}

impl Store {
    /// Adds usage, with at most one entry for each system and day. An earlier last use never overwrites a later one.
    ///
    /// Servers that write at the same time never wait for each other in a circle, where they write in the same order:
    /// who adds to a row that another one has added to waits before it comes to the last uses.
    pub async fn add_usage(&self, counted: &[NewUsage]) -> Result<()> {
        let mut conn = self.write().await?;
        for rows in counted.chunks(ROWS) {
            conn.add_requests(rows).await?;
        }
        // Of each system the latest: a statement that finds two for one row takes any of them.
        let mut used = BTreeMap::new();
        for (id, at) in counted.iter().filter_map(|new| Some((new.system_id, new.last_used_at?))) {
            used.entry(id).and_modify(|latest: &mut Timestamp| *latest = at.max(*latest)).or_insert(at);
        }
        let used: Vec<_> = used.into_iter().collect();
        for rows in used.chunks(ROWS) {
            conn.move_last_uses(rows).await?;
        }
        conn.finish().await
    }

    /// Deletes the usage of all wallets on days before this one. No change with an event: the API shows no such days.
    pub async fn forget_usage(&self, before: Date) -> Result<u64> {
        self.execute("DELETE FROM daily_usage WHERE day < $1", values! { before }).await
    }
}
