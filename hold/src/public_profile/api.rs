//! The public profile as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::{Allow, Caller};
use kernel::http::Patch;
use kernel::problem::Problem;
use model::resource::PublicProfile;
use model::{Change, CredentialId, IdentifierId, Profile, View};
use schemars::JsonSchema;
use serde::Serialize;

use super::{ProfileDraft, edit, get};

/// What the wallet tells everybody about its organisation.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicProfile")]
struct ProfileBody {
    /// Whether everybody can see it, at `url`.
    published: bool,
    /// Where everybody sees it: a page for browsers, JSON for programs.
    url: String,
    display_name: String,
    description: String,
    /// An https URL; empty when none is told.
    website: String,
    /// Empty when none is told.
    email: String,
    /// An https URL; empty when there is none.
    logo_url: String,
    /// Which of the wallet's identifiers are told.
    identifiers: Vec<IdentifierId>,
    /// Which of the held credentials are shown to everybody, with all their claims.
    credentials: Vec<CredentialId>,
    /// When it last changed; `null` before its first change.
    #[schemars(with = "Option<model::schema::DateTime>")]
    updated_at: Option<Timestamp>,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new().api_route(
        "/api/v1/profile",
        get_with(view_profile, |operation| operation.id("viewProfile").summary("View the public profile")).patch_with(
            edit_profile,
            |operation| {
                operation.id("editProfile").summary("Edit, publish or withdraw the public profile").description(
                    "What is chosen is shown to everybody as soon as the profile is published: to add a credential \
                     needs `holder_credentials:view` as well, and to add an identifier `identifiers:view`.",
                )
            },
        ),
    )
}

async fn view_profile(
    allow: Allow<View<PublicProfile>>,
    State(app): State<Arc<App>>,
) -> Result<Json<ProfileBody>, Problem> {
    Ok(Json(body(&app, &allow.0, get(&app, &allow.0).await?)))
}

async fn edit_profile(
    allow: Allow<Change<PublicProfile>>,
    State(app): State<Arc<App>>,
    patch: Patch<ProfileDraft>,
) -> Result<Json<ProfileBody>, Problem> {
    Ok(Json(body(&app, &allow.0, edit(&app, &allow.0, &patch).await?)))
}

fn body(app: &App, caller: &Caller, profile: Profile) -> ProfileBody {
    ProfileBody {
        published: profile.is_published(),
        url: format!("{}/profile", app.wallet_url(caller.wallet_id)),
        display_name: profile.display_name.into_string(),
        description: profile.description.into_string(),
        website: profile.website,
        email: profile.email,
        logo_url: profile.logo_url,
        identifiers: profile.identifiers,
        credentials: profile.credentials,
        updated_at: profile.updated_at,
    }
}
