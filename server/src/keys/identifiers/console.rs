//! Identifiers in the browser: Wallet, Identifiers.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::Identifiers;
use model::{Change, DidMethod, IdentifierId, View};

use super::screen::{LABELS, NEW, PATH, Screen};
use super::{Draft, create, delete, get as get_identifier, rotate};
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
        .route(&format!("{PATH}/{{id}}/rotate"), get(show_rotate).post(send_rotate))
        .route(&format!("{PATH}/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<Identifiers>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_add(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.add(&Form::fresh(LABELS), "", DidMethod::Web)
}

async fn send_add(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let name = typed.text("name");
    let method = DidMethod::from_name(&typed.text("method"));
    let created = match (typed.finish(), method) {
        (Ok(()), Some(method)) => create(&app, &allow.0, &Draft { name: name.clone(), method }).await,
        (Ok(()), None) => Err(Problem::field("method", "invalid", "must be did:web or did:jwk")),
        (Err(problem), _) => Err(problem),
    };
    match created {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Created)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.add(&form, &name, method.unwrap_or(DidMethod::Web))
        }
    }
}

async fn show_rotate(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let identifier = get_identifier(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.rotate(&Form::fresh(LABELS), &identifier)
}

async fn send_rotate(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match rotate(&app, &allow.0, id).await {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Rotated)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let identifier = get_identifier(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.rotate(&form, &identifier)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let identifier = get_identifier(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &identifier)
}

async fn send_delete(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match delete(&app, &allow.0, id).await {
        Ok(()) => Ok(Redirect::to(&asked.after(PATH, Notice::Deleted)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let identifier = get_identifier(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.delete(&form, &identifier)
        }
    }
}
