//! The public profile in the browser: Wallet, Public profile.

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use model::resource::{HolderCredentials, Identifiers, PublicProfile};
use model::{Change, CredentialId, IdentifierId, Profile, View};
use serde::Deserialize;
use store::{CredentialFilter, CredentialSort, List};

use super::view::{CredentialView, ProfileView};
use super::{Edit, edit, read};
use crate::hold::credentials::claims::{self, Claim};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::console::form::{Form, Labels, Typed};
use crate::kernel::console::texts::{common, public_profile as t};
use crate::kernel::console::{Shell, parts};
use crate::kernel::http::{ImagesFrom, Parameters};
use crate::kernel::problem::Problem;

const PATH: &str = "/public-profile";
const SAVED: &str = "/public-profile?notice=saved";

const LABELS: Labels = &[
    ("display_name", t::NAME),
    ("description", t::DESCRIPTION),
    ("website", t::WEBSITE),
    ("email", t::EMAIL),
    ("logo_url", t::LOGO),
    ("identifiers", t::IDENTIFIERS),
    ("credentials", t::CREDENTIALS),
];

/// How many identifiers, and how many credentials, the form offers; the API takes any.
const OFFERED: u32 = 200;

/// What was done just before the page is shown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    notice: Option<Notice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Notice {
    Saved,
}

#[derive(Template)]
#[template(path = "public_profile/edit.html")]
struct Page<'a> {
    form: &'a Form,
    saved: bool,
    /// Where everybody sees it, once it is published.
    public_url: Option<&'a str>,
    /// What the form holds; none for whoever may not change it.
    draft: Option<Draft>,
    card: Card<'a>,
}

/// The form, as it was saved or as it was typed.
struct Draft {
    published: bool,
    display_name: String,
    description: String,
    website: String,
    email: String,
    logo_url: String,
    groups: [Group; 2],
}

/// What can be chosen of one kind.
struct Group {
    field: &'static str,
    label: &'static str,
    help: &'static str,
    help_id: &'static str,
    none: &'static str,
    /// Whether the caller may view what it chooses from.
    may_choose: bool,
    choices: Vec<Choice>,
}

struct Choice {
    id: String,
    name: String,
    more: String,
    ticked: bool,
}

/// The profile as everybody sees it.
#[derive(Template)]
#[template(path = "public_profile/card.html")]
pub(super) struct Card<'a> {
    shown: &'a ProfileView,
    credentials: Vec<(&'a CredentialView, Vec<Claim>)>,
    /// Whether it is a page of its own, and not the preview in the console.
    is_page: bool,
}

// The template escapes all that it shows.
impl HtmlSafe for Card<'_> {}

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route(PATH, get(show).post(send))
}

async fn show(
    allow: Allow<View<PublicProfile>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<PageQuery>,
) -> Result<Response, Problem> {
    let shell = Shell::open(&app, allow.0).await?;
    page(&app, &shell, &Form::fresh(LABELS), None, matches!(asked.notice, Some(Notice::Saved))).await
}

async fn send(
    allow: Allow<Change<PublicProfile>>,
    State(app): State<Arc<App>>,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let shell = Shell::open(&app, allow.0).await?;
    let mut wanted = Edit {
        published: Some(typed.text("published") == "true"),
        display_name: Some(typed.text("display_name")),
        description: Some(typed.text("description")),
        website: Some(typed.text("website")),
        email: Some(typed.text("email")),
        logo_url: Some(typed.text("logo_url")),
        identifiers: None,
        credentials: None,
    };
    // What was not offered stays as it is.
    if shell.may::<View<Identifiers>>() {
        wanted.identifiers = Some(typed.all::<IdentifierId>("identifiers"));
    }
    if shell.may::<View<HolderCredentials>>() {
        wanted.credentials = Some(typed.all::<CredentialId>("credentials"));
    }
    let edited = match typed.finish() {
        Ok(()) => edit(&app, &shell.caller, &wanted).await,
        Err(problem) => Err(problem),
    };
    match edited {
        Ok(_) => Ok(Redirect::to(SAVED).into_response()),
        Err(problem) => page(&app, &shell, &Form::refused(LABELS, problem)?, Some(wanted), false).await,
    }
}

/// The page with the form as it was saved, or as it was typed and refused.
async fn page(app: &App, shell: &Shell, form: &Form, typed: Option<Edit>, saved: bool) -> Result<Response, Problem> {
    let mut conn = app.store.read().await?;
    let (wallet, profile) = read(&mut conn, shell.wallet.id).await?;
    let url = format!("{}/profile", app.wallet_url(wallet.id));
    let public_url = profile.is_published().then_some(url.as_str());
    let shown = ProfileView::of(app, &mut conn, wallet.id, profile.clone()).await?;
    drop(conn);
    let draft = if shell.may::<Change<PublicProfile>>() {
        Some(Draft::of(app, shell, &profile, typed.unwrap_or_default()).await?)
    } else {
        None
    };
    let page = Page { form, saved, public_url, draft, card: Card::preview(&shown) };
    let mut response = if form.is_refused() { shell.refused_page(PATH, &page)? } else { shell.page(PATH, &page)? };
    if let Some(origin) = shown.logo_origin() {
        response.extensions_mut().insert(ImagesFrom(origin));
    }
    Ok(response)
}

impl<'a> Card<'a> {
    /// As a page of its own.
    pub(super) fn page(shown: &'a ProfileView) -> Self {
        let told =
            |credential: &'a CredentialView| (credential, claims::lines(&credential.claims, &credential.disclosures));
        Self { shown, credentials: shown.credentials.iter().map(told).collect(), is_page: true }
    }

    fn preview(shown: &'a ProfileView) -> Self {
        Self { is_page: false, ..Self::page(shown) }
    }
}

impl Draft {
    async fn of(app: &App, shell: &Shell, profile: &Profile, typed: Edit) -> Result<Self, Problem> {
        let identifiers = typed.identifiers.unwrap_or_else(|| profile.identifiers.clone());
        let credentials = typed.credentials.unwrap_or_else(|| profile.credentials.clone());
        Ok(Self {
            published: typed.published.unwrap_or(profile.is_published()),
            display_name: typed.display_name.unwrap_or_else(|| profile.display_name.as_str().to_owned()),
            description: typed.description.unwrap_or_else(|| profile.description.as_str().to_owned()),
            website: typed.website.unwrap_or_else(|| profile.website.clone()),
            email: typed.email.unwrap_or_else(|| profile.email.clone()),
            logo_url: typed.logo_url.unwrap_or_else(|| profile.logo_url.clone()),
            groups: [
                Group {
                    field: "identifiers",
                    label: t::IDENTIFIERS,
                    help: t::IDENTIFIERS_HELP,
                    help_id: "identifiers-help",
                    none: t::NO_IDENTIFIERS,
                    may_choose: shell.may::<View<Identifiers>>(),
                    choices: offered_identifiers(app, shell, &identifiers).await?,
                },
                Group {
                    field: "credentials",
                    label: t::CREDENTIALS,
                    help: t::CREDENTIALS_HELP,
                    help_id: "credentials-help",
                    none: t::NO_CREDENTIALS,
                    may_choose: shell.may::<View<HolderCredentials>>(),
                    choices: offered_credentials(app, shell, &credentials).await?,
                },
            ],
        })
    }
}

async fn offered_identifiers(app: &App, shell: &Shell, ticked: &[IdentifierId]) -> Result<Vec<Choice>, Problem> {
    if !shell.may::<View<Identifiers>>() {
        return Ok(Vec::new());
    }
    let list = List { limit: OFFERED, after: None, q: None, sort: (), descending: false };
    let page = app.store.read().await?.identifiers(shell.wallet.id, &list).await?;
    let choice = |identifier: model::Identifier| Choice {
        ticked: ticked.contains(&identifier.id),
        id: identifier.id.to_string(),
        name: identifier.name.into_string(),
        more: identifier.did,
    };
    Ok(page.items.into_iter().map(choice).collect())
}

async fn offered_credentials(app: &App, shell: &Shell, ticked: &[CredentialId]) -> Result<Vec<Choice>, Problem> {
    if !shell.may::<View<HolderCredentials>>() {
        return Ok(Vec::new());
    }
    let list = List { limit: OFFERED, after: None, q: None, sort: CredentialSort::CreatedAt, descending: true };
    let filter = CredentialFilter::default();
    let page = app.store.read().await?.credentials(shell.wallet.id, &filter, &list).await?;
    let choice = |credential: model::Credential| Choice {
        ticked: ticked.contains(&credential.id),
        id: credential.id.to_string(),
        name: credential.vct,
        more: credential.issuer,
    };
    Ok(page.items.into_iter().map(choice).collect())
}
