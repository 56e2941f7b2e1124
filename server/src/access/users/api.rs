//! Users as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::resource::Users;
use model::{Change, Email, Name, RoleId, User, UserId, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Draft, Edit, Link, create, delete, edit, get, invite, list};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::http::{
    Body, Created, Fields, Immutable, Items, ListByName, Listing, NoContent, ObjectId, checked, checked_if_present,
    document, present,
};
use crate::kernel::problem::{Code, Problem};

/// A person who signs in to the console.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "User")]
struct UserBody {
    id: UserId,
    name: String,
    /// What it signs in with; unique in the wallet; never changes.
    email: String,
    roles: Vec<RoleRefBody>,
    status: Status,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
    #[schemars(with = "Option<model::schema::DateTime>")]
    last_sign_in_at: Option<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct RoleRefBody {
    id: RoleId,
    name: String,
}

/// A user without a password is invited, not active.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Status {
    Active,
    Invited,
}

/// The answer that bears the invitation, this one time.
#[derive(Serialize, JsonSchema)]
struct InvitedUser {
    #[serde(flatten)]
    user: UserBody,
    /// `null` for a key or a client, which make no links.
    invitation: Option<LinkBody>,
}

/// A one-time link with which the user sets a password.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invitation")]
struct LinkBody {
    url: String,
    #[schemars(with = "model::schema::DateTime")]
    expires_at: Timestamp,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateUser {
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: String,
    #[serde(deserialize_with = "checked::<Email, _, _>")]
    #[schemars(with = "model::schema::Email")]
    email: String,
    /// Ids of roles of this wallet.
    #[serde(default)]
    roles: Vec<RoleId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditUser {
    #[serde(default, deserialize_with = "checked_if_present::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: Option<String>,
    /// Ids of roles of this wallet, in the place of those that the user has.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Vec<RoleId>")]
    roles: Option<Vec<RoleId>>,
    #[serde(default, rename = "email")]
    #[schemars(skip)]
    _email: Immutable,
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/users",
            get_with(list_users, |operation| operation.id("listUsers").summary("List the users")).post_with(
                create_user,
                |operation| {
                    let operation = operation.id("createUser").summary("Add a user").description(
                        "The answer bears a one-time link, this one time, with which the user sets a password. A key or a \
                         client makes no link, which would outlive it: its answer bears none, and the user can sign in \
                         after a person has made one.",
                    );
                    document::conflicts(operation, &[Code::EmailInUse])
                },
            ),
        )
        .api_route(
            "/api/v1/users/{id}",
            get_with(view_user, |operation| operation.id("viewUser").summary("View a user"))
                .patch_with(edit_user, |operation| {
                    let operation = operation.id("editUser").summary("Edit a user");
                    document::conflicts(operation, &[Code::LastAdministrator])
                })
                .delete_with(delete_user, |operation| {
                    let operation =
                        operation.id("deleteUser").summary("Delete a user").description("Its sessions end at once.");
                    document::conflicts(operation, &[Code::LastAdministrator])
                }),
        )
        .api_route(
            "/api/v1/users/{id}/invitations",
            post_with(invite_user, |operation| {
                operation.id("inviteUser").summary("Make a new link with which a user sets a password").description(
                    "For people alone: a key or a client is refused. Earlier links are void. It takes every permission \
                     that the user holds, because whoever has the link can become the user. A link is void when the \
                     user gains a role, or a role of the user gains a permission, and works only while its maker may \
                     still make it.",
                )
            }),
        )
}

async fn list_users(
    allow: Allow<View<Users>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListByName>,
) -> Result<Json<Items<UserBody>>, Problem> {
    let mut fields = Fields::default();
    let page = asked.page(scope, &mut fields);
    let page = list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, UserBody::from)))
}

async fn create_user(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    Body(asked): Body<CreateUser>,
) -> Result<Created<InvitedUser>, Problem> {
    let draft = Draft { name: asked.name, email: asked.email, roles: asked.roles };
    let (user, link) = create(&app, &allow.0, &draft).await?;
    Ok(invited(user, link))
}

async fn view_user(
    allow: Allow<View<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
) -> Result<Json<UserBody>, Problem> {
    Ok(Json(get(&app, &allow.0, id).await?.into()))
}

async fn edit_user(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
    Body(asked): Body<EditUser>,
) -> Result<Json<UserBody>, Problem> {
    let asked = Edit { name: asked.name, roles: asked.roles };
    Ok(Json(edit(&app, &allow.0, id, &asked).await?.into()))
}

async fn delete_user(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

async fn invite_user(
    allow: Allow<Change<Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
) -> Result<Created<InvitedUser>, Problem> {
    let (user, link) = invite(&app, &allow.0, id).await?;
    Ok(invited(user, Some(link)))
}

fn invited(user: User, link: Option<Link>) -> Created<InvitedUser> {
    let invitation = link.map(|link| LinkBody { url: link.url, expires_at: link.expires_at });
    Created { location: format!("/api/v1/users/{}", user.id), body: InvitedUser { user: user.into(), invitation } }
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            name: user.name.into_string(),
            email: user.email.into_string(),
            roles: user.roles.into_iter().map(|role| RoleRefBody { id: role.id, name: role.name }).collect(),
            status: if user.active { Status::Active } else { Status::Invited },
            created_at: user.created_at,
            last_sign_in_at: user.last_sign_in_at,
        }
    }
}
