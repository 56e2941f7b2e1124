//! Verifications in the browser: Verify, Verified credentials.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::VerifiedCredentials;
use model::{Change, VerificationId, View};

use super::screen::{LABELS, ListQuery, NEW, Notice, PATH, Page, Screen, Typing, path};
use super::{Draft, create, delete, get as get_verification};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::form::{Form, Sent, Typed};
use crate::kernel::http::{ObjectId, Parameters};
use crate::kernel::idempotency::IdempotencyKey;
use crate::kernel::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(show_new).post(send_new))
        .route(&format!("{PATH}/{{id}}"), get(show_one))
        .route(&format!("{PATH}/{{id}}/delete"), get(delete_dialog).post(delete_dialog))
}

async fn show_list(
    allow: Allow<View<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_new(
    allow: Allow<Change<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.ask(&Form::fresh(LABELS), &Typing::default())
}

async fn send_new(
    allow: Allow<Change<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let typing = Typing { template: typed.text("template"), correlation_id: typed.text("correlation_id") };
    let draft = Draft {
        // What is no id is no template either.
        template: typing.template.parse().ok(),
        correlation_id: Some(typing.correlation_id.trim().to_owned()).filter(|id| !id.is_empty()),
        ..Draft::default()
    };
    let made = match typed.finish() {
        Ok(()) => create(&app, &allow.0, &draft, &IdempotencyKey::none()).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(made) => Ok(Redirect::to(&path(made.verification.id)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.ask(&form, &typing)
        }
    }
}

async fn show_one(
    allow: Allow<View<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerificationId>,
) -> Result<Response, Problem> {
    let found = get_verification(&app, &allow.0, id).await?;
    Page::open(&app, allow.0, found).await?.show()
}

async fn delete_dialog(
    allow: Allow<Change<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerificationId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if form.is_confirmed() && form.accept(delete(&app, &allow.0, id).await)?.is_some() {
        return Ok(Redirect::to(&ListQuery::default().after(PATH, Notice::Deleted)).into_response());
    }
    let found = get_verification(&app, &allow.0, id).await?;
    Page::open(&app, allow.0, found).await?.delete(&form)
}
