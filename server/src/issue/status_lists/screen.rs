//! The screen Status lists: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::{Identifiers, StatusLists};
use model::{Change, Identifier, IdentifierId, StatusList, StatusListId, TimeZoneName, local_date};
use store::List;

use super::{list, uri};
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::by_name::ListQuery;
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::list_view::ListView;
use crate::kernel::console::parts::{self, RowAction, RowActions};
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
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    list: StatusList,
    uri: String,
    used: String,
    statuses: [String; 3],
    created: String,
    actions: RowActions,
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
        let (lists, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let may_change = shell.may::<Change<StatusLists>>();
        let row = |list| Row::new(app, list, &shell.wallet.time_zone, &asked, may_change);
        let rows: Vec<Row> = lists.into_iter().map(row).collect();
        let add = may_change.then(|| asked.address(NEW));
        let list = ListView::new(&t::LIST, PATH, &asked, add, rows.is_empty(), pages);
        Ok(Self { shell, asked, list: Lists { list, rows } })
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
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            list.name.as_str(),
            self.asked.address(&path(list.id, "delete")),
            self.asked.address(PATH),
        );
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

impl Row {
    fn new(app: &App, list: StatusList, zone: &TimeZoneName, asked: &ListQuery, may_change: bool) -> Self {
        let name = list.name.as_str();
        let actions = RowActions::new(may_change, || {
            [
                RowAction::new(asked.address(&path(list.id, "edit")), "pencil", t::edit(name), t::RENAME),
                RowAction::delete(asked.address(&path(list.id, "delete")), t::delete(name)),
            ]
        });
        Self {
            uri: uri(app, list.wallet_id, list.id),
            used: t::used(list.used(), list.size),
            statuses: [t::valid(list.valid), t::suspended(list.suspended), t::revoked(list.revoked)],
            created: when::date(local_date(list.created_at, zone)),
            actions,
            list,
        }
    }
}

fn path(id: StatusListId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
