//! Roles in the browser: Settings, Team, Roles.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::Roles;
use model::{Change, RoleId, View};

use super::screen::{LABELS, NEW, PATH, Screen};
use super::{Draft, Edit, create, delete, edit, get as get_role};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::by_name::{ListQuery, Notice};
use crate::kernel::console::form::{Form, Typed};
use crate::kernel::console::grid;
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
    allow: Allow<View<Roles>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_add(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.add(&Form::fresh(LABELS), &Draft::default())
}

async fn send_add(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let draft = Draft { name: typed.text("name"), permissions: typed.permissions() };
    let created = match typed.finish() {
        Ok(()) => create(&app, &allow.0, &draft).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Created)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.add(&form, &draft)
        }
    }
}

async fn show_edit(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<RoleId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let role = get_role(&app, &allow.0, id).await?;
    let typed = (role.name.as_str(), role.permissions);
    Screen::open(&app, allow.0, asked).await?.edit(&Form::fresh(LABELS), &role, typed)
}

async fn send_edit(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<RoleId>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let role = get_role(&app, &allow.0, id).await?;
    let (name, sent) = (typed.text("name"), typed.permissions());
    let permissions = grid::ticked(sent, role.permissions, allow.0.permissions);
    let wanted = Edit { name: Some(name.clone()), permissions: Some(permissions) };
    let edited = match typed.finish() {
        Ok(()) => edit(&app, &allow.0, id, &wanted).await,
        Err(problem) => Err(problem),
    };
    match edited {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Edited)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.edit(&form, &role, (&name, permissions))
        }
    }
}

async fn show_delete(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<RoleId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let role = get_role(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &role)
}

async fn send_delete(
    allow: Allow<Change<Roles>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<RoleId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match delete(&app, &allow.0, id).await {
        Ok(()) => Ok(Redirect::to(&asked.after(PATH, Notice::Deleted)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let role = get_role(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.delete(&form, &role)
        }
    }
}
