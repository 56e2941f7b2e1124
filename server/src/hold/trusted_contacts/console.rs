//! Trusted contacts in the browser: Wallet, Trusted contacts.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get as show;
use model::resource::TrustedContacts;
use model::{Change, TrustedContactId, View};

use super::screen::{LABELS, NEW, PATH, Screen};
use super::{ContactDraft, create, delete, edit, get};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::by_name::{ListQuery, Notice};
use crate::kernel::console::form::Sent;
use crate::kernel::http::{ObjectId, Parameters, Patch};
use crate::kernel::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, show(list))
        .route(NEW, show(add_dialog).post(add_dialog))
        .route(&format!("{PATH}/{{id}}/edit"), show(edit_dialog).post(edit_dialog))
        .route(&format!("{PATH}/{{id}}/delete"), show(delete_dialog).post(delete_dialog))
}

async fn list(
    allow: Allow<View<TrustedContacts>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, query).await?.show()
}

async fn add_dialog(
    allow: Allow<Change<TrustedContacts>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if let Some(draft) = form.draft::<ContactDraft>()
        && form.accept(create(&app, &allow.0, draft).await)?.is_some()
    {
        return Ok(Redirect::to(&query.after(PATH, Notice::Created)).into_response());
    }
    Screen::open(&app, allow.0, query).await?.add(&form)
}

async fn edit_dialog(
    allow: Allow<Change<TrustedContacts>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedContactId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let contact = get(&app, &allow.0, id).await?;
    let mut form = sent.form(LABELS);
    if form.is_fresh() {
        form.fill(&ContactDraft::from(contact));
    } else if let Some(draft) = form.draft::<ContactDraft>()
        && form.accept(edit(&app, &allow.0, id, &Patch::whole(&draft)?).await)?.is_some()
    {
        return Ok(Redirect::to(&query.after(PATH, Notice::Edited)).into_response());
    }
    Screen::open(&app, allow.0, query).await?.edit(&form, id)
}

async fn delete_dialog(
    allow: Allow<Change<TrustedContacts>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<TrustedContactId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if form.is_confirmed() && form.accept(delete(&app, &allow.0, id).await)?.is_some() {
        return Ok(Redirect::to(&query.after(PATH, Notice::Deleted)).into_response());
    }
    let contact = get(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, query).await?.delete(&form, &contact)
}
