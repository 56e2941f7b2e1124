//! The screen Identifiers: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::Identifiers;
use model::{Change, DidMethod, Identifier, IdentifierId, IdentifierKey, TimeZoneName, local_date};

use super::list;
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::by_name::ListQuery;
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::list_view::ListView;
use crate::kernel::console::parts::{self, RowAction, RowActions};
use crate::kernel::console::texts::{common, identifiers as t};
use crate::kernel::console::{Shell, when};
use crate::kernel::problem::Problem;

pub(super) const PATH: &str = "/identifiers";
pub(super) const NEW: &str = "/identifiers/new";

pub(super) const LABELS: Labels = &[("name", t::NAME), ("method", t::METHOD)];

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    list: Dids,
}

#[derive(Template)]
#[template(path = "identifiers/list.html")]
struct Dids {
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

#[derive(Template)]
#[template(path = "identifiers/add.html")]
struct Add<'a> {
    form: &'a Form,
    name: &'a str,
    choices: [Choice; 2],
    action: String,
    back: String,
}

struct Choice {
    method: &'static str,
    help: &'static str,
    ticked: bool,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let (identifiers, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let may_change = shell.may::<Change<Identifiers>>();
        let row = |identifier| Row::new(identifier, &shell.wallet.time_zone, &asked, may_change);
        let rows: Vec<Row> = identifiers.into_iter().map(row).collect();
        let add = may_change.then(|| asked.address(NEW));
        let list = ListView::new(&t::LIST, PATH, &asked, add, rows.is_empty(), pages);
        Ok(Self { shell, asked, list: Dids { list, rows } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog "Create identifier".
    pub(super) fn add(&self, form: &Form, name: &str, method: DidMethod) -> Result<Response, Problem> {
        let choice = |own: DidMethod| Choice { method: own.name(), help: t::method_help(own), ticked: own == method };
        let choices = [choice(DidMethod::Web), choice(DidMethod::Jwk)];
        let (action, back) = (self.asked.address(NEW), self.asked.address(PATH));
        self.shell.over(PATH, &self.list, form, &Add { form, name, choices, action, back })
    }

    /// With the dialog that asks before a key is replaced.
    pub(super) fn rotate(&self, form: &Form, identifier: &Identifier) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: t::ROTATE,
            question: t::ROTATE_QUESTION,
            name: identifier.name.as_str(),
            lead: t::ROTATE_LEAD,
            answers: (common::CANCEL, t::ROTATE_YES),
            danger: false,
            action: self.asked.address(&path(identifier.id, "rotate")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }

    /// With the dialog that asks before an identifier is deleted.
    pub(super) fn delete(&self, form: &Form, identifier: &Identifier) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            identifier.name.as_str(),
            self.asked.address(&path(identifier.id, "delete")),
            self.asked.address(PATH),
        );
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

impl Row {
    fn new(identifier: Identifier, zone: &TimeZoneName, asked: &ListQuery, may_change: bool) -> Self {
        let date = |at| when::date(local_date(at, zone));
        let key = |key: &IdentifierKey| match key.retired_at {
            None => t::signs_since(&date(key.created_at)),
            Some(at) => t::retired(&date(at)),
        };
        let web = identifier.method == DidMethod::Web;
        let (id, name) = (identifier.id, identifier.name.as_str());
        let rotate = || RowAction::new(asked.address(&path(id, "rotate")), "rotate", t::rotate(name), t::ROTATE);
        let delete = RowAction::delete(asked.address(&path(id, "delete")), t::delete(name));
        let actions = RowActions::new(may_change, || web.then(rotate).into_iter().chain([delete]));
        Self {
            document: web.then(|| format!("/dids/{}/did.json", identifier.id)),
            keys: identifier.keys.iter().map(key).collect(),
            created: date(identifier.created_at),
            actions,
            identifier,
        }
    }
}

fn path(id: IdentifierId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
