//! Users in the browser: Settings, Team, Users.

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
use kernel::console::parts::{self, RowAction, RowActions, Secret};
use kernel::console::texts::{common, users as t};
use kernel::console::when;
use kernel::http::{ObjectId, Parameters};
use kernel::problem::Problem;
use model::resource;
use model::{Change, Role, User, UserId};

use super::Users;
use super::{Link, UserDraft, create, invite, is_caller};
use crate::roles::Roles;

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    collection::list_routes::<Users>()
        .route(&collection::new_path::<Users>(), get(add_dialog).post(add_dialog))
        .route(&collection::object_path::<Users>("edit"), collection::edit_route::<Users>())
        .route(&collection::object_path::<Users>(t::NEW_LINK.path), get(link_dialog).post(link_dialog))
}

/// The list.
#[derive(Template)]
#[template(path = "users/list.html")]
pub struct People {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    user: User,
    last_sign_in: String,
    actions: RowActions,
}

/// The dialog.
#[derive(Template)]
#[template(path = "users/form.html")]
pub struct UserForm<'a> {
    dialog: Dialog,
    form: &'a Form,
    edited: Option<&'a User>,
    choices: Vec<Choice>,
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
struct Choice {
    role: Role,
    is_ticked: bool,
    /// Whether it gives what the caller may not assign; taking it away is not assigning.
    is_not_held: bool,
}

impl Listed for Users {
    const PATH: &'static str = "/settings/team/users";
    const LIST: &'static ListTexts = &t::LIST;
    const DIALOGS: &'static DialogTexts = &t::DIALOGS;
    const LABELS: Labels = &[("name", t::NAME), ("email", t::EMAIL), ("roles", t::ROLES)];
    type List = People;

    async fn list_page(view: &Context<'_>, list: ListView, users: Vec<User>) -> Result<People, Problem> {
        let (now, zone) = (view.app.clock.now(), &view.shell.wallet.time_zone);
        let row = |user: User| Row {
            last_sign_in: when::ago(user.last_sign_in_at, now, zone),
            actions: view.row_actions::<Self>(&user),
            user,
        };
        Ok(People { list, rows: users.into_iter().map(row).collect() })
    }

    fn actions(view: &Context<'_>, user: &User) -> Vec<RowAction> {
        let link = view.address::<Self>(user, t::NEW_LINK.path);
        let link = RowAction::new(link, "link", t::new_link(user.name.as_str()), t::NEW_LINK.title);
        let delete = (!is_caller(&view.shell.caller, user)).then(|| view.delete::<Self>(user));
        [link, view.edit::<Self>(user)].into_iter().chain(delete).collect()
    }
}

impl Filled for Users {
    type Dialog<'a> = UserForm<'a>;

    async fn dialog<'a>(
        view: &'a Context<'_>,
        dialog: Dialog,
        form: &'a Form,
        edited: Option<&'a User>,
    ) -> Result<UserForm<'a>, Problem> {
        let caller = &view.shell.caller;
        let has = |role: &Role| edited.is_some_and(|user| user.roles.iter().any(|held| held.id == role.id));
        let choice = |role: Role| Choice {
            is_ticked: form.has("roles", &role.id.to_string()),
            is_not_held: !has(&role) && !caller.permissions.contains_all(role.permissions),
            role,
        };
        let choices = Roles::all(view.app, caller).await?.into_iter().map(choice).collect();
        Ok(UserForm { dialog, form, edited, choices })
    }
}

/// Adds a user. The link stands in this answer, because it is stored nowhere to be shown later.
async fn add_dialog(
    allow: Allow<Change<resource::Users>>,
    State(app): State<Arc<App>>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(Users::LABELS);
    if let Some(draft) = form.draft::<UserDraft>()
        && let Some((user, link)) = form.accept(create(&app, &allow.0, draft).await)?
    {
        return match link {
            Some(link) => invited(&Screen::open(&app, allow.0, query).await?, &user, &link),
            None => Ok(collection::done::<Users>(query, Notice::Created)),
        };
    }
    Screen::<Users>::open(&app, allow.0, query).await?.fill(&form, None).await
}

/// Asks before a new link voids the earlier ones. The link stands in this answer and nowhere else.
async fn link_dialog(
    allow: Allow<Change<resource::Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
    Parameters(query): Parameters<ListQuery>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut form = sent.form(Users::LABELS);
    if form.is_confirmed()
        && let Some((user, link)) = form.accept(invite(&app, &allow.0, id).await)?
    {
        return invited(&Screen::open(&app, allow.0, query).await?, &user, &link);
    }
    let user = Users::get(&app, &allow.0, id).await?;
    Screen::<Users>::open(&app, allow.0, query).await?.ask(&form, &user, &t::NEW_LINK)
}

/// The dialog with the link, the only place where it is ever shown.
fn invited(screen: &Screen<'_, Users>, user: &User, link: &Link) -> Result<Response, Problem> {
    let secret = Secret { id: "invitation-link", label: t::LINK.to_owned(), text: &link.url };
    let until = when::instant(link.expires_at, &screen.context.shell.wallet.time_zone);
    screen.with(&Invited { user, until, secret, back: screen.context.query.address(Users::PATH) })
}
