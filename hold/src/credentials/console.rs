//! Held credentials in the browser: Wallet, Holder credentials.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::form::Sent;
use kernel::http::{ObjectId, Parameters};
use kernel::problem::Problem;
use model::resource::HolderCredentials;
use model::{Change, CredentialId, View};

use super::api::ImportCredential;
use super::screen::{IMPORT, LABELS, ListQuery, Notice, PATH, Screen, view};
use super::{delete, get as get_credential, import, refresh};

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(IMPORT, get(import_dialog).post(import_dialog))
        .route(&format!("{PATH}/{{id}}"), get(show_one))
        .route(&format!("{PATH}/{{id}}/refresh"), post(send_refresh))
        .route(&format!("{PATH}/{{id}}/delete"), get(delete_dialog).post(delete_dialog))
}

async fn show_list(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, query).await?.show()
}

async fn show_one(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let credential = get_credential(&app, &allow.0, id).await?;
    view(&app, allow.0, &credential, query.notice).await
}

async fn send_refresh(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
) -> Result<Redirect, Problem> {
    refresh(&app, &allow.0, id).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}?notice=checked")))
}

async fn import_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(ImportCredential { credential }) = form.draft()
        && form.accept(import(&app, &allow.0, &credential).await)?.is_some()
    {
        return Ok(Redirect::to(&query.after(Notice::Imported)).into_response());
    }
    Screen::open(&app, allow.0, query).await?.import(&form)
}

async fn delete_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if form.is_confirmed() && form.accept(delete(&app, &allow.0, id).await)?.is_some() {
        return Ok(Redirect::to(&query.after(Notice::Deleted)).into_response());
    }
    let credential = get_credential(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, query).await?.delete(&form, &credential)
}
