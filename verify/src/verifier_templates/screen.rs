//! The screens of the verifier templates: the list with its dialog, a template, and the page that edits one.

use askama::Template;
use axum::response::Response;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::collection::Collection as _;
use kernel::console::Shell;
use kernel::console::by_name::ListQuery;
use kernel::console::confirm::Confirm;
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::ListView;
use kernel::console::parts::{self, RowAction, RowActions};
use kernel::console::texts::{common, verifier_templates as t};
use kernel::problem::Problem;
use model::resource::{Identifiers, VerifierTemplates};
use model::{Change, RequestUriMethod, TrustPolicy, TrustedIssuer, VerifierTemplate, VerifierTemplateId};
use store::{Conn, List};

use super::console::{ANY, CHOSEN, Filled, LISTED};
use super::wanted::{Wanted, wanted};
use super::{TrustChoice, list};
use crate::trusted_issuers::TrustedIssuers;

pub(super) const PATH: &str = "/verifier-templates";
pub(super) const NEW: &str = "/verifier-templates/new";

pub(super) const LABELS: Labels = &[
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

/// How many identifiers there are to choose from.
const CHOICES: u32 = 200;
/// Empty rows below the claims that were typed.
const EMPTY_ROWS: usize = 3;

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    list: Listed,
}

#[derive(Template)]
#[template(path = "verifier_templates/list.html")]
struct Listed {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    template: VerifierTemplate,
    wanted: Vec<Wanted>,
    trust: Trusted,
    retention: String,
    url: String,
    actions: RowActions,
}

/// Whose credentials are accepted, in words; `any` is not to be overlooked.
struct Trusted {
    text: String,
    any: bool,
}

#[derive(Template)]
#[template(path = "verifier_templates/view.html")]
struct Viewing<'a> {
    template: &'a VerifierTemplate,
    wanted: Vec<Wanted>,
    signed_by: String,
    trust: Trusted,
    chosen: Vec<TrustedIssuer>,
    retention: String,
    dcql: String,
    /// Where it is edited and deleted, by whoever may.
    change: Option<(String, String)>,
}

/// What the form of one template chooses from.
pub(super) struct Editing {
    shell: Shell,
    template: Option<VerifierTemplate>,
    identifiers: Vec<Choice>,
    issuers: Vec<TrustedIssuer>,
}

struct Choice {
    id: String,
    name: String,
}

#[derive(Template)]
#[template(path = "verifier_templates/form.html")]
struct Filling<'a> {
    title: &'a str,
    form: &'a Form,
    filled: &'a Filled,
    identifiers: &'a [Choice],
    identifier_id: String,
    may_create_identifier: bool,
    issuers: &'a [TrustedIssuer],
    rows: Vec<ClaimRow<'a>>,
    action: String,
    back: &'static str,
}

/// A row to type a claim into.
struct ClaimRow<'a> {
    label: String,
    claim: &'a str,
}

impl Filling<'_> {
    fn trusts(&self, choice: TrustChoice) -> bool {
        self.filled.draft.trust == choice
    }

    fn asks_for_post(&self) -> bool {
        self.filled.draft.request_uri_method == RequestUriMethod::Post
    }

    fn is_chosen(&self, issuer: &TrustedIssuer) -> bool {
        self.filled.draft.trusted_issuers.contains(&issuer.id)
    }
}

/// A template in a page of its own.
pub(super) async fn view(app: &App, caller: Caller, template: &VerifierTemplate) -> Result<Response, Problem> {
    let identifiers = identifiers(&mut app.store.read().await?, &caller).await?;
    let id = template.identifier_id.to_string();
    let signed_by = identifiers.into_iter().find(|choice| choice.id == id).map(|choice| choice.name);
    let issuers = TrustedIssuers::all(app, &caller).await?;
    let chosen = template.trust.chosen();
    let shell = Shell::open(app, caller).await?;
    let may_change = shell.may::<Change<VerifierTemplates>>();
    let page = Viewing {
        wanted: wanted(&template.query),
        signed_by: signed_by.unwrap_or(id),
        trust: Trusted::of(&template.trust),
        chosen: issuers.into_iter().filter(|issuer| chosen.contains(&issuer.id)).collect(),
        retention: t::kept(template.retention.days()),
        dcql: format!("{:#}", template.query),
        change: may_change.then(|| (path(template.id, "edit"), path(template.id, "delete"))),
        template,
    };
    shell.page((PATH, template.name.as_str()), &page)
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let (templates, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let may_change = shell.may::<Change<VerifierTemplates>>();
        let rows: Vec<Row> = templates.into_iter().map(|template| Row::new(template, &asked, may_change)).collect();
        let add = may_change.then(|| NEW.to_owned());
        let list = ListView::new(&t::LIST, PATH, &asked, add, rows.is_empty(), pages);
        Ok(Self { shell, asked, list: Listed { list, rows } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog that asks before a template is deleted.
    pub(super) fn delete(&self, form: &Form, template: &VerifierTemplate) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            template.name.as_str(),
            self.asked.address(&path(template.id, "delete")),
            self.asked.address(PATH),
        );
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

impl Editing {
    /// For a new template, or for this one.
    pub(super) async fn open(app: &App, caller: Caller, template: Option<VerifierTemplate>) -> Result<Self, Problem> {
        let identifiers = identifiers(&mut app.store.read().await?, &caller).await?;
        let issuers = TrustedIssuers::all(app, &caller).await?;
        Ok(Self { shell: Shell::open(app, caller).await?, template, identifiers, issuers })
    }

    /// The page, with what was typed.
    pub(super) fn show(&self, form: &Form, filled: Filled) -> Result<Response, Problem> {
        let only = match self.identifiers.as_slice() {
            [only] => only.id.clone(),
            _ => String::new(),
        };
        let (title, action) = match &self.template {
            None => (t::ADD, NEW.to_owned()),
            Some(template) => (t::EDIT, path(template.id, "edit")),
        };
        let page = Filling {
            title,
            form,
            identifiers: &self.identifiers,
            identifier_id: filled.draft.identifier_id.map_or(only, |id| id.to_string()),
            may_create_identifier: self.shell.may::<Change<Identifiers>>(),
            issuers: &self.issuers,
            rows: rows(&filled.simple.claims),
            action,
            back: PATH,
            filled: &filled,
        };
        if form.is_refused() {
            self.shell.refused_page((PATH, title), &page)
        } else {
            self.shell.page((PATH, title), &page)
        }
    }
}

impl Row {
    fn new(template: VerifierTemplate, asked: &ListQuery, may_change: bool) -> Self {
        let name = template.name.as_str();
        let actions = RowActions::new(may_change, || {
            [
                RowAction::edit(path(template.id, "edit"), t::edit(name)),
                RowAction::delete(asked.address(&path(template.id, "delete")), t::delete(name)),
            ]
        });
        Self {
            wanted: wanted(&template.query),
            trust: Trusted::of(&template.trust),
            retention: t::kept(template.retention.days()),
            url: format!("{PATH}/{}", template.id),
            actions,
            template,
        }
    }
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

/// The wallet's identifiers by name. Their names are no secret to whoever may see the templates that they sign.
async fn identifiers(conn: &mut Conn, caller: &Caller) -> Result<Vec<Choice>, Problem> {
    let list = List { limit: CHOICES, after: None, q: None, sort: (), descending: false };
    let page = conn.identifiers(caller.wallet_id, &list).await?;
    let choice = |identifier: model::Identifier| Choice {
        id: identifier.id.to_string(),
        name: format!("{} ({})", identifier.name, identifier.method.name()),
    };
    Ok(page.items.into_iter().map(choice).collect())
}

/// The claims that were typed, and empty rows below them.
fn rows(claims: &[String]) -> Vec<ClaimRow<'_>> {
    let claims = claims.iter().map(String::as_str).chain([""; EMPTY_ROWS]);
    claims.zip(1..).map(|(claim, number)| ClaimRow { label: t::claim(number), claim }).collect()
}

fn path(id: VerifierTemplateId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
