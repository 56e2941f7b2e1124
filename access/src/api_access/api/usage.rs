//! What an API key or an OAuth client was used for, as JSON.

use axum::Json;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::problem::Problem;
use model::{DailyUsage, ExternalSystemId, SystemKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api_access::{Usage, usage};

/// How many days are told when nobody says it.
const DAYS: u32 = 30;

/// What both kinds say of their operation.
pub(super) const DESCRIPTION: &str = "Exactly what came before this request, counted on whole days of the wallet's \
                                      calendar; those of a few seconds around midnight may stand on the day after. \
                                      Requests are counted in memory and written every few seconds, so those of \
                                      the last seconds are lost when the server is killed. What is older than 400 \
                                      days is forgotten.";

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ViewUsage {
    /// How many days, today among them: 1 to 366; 30 when it is left out.
    #[schemars(range(min = 1, max = 366))]
    days: Option<u32>,
}

/// What one external system sent on the last days.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Usage")]
pub(super) struct UsageBody {
    /// How many requests it sent on these days, the refused ones among them.
    requests: u64,
    /// How many of them were refused although the secret was proven: it had expired, it has not the permission, or
    /// its limit was reached.
    refusals: u64,
    /// When it was last admitted, on whatever day.
    #[schemars(with = "Option<model::schema::DateTime>")]
    last_used_at: Option<Timestamp>,
    /// Every day, also those on which nothing came; today is the last one.
    days: Vec<DayBody>,
}

/// What came on one day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DailyUsage")]
struct DayBody {
    /// On the wallet's calendar.
    #[schemars(with = "model::schema::Date")]
    date: Date,
    requests: u64,
    refusals: u64,
    /// When it was last admitted on this day.
    #[schemars(with = "Option<model::schema::DateTime>")]
    last_used_at: Option<Timestamp>,
}

pub(super) async fn view(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    id: ExternalSystemId,
    asked: ViewUsage,
) -> Result<Json<UsageBody>, Problem> {
    let (_, usage) = usage(app, caller, kind, id, asked.days.unwrap_or(DAYS)).await?;
    Ok(Json(usage.into()))
}

impl From<Usage> for UsageBody {
    fn from(usage: Usage) -> Self {
        let Usage { days, requests, refusals, last_used_at } = usage;
        Self { requests, refusals, last_used_at, days: days.into_iter().map(DayBody::from).collect() }
    }
}

impl From<DailyUsage> for DayBody {
    fn from(usage: DailyUsage) -> Self {
        let DailyUsage { day, requests, refusals, last_used_at } = usage;
        Self { date: day, requests, refusals, last_used_at }
    }
}
