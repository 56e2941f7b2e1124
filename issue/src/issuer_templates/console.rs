//! Issuer templates in the browser: Issue, Issuer templates.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::by_name::{ListQuery, Notice};
use kernel::console::form::{Form, Typed};
use kernel::console::rows::Press;
use kernel::http::{ObjectId, Parameters};
use kernel::problem::Problem;
use model::resource::IssuerTemplates;
use model::{Change, IssuerTemplateId, View};

use super::screen::{Editing, LABELS, NEW, PATH, Screen, view};
use super::{CardDraft, ClaimDraft, Draft, create, delete, edit, get as get_template};

/// The routes of the pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(show_list))
        .route(NEW, get(show_add).post(send_add))
        .route(&format!("{PATH}/{{id}}"), get(show_one))
        .route(&format!("{PATH}/{{id}}/edit"), get(show_edit).post(send_edit))
        .route(&format!("{PATH}/{{id}}/delete"), get(show_delete).post(send_delete))
}

async fn show_list(
    allow: Allow<View<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_one(
    allow: Allow<View<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let template = get_template(&app, &allow.0, id).await?;
    view(&app, allow.0, &template, asked.notice).await
}

async fn show_add(allow: Allow<Change<IssuerTemplates>>, State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let draft = Draft { claims: vec![ClaimDraft::default()], ..Draft::default() };
    Editing::open(&app, allow.0, None).await?.choose_only().show(&Form::fresh(LABELS), draft, None)
}

async fn send_add(
    allow: Allow<Change<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let press = Press::read(&mut typed);
    let mut draft = draft(&mut typed);
    draft.vct = typed.text("vct");
    if let Some(press) = press {
        let focus = press.apply(&mut draft.claims);
        return Editing::open(&app, allow.0, None).await?.show(&Form::fresh(LABELS), draft, focus);
    }
    draft.claims.retain(|claim| !is_blank(claim));
    let created = match typed.finish() {
        Ok(()) => create(&app, &allow.0, &named(&draft)).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok(template) => {
            Ok(Redirect::to(&ListQuery::default().after(&path(template.id), Notice::Created)).into_response())
        }
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Editing::open(&app, allow.0, None).await?.show(&form, draft, None)
        }
    }
}

async fn show_edit(
    allow: Allow<Change<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
) -> Result<Response, Problem> {
    let template = get_template(&app, &allow.0, id).await?;
    let draft = Draft::of(&template);
    Editing::open(&app, allow.0, Some(template)).await?.show(&Form::fresh(LABELS), draft, None)
}

async fn send_edit(
    allow: Allow<Change<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let template = get_template(&app, &allow.0, id).await?;
    let press = Press::read(&mut typed);
    let mut draft = draft(&mut typed);
    draft.vct = template.vct.to_string();
    if let Some(press) = press {
        let focus = press.apply(&mut draft.claims);
        return Editing::open(&app, allow.0, Some(template)).await?.show(&Form::fresh(LABELS), draft, focus);
    }
    draft.claims.retain(|claim| !is_blank(claim));
    let edited = match typed.finish() {
        Ok(()) => edit(&app, &allow.0, id, |before| *before = named(&draft)).await,
        Err(problem) => Err(problem),
    };
    match edited {
        Ok(_) => Ok(Redirect::to(&ListQuery::default().after(&path(id), Notice::Edited)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Editing::open(&app, allow.0, Some(template)).await?.show(&form, draft, None)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let template = get_template(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &template)
}

async fn send_delete(
    allow: Allow<Change<IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    match delete(&app, &allow.0, id).await {
        Ok(()) => Ok(Redirect::to(&asked.after(PATH, Notice::Deleted)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            let template = get_template(&app, &allow.0, id).await?;
            Screen::open(&app, allow.0, asked).await?.delete(&form, &template)
        }
    }
}

fn path(id: IssuerTemplateId) -> String {
    format!("{PATH}/{id}")
}

/// What was typed, but for the type, which is typed once.
fn draft(typed: &mut Typed) -> Draft {
    Draft {
        name: typed.text("name"),
        vct: String::new(),
        claims: typed.rows("claims", |typed, at| ClaimDraft {
            path: ClaimDraft::typed_path(&typed.text(&format!("{at}path"))),
            label: typed.text(&format!("{at}label")),
            kind: typed.text(&format!("{at}type")),
            mandatory: !typed.text(&format!("{at}mandatory")).is_empty(),
            selectively_disclosable: !typed.text(&format!("{at}selectively_disclosable")).is_empty(),
        }),
        card: CardDraft {
            name: typed.text("display.name"),
            description: typed.text("display.description"),
            language: typed.text("display.language"),
            background_color: typed.text("display.background_color"),
            text_color: typed.text("display.text_color"),
            logo_url: typed.text("display.logo_url"),
        },
        valid_for_days: typed.text("valid_for_days"),
        identifier_id: typed.text("identifier_id"),
        status_list_id: typed.text("status_list_id"),
    }
}

/// A row that nobody has begun.
fn is_blank(claim: &ClaimDraft) -> bool {
    claim.label.trim().is_empty() && claim.path.iter().all(String::is_empty)
}

/// People name a claim by its label; the name that programs read is made of it.
fn named(draft: &Draft) -> Draft {
    let mut draft = draft.clone();
    for claim in &mut draft.claims {
        if claim.path.iter().all(String::is_empty) {
            claim.path = vec![model::TemplatePath::name_of(&claim.label)];
        }
    }
    draft
}
