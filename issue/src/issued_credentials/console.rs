//! Issuing in the browser: Issue, Issued credentials.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::request::Parts;
use kernel::app::App;
use kernel::caller::{Allow, Caller};
use kernel::console::form::{Form, Sent, Typed};
use kernel::console::pager::address;
use kernel::http::{ObjectId, Parameters};
use kernel::idempotency::IdempotencyKey;
use kernel::problem::{Code, Problem};
use model::resource::IssueCredentials;
use model::{Change, Issuance, IssuanceId, IssuerTemplateId, View};
use store::List;

use super::form::{LABELS, TemplateForm};
use super::screen::{Done, ListQuery, NEW, Notice, PATH, Page, Screen, Verb, path};
use super::{Offered, cancel, create, get_with_offer, restore, revoke, suspend};

/// The most contacts that the form offers.
const CONTACTS: u32 = 200;

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(show_choice))
        .route(&format!("{NEW}/{{id}}"), get(show_form).post(send_form))
        .route(&format!("{PATH}/{{id}}"), get(show_one))
        .route(&format!("{PATH}/{{id}}/{{verb}}"), get(question).post(question))
}

async fn show_list(
    allow: Allow<View<IssueCredentials>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, query).await?.show()
}

async fn show_one(
    allow: Allow<View<IssueCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuanceId>,
    Parameters(done): Parameters<Done>,
) -> Result<Response, Problem> {
    let found = get_with_offer(&app, &allow.0, id).await?;
    Page::open(&app, allow.0, found, done).await?.show()
}

/// What is to be done to which issuance; what is neither names nothing (404).
struct Question {
    id: IssuanceId,
    verb: Verb,
}

impl FromRequestParts<Arc<App>> for Question {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        let Path((id, verb)) = path.map_err(|_| Code::NotFound)?;
        let id = id.parse().map_err(|_| Code::NotFound)?;
        Ok(Self { id, verb: Verb::from_name(&verb).ok_or(Code::NotFound)? })
    }
}

/// Where there is nothing to choose, the form comes at once.
async fn show_choice(allow: Allow<Change<IssueCredentials>>, State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let templates = app.store.read().await?.all_issuer_templates(allow.0.wallet_id).await?;
    if let [template] = templates.as_slice() {
        return Ok(Redirect::to(&format!("{NEW}/{}", template.id)).into_response());
    }
    Screen::open(&app, allow.0, ListQuery::default()).await?.choose(templates)
}

async fn show_form(
    allow: Allow<Change<IssueCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
) -> Result<Response, Problem> {
    let template = form_of(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, ListQuery::default()).await?.fill(&template, &Form::fresh(LABELS))
}

/// A transaction code is shown in the answer itself, and leads nowhere: it is stored nowhere to be shown later.
async fn send_form(
    allow: Allow<Change<IssueCredentials>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let mut template = form_of(&app, &allow.0, id).await?;
    template.take(&mut typed);
    let offered = match typed.finish() {
        Ok(()) => offer(&app, &allow.0, &template).await,
        Err(problem) => Err(problem),
    };
    let offered = match offered {
        Ok(offered) => offered,
        Err(problem) => {
            let form = template.refused(problem)?;
            return Screen::open(&app, allow.0, ListQuery::default()).await?.fill(&template, &form);
        }
    };
    let notice = notice(&offered);
    match offered.tx_code {
        None => Ok(after(offered.issuance.id, notice).into_response()),
        Some(code) => {
            let done = Done { notice: Some(notice) };
            Page::open(&app, allow.0, (offered.issuance, offered.offer), done).await?.with_tx_code(&code)
        }
    }
}

async fn question(
    allow: Allow<Change<IssueCredentials>>,
    State(app): State<Arc<App>>,
    Question { id, verb }: Question,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(LABELS);
    if form.is_confirmed() && form.accept(act(&app, &allow.0, id, verb).await)?.is_some() {
        return Ok(after(id, verb.notice()).into_response());
    }
    let found = get_with_offer(&app, &allow.0, id).await?;
    Page::open(&app, allow.0, found, Done::default()).await?.confirm(&form, verb)
}

async fn act(app: &App, caller: &Caller, id: IssuanceId, verb: Verb) -> Result<Issuance, Problem> {
    match verb {
        Verb::Cancel => cancel(app, caller, id).await,
        Verb::Revoke => revoke(app, caller, id).await,
        Verb::Suspend => suspend(app, caller, id).await,
        Verb::Restore => restore(app, caller, id).await,
    }
}

async fn offer(app: &App, caller: &Caller, template: &TemplateForm) -> Result<Offered, Problem> {
    let wallet = app.store.read().await?.wallet(caller.wallet_id).await?.ok_or(Code::NotFound)?;
    create(app, caller, &template.draft(&wallet.time_zone)?, &IdempotencyKey::none()).await
}

/// The form of a template, with the contacts that take offers.
async fn form_of(app: &App, caller: &Caller, id: IssuerTemplateId) -> Result<TemplateForm, Problem> {
    let mut read = app.store.read().await?;
    let template = read.issuer_template(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let all = List { limit: CONTACTS, after: None, q: None, sort: (), descending: false };
    let mut contacts = read.trusted_contacts(caller.wallet_id, &all).await?.items;
    contacts.retain(|contact| contact.credential_offer_endpoint.is_some());
    Ok(TemplateForm::fresh(template, contacts))
}

const fn notice(offered: &Offered) -> Notice {
    match (offered.push_error.is_some(), offered.issuance.pushed_at.is_some()) {
        (true, _) => Notice::NotSent,
        (false, true) => Notice::Sent,
        (false, false) => Notice::Offered,
    }
}

fn after(id: IssuanceId, notice: Notice) -> Redirect {
    Redirect::to(&address(&path(id), &Done { notice: Some(notice) }))
}
