//! The audit log in the browser: Records, Audit log.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::list_view::{Choice, ListView};
use kernel::console::pager::{PageRequest, address};
use kernel::console::parts::{self, Heading, Hint};
use kernel::console::texts::{audit_log as t, common};
use kernel::console::{Shell, when};
use kernel::http::Parameters;
use kernel::problem::Problem;
use model::resource::AuditLog;
use model::{Action, ActorKind, Event, View, Wallet};
use serde::{Deserialize, Serialize};
use store::AuditFilter;

use super::api::Sort;
use super::details::{self, Detail};
use super::list;

pub(super) const PATH: &str = "/audit-log";

/// What of the log is shown.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    /// The name of an action; empty for all.
    #[serde(skip_serializing_if = "String::is_empty")]
    action: String,
    #[serde(skip_serializing_if = "is_newest")]
    sort: Sort,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
}

#[derive(Template)]
#[template(path = "audit_log/list.html")]
struct Log {
    lead: String,
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    at: Hint,
    actor_icon: &'static str,
    actor_kind: &'static str,
    actor: String,
    action: String,
    target: String,
    details: Vec<Detail>,
}

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(PATH, get(show))
}

async fn show(
    allow: Allow<View<AuditLog>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let request = PageRequest::new(PATH, &query, (&query.cursor, &query.before));
    let page = request.list(&query.q, ((), query.sort == Sort::Newest), false)?;
    let page = list(&app, &allow.0, &query.filter()?, &page).await?;
    let at = |cursor, before| ListQuery { cursor, before, ..query.clone() }.address();
    let (events, pages) = request.pages(page, t::EVENTS, at);
    let shell = Shell::open(&app, allow.0).await?;
    let rows: Vec<Row> = events.into_iter().map(|event| Row::new(event, &shell.wallet)).collect();
    let list = ListView {
        label: t::EVENTS,
        id: "audit",
        search_help: t::SEARCH_HELP,
        choice: Some(Choice {
            name: "action",
            label: t::ACTION,
            any: Some(t::ALL),
            options: actions(),
            chosen: query.action.clone(),
        }),
        heading: Some(query.heading()),
        ..ListView::plain(&t::LIST, PATH, (&query.q, query.is_filtered()), rows.is_empty(), pages)
    };
    shell.page(PATH, &Log { lead: t::lead(shell.wallet.time_zone.as_str()), list, rows })
}

/// Every action by its name and in words, in the order of the words.
fn actions() -> Vec<(&'static str, &'static str)> {
    let mut actions: Vec<_> = Action::ALL.iter().map(|action| (action.name(), action.label())).collect();
    actions.sort_by_key(|(_, words)| *words);
    actions
}

impl ListQuery {
    fn filter(&self) -> Result<AuditFilter, Problem> {
        match self.action.as_str() {
            "" => Ok(AuditFilter::default()),
            action if Action::from_name(action).is_some() => {
                Ok(AuditFilter { action: Some(action.to_owned()), ..AuditFilter::default() })
            }
            _ => Err(Problem::field("action", "invalid", "must be the name of an action")),
        }
    }

    fn heading(&self) -> Heading {
        let sort = if self.sort == Sort::Newest { Sort::Oldest } else { Sort::Newest };
        let url = Self { sort, cursor: String::new(), before: String::new(), ..self.clone() }.address();
        Heading { label: t::WHEN, url, descending: Some(self.sort == Sort::Newest) }
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || !self.action.is_empty()
    }

    fn address(&self) -> String {
        address(PATH, self)
    }
}

impl Row {
    fn new(event: Event, wallet: &Wallet) -> Self {
        let action = Action::from_name(&event.action);
        let at = Hint {
            id: format!("at-{}", event.id),
            text: when::date_and_seconds(event.at, &wallet.time_zone),
            datetime: when::datetime(event.at, &wallet.time_zone),
            tip: event.request_id.map_or_else(|| when::instant(event.at, &wallet.time_zone), |id| t::request(&id)),
        };
        Self {
            at,
            actor_icon: match event.actor.kind {
                ActorKind::User => "user",
                ActorKind::ApiKey | ActorKind::OauthClient => "key",
                ActorKind::Operator | ActorKind::Server => "settings",
            },
            actor_kind: t::actor(event.actor.kind),
            actor: event.actor.name,
            action: action.map_or(event.action.clone(), |action| action.label().to_owned()),
            target: event.target.name,
            details: details::of(&event.detail),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_newest(sort: &Sort) -> bool {
    *sort == Sort::Newest
}
