//! What external systems send, counted by the gate in memory: how it gets into the database, and how it is looked at.

use std::collections::BTreeMap;

use gate::{KeyId, Used};
use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan as _};
use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::{Code, Problem};
use model::{DailyUsage, ExternalSystem, ExternalSystemId, SystemKind, TimeZoneName, local_date};
use store::{NewUsage, StoreError};
use tokio::sync::Mutex;

/// How many days can be looked at, today among them.
pub const MAX_DAYS: u32 = 366;
/// How long what was counted on a day is kept, in days: the longest look, and a month to look at it.
const RETENTION_DAYS: i64 = 400;

/// Of how many systems usage is written at a time.
const BATCH: usize = 10_000;

/// What one system sent on the last days of its wallet's calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Usage {
    /// Every day of them, also those on which nothing came; today is the last one.
    pub days: Vec<DailyUsage>,
    /// Requests on all of them, the refused ones among them.
    pub requests: u64,
    /// Requests that were refused.
    pub refusals: u64,
    /// When it was last admitted, on whatever day.
    pub last_used_at: Option<Timestamp>,
}

/// What was taken from the gate and is not written yet; what could not be written is kept for the next time. In order,
/// so that servers that write at the same time lock rows in the same order.
#[derive(Default)]
pub(crate) struct Unwritten(Mutex<BTreeMap<(ExternalSystemId, Date), NewUsage>>);

/// One external system with what it sent on the last so many days (1 to [`MAX_DAYS`]), exactly: also what is not
/// written yet.
///
/// # Errors
///
/// No such one (404), a number of days that is out of range (422).
pub async fn usage(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    id: ExternalSystemId,
    days: u32,
) -> Result<(ExternalSystem, Usage), Problem> {
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Problem::field("days", "invalid", format!("must be from 1 to {MAX_DAYS}")));
    }
    // Nothing is written while this is held, so nothing is counted twice.
    let unwritten = app.memory.of::<Unwritten>();
    let mut unwritten = unwritten.0.lock().await;
    let mut read = app.store.read().await?;
    let system = read.external_system(caller.wallet_id, kind, id).await?.ok_or(Code::NotFound)?;
    let zone = app.wallets.pin().get(&caller.wallet_id).map(|wallet| wallet.time_zone.clone()).ok_or(Code::NotFound)?;
    let today = local_date(app.clock.now(), &zone);
    let first = today.saturating_sub(Span::new().days(i64::from(days) - 1));
    let stored = read.usage(caller.wallet_id, id, first).await?;
    if let Some(used) = KeyId::parse(&system.key_id).and_then(|key_id| app.gate.take_used_of(kind, &key_id)) {
        add(app, &mut unwritten, [used]);
    }

    let mut by_day: BTreeMap<Date, DailyUsage> = stored.into_iter().map(|day| (day.day, day)).collect();
    for new in unwritten.range((id, first)..=(id, today)).map(|(_, new)| new) {
        let day = by_day.entry(new.day).or_insert(nothing(new.day));
        day.requests += new.requests;
        day.refusals += new.refusals;
        day.last_used_at = day.last_used_at.max(new.last_used_at);
    }
    // A refused request brings the last use along, of whatever day it was.
    let on = |day, at: &Timestamp| local_date(*at, &zone) == day;
    let days: Vec<_> = first
        .series(1.day())
        .take_while(|day| *day <= today)
        .map(|day| by_day.remove(&day).unwrap_or(nothing(day)))
        .map(|usage| DailyUsage { last_used_at: usage.last_used_at.filter(|at| on(usage.day, at)), ..usage })
        .collect();
    let system = super::live(app, system);
    let usage = Usage {
        requests: days.iter().map(|day| day.requests).sum(),
        refusals: days.iter().map(|day| day.refusals).sum(),
        last_used_at: system.last_used_at,
        days,
    };
    Ok((system, usage))
}

/// Forgets what was counted long ago.
pub async fn clean(app: &App) -> Result<(), Problem> {
    // Of whatever wallet: the calendars of two are a day apart at most.
    let today = local_date(app.clock.now(), &TimeZoneName::utc());
    app.store.forget_usage(today.saturating_sub(RETENTION_DAYS.days())).await?;
    Ok(())
}

/// Writes all that was counted since it was last written.
pub async fn flush_usage(app: &App) -> Result<(), StoreError> {
    while flush_some_usage(app).await? {}
    Ok(())
}

/// Writes what was counted of some keys, so that many in use at once cost the database no more than it can bear;
/// whether others are left.
pub async fn flush_some_usage(app: &App) -> Result<bool, StoreError> {
    let unwritten = app.memory.of::<Unwritten>();
    let mut unwritten = unwritten.0.lock().await;
    let (used, are_left) = app.gate.take_used(BATCH);
    add(app, &mut unwritten, used);
    if !unwritten.is_empty() {
        let counted: Vec<_> = unwritten.values().cloned().collect();
        app.store.add_usage(&counted).await?;
        unwritten.clear();
    }
    Ok(are_left)
}

/// Adds what was taken from the gate, for the day that it is in each wallet now.
fn add(app: &App, unwritten: &mut BTreeMap<(ExternalSystemId, Date), NewUsage>, used: impl IntoIterator<Item = Used>) {
    let now = app.clock.now();
    let wallets = app.wallets.pin();
    for used in used {
        let Some(wallet) = wallets.get(&used.wallet) else { continue };
        let day = local_date(now, &wallet.time_zone);
        let new = unwritten.entry((used.id, day)).or_insert(NewUsage {
            system_id: used.id,
            wallet_id: used.wallet,
            day,
            requests: 0,
            refusals: 0,
            last_used_at: None,
        });
        new.requests += used.counts.requests;
        new.refusals += used.counts.refusals;
        new.last_used_at = used.last_used_at.and_then(|at| Timestamp::from_millisecond(at).ok());
    }
}

const fn nothing(day: Date) -> DailyUsage {
    DailyUsage { day, requests: 0, refusals: 0, last_used_at: None }
}
