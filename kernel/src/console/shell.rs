//! The frame of a page for a signed-in user.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use model::{ActorKind, Permission, Requirement, Resource, UserId, Wallet};

use super::form::Form;
use super::nav::{self, Group, OFFERS, Place};
use super::texts::shell as t;
use super::{parts, render};
use crate::app::App;
use crate::caller::Caller;
use crate::console::texts::credential_offers as offers;
use crate::feature::Feature;
use crate::problem::{Code, Problem};

/// The user who views the page, and the wallet.
pub struct Shell {
    /// The caller.
    pub caller: Caller,
    /// Its wallet.
    pub wallet: Wallet,
    name: String,
    email: Option<String>,
    /// The number of offers that wait for a decision, for a user who may view them.
    waiting: i64,
    features: &'static [Feature],
}

/// Which page: a place of the navigation, or a page below it with a title of its own.
pub struct At<'a> {
    path: &'static str,
    title: Option<&'a str>,
}

impl From<&'static str> for At<'_> {
    fn from(path: &'static str) -> Self {
        Self { path, title: None }
    }
}

impl<'a> From<(&'static str, &'a str)> for At<'a> {
    fn from((path, title): (&'static str, &'a str)) -> Self {
        Self { path, title: Some(title) }
    }
}

#[derive(Template)]
#[template(path = "console/shell.html")]
struct Frame<'a> {
    shell: &'a Shell,
    title: &'a str,
    place: Option<Place>,
    /// The title of a page below the place.
    below: Option<&'a str>,
    groups: Vec<(Group, Vec<Place>)>,
    main: String,
    dialog: Option<String>,
}

impl Frame<'_> {
    /// The number of items that wait at a place, as far as the caller may view them.
    fn waiting(&self, place: &Place) -> Option<(i64, String)> {
        let count = Some(self.shell.waiting).filter(|count| *count > 0 && place.path == OFFERS);
        count.map(|count| (count, offers::waiting(count)))
    }

    fn is_current(&self, place: &Place) -> bool {
        self.place.is_some_and(|current| current.path == place.path)
    }
}

impl Shell {
    /// For this caller.
    pub async fn open(app: &App, caller: Caller) -> Result<Self, Problem> {
        let mut store = app.store.read().await?;
        let wallet = store.wallet(caller.wallet_id).await?.ok_or(Code::NotFound)?;
        let user = match caller.id() {
            Some(id) if caller.kind() == ActorKind::User => store.user(wallet.id, UserId(id)).await?,
            _ => None,
        };
        let sees_offers = caller.may(Permission::view(Resource::HolderCredentials));
        let waiting = if sees_offers { store.pending_credential_offers(wallet.id, app.clock.now()).await? } else { 0 };
        let email = user.map(|user| user.email.into_string());
        Ok(Self { name: caller.actor(app).name, email, waiting, wallet, caller, features: app.features })
    }

    /// Whether the caller holds what a handler would require of it: `may::<Change<ApiAccess>>()`. What it may not
    /// do is not offered.
    pub fn may<P: Requirement>(&self) -> bool {
        self.caller.holds::<P>()
    }

    /// A page. `main` is its content.
    pub fn page<'a>(&self, at: impl Into<At<'a>>, main: &impl Template) -> Result<Response, Problem> {
        Ok(Html(self.frame(at.into(), render(main)?, None)?).into_response())
    }

    /// A page with a dialog open over it.
    pub fn dialog<'a>(
        &self,
        at: impl Into<At<'a>>,
        main: &impl Template,
        dialog: &impl Template,
    ) -> Result<Response, Problem> {
        Ok(Html(self.frame(at.into(), render(main)?, Some(render(dialog)?))?).into_response())
    }

    /// The same dialog again, because its form was refused (422).
    pub fn refused<'a>(
        &self,
        at: impl Into<At<'a>>,
        main: &impl Template,
        dialog: &impl Template,
    ) -> Result<Response, Problem> {
        Ok((Code::InvalidRequest.status(), self.dialog(at, main, dialog)?).into_response())
    }

    /// A page with a form in a dialog over it: fresh, or refused.
    pub fn over<'a>(
        &self,
        at: impl Into<At<'a>>,
        main: &impl Template,
        form: &Form,
        dialog: &impl Template,
    ) -> Result<Response, Problem> {
        if form.is_refused() { self.refused(at, main, dialog) } else { self.dialog(at, main, dialog) }
    }

    /// The same page again, because its form was refused (422).
    pub fn refused_page<'a>(&self, at: impl Into<At<'a>>, main: &impl Template) -> Result<Response, Problem> {
        Ok((Code::InvalidRequest.status(), self.page(at, main)?).into_response())
    }

    fn frame(&self, at: At<'_>, main: String, dialog: Option<String>) -> Result<String, Problem> {
        let place = nav::at(self.features, at.path);
        let title = at.title.or(place.as_ref().map(|place| place.label)).unwrap_or(t::PRODUCT);
        let groups = nav::open_to(self.features, self.caller.permissions);
        render(&Frame { shell: self, title, place, below: at.title, groups, main, dialog })
    }
}
