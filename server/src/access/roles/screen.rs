//! The screen Roles: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::Roles;
use model::{Change, PermissionSet, Role, RoleId};

use super::{Draft, list};
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::Shell;
use crate::kernel::console::by_name::ListQuery;
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::grid::Grid;
use crate::kernel::console::list_view::ListView;
use crate::kernel::console::parts::{self, Chips, RowAction, RowActions, chips};
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
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    role: Role,
    permissions: Chips,
    actions: RowActions,
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
        let (roles, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let may_change = shell.may::<Change<Roles>>();
        let rows: Vec<Row> = roles.into_iter().map(|role| Row::new(role, &asked, may_change)).collect();
        let add = may_change.then(|| asked.address(NEW));
        let list = ListView::new(&t::LIST, PATH, &asked, add, rows.is_empty(), pages);
        Ok(Self { shell, asked, list: NamedSets { list, rows } })
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
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, if role.users > 0 { &in_use } else { t::DELETE_LEAD }),
            role.name.as_str(),
            self.asked.address(&path(role.id, "delete")),
            self.asked.address(PATH),
        );
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

impl Row {
    fn new(role: Role, asked: &ListQuery, may_change: bool) -> Self {
        let name = role.name.as_str();
        let actions = RowActions::new(may_change, || {
            [
                RowAction::edit(asked.address(&path(role.id, "edit")), t::edit(name)),
                RowAction::delete(asked.address(&path(role.id, "delete")), t::delete(name)),
            ]
        });
        Self { permissions: chips(role.permissions), actions, role }
    }
}

fn path(id: RoleId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
