//! Presentations in the browser: Wallet, Presentations.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::resource::HolderCredentials;
use model::{Change, PresentationId, View};

use super::matching::Matching;
use super::screen::{LABELS, ListQuery, NEW, Notice, PATH, Screen, path, view};
use super::{Choice, decline, delete, get as get_presentation, receive, send};
use crate::kernel::app::App;
use crate::kernel::caller::{Allow, Caller};
use crate::kernel::console::form::{Form, Typed};
use crate::kernel::http::{ObjectId, Parameters};
use crate::kernel::problem::{FieldError, Problem};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(show_new).post(send_new))
        .route(&format!("{PATH}/{{id}}"), get(show_one))
        .route(&format!("{PATH}/{{id}}/send"), post(send_chosen))
        .route(&format!("{PATH}/{{id}}/decline"), get(show_decline).post(send_decline))
        .route(&format!("{PATH}/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_new(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.receive(&Form::fresh(LABELS), "")
}

/// What was pasted leads to the page that shows who asks for what.
async fn send_new(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let link = typed.text("request");
    let received = match typed.finish() {
        Ok(()) => receive(&app, &allow.0, &link).await,
        Err(problem) => Err(problem),
    };
    match received {
        Ok(presentation) => Ok(Redirect::to(&path(presentation.id)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Screen::open(&app, allow.0, asked).await?.receive(&form, &link)
        }
    }
}

async fn show_one(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    view(&app, allow.0, id, asked.notice, &Form::fresh(LABELS), &Choice::new()).await
}

async fn send_chosen(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let chosen = chosen(&app, &allow.0, id, &mut typed).await;
    let sent = match (&chosen, typed.finish()) {
        (Ok(choice), Ok(())) => send(&app, &allow.0, id, Some(choice)).await,
        (Err(problem), _) => Err(problem.clone()),
        (_, Err(problem)) => Err(problem),
    };
    match sent {
        Ok(presentation) => Ok(Redirect::to(&Notice::of(presentation.state).at(id)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            view(&app, allow.0, id, None, &form, &chosen.unwrap_or_default()).await
        }
    }
}

/// What was ticked, by the credential query that it answers.
async fn chosen(app: &App, caller: &Caller, id: PresentationId, typed: &mut Typed) -> Result<Choice, Problem> {
    let (_, matching) = get_presentation(app, caller, id).await?;
    let mut choice = Choice::new();
    for choices in matching.iter().flat_map(Matching::choices) {
        let field = format!("credentials.{}", choices.query);
        let ticked = typed.text(&field);
        if !ticked.is_empty() {
            let unfit = |_| Problem::fields(vec![FieldError::new(&field, "unfit", "must be a held credential")]);
            choice.insert(choices.query.to_owned(), ticked.parse().map_err(unfit)?);
        }
    }
    Ok(choice)
}

async fn show_decline(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let (presentation, _) = get_presentation(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.decline(&Form::fresh(LABELS), &presentation)
}

async fn send_decline(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match decline(&app, &allow.0, id).await {
        Ok(_) => Ok(Redirect::to(&asked.after(Notice::Declined)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let (presentation, _) = get_presentation(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.decline(&form, &presentation)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let (presentation, _) = get_presentation(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &presentation)
}

async fn send_delete(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Redirect, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(Redirect::to(&asked.after(Notice::Deleted)))
}
