//! API access in the browser: Settings, IAM, API Access.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get as show;
use axum::{Extension, Router};
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::form::{Form, Sent};
use kernel::console::grid;
use kernel::http::{ObjectId, Parameters};
use kernel::problem::Problem;
use model::resource::ApiAccess;
use model::{Change, ExternalSystemId, SystemKind, View};

use super::draft::{ClientDraft, Draft, Terms};
use super::lifecycle::Delete;
use super::screen::{LABELS, ListQuery, Notice, PATH, Screen, delete_path, details_path, edit_path, new_path};
use super::{create, descendants, details, edit, get, of, revoke, revoke_with_descendants, usage};

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    SystemKind::ALL.into_iter().map(routes_of).fold(Router::new().route(PATH, show(list)), Router::merge)
}

/// The dialogs of one kind; which one is what the handlers are told.
fn routes_of(kind: SystemKind) -> Router<Arc<App>> {
    Router::new()
        .route(&new_path(kind), show(add_dialog).post(add_dialog))
        .route(&details_path(kind, "{id}"), show(details_dialog))
        .route(&edit_path(kind, "{id}"), show(edit_dialog).post(edit_dialog))
        .route(&delete_path(kind, "{id}"), show(delete_dialog).post(delete_dialog))
        .layer(Extension(kind))
}

async fn list(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, query).await?.show()
}

async fn details_dialog(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let (system, usage) = usage(&app, &allow.0, kind, id, details::DAYS).await?;
    Screen::open(&app, allow.0, query).await?.details(&system, &usage)
}

/// What was made is answered with the page that shows its secret, and not with a redirect: the secret is stored nowhere
/// to be shown later.
async fn add_dialog(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(draft) = draft(&mut form, kind)
        && let Some((system, text)) = form.accept(create(&app, &allow.0, kind, &draft).await)?
    {
        return Screen::open(&app, allow.0, query).await?.created(&app, &system, &text);
    }
    Screen::open(&app, allow.0, query).await?.add(form, kind)
}

async fn edit_dialog(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let system = get(&app, &allow.0, kind, id).await?;
    let mut form = sent.form(LABELS);
    if form.is_fresh() {
        form.fill(&Terms::from(&system));
    }
    grid::keep(&mut form, system.permissions, allow.0.permissions);
    if let Some(terms) = form.draft::<Terms>()
        && form.accept(edit(&app, &allow.0, kind, id, |_| Ok(terms)).await)?.is_some()
    {
        return Ok(Redirect::to(&query.after(of(kind, Notice::Edited, Notice::ClientEdited))).into_response());
    }
    Screen::open(&app, allow.0, query).await?.edit(&form, &system)
}

async fn delete_dialog(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(Delete { with_descendants }) = form.draft() {
        let deleted = if with_descendants {
            revoke_with_descendants(&app, &allow.0, kind, id).await.map(|_| Notice::AllDeleted)
        } else {
            revoke(&app, &allow.0, kind, id).await.map(|()| of(kind, Notice::Deleted, Notice::ClientDeleted))
        };
        if let Some(notice) = form.accept(deleted)? {
            return Ok(Redirect::to(&query.after(notice)).into_response());
        }
    }
    let system = get(&app, &allow.0, kind, id).await?;
    let made = descendants(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, query).await?.delete(&form, &system, &made)
}

/// The draft of a new one that was sent.
fn draft(form: &mut Form, kind: SystemKind) -> Option<Draft> {
    match kind {
        SystemKind::ApiKey => form.draft(),
        SystemKind::OauthClient => form.draft::<ClientDraft>().map(Draft::from),
    }
}
