//! Issuer templates in the browser: Issue, Issuer templates.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::collection::{Collection as _, Creatable as _, Editable as _};
use kernel::console::by_name::{ListQuery, Notice};
use kernel::console::collection::{self, Context, Listed};
use kernel::console::dialog::DialogTexts;
use kernel::console::form::{Form, Labels, Sent};
use kernel::console::list_view::{ListTexts, ListView};
use kernel::console::parts::{self, RowAction, RowActions};
use kernel::console::texts::{common, issuer_templates as t};
use kernel::http::{ObjectId, Parameters};
use kernel::problem::Problem;
use model::resource;
use model::{Change, IssuerTemplate, IssuerTemplateId, TemplatePath, View};
use serde_json::json;

use super::screen::{Editing, identifiers, name_of, path, valid_for, view};
use super::{CardDraft, ClaimDraft, IssuerTemplates, TemplateDraft};

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    collection::list_routes::<IssuerTemplates>()
        .route(&collection::new_path::<IssuerTemplates>(), get(add_page).post(add_page))
        .route(&collection::object_path::<IssuerTemplates>("edit"), get(edit_page).post(edit_page))
        .route(&format!("{}/{{id}}", IssuerTemplates::PATH), get(view_page))
}

/// The list.
#[derive(Template)]
#[template(path = "issuer_templates/list.html")]
pub struct Templates {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    claims: String,
    signed_by: String,
    valid_for: String,
    created: String,
    view: String,
    actions: RowActions,
}

impl Listed for IssuerTemplates {
    const PATH: &'static str = "/issuer-templates";
    const LIST: &'static ListTexts = &t::LIST;
    const DIALOGS: &'static DialogTexts = &t::DIALOGS;
    const LABELS: Labels = &[
        ("name", t::NAME),
        ("identifier_id", t::SIGNED_BY),
        ("valid_for_days", t::VALID_FOR_DAYS),
        ("status_list_id", t::STATUS_LIST),
        ("claims", t::CLAIMS),
        ("claims[]", t::CLAIM),
        ("claims[].label", t::LABEL),
        ("claims[].path", t::PATH),
        ("claims[].type", t::KIND),
        ("claims[].mandatory", t::MANDATORY),
        ("display.name", t::CARD_TITLE),
        ("display.description", t::DESCRIPTION),
        ("display.language", t::LANGUAGE),
        ("display.background_color", t::BACKGROUND_COLOR),
        ("display.text_color", t::TEXT_COLOR),
        ("display.logo_url", t::LOGO_URL),
        ("vct", t::VCT),
    ];
    type List = Templates;

    async fn list_page(
        context: &Context<'_>,
        list: ListView,
        templates: Vec<IssuerTemplate>,
    ) -> Result<Templates, Problem> {
        let identifiers = identifiers(context.app, &context.shell.caller).await?;
        let row = |template: IssuerTemplate| Row {
            claims: template.claims.iter().map(|claim| claim.label.as_str()).collect::<Vec<_>>().join(", "),
            signed_by: name_of(&identifiers, &template.identifier_id.to_string()),
            valid_for: valid_for(&template),
            created: context.date(template.created_at),
            view: path(template.id, ""),
            actions: context.row_actions::<Self>(&template),
            name: template.name.into_string(),
        };
        Ok(Templates { list, rows: templates.into_iter().map(row).collect() })
    }

    fn actions(context: &Context<'_>, template: &IssuerTemplate) -> Vec<RowAction> {
        let edit = RowAction::edit(path(template.id, "/edit"), common::edit_named(template.name.as_str()));
        vec![edit, context.delete::<Self>(template)]
    }
}

async fn view_page(
    allow: Allow<View<resource::IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Response, Problem> {
    let template = IssuerTemplates::get(&app, &allow.0, id).await?;
    view(&app, allow.0, &template, query.notice).await
}

async fn add_page(
    allow: Allow<Change<resource::IssuerTemplates>>,
    State(app): State<Arc<App>>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(IssuerTemplates::LABELS);
    if form.is_fresh() {
        let (claims, display) = ([ClaimDraft::default()], CardDraft::usual());
        form.fill(&json!({"claims": claims, "display": display, "valid_for_days": 365}));
    }
    settle_rows(&mut form);
    if let Some(draft) = form.draft()
        && let Some(template) = form.accept(IssuerTemplates::create(&app, &allow.0, draft).await)?
    {
        return Ok(done(template.id, Notice::Created));
    }
    Editing::open(&app, allow.0, None).await?.show(&form)
}

async fn edit_page(
    allow: Allow<Change<resource::IssuerTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IssuerTemplateId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let template = IssuerTemplates::get(&app, &allow.0, id).await?;
    let mut form = sent.form(IssuerTemplates::LABELS);
    if form.is_fresh() {
        form.fill(&IssuerTemplates::draft(&template));
    }
    settle_rows(&mut form);
    if let Some(patch) = form.patch::<TemplateDraft>()
        && form.accept(IssuerTemplates::edit(&app, &allow.0, id, &patch).await)?.is_some()
    {
        return Ok(done(id, Notice::Edited));
    }
    Editing::open(&app, allow.0, Some(template)).await?.show(&form)
}

/// Adds or removes the row of a claim, or leaves out the rows that nobody has begun. People name a claim by its label;
/// the name that programs read is made of it.
fn settle_rows(form: &mut Form) {
    const TABLE: &str = "claims";
    let is_blank = |text: &str| text.chars().all(|c| c.is_whitespace() || c == '.');
    form.press(TABLE, &ClaimDraft::default());
    form.keep_rows(TABLE, |claim| !claim.text("label").trim().is_empty() || !is_blank(claim.text("path")));
    for (row, claim) in form.rows(TABLE).iter().enumerate().filter(|(_, claim)| is_blank(claim.text("path"))) {
        form.replace(&format!("{TABLE}[{row}].path"), &TemplatePath::name_of(claim.text("label")));
    }
}

fn done(id: IssuerTemplateId, notice: Notice) -> Response {
    Redirect::to(&ListQuery::default().after(&path(id, ""), notice)).into_response()
}
