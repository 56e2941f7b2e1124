//! Verifier templates in the browser: Verify, Verifier templates.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::app::App;
use kernel::caller::{Allow, Caller};
use kernel::console::by_name::{ListQuery, Notice};
use kernel::console::form::{Form, Typed};
use kernel::http::{Fields, ObjectId, Parameters};
use kernel::problem::{FieldError, Problem};
use model::resource::VerifierTemplates;
use model::{Change, RequestUriMethod, VerifierTemplate, VerifierTemplateId, View};

use super::screen::{Editing, LABELS, NEW, PATH, Screen, view};
use super::simple::Simple;
use super::{Draft, Edit, TrustChoice, create, delete, edit, get as get_template};

/// The values of the field `trust`.
pub(super) const LISTED: &str = "trusted_issuers";
/// See [`LISTED`].
pub(super) const CHOSEN: &str = "chosen_issuers";
/// See [`LISTED`].
pub(super) const ANY: &str = "any_issuer";

/// What is typed into the form: the draft, and its query in either of the two ways to say it.
#[derive(Clone, Default, Debug)]
pub(super) struct Filled {
    pub(super) draft: Draft,
    pub(super) simple: Simple,
    /// DCQL; where there is some, it is the query.
    pub(super) dcql: String,
    pub(super) retention_days: String,
}

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
    allow: Allow<View<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    Screen::open(&app, allow.0, asked).await?.show()
}

async fn show_one(
    allow: Allow<View<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
) -> Result<Response, Problem> {
    let template = get_template(&app, &allow.0, id).await?;
    view(&app, allow.0, &template).await
}

async fn show_add(allow: Allow<Change<VerifierTemplates>>, State(app): State<Arc<App>>) -> Result<Response, Problem> {
    Editing::open(&app, allow.0, None).await?.show(&Form::fresh(LABELS), Filled::fresh())
}

async fn send_add(
    allow: Allow<Change<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let more = wants_more(&mut typed);
    let mut filled = Filled::read(&mut typed);
    if more {
        return Editing::open(&app, allow.0, None).await?.show(&Form::fresh(LABELS), filled);
    }
    let saved = filled.complete(typed);
    match save(&app, &allow.0, None, &filled, saved).await {
        Ok(()) => Ok(Redirect::to(&ListQuery::default().after(PATH, Notice::Created)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Editing::open(&app, allow.0, None).await?.show(&form, filled)
        }
    }
}

async fn show_edit(
    allow: Allow<Change<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
) -> Result<Response, Problem> {
    let template = get_template(&app, &allow.0, id).await?;
    let filled = Filled::of(&template);
    Editing::open(&app, allow.0, Some(template)).await?.show(&Form::fresh(LABELS), filled)
}

async fn send_edit(
    allow: Allow<Change<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let template = get_template(&app, &allow.0, id).await?;
    let more = wants_more(&mut typed);
    let mut filled = Filled::read(&mut typed);
    if more {
        return Editing::open(&app, allow.0, Some(template)).await?.show(&Form::fresh(LABELS), filled);
    }
    let saved = filled.complete(typed);
    match save(&app, &allow.0, Some(id), &filled, saved).await {
        Ok(()) => Ok(Redirect::to(&ListQuery::default().after(PATH, Notice::Edited)).into_response()),
        Err(problem) => {
            let form = Form::refused(LABELS, problem)?;
            Editing::open(&app, allow.0, Some(template)).await?.show(&form, filled)
        }
    }
}

async fn show_delete(
    allow: Allow<Change<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
    Parameters(asked): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let template = get_template(&app, &allow.0, id).await?;
    Screen::open(&app, allow.0, asked).await?.delete(&Form::fresh(LABELS), &template)
}

async fn send_delete(
    allow: Allow<Change<VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
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

/// Whether the button was pressed that gives more rows to type claims into, instead of the one that saves.
fn wants_more(typed: &mut Typed) -> bool {
    !typed.text("more").is_empty()
}

/// Saves what was typed, and tells what of it cannot be read together with what is refused.
async fn save(
    app: &App,
    caller: &Caller,
    id: Option<VerifierTemplateId>,
    filled: &Filled,
    unreadable: Vec<FieldError>,
) -> Result<(), Problem> {
    if !unreadable.is_empty() {
        return Err(Problem::fields(unreadable));
    }
    let saved = match id {
        None => create(app, caller, &filled.draft).await,
        Some(id) => edit(app, caller, id, &Edit::to(&filled.draft)).await,
    };
    saved.map(|_| ()).map_err(|problem| filled.retell(problem))
}

impl Filled {
    /// An empty form.
    fn fresh() -> Self {
        let draft = Draft::default();
        Self { retention_days: draft.retention_days.to_string(), draft, ..Self::default() }
    }

    /// The form of a template, with its query in the simple form where that can say it.
    fn of(template: &VerifierTemplate) -> Self {
        let simple = Simple::of(&template.query);
        Self {
            draft: Edit::default().onto(template),
            dcql: if simple.is_none() { format!("{:#}", template.query) } else { String::new() },
            simple: simple.unwrap_or_default(),
            retention_days: template.retention.days().to_string(),
        }
    }

    fn read(typed: &mut Typed) -> Self {
        let mut claims: Vec<String> = Vec::new();
        for claim in typed.all::<String>("claims") {
            let claim = claim.trim();
            if !claim.is_empty() && !claims.iter().any(|other| other == claim) {
                claims.push(claim.to_owned());
            }
        }
        let trust = match typed.text("trust").as_str() {
            ANY => TrustChoice::AnyIssuer,
            CHOSEN => TrustChoice::ChosenIssuers,
            _ => TrustChoice::TrustedIssuers,
        };
        let chosen = typed.all("trusted_issuers");
        Self {
            draft: Draft {
                name: typed.text("name"),
                purpose: typed.text("purpose"),
                identifier_id: typed.text("identifier_id").parse().ok(),
                trust,
                // Anything else is the default, which the form shows.
                request_uri_method: RequestUriMethod::from_name(&typed.text("request_uri_method")).unwrap_or_default(),
                // What is ticked counts only where issuers are chosen.
                trusted_issuers: if trust == TrustChoice::ChosenIssuers { chosen } else { Vec::new() },
                ..Draft::default()
            },
            simple: Simple { vct: typed.text("vct"), claims },
            dcql: typed.text("query"),
            retention_days: typed.text("retention_days"),
        }
    }

    /// Completes the draft with what stands in the form as text. Returns what cannot be read.
    fn complete(&mut self, typed: Typed) -> Vec<FieldError> {
        let mut fields = Fields::default();
        if self.dcql.trim().is_empty() {
            self.draft.query = self.simple.query(&mut fields);
        } else if let Some(query) = fields.take("query", serde_json::from_str(&self.dcql).map_err(not_json)) {
            self.draft.query = query;
        }
        if let Some(retention) = fields.parse::<model::Retention>("retention_days", &self.retention_days) {
            self.draft.retention_days = retention.days().into();
        }
        let unknown = typed.finish().err();
        let unreadable = fields.finish(Some(())).err();
        unknown.into_iter().chain(unreadable).flat_map(|problem| problem.errors).collect()
    }
}

impl Filled {
    /// Tells what is refused of the query in the words of the form: beside the claims or the type, or with its place in
    /// the DCQL that was typed.
    fn retell(&self, mut problem: Problem) -> Problem {
        for error in &mut problem.errors {
            let Some(place) = error.field.strip_prefix("query.") else { continue };
            let field = if !self.dcql.trim().is_empty() {
                error.message = format!("`{place}` {}", error.message);
                "query"
            } else if place.contains("claims") {
                "claims"
            } else {
                "vct"
            };
            error.field = String::from(field);
        }
        problem
    }
}

impl Edit {
    /// Everything as the draft says.
    fn to(draft: &Draft) -> Self {
        let draft = draft.clone();
        Self {
            name: Some(draft.name),
            purpose: Some(draft.purpose),
            identifier_id: draft.identifier_id,
            query: Some(draft.query),
            trust: Some(draft.trust),
            trusted_issuers: Some(draft.trusted_issuers),
            retention_days: Some(draft.retention_days),
            request_uri_method: Some(draft.request_uri_method),
        }
    }
}

/// Where the text stops being JSON. What the parser would have liked to see there says less.
fn not_json(error: serde_json::Error) -> String {
    format!("must be JSON, which it is not from line {}, column {} on", error.line(), error.column())
}
