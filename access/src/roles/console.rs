//! Roles in the browser: Settings, Team, Roles.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::collection::{self, Context, Filled, Listed};
use kernel::console::dialog::{Dialog, DialogTexts};
use kernel::console::form::{Form, Labels};
use kernel::console::grid::{self, Grid};
use kernel::console::list_view::{ListTexts, ListView};
use kernel::console::parts::{self, Chips, RowAction, RowActions, chips};
use kernel::console::texts::{common, roles as t};
use kernel::problem::Problem;
use model::Role;

use super::Roles;

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    collection::routes::<Roles>()
}

/// The list.
#[derive(Template)]
#[template(path = "roles/list.html")]
pub struct NamedSets {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    role: Role,
    permissions: Chips,
    actions: RowActions,
}

/// The dialog.
#[derive(Template)]
#[template(path = "roles/form.html")]
pub struct RoleForm<'a> {
    dialog: Dialog,
    form: &'a Form,
    grid: Grid<'a>,
}

impl Listed for Roles {
    const PATH: &'static str = "/settings/team/roles";
    const LIST: &'static ListTexts = &t::LIST;
    const DIALOGS: &'static DialogTexts = &t::DIALOGS;
    const LABELS: Labels = &[("name", t::NAME), ("permissions", t::PERMISSIONS)];
    type List = NamedSets;

    async fn list_page(view: &Context<'_>, list: ListView, roles: Vec<Role>) -> Result<NamedSets, Problem> {
        let row =
            |role: Role| Row { permissions: chips(role.permissions), actions: view.row_actions::<Self>(&role), role };
        Ok(NamedSets { list, rows: roles.into_iter().map(row).collect() })
    }

    fn actions(view: &Context<'_>, role: &Role) -> Vec<RowAction> {
        view.edit_and_delete::<Self>(role)
    }

    fn delete_lead(role: &Role) -> Cow<'static, str> {
        if role.users > 0 { t::in_use(role.users).into() } else { t::DIALOGS.delete_lead.into() }
    }
}

impl Filled for Roles {
    type Dialog<'a> = RoleForm<'a>;

    async fn dialog<'a>(
        view: &'a Context<'_>,
        dialog: Dialog,
        form: &'a Form,
        _: Option<&'a Role>,
    ) -> Result<RoleForm<'a>, Problem> {
        Ok(RoleForm { dialog, form, grid: Grid::of(form, view.shell.caller.permissions) })
    }

    fn complete(form: &mut Form, caller: &Caller, edited: Option<&Role>) {
        if let Some(role) = edited {
            grid::keep(form, role.permissions, caller.permissions);
        }
    }
}
