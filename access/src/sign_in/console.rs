//! The doors of the console: sign-in, set-up, invitation and the way out.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, header};
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::form::{Form, Labels, Typed};
use kernel::console::texts::doors as t;
use kernel::console::{AnonymousForm, broad_door, cookie, door, own_path, refused_door};
use kernel::http::Parameters;
use kernel::problem::Problem;
use model::{Anyone, TimeZoneName, WalletId};
use serde::Deserialize;

use super::{
    Entry, FirstAdministrator, Password, Presented, SignedIn, accept_invitation, device, set_up, sign_in, sign_out,
};

const LABELS: Labels = &[
    ("code", t::CODE),
    ("wallet", t::WALLET),
    ("time_zone", t::TIME_ZONE),
    ("name", t::NAME),
    ("email", t::EMAIL),
    ("password", t::PASSWORD),
];

/// Where to go after the sign-in.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "sign_in/sign_in.html")]
struct SignIn<'a> {
    form: Form,
    next: &'a str,
    email: String,
    /// Among which to choose, where the password is that of several.
    wallets: Vec<(WalletId, String)>,
}

#[derive(Template)]
#[template(path = "sign_in/set_up.html")]
struct SetUp {
    form: Form,
    asked: FirstAdministrator,
    time_zones: Vec<String>,
}

#[derive(Template)]
#[template(path = "sign_in/invitation.html")]
struct Invited {
    form: Form,
    code: String,
}

/// The routes of the pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sign-in", get(show_sign_in).post(send_sign_in))
        .route("/sign-out", post(send_sign_out))
        .route("/setup", get(show_set_up).post(send_set_up))
        .route("/invitation", get(show_invitation).post(send_invitation))
}

async fn show_sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Parameters(after): Parameters<After>,
) -> Result<Response, Problem> {
    if app.gate.admit(&headers, app.clock.millis()).is_ok() {
        return Ok(Redirect::to(after.path()).into_response());
    }
    let page = SignIn { form: Form::fresh(LABELS), next: after.path(), email: String::new(), wallets: Vec::new() };
    Ok(Html(door(t::SIGN_IN, &page)?).into_response())
}

async fn send_sign_in(
    State(app): State<Arc<App>>,
    visitor: AnonymousForm,
    Parameters(after): Parameters<After>,
    headers: HeaderMap,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let email = typed.text("email");
    let presented = Presented {
        email: email.clone(),
        password: Password::from(typed.text("password")),
        wallet: typed.text("wallet").parse().ok(),
    };
    let signed_in = match typed.finish() {
        Ok(()) => sign_in(&app, presented, visitor.address, &headers, visitor.request_id).await,
        Err(problem) => Err(problem),
    };
    let (problem, wallets) = match signed_in {
        Ok(SignedIn::Entered(entry)) => return Ok(enter(&app, &entry, after.path())),
        Ok(SignedIn::Several(wallets)) => (Problem::field("wallet", "several", t::SEVERAL_WALLETS), wallets),
        Err(problem) => (problem, Vec::new()),
    };
    let page = SignIn { form: Form::refused(LABELS, problem)?, next: after.path(), email, wallets };
    Ok(refused_door(&page.form, door(t::SIGN_IN, &page)?))
}

async fn send_sign_out(allow: Allow<Anyone>, State(app): State<Arc<App>>) -> Result<Response, Problem> {
    sign_out(&app, &allow.0).await?;
    Ok(([(header::SET_COOKIE, cookie::ended(&app.settings))], Redirect::to("/sign-in")).into_response())
}

async fn show_set_up() -> Result<Html<String>, Problem> {
    let asked = FirstAdministrator {
        wallet: t::WALLET_PRESET.to_owned(),
        time_zone: TimeZoneName::utc().to_string(),
        ..FirstAdministrator::default()
    };
    Ok(Html(broad_door(t::SET_UP, &SetUp::new(Form::fresh(LABELS), asked))?))
}

async fn send_set_up(
    State(app): State<Arc<App>>,
    visitor: AnonymousForm,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let asked = FirstAdministrator {
        code: typed.text("code"),
        wallet: typed.text("wallet"),
        time_zone: typed.text("time_zone"),
        name: typed.text("name"),
        email: typed.text("email"),
        password: typed.text("password").into(),
    };
    let made = match typed.finish() {
        Ok(()) => set_up(&app, asked.clone(), visitor.request_id).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(entry) => Ok(enter(&app, &entry, "/")),
        Err(problem) => {
            let page = SetUp::new(Form::refused(LABELS, problem)?, asked);
            Ok(refused_door(&page.form, broad_door(t::SET_UP, &page)?))
        }
    }
}

async fn show_invitation() -> Result<Html<String>, Problem> {
    let page = Invited { form: Form::fresh(LABELS), code: String::new() };
    Ok(Html(door(t::INVITATION, &page)?))
}

async fn send_invitation(
    State(app): State<Arc<App>>,
    visitor: AnonymousForm,
    mut typed: Typed,
) -> Result<Response, Problem> {
    let (code, password) = (typed.text("code"), Password::from(typed.text("password")));
    let joined = match typed.finish() {
        Ok(()) => accept_invitation(&app, &code, password, visitor.request_id).await,
        Err(problem) => Err(problem),
    };
    match joined {
        Ok(entry) => Ok(enter(&app, &entry, "/")),
        Err(problem) => {
            let page = Invited { form: Form::refused(LABELS, problem)?, code };
            Ok(refused_door(&page.form, door(t::INVITATION, &page)?))
        }
    }
}

/// Into the console, with a session, in a browser that is known from now on.
fn enter(app: &App, entry: &Entry, path: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    for cookie in [cookie::begun(&app.settings, &entry.session), device::cookie(app, entry.user)] {
        if let Ok(value) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

impl After {
    /// A path of this server, also where the link names another one.
    fn path(&self) -> &str {
        own_path(&self.next).unwrap_or("/")
    }
}

impl SetUp {
    fn new(form: Form, asked: FirstAdministrator) -> Self {
        Self { form, asked, time_zones: TimeZoneName::available() }
    }
}
