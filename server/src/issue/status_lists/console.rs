//! Status lists in the browser: Issue, Status lists.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::StatusLists;
use model::{Change, IdentifierId, StatusListId, View};

use super::screen::{LABELS, NEW, PATH, Screen};
use super::{Draft, create, delete, get as get_list, rename};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::by_name::{ListQuery, Notice};
use crate::kernel::console::form::{Form, Typed};
use crate::kernel::console::texts::status_lists as t;
use crate::kernel::http::{ObjectId, Parameters};
use crate::kernel::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(show_add).post(send_add))
        .route(&format!("{PATH}/{{id}}/edit"), get(show_edit).post(send_edit))
        .route(&format!("{PATH}/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<StatusLists>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_add(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.add(&app, &Form::fresh(LABELS), "", None).await
}

async fn send_add(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let name = typed.text("name");
    let signer = typed.text("identifier_id").parse::<IdentifierId>().ok();
    let created = match (typed.finish(), signer) {
        (Ok(()), Some(identifier_id)) => create(&app, &allow.0, &Draft { name: name.clone(), identifier_id }).await,
        (Ok(()), None) => Err(Problem::field("identifier_id", "required", t::CHOOSE_SIGNER)),
        (Err(problem), _) => Err(problem),
    };
    match created {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Created)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.add(&app, &form, &name, signer).await
        }
    }
}

async fn show_edit(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<StatusListId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let list = get_list(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.edit(&Form::fresh(LABELS), &list, list.name.as_str())
}

async fn send_edit(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<StatusListId>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let name = typed.text("name");
    let renamed = match typed.finish() {
        Ok(()) => rename(&app, &allow.0, id, &name).await,
        Err(problem) => Err(problem),
    };
    match renamed {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Edited)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let list = get_list(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.edit(&form, &list, &name)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<StatusListId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let list = get_list(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &list)
}

async fn send_delete(
    allow: Allow<Change<StatusLists>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<StatusListId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match delete(&app, &allow.0, id).await {
        Ok(()) => Ok(Redirect::to(&asked.after(PATH, Notice::Deleted)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let list = get_list(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.delete(&form, &list)
        }
    }
}
