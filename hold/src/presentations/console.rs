//! Presentations in the browser: Wallet, Presentations.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use kernel::app::App;
use kernel::caller::{Allow, Caller};
use kernel::console::form::{Form, Sent, Typed};
use kernel::http::{ObjectId, Parameters};
use kernel::problem::{FieldError, Problem};
use model::resource::HolderCredentials;
use model::{Change, PresentationId, View};

use super::api::ReceiveRequest;
use super::matching::Matching;
use super::screen::{LABELS, ListQuery, NEW, Notice, PATH, Screen, path, view};
use super::{Choice, decline, delete, get as get_presentation, receive, send};

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(receive_dialog).post(receive_dialog))
        .route(&format!("{PATH}/{{id}}"), get(show_one))
        .route(&format!("{PATH}/{{id}}/send"), post(send_chosen))
        .route(&format!("{PATH}/{{id}}/decline"), get(decline_dialog).post(decline_dialog))
        .route(&format!("{PATH}/{{id}}/delete"), get(delete_dialog).post(delete_dialog))
}

async fn show_list(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, query).await?.show()
}

/// What was pasted leads to the page that shows who asks for what.
async fn receive_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(ReceiveRequest { request }) = form.draft()
        && let Some(presentation) = form.accept(receive(&app, &allow.0, &request).await)?
    {
        return Ok(Redirect::to(&path(presentation.id)).into_response());
    }
    Screen::open(&app, allow.0, query).await?.receive(&form)
}

async fn show_one(
    allow: Allow<View<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    view(&app, allow.0, id, query.notice, &Form::fresh(LABELS), &Choice::new()).await
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

async fn decline_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if form.is_confirmed() && form.accept(decline(&app, &allow.0, id).await)?.is_some() {
        return Ok(Redirect::to(&query.after(PATH, Notice::Declined)).into_response());
    }
    let (presentation, _) = get_presentation(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, query).await?.decline(&form, &presentation)
}

async fn delete_dialog(
    allow: Allow<Change<HolderCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<PresentationId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if form.is_confirmed() && form.accept(delete(&app, &allow.0, id).await)?.is_some() {
        return Ok(Redirect::to(&query.after(PATH, Notice::Deleted)).into_response());
    }
    let (presentation, _) = get_presentation(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, query).await?.delete(&form, &presentation)
}
