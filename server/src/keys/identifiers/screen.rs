//! The screen Identifiers: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::Identifiers;
use model::{Change, DidMethod, Identifier, IdentifierId, IdentifierKey, TimeZoneName, local_date};

use super::list;
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::by_name::{ListQuery, Notice};
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::parts::{self, Heading, Pages};
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
    asked: ListQuery,
    may_change: bool,
    add: String,
    rows: Vec<Row>,
    heading: Heading,
    pages: Pages,
}

struct Row {
    identifier: Identifier,
    /// The address of its document, of a did:web.
    document: Option<String>,
    keys: Vec<String>,
    created: String,
    rotate: Option<String>,
    delete: String,
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
        let (identifiers, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::TITLE);
        let shell = Shell::open(app, caller).await?;
        let row = |identifier| Row::new(identifier, &shell.wallet.time_zone, &asked);
        let list = Dids {
            may_change: shell.may::<Change<Identifiers>>(),
            add: asked.address(NEW),
            rows: identifiers.into_iter().map(row).collect(),
            heading: asked.heading(PATH, t::NAME),
            pages,
            asked: asked.clone(),
        };
        Ok(Self { shell, asked, list })
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
        let dialog = Confirm {
            form,
            title: t::DELETE,
            question: t::DELETE_QUESTION,
            name: identifier.name.as_str(),
            lead: t::DELETE_LEAD,
            answers: (common::NO, common::YES),
            danger: true,
            action: self.asked.address(&path(identifier.id, "delete")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

impl Dids {
    fn notice(&self) -> Option<&'static str> {
        match self.asked.notice? {
            Notice::Created => Some(t::WAS_CREATED),
            Notice::Rotated => Some(t::WAS_ROTATED),
            Notice::Deleted => Some(t::WAS_DELETED),
            Notice::Edited => None,
        }
    }
}

impl Row {
    fn new(identifier: Identifier, zone: &TimeZoneName, asked: &ListQuery) -> Self {
        let date = |at| when::date(local_date(at, zone));
        let key = |key: &IdentifierKey| match key.retired_at {
            None => t::signs_since(&date(key.created_at)),
            Some(at) => t::retired(&date(at)),
        };
        let web = identifier.method == DidMethod::Web;
        Self {
            document: web.then(|| format!("/dids/{}/did.json", identifier.id)),
            keys: identifier.keys.iter().map(key).collect(),
            created: date(identifier.created_at),
            rotate: web.then(|| asked.address(&path(identifier.id, "rotate"))),
            delete: asked.address(&path(identifier.id, "delete")),
            identifier,
        }
    }
}

fn path(id: IdentifierId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
