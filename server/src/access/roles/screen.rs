//! The screen Roles: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::Roles;
use model::{Change, PermissionSet, Role, RoleId};

use super::{Draft, list};
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::Shell;
use crate::kernel::console::by_name::{ListQuery, Notice};
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::grid::Grid;
use crate::kernel::console::parts::{self, Chips, Heading, Pages, chips};
use crate::kernel::console::texts::{common, roles as t};
use crate::kernel::problem::Problem;

pub(super) const PATH: &str = "/settings/team/roles";
pub(super) const NEW: &str = "/settings/team/roles/new";

pub(super) const LABELS: Labels = &[("name", t::NAME), ("permissions", t::PERMISSIONS)];

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    list: NamedSets,
}

#[derive(Template)]
#[template(path = "roles/list.html")]
struct NamedSets {
    asked: ListQuery,
    may_change: bool,
    add: String,
    rows: Vec<Row>,
    heading: Heading,
    pages: Pages,
}

struct Row {
    role: Role,
    permissions: Chips,
    edit: String,
    delete: String,
}

/// The dialogs "Add role" and "Edit role".
#[derive(Template)]
#[template(path = "roles/form.html")]
struct Filling<'a> {
    title: &'static str,
    form: &'a Form,
    name: &'a str,
    grid: Grid<'a>,
    action: String,
    back: String,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let (roles, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::TITLE);
        let shell = Shell::open(app, caller).await?;
        let list = NamedSets {
            may_change: shell.may::<Change<Roles>>(),
            add: asked.address(NEW),
            rows: roles.into_iter().map(|role| Row::new(role, &asked)).collect(),
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

    /// With the dialog "Add role".
    pub(super) fn add(&self, form: &Form, draft: &Draft) -> Result<Response, Problem> {
        self.fill(t::ADD, form, (&draft.name, draft.permissions), NEW)
    }

    /// With the dialog "Edit role". `typed` is what the form holds: name and ticked permissions.
    pub(super) fn edit(&self, form: &Form, role: &Role, typed: (&str, PermissionSet)) -> Result<Response, Problem> {
        self.fill(t::EDIT, form, typed, &path(role.id, "edit"))
    }

    /// With the dialog that asks before a role is deleted.
    pub(super) fn delete(&self, form: &Form, role: &Role) -> Result<Response, Problem> {
        let in_use = t::in_use(role.users);
        let dialog = Confirm {
            form,
            title: t::DELETE,
            question: t::DELETE_QUESTION,
            name: role.name.as_str(),
            lead: if role.users > 0 { &in_use } else { t::DELETE_LEAD },
            answers: (common::NO, common::YES),
            danger: true,
            action: self.asked.address(&path(role.id, "delete")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }

    fn fill(
        &self,
        title: &'static str,
        form: &Form,
        (name, ticked): (&str, PermissionSet),
        action: &str,
    ) -> Result<Response, Problem> {
        let dialog = Filling {
            title,
            form,
            name,
            grid: Grid::new(form, ticked, self.shell.caller.permissions),
            action: self.asked.address(action),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

impl NamedSets {
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
    fn new(role: Role, asked: &ListQuery) -> Self {
        Self {
            permissions: chips(role.permissions),
            edit: asked.address(&path(role.id, "edit")),
            delete: asked.address(&path(role.id, "delete")),
            role,
        }
    }
}

fn path(id: RoleId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
