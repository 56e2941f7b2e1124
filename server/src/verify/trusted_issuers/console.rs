//! Trusted issuers in the browser: Verify, Trusted issuers.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::TrustedIssuers;
use model::{Change, TrustedIssuerId, View};

use super::screen::{ANY, LABELS, NEW, PATH, Screen};
use super::{Draft, Edit, create, delete, edit, get as get_issuer};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::by_name::{ListQuery, Notice};
use crate::kernel::console::form::{Form, Typed};
use crate::kernel::http::{ObjectId, Parameters};
use crate::kernel::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(show_add).post(send_add))
        .route(&format!("{PATH}/{{id}}/edit"), get(show_edit).post(send_edit))
        .route(&format!("{PATH}/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_add(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.add(&Form::fresh(LABELS), &Draft::default())
}

async fn send_add(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let draft = draft(&mut typed);
    let created = match typed.finish() {
        Ok(()) => create(&app, &allow.0, &draft).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Created)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.add(&form, &draft)
        }
    }
}

async fn show_edit(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedIssuerId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let issuer = get_issuer(&app, &allow.0, id).await?;
    let draft = Edit::default().onto(&issuer);
    Screen::open(&app, allow.0, asked).await?.edit(&Form::fresh(LABELS), id, &draft)
}

async fn send_edit(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedIssuerId>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let draft = draft(&mut typed);
    let Draft { name, issuer, any_vct, vcts, notes } = draft.clone();
    let wanted =
        Edit { name: Some(name), issuer: Some(issuer), any_vct: Some(any_vct), vcts: Some(vcts), notes: Some(notes) };
    let edited = match typed.finish() {
        Ok(()) => edit(&app, &allow.0, id, &wanted).await,
        Err(problem) => Err(problem),
    };
    match edited {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Edited)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.edit(&form, id, &draft)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedIssuerId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let issuer = get_issuer(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &issuer)
}

async fn send_delete(
    allow: Allow<Change<TrustedIssuers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedIssuerId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match delete(&app, &allow.0, id).await {
        Ok(()) => Ok(Redirect::to(&asked.after(PATH, Notice::Deleted)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let issuer = get_issuer(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.delete(&form, &issuer)
        }
    }
}

/// Types are typed one on a line. With "any" chosen, what stands in the field beside it does not count.
fn draft(typed: &mut Typed) -> Draft {
    let any_vct = typed.text("types") == ANY;
    let lines = typed.text("vcts");
    let vcts = lines.lines().map(str::trim).filter(|line| !line.is_empty() && !any_vct).map(str::to_owned).collect();
    Draft { name: typed.text("name"), issuer: typed.text("issuer"), any_vct, vcts, notes: typed.text("notes") }
}
