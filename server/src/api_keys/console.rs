//! API keys in the browser: Settings, IAM, API Access.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::ApiAccess;
use model::{ApiKeyId, Change, View};

use super::screen::{Asked, LABELS, NEW, Notice, PATH, Screen};
use super::{Draft, Edit, create, edit, get as get_key, revoke};
use crate::app::App;
use crate::caller::Allow;
use crate::console::form::{Form, Typed};
use crate::console::grid;
use crate::http::{ObjectId, Parameters};
use crate::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(show_add).post(send_add))
        .route(&format!("{PATH}/api-keys/{{id}}/edit"), get(show_edit).post(send_edit))
        .route(&format!("{PATH}/api-keys/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<ApiAccess>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<Asked>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_add(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<Asked>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.add(&Form::fresh(LABELS), &Draft::default())
}

/// Answers the page that shows the key, and leads nowhere: the key is stored nowhere to be shown later.
async fn send_add(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<Asked>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let draft = Draft {
        name: typed.text("name"),
        expires_on: Some(typed.text("expires_on")),
        notes: typed.text("notes"),
        permissions: typed.permissions(),
    };
    let created = match typed.finish() {
        Ok(()) => create(&app, &allow.0, &draft).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok((key, text)) => Screen::open(&app, allow.0, asked).await?.created(&app, &key, &text),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.add(&form, &draft)
        }
    }
}

async fn show_edit(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ApiKeyId>,
    Parameters(asked): Parameters<Asked>,
) -> Result<Response, Problem> {
    let key = get_key(&app, &allow.0, id).await?;
    let typed = (key.notes.as_str(), key.permissions);
    Screen::open(&app, allow.0, asked).await?.edit(&Form::fresh(LABELS), &key, typed)
}

async fn send_edit(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ApiKeyId>,
    Parameters(asked): Parameters<Asked>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let key = get_key(&app, &allow.0, id).await?;
    let (notes, sent) = (typed.text("notes"), typed.permissions());
    let permissions = grid::ticked(sent, key.permissions, allow.0.permissions);
    let wanted = Edit { permissions: Some(permissions), notes: Some(notes.clone()) };
    let edited = match typed.finish() {
        Ok(()) => edit(&app, &allow.0, id, &wanted).await,
        Err(problem) => Err(problem),
    };
    match edited {
        Ok(_) => Ok(Redirect::to(&asked.after(Notice::Edited)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.edit(&form, &key, (&notes, permissions))
        }
    }
}

async fn show_delete(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ApiKeyId>,
    Parameters(asked): Parameters<Asked>,
) -> Result<Response, Problem> {
    let key = get_key(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&key)
}

async fn send_delete(
    allow: Allow<Change<ApiAccess>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<ApiKeyId>,
    Parameters(asked): Parameters<Asked>,
) -> Result<Redirect, Problem> {
    revoke(&app, &allow.0, id).await?;
    Ok(Redirect::to(&asked.after(Notice::Deleted)))
}
