//! The screen Status lists: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::{Identifiers, StatusLists};
use model::{Change, Identifier, IdentifierId, StatusList, StatusListId, TimeZoneName, local_date};
use store::List;

use super::{list, uri};
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::by_name::{ListQuery, Notice};
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::parts::{self, Heading, Pages};
use crate::kernel::console::texts::{common, status_lists as t};
use crate::kernel::console::{Shell, when};
use crate::kernel::problem::Problem;

pub(super) const PATH: &str = "/status-lists";
pub(super) const NEW: &str = "/status-lists/new";

pub(super) const LABELS: Labels = &[("name", t::NAME), ("identifier_id", t::SIGNER)];

/// How many identifiers the dialog offers.
const OFFERED: u32 = 200;

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    list: Lists,
}

#[derive(Template)]
#[template(path = "status_lists/list.html")]
struct Lists {
    asked: ListQuery,
    may_change: bool,
    add: String,
    rows: Vec<Row>,
    heading: Heading,
    pages: Pages,
}

struct Row {
    list: StatusList,
    uri: String,
    used: String,
    statuses: [String; 3],
    created: String,
    edit: String,
    delete: String,
}

/// The dialog "Create status list".
#[derive(Template)]
#[template(path = "status_lists/add.html")]
struct Add<'a> {
    form: &'a Form,
    name: &'a str,
    signer: Option<IdentifierId>,
    signers: Vec<Identifier>,
    /// Whether the caller may make an identifier where there is none.
    may_make_signer: bool,
    action: String,
    back: String,
}

/// The dialog "Rename status list".
#[derive(Template)]
#[template(path = "status_lists/edit.html")]
struct Edit<'a> {
    form: &'a Form,
    name: &'a str,
    action: String,
    back: String,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let (lists, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::TITLE);
        let shell = Shell::open(app, caller).await?;
        let row = |list| Row::new(app, list, &shell.wallet.time_zone, &asked);
        let list = Lists {
            may_change: shell.may::<Change<StatusLists>>(),
            add: asked.address(NEW),
            rows: lists.into_iter().map(row).collect(),
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

    /// With the dialog "Create status list".
    pub(super) async fn add(
        &self,
        app: &App,
        form: &Form,
        name: &str,
        signer: Option<IdentifierId>,
    ) -> Result<Response, Problem> {
        let all = List { limit: OFFERED, after: None, q: None, sort: (), descending: false };
        let signers = app.store.read().await?.identifiers(self.shell.wallet.id, &all).await?.items;
        let may_make_signer = self.shell.may::<Change<Identifiers>>();
        let (action, back) = (self.asked.address(NEW), self.asked.address(PATH));
        let dialog = Add { form, name, signer, signers, may_make_signer, action, back };
        self.shell.over(PATH, &self.list, form, &dialog)
    }

    /// With the dialog "Rename status list".
    pub(super) fn edit(&self, form: &Form, list: &StatusList, name: &str) -> Result<Response, Problem> {
        let (action, back) = (self.asked.address(&path(list.id, "edit")), self.asked.address(PATH));
        self.shell.over(PATH, &self.list, form, &Edit { form, name, action, back })
    }

    /// With the dialog that asks before a list is deleted.
    pub(super) fn delete(&self, form: &Form, list: &StatusList) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: t::DELETE,
            question: t::DELETE_QUESTION,
            name: list.name.as_str(),
            lead: t::DELETE_LEAD,
            answers: (common::NO, common::YES),
            danger: true,
            action: self.asked.address(&path(list.id, "delete")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

impl Lists {
    fn notice(&self) -> Option<&'static str> {
        match self.asked.notice? {
            Notice::Created => Some(t::WAS_CREATED),
            Notice::Edited => Some(t::WAS_EDITED),
            Notice::Deleted => Some(t::WAS_DELETED),
            Notice::Rotated => None,
        }
    }
}

impl Row {
    fn new(app: &App, list: StatusList, zone: &TimeZoneName, asked: &ListQuery) -> Self {
        Self {
            uri: uri(app, list.wallet_id, list.id),
            used: t::used(list.used(), list.size),
            statuses: [t::valid(list.valid), t::suspended(list.suspended), t::revoked(list.revoked)],
            created: when::date(local_date(list.created_at, zone)),
            edit: asked.address(&path(list.id, "edit")),
            delete: asked.address(&path(list.id, "delete")),
            list,
        }
    }
}

fn path(id: StatusListId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
