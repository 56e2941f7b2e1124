//! API access in the browser: Settings, IAM, API Access.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use model::resource::ApiAccess;
use model::{Change, ExternalSystemId, SystemKind, View};

use super::screen::{LABELS, ListQuery, Notice, PATH, Screen, delete_path, details_path, edit_path, new_path};
use super::{
    Draft, Edit, create, descendants, details, edit, get as get_one, name_field, of, revoke, revoke_with_descendants,
    usage,
};
use crate::kernel::app::App;
use crate::kernel::caller::{Allow, Caller};
use crate::kernel::console::form::{Form, Typed};
use crate::kernel::console::grid;
use crate::kernel::http::{ObjectId, Parameters};
use crate::kernel::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    SystemKind::ALL.into_iter().map(routes_of).fold(Router::new().route(PATH, get(show_list)), Router::merge)
}

/// The dialogs of one kind; which one is what the handlers are told.
fn routes_of(kind: SystemKind) -> Router<Arc<App>> {
    Router::new()
        .route(&new_path(kind), get(show_add).post(send_add))
        .route(&details_path(kind, "{id}"), get(show_details))
        .route(&edit_path(kind, "{id}"), get(show_edit).post(send_edit))
        .route(&delete_path(kind, "{id}"), get(show_delete).post(send_delete))
        .layer(Extension(kind))
}

async fn show_list(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_details(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let (system, usage) = usage(&app, &allow.0, kind, id, details::DAYS).await?;
    Screen::open(&app, allow.0, asked).await?.details(&system, &usage)
}

async fn show_add(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.add(&Form::fresh(LABELS), kind, &Draft::default(), "")
}

/// Answers the page that shows the secret, and leads nowhere: the secret is stored nowhere to be shown later.
async fn send_add(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let typed_limit = typed.text("requests_per_minute");
    let draft = Draft {
        name: typed.text(name_field(kind)),
        expires_on: Some(typed.text("expires_on")),
        notes: typed.text("notes"),
        permissions: typed.permissions(),
        requests_per_minute: limit(&typed_limit),
    };
    let created = match typed.finish() {
        Ok(()) => create(&app, &allow.0, kind, &draft).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok((system, text)) => Screen::open(&app, allow.0, asked).await?.created(&app, &system, &text),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.add(&form, kind, &draft, &typed_limit)
        }
    }
}

async fn show_edit(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let system = get_one(&app, &allow.0, kind, id).await?;
    let limit = system.requests_per_minute.map(|limit| limit.get().to_string()).unwrap_or_default();
    let typed = (system.notes.as_str(), system.permissions, limit.as_str());
    Screen::open(&app, allow.0, asked).await?.edit(&Form::fresh(LABELS), &system, typed)
}

async fn send_edit(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let system = get_one(&app, &allow.0, kind, id).await?;
    let (notes, sent, typed_limit) = (typed.text("notes"), typed.permissions(), typed.text("requests_per_minute"));
    let permissions = grid::ticked(sent, system.permissions, allow.0.permissions);
    let limit = limit(&typed_limit);
    let wanted = Edit { permissions: Some(permissions), notes: Some(notes.clone()), requests_per_minute: Some(limit) };
    let edited = match typed.finish() {
        Ok(()) => edit(&app, &allow.0, kind, id, &wanted).await,
        Err(problem) => Err(problem),
    };
    match edited {
        Ok(_) => Ok(Redirect::to(&asked.after(of(kind, Notice::Edited, Notice::ClientEdited))).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.edit(&form, &system, (&notes, permissions, &typed_limit))
        }
    }
}

async fn show_delete(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    delete_dialog(&app, allow.0, asked, &Form::fresh(LABELS), (kind, id)).await
}

async fn send_delete(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Extension(kind): Extension<SystemKind>,
    ObjectId(id): ObjectId<ExternalSystemId>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let with_descendants = typed.text("with_descendants") == "on";
    let deleted = match (typed.finish(), with_descendants) {
        (Err(problem), _) => Err(problem),
        (Ok(()), false) => revoke(&app, &allow.0, kind, id).await,
        (Ok(()), true) => revoke_with_descendants(&app, &allow.0, kind, id).await.map(|_| ()),
    };
    match deleted {
        Ok(()) if with_descendants => Ok(Redirect::to(&asked.after(Notice::AllDeleted)).into_response()),
        Ok(()) => Ok(Redirect::to(&asked.after(of(kind, Notice::Deleted, Notice::ClientDeleted))).into_response()),
        Err(problem) => delete_dialog(&app, allow.0, asked, &Form::refused(LABELS, problem)?, (kind, id)).await,
    }
}

async fn delete_dialog(
    app: &App,
    caller: Caller,
    asked: ListQuery,
    form: &Form,
    (kind, id): (SystemKind, ExternalSystemId),
) -> Result<Response, Problem> {
    let system = get_one(app, &caller, kind, id).await?;
    let made = descendants(app, &caller, id).await?;
    Screen::open(app, caller, asked).await?.delete(form, &system, &made)
}

/// A limit as it was typed; what is no number is out of range, and said to be.
fn limit(typed: &str) -> Option<i64> {
    (!typed.trim().is_empty()).then(|| typed.trim().parse().unwrap_or(0))
}
