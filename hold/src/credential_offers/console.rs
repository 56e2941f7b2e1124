//! Received offers in the browser: Wallet, Received offers.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::form::Sent;
use kernel::http::{ObjectId, Parameters};
use kernel::problem::Problem;
use model::resource::HolderCredentials;
use model::{Change, CredentialOfferId, View};
use schemars::JsonSchema;
use serde::Deserialize;

use super::api::AcceptCredentialOffer;
use super::screen::{LABELS, ListQuery, NEW, Notice, PATH, Screen, path};
use super::{Draft, Terms, accept, decline, delete, get as get_offer, receive};

/// The form of the dialog into which a link is pasted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pasted {
    offer: String,
}

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(receive_dialog).post(receive_dialog))
        .route(&format!("{PATH}/{{id}}/accept"), get(accept_dialog).post(accept_dialog))
        .route(&format!("{PATH}/{{id}}/decline"), get(decline_dialog).post(decline_dialog))
        .route(&format!("{PATH}/{{id}}/delete"), get(delete_dialog).post(delete_dialog))
}

async fn show_list(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, query).await?.show()
}

/// What was pasted leads to the question whether it is to be accepted.
async fn receive_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(Pasted { offer }) = form.draft()
        && let Some(offer) = form.accept(receive(&app, &allow.0, &Draft { offer, ..Draft::default() }).await)?
    {
        return Ok(Redirect::to(&query.address(&path(offer.id, "accept"))).into_response());
    }
    Screen::open(&app, allow.0, query).await?.receive(&form)
}

async fn accept_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(AcceptCredentialOffer { identifier, tx_code }) = form.draft()
        && let Some(offer) = form.accept(accept(&app, &allow.0, id, &Terms { tx_code, identifier }).await)?
    {
        return Ok(Redirect::to(&query.after(PATH, Notice::of(&offer))).into_response());
    }
    let offer = get_offer(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, query).await?.accept(&app, &form, &offer).await
}

async fn decline_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if form.is_confirmed() && form.accept(decline(&app, &allow.0, id).await)?.is_some() {
        return Ok(Redirect::to(&query.after(PATH, Notice::Declined)).into_response());
    }
    let offer = get_offer(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, query).await?.decline(&form, &offer)
}

async fn delete_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<CredentialOfferId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if form.is_confirmed() && form.accept(delete(&app, &allow.0, id).await)?.is_some() {
        return Ok(Redirect::to(&query.after(PATH, Notice::Deleted)).into_response());
    }
    let offer = get_offer(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, query).await?.delete(&form, &offer)
}
