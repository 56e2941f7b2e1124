//! Users in the browser: Settings, Team, Users.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::Users;
use model::{Change, RoleId, UserId, View};

use super::screen::{LABELS, NEW, PATH, Screen};
use super::{Draft, Edit, create, delete, edit, get as get_user, invite};
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
        .route(&format!("{PATH}/{{id}}/edit"), get(show_edit).post(send_edit))
        .route(&format!("{PATH}/{{id}}/invite"), get(show_invite).post(send_invite))
        .route(&format!("{PATH}/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<Users>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_add(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.with_roles(&app).await?.add(&Form::fresh(LABELS), &Draft::default())
}

/// Answers the page that shows the link, and leads nowhere: the link is stored nowhere to be shown later.
async fn send_add(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let draft = Draft { name: typed.text("name"), email: typed.text("email"), roles: typed.all("roles") };
    let created = match typed.finish() {
        Ok(()) => create(&app, &allow.0, &draft).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok((user, Some(link))) => Screen::open(&app, allow.0, asked).await?.invited(&user, &link),
        Ok((_, None)) => Ok(Redirect::to(&asked.after(PATH, Notice::Created)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.with_roles(&app).await?.add(&form, &draft)
        }
    }
}

async fn show_edit(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let user = get_user(&app, &allow.0, id).await?;
    let roles: Vec<RoleId> = user.roles.iter().map(|role| role.id).collect();
    let screen = Screen::open(&app, allow.0, asked).await?.with_roles(&app).await?;
    screen.edit(&Form::fresh(LABELS), &user, (user.name.as_str(), &roles))
}

async fn send_edit(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let user = get_user(&app, &allow.0, id).await?;
    let (name, roles) = (typed.text("name"), typed.all::<RoleId>("roles"));
    let edited = match typed.finish() {
        Ok(()) => edit(&app, &allow.0, id, &Edit { name: Some(name.clone()), roles: Some(roles.clone()) }).await,
        Err(problem) => Err(problem),
    };
    match edited {
        Ok(_) => Ok(Redirect::to(&asked.after(PATH, Notice::Edited)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let screen = Screen::open(&app, allow.0, asked).await?.with_roles(&app).await?;
            screen.edit(&form, &user, (&name, &roles))
        }
    }
}

async fn show_invite(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let user = get_user(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.invite(&Form::fresh(LABELS), &user)
}

/// As for a new user: the link is in this answer, and nowhere else.
async fn send_invite(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match invite(&app, &allow.0, id).await {
        Ok((user, link)) => Screen::open(&app, allow.0, asked).await?.invited(&user, &link),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let user = get_user(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.invite(&form, &user)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let user = get_user(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &user)
}

async fn send_delete(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match delete(&app, &allow.0, id).await {
        Ok(()) => Ok(Redirect::to(&asked.after(PATH, Notice::Deleted)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let user = get_user(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.delete(&form, &user)
        }
    }
}
