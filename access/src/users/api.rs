//! Users as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::collection::{Api, delete, edit, list, view};
use kernel::http::{Body, Created, ObjectId, document};
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Change, RoleId, User, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use super::Users;
use super::{Link, UserDraft, create, invite};

/// A person who signs in to the console.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub struct UserBody {
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

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            Users::API,
            get_with(list::<Users>, |operation| operation.id("listUsers").summary("List the users")).post_with(
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
            get_with(view::<Users>, |operation| operation.id("viewUser").summary("View a user"))
                .patch_with(edit::<Users>, |operation| {
                    let operation = operation.id("editUser").summary("Edit a user");
                    document::conflicts(operation, &[Code::LastAdministrator])
                })
                .delete_with(delete::<Users>, |operation| {
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

async fn create_user(
    allow: Allow<Change<resource::Users>>,
    State(app): State<Arc<App>>,
    Body(draft): Body<UserDraft>,
) -> Result<Created<InvitedUser>, Problem> {
    let (user, link) = create(&app, &allow.0, draft).await?;
    Ok(invited(&app, user, link))
}

async fn invite_user(
    allow: Allow<Change<resource::Users>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<UserId>,
) -> Result<Created<InvitedUser>, Problem> {
    let (user, link) = invite(&app, &allow.0, id).await?;
    Ok(invited(&app, user, Some(link)))
}

fn invited(app: &App, user: User, link: Option<Link>) -> Created<InvitedUser> {
    let invitation = link.map(|link| LinkBody { url: link.url, expires_at: link.expires_at });
    let Created { location, body: user } = Users::created(app, user);
    Created { location, body: InvitedUser { user, invitation } }
}

impl Api for Users {
    const API: &'static str = "/api/v1/users";
    type Body = UserBody;

    fn body(_: &App, user: User) -> UserBody {
        UserBody {
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
