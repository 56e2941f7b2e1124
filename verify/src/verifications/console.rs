//! Verifications in the browser: Verify, Verified credentials.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::form::Sent;
use kernel::http::{ObjectId, Parameters};
use kernel::idempotency::IdempotencyKey;
use kernel::problem::Problem;
use model::resource::VerifiedCredentials;
use model::{Change, VerificationId, View};
use schemars::JsonSchema;
use serde::Deserialize;

use super::screen::{LABELS, ListQuery, NEW, Notice, PATH, Page, Screen, path};
use super::{Draft, create, delete, get as get_verification};

/// The form of the dialog "Verify".
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskForm {
    template: String,
    correlation_id: Option<String>,
}

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(ask_dialog).post(ask_dialog))
        .route(&format!("{PATH}/{{id}}"), get(show_one))
        .route(&format!("{PATH}/{{id}}/delete"), get(delete_dialog).post(delete_dialog))
}

async fn show_list(
    allow: Allow<View<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, query).await?.show()
}

async fn ask_dialog(
    allow: Allow<Change<VerifiedCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(AskForm { template, correlation_id }) = form.draft() {
        let draft = Draft {
            // What is no id is no template either.
            template: template.parse().ok(),
            correlation_id: correlation_id.map(|id| id.trim().to_owned()),
            ..Draft::default()
        };
        if let Some(made) = form.accept(create(&app, &allow.0, &draft, &IdempotencyKey::none()).await)? {
            return Ok(Redirect::to(&path(made.verification.id)).into_response());
        }
    }
    Screen::open(&app, allow.0, query).await?.ask(&form)
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
