//! The public profile in the browser: Wallet, Public profile.

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::claims::{self, Claim};
use kernel::console::form::{Form, Labels, Sent};
use kernel::console::texts::{common, public_profile as t};
use kernel::console::{Shell, parts};
use kernel::http::{ImagesFrom, Parameters};
use kernel::problem::Problem;
use model::resource::{HolderCredentials, Identifiers, PublicProfile};
use model::{Change, View};
use serde::Deserialize;
use store::{CredentialFilter, CredentialSort, List};

use super::view::{CredentialView, ProfileView};
use super::{ProfileDraft, edit, read};

pub(super) const PATH: &str = "/public-profile";
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
    /// What can be chosen, for a caller who may change the profile.
    groups: Option<[Group; 2]>,
    card: Card<'a>,
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

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route(PATH, get(show).post(send))
}

async fn show(
    allow: Allow<View<PublicProfile>>,
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<PageQuery>,
) -> Result<Response, Problem> {
    let shell = Shell::open(&app, allow.0).await?;
    page(&app, &shell, Form::fresh(LABELS), matches!(asked.notice, Some(Notice::Saved))).await
}

async fn send(
    allow: Allow<Change<PublicProfile>>,
    State(app): State<Arc<App>>,
    sent: Sent,
) -> Result<Response, Problem> {
    let shell = Shell::open(&app, allow.0).await?;
    let mut form = sent.form(LABELS);
    if let Some(mut patch) = form.patch::<ProfileDraft>() {
        // What was not offered stays as it is.
        if !shell.may::<View<Identifiers>>() {
            patch.leave("identifiers");
        }
        if !shell.may::<View<HolderCredentials>>() {
            patch.leave("credentials");
        }
        if form.accept(edit(&app, &shell.caller, &patch).await)?.is_some() {
            return Ok(Redirect::to(SAVED).into_response());
        }
    }
    page(&app, &shell, form, false).await
}

/// The page with the form as it was saved, or as it was sent and refused.
async fn page(app: &App, shell: &Shell, mut form: Form, saved: bool) -> Result<Response, Problem> {
    let mut conn = app.store.read().await?;
    let (wallet, profile) = read(&mut conn, shell.wallet.id).await?;
    let url = format!("{}/profile", app.wallet_url(wallet.id));
    let public_url = profile.is_published().then_some(url.as_str());
    if form.is_fresh() {
        form.fill(&ProfileDraft::from(&profile));
    }
    let shown = ProfileView::of(app, &mut conn, wallet.id, profile).await?;
    drop(conn);
    let groups = if shell.may::<Change<PublicProfile>>() { Some(Group::both(app, shell, &form).await?) } else { None };
    let page = Page { form: &form, saved, public_url, groups, card: Card::preview(&shown) };
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

impl Group {
    async fn both(app: &App, shell: &Shell, form: &Form) -> Result<[Self; 2], Problem> {
        Ok([
            Self {
                field: "identifiers",
                label: t::IDENTIFIERS,
                help: t::IDENTIFIERS_HELP,
                help_id: "identifiers-help",
                none: t::NO_IDENTIFIERS,
                may_choose: shell.may::<View<Identifiers>>(),
                choices: offered_identifiers(app, shell, form).await?,
            },
            Self {
                field: "credentials",
                label: t::CREDENTIALS,
                help: t::CREDENTIALS_HELP,
                help_id: "credentials-help",
                none: t::NO_CREDENTIALS,
                may_choose: shell.may::<View<HolderCredentials>>(),
                choices: offered_credentials(app, shell, form).await?,
            },
        ])
    }
}

async fn offered_identifiers(app: &App, shell: &Shell, form: &Form) -> Result<Vec<Choice>, Problem> {
    if !shell.may::<View<Identifiers>>() {
        return Ok(Vec::new());
    }
    let list = List { limit: OFFERED, after: None, q: None, sort: (), descending: false };
    let page = app.store.read().await?.identifiers(shell.wallet.id, &list).await?;
    let choice = |identifier: model::Identifier| Choice {
        ticked: form.has("identifiers", &identifier.id.to_string()),
        id: identifier.id.to_string(),
        name: identifier.name.into_string(),
        more: identifier.did,
    };
    Ok(page.items.into_iter().map(choice).collect())
}

async fn offered_credentials(app: &App, shell: &Shell, form: &Form) -> Result<Vec<Choice>, Problem> {
    if !shell.may::<View<HolderCredentials>>() {
        return Ok(Vec::new());
    }
    let list = List { limit: OFFERED, after: None, q: None, sort: CredentialSort::CreatedAt, descending: true };
    let filter = CredentialFilter::default();
    let page = app.store.read().await?.credentials(shell.wallet.id, &filter, &list).await?;
    let choice = |credential: model::Credential| Choice {
        ticked: form.has("credentials", &credential.id.to_string()),
        id: credential.id.to_string(),
        name: credential.vct,
        more: credential.issuer,
    };
    Ok(page.items.into_iter().map(choice).collect())
}
