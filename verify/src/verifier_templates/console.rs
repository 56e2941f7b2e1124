//! Verifier templates in the browser: Verify, Verifier templates.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::collection::Collection as _;
use kernel::console::Shell;
use kernel::console::collection::{self, Context, Listed};
use kernel::console::dialog::DialogTexts;
use kernel::console::form::Labels;
use kernel::console::list_view::{ListTexts, ListView};
use kernel::console::parts::{self, RowAction, RowActions};
use kernel::console::texts::{common, verifier_templates as t};
use kernel::http::ObjectId;
use kernel::problem::Problem;
use model::resource;
use model::{Change, TrustPolicy, TrustedIssuer, VerifierTemplate, VerifierTemplateId, View};

use super::VerifierTemplates;
use super::form::{add_page, edit_page};
use super::wanted::{Wanted, wanted};
use crate::trusted_issuers::TrustedIssuers;

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    collection::list_routes::<VerifierTemplates>()
        .route(&format!("{}/{{id}}", VerifierTemplates::PATH), get(view_page))
        .route(&collection::new_path::<VerifierTemplates>(), get(add_page).post(add_page))
        .route(&collection::object_path::<VerifierTemplates>("edit"), get(edit_page).post(edit_page))
}

/// The list.
#[derive(Template)]
#[template(path = "verifier_templates/list.html")]
pub struct Templates {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    template: VerifierTemplate,
    url: String,
    wanted: Vec<Wanted>,
    trust: Trusted,
    retention: String,
    actions: RowActions,
}

/// Whose credentials are accepted, in words; `any` is not to be overlooked.
struct Trusted {
    text: String,
    any: bool,
}

#[derive(Template)]
#[template(path = "verifier_templates/view.html")]
struct ViewPage<'a> {
    template: &'a VerifierTemplate,
    wanted: Vec<Wanted>,
    signed_by: String,
    trust: Trusted,
    chosen: Vec<TrustedIssuer>,
    retention: String,
    dcql: String,
    /// The page that edits it and the dialog that deletes it, for a caller who may.
    change: Option<[String; 2]>,
}

impl Listed for VerifierTemplates {
    const PATH: &'static str = "/verifier-templates";
    const LIST: &'static ListTexts = &t::LIST;
    const DIALOGS: &'static DialogTexts = &t::DIALOGS;
    const LABELS: Labels = &[
        ("name", t::NAME),
        ("purpose", t::PURPOSE),
        ("identifier_id", t::SIGNED_BY),
        ("vct", t::TYPE),
        ("claims", t::CLAIM),
        ("query", t::DCQL),
        ("trust", t::TRUST),
        ("trusted_issuers", t::CHOSEN_ISSUERS),
        ("retention_days", t::RETENTION),
        ("request_uri_method", t::REQUEST_URI_METHOD),
    ];
    type List = Templates;

    async fn list_page(
        view: &Context<'_>,
        list: ListView,
        templates: Vec<VerifierTemplate>,
    ) -> Result<Templates, Problem> {
        let row = |template: VerifierTemplate| Row {
            url: format!("{}/{}", Self::PATH, template.id),
            wanted: wanted(&template.query),
            trust: Trusted::of(&template.trust),
            retention: t::kept(template.retention.days()),
            actions: view.row_actions::<Self>(&template),
            template,
        };
        Ok(Templates { list, rows: templates.into_iter().map(row).collect() })
    }

    fn actions(view: &Context<'_>, template: &VerifierTemplate) -> Vec<RowAction> {
        view.edit_and_delete::<Self>(template)
    }
}

/// A template in a page of its own.
async fn view_page(
    allow: Allow<View<resource::VerifierTemplates>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<VerifierTemplateId>,
) -> Result<Response, Problem> {
    let template = VerifierTemplates::get(&app, &allow.0, id).await?;
    let signer = app.store.read().await?.identifier(template.wallet_id, template.identifier_id).await?;
    let signed_by = signer.map(|signer| format!("{} ({})", signer.name, signer.method.name()));
    let mut chosen = TrustedIssuers::all(&app, &allow.0).await?;
    chosen.retain(|issuer| template.trust.chosen().contains(&issuer.id));
    let shell = Shell::open(&app, allow.0).await?;
    let path = |dialog| format!("{}/{id}/{dialog}", VerifierTemplates::PATH);
    let page = ViewPage {
        wanted: wanted(&template.query),
        signed_by: signed_by.unwrap_or_else(|| template.identifier_id.to_string()),
        trust: Trusted::of(&template.trust),
        chosen,
        retention: t::kept(template.retention.days()),
        dcql: format!("{:#}", template.query),
        change: shell.may::<Change<resource::VerifierTemplates>>().then(|| ["edit", "delete"].map(path)),
        template: &template,
    };
    shell.page((VerifierTemplates::PATH, template.name.as_str()), &page)
}

impl Trusted {
    fn of(policy: &TrustPolicy) -> Self {
        let text = match policy {
            TrustPolicy::TrustedIssuers => t::ALL_TRUSTED.to_owned(),
            TrustPolicy::ChosenIssuers(chosen) => t::chosen(chosen.len()),
            TrustPolicy::AnyIssuer => t::ANY_ISSUER.to_owned(),
        };
        Self { text, any: *policy == TrustPolicy::AnyIssuer }
    }
}
