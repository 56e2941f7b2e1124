//! The page that adds or edits a verifier template. Its query is a type with claims ([`Simple`]), or DCQL.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::app::App;
use kernel::caller::{Allow, Caller};
use kernel::collection::{Collection as _, Creatable as _, Editable as _};
use kernel::console::Shell;
use kernel::console::by_name::{ListQuery, Notice};
use kernel::console::collection::{self, Listed as _};
use kernel::console::form::{Form, Sent};
use kernel::console::parts;
use kernel::console::texts::{common, verifier_templates as t};
use kernel::http::{Fields, ObjectId, Parameters};
use kernel::problem::Problem;
use keys::identifiers::Identifiers;
use model::resource;
use model::{
    Change, Identifier, RequestUriMethod, Retention, TrustChoice, TrustedIssuer, VerifierTemplate, VerifierTemplateId,
};
use serde::Serialize;
use serde_json::json;

use super::simple::Simple;
use super::{TemplateDraft, VerifierTemplates};
use crate::trusted_issuers::TrustedIssuers;

/// How many empty rows stand below the claims.
const EMPTY_ROWS: usize = 3;

#[derive(Template)]
#[template(path = "verifier_templates/form.html")]
struct FormPage<'a> {
    title: &'static str,
    form: &'a Form,
    identifiers: Vec<Identifier>,
    /// Whether the caller may create an identifier where there is none.
    may_create_identifier: bool,
    issuers: Vec<TrustedIssuer>,
    /// A row for each claim, with its label, and empty rows below them.
    rows: Vec<(String, &'a str)>,
    method: RequestUriMethod,
    trust: TrustChoice,
    action: String,
    back: String,
}

/// What stands in the fields; the query is a text.
#[derive(Serialize)]
struct Filled {
    #[serde(flatten)]
    draft: TemplateDraft,
    #[serde(flatten)]
    simple: Simple,
}

impl FormPage<'_> {
    /// The identifier that is chosen, or the only one.
    fn identifier_id(&self) -> String {
        match (self.form.value("identifier_id"), self.identifiers.as_slice()) {
            ("", [only]) => only.id.to_string(),
            (chosen, _) => chosen.to_owned(),
        }
    }
}

/// Adds a template.
pub(super) async fn add_page(
    allow: Allow<Change<resource::VerifierTemplates>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(VerifierTemplates::LABELS);
    if form.is_fresh() {
        form.fill(&json!({"retention_days": Retention::default()}));
    }
    complete(&mut form);
    if is_saved(&form)
        && let Some(draft) = form.draft::<TemplateDraft>()
        && let created = VerifierTemplates::create(&app, &allow.0, draft).await
        && form.accept(reworded(&form, created))?.is_some()
    {
        return Ok(collection::done::<VerifierTemplates>(query, Notice::Created));
    }
    page(&app, allow.0, &query, &form, None).await
}

/// Edits a template.
pub(super) async fn edit_page(
    allow: Allow<Change<resource::VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let template = VerifierTemplates::get(&app, &allow.0, id).await?;
    let mut form = sent.form(VerifierTemplates::LABELS);
    if form.is_fresh() {
        form.fill(&filled(&template));
    }
    complete(&mut form);
    if is_saved(&form)
        && let Some(patch) = form.patch::<TemplateDraft>()
        && let edited = VerifierTemplates::edit(&app, &allow.0, id, &patch).await
        && form.accept(reworded(&form, edited))?.is_some()
    {
        return Ok(collection::done::<VerifierTemplates>(query, Notice::Edited));
    }
    page(&app, allow.0, &query, &form, Some(&template)).await
}

async fn page(
    app: &App,
    caller: Caller,
    query: &ListQuery,
    form: &Form,
    edited: Option<&VerifierTemplate>,
) -> Result<Response, Problem> {
    let identifiers = Identifiers::all(app, &caller).await?;
    let issuers = TrustedIssuers::all(app, &caller).await?;
    let shell = Shell::open(app, caller).await?;
    let (title, path) = match edited {
        None => (t::ADD, collection::new_path::<VerifierTemplates>()),
        Some(template) => (t::DIALOGS.edit, format!("{}/{}/edit", VerifierTemplates::PATH, template.id)),
    };
    let claims = claims(form).into_iter().chain([""; EMPTY_ROWS]);
    let page = FormPage {
        title,
        form,
        identifiers,
        may_create_identifier: shell.may::<Change<resource::Identifiers>>(),
        issuers,
        rows: claims.zip(1..).map(|(claim, number)| (t::claim(number), claim)).collect(),
        method: request_uri_method(form),
        trust: trust(form),
        action: query.address(&path),
        back: query.address(VerifierTemplates::PATH),
    };
    let at = (VerifierTemplates::PATH, title);
    if form.is_refused() { shell.refused_page(at, &page) } else { shell.page(at, &page) }
}

/// The fields of a template, with its query as type and claims where they can say it.
fn filled(template: &VerifierTemplate) -> Filled {
    let mut draft = VerifierTemplates::draft(template);
    let simple = Simple::of(&draft.query);
    draft.query = if simple.is_some() { "".into() } else { format!("{:#}", draft.query).into() };
    Filled { draft, simple: simple.unwrap_or_default() }
}

/// Makes the fields of the draft of those of the page.
fn complete(form: &mut Form) {
    let mut fields = Fields::default();
    fields.parse::<Retention>("retention_days", form.value("retention_days"));
    if !has_dcql(form) {
        let claims = claims(form).into_iter().map(str::to_owned).collect();
        let query = Simple { vct: form.value("vct").to_owned(), claims }.query(&mut fields);
        form.replace("query", &query.to_string());
    }
    let (trust, method) = (trust(form), request_uri_method(form));
    form.replace("trust", trust.name());
    form.replace("request_uri_method", method.name());
    if trust != TrustChoice::ChosenIssuers {
        form.remove("trusted_issuers");
    }
    form.remove("vct");
    form.remove("claims");
    form.refuse(fields);
}

fn trust(form: &Form) -> TrustChoice {
    TrustChoice::from_name(form.value("trust")).unwrap_or_default()
}

fn request_uri_method(form: &Form) -> RequestUriMethod {
    RequestUriMethod::from_name(form.value("request_uri_method")).unwrap_or_default()
}

/// Whether the button was pressed that saves, and not the one that gives more rows.
fn is_saved(form: &Form) -> bool {
    form.value("more").is_empty()
}

fn has_dcql(form: &Form) -> bool {
    !form.value("query").trim().is_empty()
}

/// The claims that were typed, each once.
fn claims(form: &Form) -> Vec<&str> {
    let mut claims = Vec::new();
    for claim in form.values("claims").map(str::trim) {
        if !claim.is_empty() && !claims.contains(&claim) {
            claims.push(claim);
        }
    }
    claims
}

/// Says what is refused of the query in the words of the form: beside the claims or the type, or with its place in the
/// DCQL.
fn reworded<T>(form: &Form, saved: Result<T, Problem>) -> Result<T, Problem> {
    saved.map_err(|mut problem| {
        for error in &mut problem.errors {
            let Some(place) = error.field.strip_prefix("query.") else { continue };
            let field = if has_dcql(form) {
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
    })
}
