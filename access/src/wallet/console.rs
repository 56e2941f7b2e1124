//! The wallet in the browser: Settings, Wallet.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::form::{Form, Labels, Sent};
use kernel::console::texts::{common, wallet as t};
use kernel::console::{Shell, parts};
use kernel::http::Parameters;
use kernel::problem::Problem;
use model::{Change, TimeZoneName, View, resource};
use serde::Deserialize;

use super::{WalletDraft, edit};

pub(super) const PATH: &str = "/settings/wallet";
const SAVED: &str = "/settings/wallet?notice=saved";

const LABELS: Labels = &[("name", t::NAME), ("time_zone", t::TIME_ZONE)];

/// What was done just before the page is shown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    notice: Option<Notice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Notice {
    Saved,
}

#[derive(Template)]
#[template(path = "wallet/settings.html")]
struct Settings<'a> {
    form: &'a Form,
    saved: bool,
    may_change: bool,
    time_zones: Vec<String>,
}

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(PATH, get(show).post(send))
}

async fn show(
    allow: Allow<View<resource::Wallet>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<PageQuery>,
) -> Result<Response, Problem> {
    let shell = Shell::open(&app, allow.0).await?;
    let mut form = Form::fresh(LABELS);
    form.fill(&WalletDraft::from(&shell.wallet));
    shell.page(PATH, &Settings::new(&form, &shell, matches!(query.notice, Some(Notice::Saved))))
}

async fn send(
    allow: Allow<Change<resource::Wallet>>,
    State(app): State<Arc<App>>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(patch) = form.patch::<WalletDraft>()
        && form.accept(edit(&app, &allow.0, &patch).await)?.is_some()
    {
        return Ok(Redirect::to(SAVED).into_response());
    }
    let shell = Shell::open(&app, allow.0).await?;
    shell.refused_page(PATH, &Settings::new(&form, &shell, false))
}

impl<'a> Settings<'a> {
    fn new(form: &'a Form, shell: &Shell, saved: bool) -> Self {
        let may_change = shell.may::<Change<resource::Wallet>>();
        Self { form, saved, may_change, time_zones: TimeZoneName::available() }
    }
}
