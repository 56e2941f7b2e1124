//! The wallet in the browser: Settings, Wallet.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::{Change, TimeZoneName, View, resource};
use serde::Deserialize;

use super::{Edit, edit};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::form::{Form, Labels, Typed};
use crate::kernel::console::texts::{common, wallet as t};
use crate::kernel::console::{Shell, parts};
use crate::kernel::http::Parameters;
use crate::kernel::problem::Problem;

const PATH: &str = "/settings/wallet";
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
    name: &'a str,
    time_zone: &'a str,
    time_zones: Vec<String>,
}

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route(PATH, get(show).post(send))
}

async fn show(
    allow: Allow<View<resource::Wallet>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<PageQuery>,
) -> Result<Response, Problem> {
    let shell = Shell::open(&app, allow.0).await?;
    let settings = Settings {
        form: &Form::fresh(LABELS),
        saved: matches!(asked.notice, Some(Notice::Saved)),
        may_change: shell.may::<Change<resource::Wallet>>(),
        name: shell.wallet.name.as_str(),
        time_zone: shell.wallet.time_zone.as_str(),
        time_zones: TimeZoneName::available(),
    };
    shell.page(PATH, &settings)
}

async fn send(
    allow: Allow<Change<resource::Wallet>>,
    State(app): State<Arc<App>>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let (name, time_zone) = (typed.text("name"), typed.text("time_zone"));
    let wanted = Edit { name: Some(name.clone()), time_zone: Some(time_zone.clone()) };
    let edited = match typed.finish() {
        Ok(()) => edit(&app, &allow.0, &wanted).await,
        Err(problem) => Err(problem),
    };
    match edited {
        Ok(_) => Ok(Redirect::to(SAVED).into_response()),
        Err(problem) => {
            let form = &Form::refused(LABELS, problem)?;
            let (name, time_zone, time_zones) = (name.as_str(), time_zone.as_str(), TimeZoneName::available());
            let settings = Settings { form, saved: false, may_change: true, name, time_zone, time_zones };
            Shell::open(&app, allow.0).await?.refused_page(PATH, &settings)
        }
    }
}
