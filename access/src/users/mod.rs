//! Users: people who sign in to the console.

pub(crate) mod administrators;
mod api;
mod console;
pub(crate) mod links;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::collection::{Collection, Drafted, Editable};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::http::{Draft, Patch};
use kernel::problem::{Code, FieldError, Problem};
use model::resource;
use model::{
    Access, Action, ActorKind, Email, Name, NewEvent, Permission, PermissionSet, Role, RoleId, RoleRef, Target, User,
    UserId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{List, NewUser, Page};

use crate::sign_in;

pub use links::Link;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Users", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::of::<Users>("users", Group::Team)),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// What a client writes of a user.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateUser")]
pub struct UserDraft {
    /// What people call the user.
    pub name: Name,
    /// What the user signs in with; unique in the wallet; never changes.
    pub email: Email,
    /// Ids of roles of this wallet.
    #[serde(default)]
    pub roles: Vec<RoleId>,
}

impl Draft for UserDraft {
    const PATCH: &'static str = "EditUser";
    const IMMUTABLE: &'static [&'static str] = &["email"];
}

/// The users.
pub struct Users;

impl Collection for Users {
    type Resource = resource::Users;
    type Id = UserId;
    type Object = User;

    fn id(user: &User) -> UserId {
        user.id
    }

    fn name(user: &User) -> &str {
        user.name.as_str()
    }

    async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<User>, Problem> {
        Ok(app.store.read().await?.users(caller.wallet_id, list).await?)
    }

    async fn get(app: &App, caller: &Caller, id: UserId) -> Result<User, Problem> {
        app.store.read().await?.user(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// Deletes a user, who is not the last administrator, with its sessions: its next request is refused. An external
    /// system must hold what the user holds.
    async fn delete(app: &App, caller: &Caller, id: UserId) -> Result<(), Problem> {
        let mut change = app.begin(caller).await?;
        let user = change.user(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let held = change.user_permissions(caller.wallet_id, id).await?;
        caller.check_governs("The user", held)?;
        let had_administrators = administrators::exist(&mut change).await?;
        change.delete_user(id).await?;
        administrators::check_remain(&mut change, had_administrators).await?;
        change.commit(NewEvent::new(Action::UserDeleted, target(&user))).await
    }
}

impl Drafted for Users {
    type Draft = UserDraft;
}

impl Editable for Users {
    fn draft(user: &User) -> UserDraft {
        let roles = user.roles.iter().map(|role| role.id).collect();
        UserDraft { name: user.name.clone(), email: user.email.clone(), roles }
    }

    /// Changes a user's name and roles, in force for its next request. An external system gives nobody who can sign in
    /// the power to hand out access.
    async fn edit(app: &App, caller: &Caller, id: UserId, patch: &Patch<UserDraft>) -> Result<User, Problem> {
        let mut change = app.begin(caller).await?;
        let before = change.user(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        let draft = Self::draft(&before);
        let UserDraft { name, roles, .. } = patch.onto(&draft)?;
        let held = draft.roles;
        let added: Vec<RoleId> = roles.iter().filter(|role| !held.contains(role)).copied().collect();
        let given = permissions_of(&mut change, &added).await?;
        caller.check_assigns(given)?;
        if before.active {
            check_gives(caller, given)?;
        }
        if held.iter().any(|role| !roles.contains(role)) {
            let all = change.user_permissions(caller.wallet_id, id).await?;
            caller.check_governs("The user", all)?;
        }
        let had_administrators = administrators::exist(&mut change).await?;
        change.update_user(id, &name, &roles).await?;
        administrators::check_remain(&mut change, had_administrators).await?;
        let after = change.user(caller.wallet_id, id).await?.ok_or(Code::Internal)?;
        if after == before {
            return Ok(before);
        }
        let event = NewEvent::new(Action::UserEdited, target(&before)).with(json!({
            "before": {"name": before.name, "roles": names(&before.roles)},
            "after": {"name": after.name, "roles": names(&after.roles)},
        }));
        change.commit(event).await?;
        Ok(after)
    }
}

/// Adds a user, who is invited: the link is in the answer, and nowhere else. An external system makes no link (mission
/// D4): a user whom it adds cannot sign in before a person has made one.
///
/// # Errors
///
/// Unknown roles (422), an address in use (409), roles with permissions that the caller does not hold (403).
pub async fn create(app: &App, caller: &Caller, draft: UserDraft) -> Result<(User, Option<Link>), Problem> {
    let mut change = app.begin(caller).await?;
    let user = insert(app, caller, &mut change, draft, None).await?;
    let link = if caller.system().is_some() {
        None
    } else {
        let held = change.user_permissions(caller.wallet_id, user.id).await?;
        Some(links::make(app, caller, &mut change, user.id, held).await?)
    };
    change.commit(created(&user)).await?;
    Ok((user, link))
}

/// Adds a user with a password, for the operator; [`sign_in::hash_for`] makes its hash.
///
/// # Errors
///
/// As [`create`].
pub async fn create_with_password(
    app: &App,
    caller: &Caller,
    draft: UserDraft,
    password_hash: String,
) -> Result<User, Problem> {
    let mut change = app.begin(caller).await?;
    let user = insert(app, caller, &mut change, draft, Some(password_hash)).await?;
    change.commit(created(&user)).await?;
    Ok(user)
}

/// Makes a new link with which the user sets a password; earlier ones are void. Whoever could sign in as the
/// user with it must hold what the user holds (mission D4).
///
/// # Errors
///
/// No such user (404), a caller that is no person, a user who holds what the caller does not (403).
pub async fn invite(app: &App, caller: &Caller, id: UserId) -> Result<(User, Link), Problem> {
    let mut change = app.begin(caller).await?;
    let user = change.user(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    let held = change.user_permissions(caller.wallet_id, id).await?;
    let link = links::make(app, caller, &mut change, id, held).await?;
    change.commit(NewEvent::new(Action::UserInvited, target(&user))).await?;
    Ok((user, link))
}

async fn insert(
    app: &App,
    caller: &Caller,
    change: &mut Transaction<'_>,
    draft: UserDraft,
    password_hash: Option<String>,
) -> Result<User, Problem> {
    let UserDraft { name, email, roles } = draft;
    caller.check_assigns(permissions_of(change, &roles).await?)?;
    let id: UserId = app.randomness.id(change.at());
    if let Some(hash) = &password_hash {
        sign_in::check_fits(change, &email, id, hash).await?;
    }
    let new = NewUser { id, name, email, roles, password_hash };
    change.insert_user(&new).await.map_err(Problem::taken(Code::EmailInUse, "email"))?;
    change.user(caller.wallet_id, id).await?.ok_or_else(|| Code::Internal.into())
}

/// What hands out access: `Change` of these.
const POWER: [&str; 3] = ["api_access:change", "roles:change", "users:change"];

/// Refuses an external system that would give the power to hand out access to people who can sign in: they could use it
/// to let in what stays when the external system has ended (mission D4).
pub(crate) fn check_gives(caller: &Caller, given: PermissionSet) -> Result<(), Problem> {
    let power: PermissionSet = POWER.iter().filter_map(|name| name.parse::<Permission>().ok()).collect();
    // `x:change` is never without `x:view`, which hands out nothing.
    let hands_out = (given & power).iter().any(|permission| permission.access() == Access::Change);
    if hands_out {
        caller.check_is_no_system("The power to hand out access is given to people by people.")
    } else {
        Ok(())
    }
}

/// What these roles give together; a role of another wallet does not exist.
async fn permissions_of(change: &mut Transaction<'_>, roles: &[RoleId]) -> Result<PermissionSet, Problem> {
    let wallet = change.wallet_id();
    let mut permissions = PermissionSet::EMPTY;
    let mut errors = Vec::new();
    for (at, id) in roles.iter().enumerate() {
        match change.role(wallet, *id).await? {
            Some(Role { permissions: given, .. }) => permissions = permissions | given,
            None => errors.push(FieldError::new(format!("roles[{at}]"), "unknown", "is not a role of this wallet")),
        }
    }
    if errors.is_empty() { Ok(permissions) } else { Err(Problem::fields(errors)) }
}

fn created(user: &User) -> NewEvent {
    NewEvent::new(Action::UserCreated, target(user)).with(json!({"email": user.email, "roles": names(&user.roles)}))
}

fn names(roles: &[RoleRef]) -> Vec<&str> {
    roles.iter().map(|role| role.name.as_str()).collect()
}

fn target(user: &User) -> Target {
    Target::new(user.id, user.name.as_str())
}

/// Whether this is the caller itself: nobody is offered to delete themselves.
pub fn is_caller(caller: &Caller, user: &User) -> bool {
    caller.kind() == ActorKind::User && caller.id() == Some(user.id.into())
}
