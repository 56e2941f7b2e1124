//! The screen Users: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use model::resource::Users;
use model::{Change, Role, RoleId, User, UserId};

use super::{Draft, Link, is_caller, list};
use crate::access::roles;
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::by_name::ListQuery;
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::list_view::ListView;
use crate::kernel::console::parts::{self, RowAction, RowActions, Secret};
use crate::kernel::console::texts::{common, users as t};
use crate::kernel::console::{Shell, when};
use crate::kernel::problem::Problem;

pub(super) const PATH: &str = "/settings/team/users";
pub(super) const NEW: &str = "/settings/team/users/new";

pub(super) const LABELS: Labels = &[("name", t::NAME), ("email", t::EMAIL), ("roles", t::ROLES)];

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    /// What can be assigned; read only where a dialog asks for it.
    roles: Vec<Role>,
    list: People,
}

#[derive(Template)]
#[template(path = "users/list.html")]
struct People {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    user: User,
    last_sign_in: String,
    actions: RowActions,
}

#[derive(Template)]
#[template(path = "users/add.html")]
struct Add<'a> {
    form: &'a Form,
    draft: &'a Draft,
    choices: Vec<Choice<'a>>,
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "users/edit.html")]
struct Editing<'a> {
    form: &'a Form,
    user: &'a User,
    name: &'a str,
    choices: Vec<Choice<'a>>,
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "users/invited.html")]
struct Invited<'a> {
    user: &'a User,
    until: String,
    secret: Secret<'a>,
    back: String,
}

/// A role that can be ticked.
struct Choice<'a> {
    role: &'a Role,
    ticked: bool,
    /// Whether it gives what the caller may not assign; taking it away is not assigning.
    not_held: bool,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let (users, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let now = app.clock.now();
        let may_change = shell.may::<Change<Users>>();
        let rows: Vec<Row> = users.into_iter().map(|user| Row::new(user, &shell, now, &asked, may_change)).collect();
        let add = may_change.then(|| asked.address(NEW));
        let list = ListView::new(&t::LIST, PATH, &asked, add, rows.is_empty(), pages);
        Ok(Self { shell, asked, roles: Vec::new(), list: People { list, rows } })
    }

    /// The same with the roles that a dialog offers.
    pub(super) async fn with_roles(self, app: &App) -> Result<Self, Problem> {
        let roles = roles::all(app, &self.shell.caller).await?;
        Ok(Self { roles, ..self })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog "Add user".
    pub(super) fn add(&self, form: &Form, draft: &Draft) -> Result<Response, Problem> {
        let choices = self.choices(&draft.roles, &[]);
        let (action, back) = (self.asked.address(NEW), self.asked.address(PATH));
        self.shell.over(PATH, &self.list, form, &Add { form, draft, choices, action, back })
    }

    /// With the dialog "Edit user". `typed` is what the form holds: name and ticked roles.
    pub(super) fn edit(&self, form: &Form, user: &User, typed: (&str, &[RoleId])) -> Result<Response, Problem> {
        let (name, ticked) = typed;
        let held: Vec<RoleId> = user.roles.iter().map(|role| role.id).collect();
        let choices = self.choices(ticked, &held);
        let (action, back) = (self.asked.address(&path(user.id, "edit")), self.asked.address(PATH));
        self.shell.over(PATH, &self.list, form, &Editing { form, user, name, choices, action, back })
    }

    /// With the link, the only place where it is ever shown.
    pub(super) fn invited(&self, user: &User, link: &Link) -> Result<Response, Problem> {
        let secret = Secret { id: "invitation-link", label: t::LINK.to_owned(), text: &link.url };
        let until = when::instant(link.expires_at, &self.shell.wallet.time_zone);
        self.shell.dialog(PATH, &self.list, &Invited { user, until, secret, back: self.asked.address(PATH) })
    }

    /// With the dialog that asks before a new link voids the earlier ones.
    pub(super) fn invite(&self, form: &Form, user: &User) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: t::NEW_LINK,
            question: t::NEW_LINK_QUESTION,
            name: user.name.as_str(),
            lead: t::NEW_LINK_LEAD,
            answers: (common::CANCEL, t::MAKE),
            danger: false,
            action: self.asked.address(&path(user.id, "invite")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }

    /// With the dialog that asks before a user is deleted.
    pub(super) fn delete(&self, form: &Form, user: &User) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            user.name.as_str(),
            self.asked.address(&path(user.id, "delete")),
            self.asked.address(PATH),
        );
        self.shell.over(PATH, &self.list, form, &dialog)
    }

    fn choices(&self, ticked: &[RoleId], held: &[RoleId]) -> Vec<Choice<'_>> {
        let own = self.shell.caller.permissions;
        let assignable = |role: &Role| held.contains(&role.id) || own.contains_all(role.permissions);
        let choices = self.roles.iter();
        choices.map(|role| Choice { role, ticked: ticked.contains(&role.id), not_held: !assignable(role) }).collect()
    }
}

impl Row {
    fn new(user: User, shell: &Shell, now: Timestamp, asked: &ListQuery, may_change: bool) -> Self {
        let name = user.name.as_str();
        let at = |what: &str| asked.address(&path(user.id, what));
        let link = || RowAction::new(at("invite"), "link", t::new_link(name), t::NEW_LINK);
        let edit = || RowAction::edit(at("edit"), t::edit(name));
        let delete = (!is_caller(&shell.caller, &user)).then(|| RowAction::delete(at("delete"), t::delete(name)));
        let actions = RowActions::new(may_change, || [link(), edit()].into_iter().chain(delete));
        Self { last_sign_in: when::ago(user.last_sign_in_at, now, &shell.wallet.time_zone), actions, user }
    }
}

fn path(id: UserId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
