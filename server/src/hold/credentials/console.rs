//! Held credentials in the browser: Wallet, Holder credentials.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::resource::HolderCredentials;
use model::{Change, CredentialId, View};

use super::screen::{IMPORT, LABELS, ListQuery, Notice, PATH, Screen, view};
use super::{delete, get as get_credential, import, refresh};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::form::{Form, Typed};
use crate::kernel::http::{ObjectId, Parameters};
use crate::kernel::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(IMPORT, get(show_import).post(send_import))
        .route(&format!("{PATH}/{{id}}"), get(show_one))
        .route(&format!("{PATH}/{{id}}/refresh"), post(send_refresh))
        .route(&format!("{PATH}/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_one(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let credential = get_credential(&app, &allow.0, id).await?;
    view(&app, allow.0, &credential, asked.notice).await
}

async fn send_refresh(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
) -> Result<Redirect, Problem> {
    refresh(&app, &allow.0, id).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}?notice=checked")))
}

async fn show_import(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.import(&Form::fresh(LABELS), "")
}

async fn send_import(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let text = typed.text("credential");
    let imported = match typed.finish() {
        Ok(()) => import(&app, &allow.0, &text).await,
        Err(problem) => Err(problem),
    };
    match imported {
        Ok(_) => Ok(Redirect::to(&asked.after(Notice::Imported)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.import(&form, &text)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let credential = get_credential(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &credential)
}

async fn send_delete(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Redirect, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(Redirect::to(&asked.after(Notice::Deleted)))
}
