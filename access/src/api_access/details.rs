//! The details of one external system: what it is, what it may do, and what it was used for.

use askama::Template;
use jiff::Timestamp;
use kernel::console::parts::{self, Chips, chips_in_full};
use kernel::console::texts::api_access as t;
use kernel::console::texts::common;
use kernel::console::when;
use model::{ExternalSystem, Wallet};

use super::Usage;
use super::chart::Chart;
use super::expiry::Expiry;

/// How many days of usage are shown.
pub(super) const DAYS: u32 = 30;

/// The dialog.
#[derive(Template)]
#[template(path = "api_access/details.html")]
pub(super) struct Details<'a> {
    system: &'a ExternalSystem,
    expiry: Expiry,
    roles: Chips,
    limit: String,
    created: String,
    last_used: String,
    usage: &'a Usage,
    /// None when nothing came on any of the days.
    chart: Option<Chart>,
    links: Links,
}

/// Where the dialog leads.
pub(super) struct Links {
    pub(super) back: String,
    /// For those who may change it.
    pub(super) edit_and_delete: Option<(String, String)>,
}

/// A day on which something came.
struct Day {
    date: String,
    requests: String,
    refusals: String,
}

impl<'a> Details<'a> {
    /// Of one system at this instant. `key_rate` is how many requests a minute everybody may send.
    pub(super) fn new(
        system: &'a ExternalSystem,
        usage: &'a Usage,
        wallet: &Wallet,
        now: Timestamp,
        key_rate: u32,
        links: Links,
    ) -> Self {
        let zone = &wallet.time_zone;
        Self {
            system,
            expiry: Expiry::new(system, wallet, now),
            roles: chips_in_full(system.permissions),
            limit: t::limit(system.requests_per_minute.map(|limit| limit.get().get()), key_rate),
            created: t::created(&when::instant(system.created_at, zone), &system.created_by.name),
            last_used: when::ago(usage.last_used_at, now, zone),
            usage,
            chart: Chart::new(usage),
            links,
        }
    }

    /// The days on which something came, today first.
    fn days(&self) -> impl Iterator<Item = Day> {
        self.usage.days.iter().rev().filter(|day| day.requests > 0).map(|day| Day {
            date: when::date(day.day),
            requests: t::count(day.requests),
            refusals: t::count(day.refusals),
        })
    }
}
