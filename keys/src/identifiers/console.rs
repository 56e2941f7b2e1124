//! Identifiers in the browser: Wallet, Identifiers.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::collection::Collection as _;
use kernel::console::by_name::{ListQuery, Notice};
use kernel::console::collection::{self, Context, Filled, Listed, Screen};
use kernel::console::dialog::{Dialog, DialogTexts};
use kernel::console::form::{Form, Labels, Sent};
use kernel::console::list_view::{ListTexts, ListView};
use kernel::console::parts::{self, RowAction, RowActions};
use kernel::console::texts::{common, identifiers as t};
use kernel::http::{ObjectId, Parameters};
use kernel::problem::Problem;
use model::resource;
use model::{Change, DidMethod, Identifier, IdentifierId, IdentifierKey};

use super::Identifiers;
use super::rotate;

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    collection::list_routes::<Identifiers>()
        .route(&collection::new_path::<Identifiers>(), collection::add_route::<Identifiers>())
        .route(&collection::object_path::<Identifiers>(t::ROTATE.path), get(rotate_dialog).post(rotate_dialog))
}

/// The list.
#[derive(Template)]
#[template(path = "identifiers/list.html")]
pub struct Dids {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    identifier: Identifier,
    /// The address of its document, of a did:web.
    document: Option<String>,
    keys: Vec<String>,
    created: String,
    actions: RowActions,
}

/// The dialog.
#[derive(Template)]
#[template(path = "identifiers/form.html")]
pub struct IdentifierForm<'a> {
    dialog: Dialog,
    form: &'a Form,
    choices: [Choice; 2],
}

struct Choice {
    method: &'static str,
    help: &'static str,
    is_ticked: bool,
}

impl Listed for Identifiers {
    const PATH: &'static str = "/identifiers";
    const LIST: &'static ListTexts = &t::LIST;
    const DIALOGS: &'static DialogTexts = &t::DIALOGS;
    const LABELS: Labels = &[("name", t::NAME), ("method", t::METHOD)];
    type List = Dids;

    async fn list_page(view: &Context<'_>, list: ListView, identifiers: Vec<Identifier>) -> Result<Dids, Problem> {
        let key = |key: &IdentifierKey| match key.retired_at {
            None => t::signs_since(&view.date(key.created_at)),
            Some(at) => t::retired(&view.date(at)),
        };
        let row = |identifier: Identifier| Row {
            document: is_web(&identifier).then(|| format!("/dids/{}/did.json", identifier.id)),
            keys: identifier.keys.iter().map(key).collect(),
            created: view.date(identifier.created_at),
            actions: view.row_actions::<Self>(&identifier),
            identifier,
        };
        Ok(Dids { list, rows: identifiers.into_iter().map(row).collect() })
    }

    fn actions(view: &Context<'_>, identifier: &Identifier) -> Vec<RowAction> {
        let url = || view.address::<Self>(identifier, t::ROTATE.path);
        let rotate = || RowAction::new(url(), "rotate", t::rotate(identifier.name.as_str()), t::ROTATE.title);
        is_web(identifier).then(rotate).into_iter().chain([view.delete::<Self>(identifier)]).collect()
    }
}

impl Filled for Identifiers {
    type Dialog<'a> = IdentifierForm<'a>;

    async fn dialog<'a>(
        _: &'a Context<'_>,
        dialog: Dialog,
        form: &'a Form,
        _: Option<&'a Identifier>,
    ) -> Result<IdentifierForm<'a>, Problem> {
        let ticked = DidMethod::from_name(form.value("method")).unwrap_or(DidMethod::Web);
        let choices = [DidMethod::Web, DidMethod::Jwk].map(|method| Choice {
            method: method.name(),
            help: t::method_help(method),
            is_ticked: method == ticked,
        });
        Ok(IdentifierForm { dialog, form, choices })
    }
}

/// Asks before a key is replaced.
async fn rotate_dialog(
    allow: Allow<Change<resource::Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(Identifiers::LABELS);
    if form.is_confirmed() && form.accept(rotate(&app, &allow.0, id).await)?.is_some() {
        return Ok(collection::done::<Identifiers>(query, Notice::Rotated));
    }
    let identifier = Identifiers::get(&app, &allow.0, id).await?;
    Screen::<Identifiers>::open(&app, allow.0, query).await?.ask(&form, &identifier, &t::ROTATE)
}

fn is_web(identifier: &Identifier) -> bool {
    identifier.method == DidMethod::Web
}
