//! Received offers in the browser: Wallet, Received offers.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::HolderCredentials;
use model::{Change, CredentialOfferId, View};

use super::screen::{Filled, LABELS, ListQuery, NEW, Notice, PATH, Screen, path};
use super::{Draft, Terms, accept, decline, delete, get as get_offer, receive};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::form::{Form, Typed};
use crate::kernel::http::{ObjectId, Parameters};
use crate::kernel::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(show_new).post(send_new))
        .route(&format!("{PATH}/{{id}}/accept"), get(show_accept).post(send_accept))
        .route(&format!("{PATH}/{{id}}/decline"), get(show_decline).post(send_decline))
        .route(&format!("{PATH}/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_new(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.receive(&Form::fresh(LABELS), "")
}

/// What was pasted leads to the question whether it is to be accepted.
async fn send_new(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let draft = Draft { offer: typed.text("offer"), ..Draft::default() };
    let received = match typed.finish() {
        Ok(()) => receive(&app, &allow.0, &draft).await,
        Err(problem) => Err(problem),
    };
    match received {
        Ok(offer) => Ok(Redirect::to(&asked.address(&path(offer.id, "accept"))).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.receive(&form, &draft.offer)
        }
    }
}

async fn show_accept(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let offer = get_offer(&app, &allow.0, id).await?;
    let screen = Screen::open(&app, allow.0, asked).await?;
    screen.accept(&app, &Form::fresh(LABELS), &offer, &Filled::default()).await
}

async fn send_accept(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let filled = Filled { tx_code: typed.text("tx_code"), identifier: typed.all("identifier").into_iter().next() };
    let tx_code = Some(filled.tx_code.trim().to_owned()).filter(|code| !code.is_empty());
    let terms = Terms { tx_code, identifier: filled.identifier };
    let accepted = match typed.finish() {
        Ok(()) => accept(&app, &allow.0, id, &terms).await,
        Err(problem) => Err(problem),
    };
    match accepted {
        Ok(offer) => Ok(Redirect::to(&asked.after(Notice::of(&offer))).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let offer = get_offer(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.accept(&app, &form, &offer, &filled).await
        }
    }
}

async fn show_decline(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let offer = get_offer(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.decline(&Form::fresh(LABELS), &offer)
}

async fn send_decline(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match decline(&app, &allow.0, id).await {
        Ok(_) => Ok(Redirect::to(&asked.after(Notice::Declined)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let offer = get_offer(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.decline(&form, &offer)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let offer = get_offer(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &offer)
}

async fn send_delete(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Redirect, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(Redirect::to(&asked.after(Notice::Deleted)))
}
