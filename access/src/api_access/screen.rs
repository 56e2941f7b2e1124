//! The screen API Access: a section for each kind of external system (mission M4), and the dialogs over them.

use askama::Template;
use axum::response::Response;
use gate::KeyText;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::dialog::Dialog;
use kernel::console::form::{Form, Labels};
use kernel::console::grid::Grid;
use kernel::console::pager::{PageRequest, address};
use kernel::console::parts::{self, Chips, Heading, Hint, Pages, Secret, chips};
use kernel::console::texts::api_access::{self as t, Words};
use kernel::console::texts::common;
use kernel::console::{Shell, when};
use kernel::problem::Problem;
use model::resource::ApiAccess;
use model::{Change, ExternalSystem, SystemKind, Wallet, latest_expires_on, local_date};
use serde::{Deserialize, Serialize};
use store::{SystemFilter, SystemStatus};

use super::details::{Details, Links};
use super::draft::Draft;
use super::expiry::Expiry;
use super::sort::{KeySort, is_text};
use super::{Usage, list, name_field, of};
use crate::oauth2;

pub(super) const PATH: &str = "/settings/iam/api-access";

/// How many of those that one made the dialog names before it is deleted.
const MAX_NAMED: usize = 50;

pub(super) const LABELS: Labels = &[
    ("name", t::API_KEY.name),
    ("client_id", t::OAUTH_CLIENT.name),
    ("expires_on", t::EXPIRY_DATE),
    ("notes", t::NOTES),
    ("requests_per_minute", t::LIMIT),
    ("permissions", common::PERMISSIONS),
];

/// What of the lists is shown; it stands in the address, also while a dialog is open. Search, status and order are
/// those of both; each is on a page of its own.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "is_default")]
    status: Which,
    #[serde(skip_serializing_if = "is_default")]
    sort: KeySort,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    client_cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    client_before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Notice>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
enum Which {
    #[default]
    #[serde(rename = "")]
    All,
    Active,
    Expired,
}

/// What was done just before the list is shown.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    Edited,
    Deleted,
    ClientEdited,
    ClientDeleted,
    /// One with all that it made.
    AllDeleted,
}

/// The lists with their frame.
pub(super) struct Screen {
    shell: Shell,
    query: ListQuery,
    now: Timestamp,
    /// How many requests a minute everybody may send.
    key_rate: u32,
    lists: Lists,
}

#[derive(Template)]
#[template(path = "api_access/list.html")]
struct Lists {
    query: ListQuery,
    may_change: bool,
    sections: Vec<Section>,
    token_endpoint: String,
    token_example: String,
}

struct Section {
    kind: SystemKind,
    w: &'static Words,
    add: String,
    rows: Vec<Row>,
    headings: [Heading; 3],
    pages: Pages,
}

struct Row {
    system: ExternalSystem,
    roles: Chips,
    expires_on: Hint,
    expired: bool,
    soon: Option<String>,
    last_used: String,
    details: String,
    edit: String,
    delete: String,
}

/// The dialogs "Add API key" and "Add API client".
#[derive(Template)]
#[template(path = "api_access/add.html")]
struct Adding<'a> {
    w: &'static Words,
    dialog: Dialog,
    form: &'a Form,
    name_field: &'static str,
    earliest: Date,
    latest: Date,
    expiry_help: String,
    limit_help: String,
    grid: Grid<'a>,
}

/// The dialogs "Edit API key" and "Edit API client".
#[derive(Template)]
#[template(path = "api_access/edit.html")]
struct Editing<'a> {
    w: &'static Words,
    dialog: Dialog,
    form: &'a Form,
    system: &'a ExternalSystem,
    expiry: Expiry,
    limit_help: String,
    grid: Grid<'a>,
}

#[derive(Template)]
#[template(path = "api_access/delete.html")]
struct Deleting<'a> {
    w: &'static Words,
    form: &'a Form,
    system: &'a ExternalSystem,
    last_used: String,
    /// What it made, directly and further down.
    made: &'a [ExternalSystem],
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "api_access/created.html")]
struct Created<'a> {
    w: &'static Words,
    system: &'a ExternalSystem,
    /// What proves that it works.
    example: String,
    secret: Secret<'a>,
    back: String,
}

impl Screen {
    /// Reads the lists of a query.
    pub(super) async fn open(app: &App, caller: Caller, query: ListQuery) -> Result<Self, Problem> {
        let now = app.clock.now();
        let shell = Shell::open(app, caller).await?;
        let mut sections = Vec::new();
        // Clients come first (mission M4).
        for kind in [SystemKind::OauthClient, SystemKind::ApiKey] {
            sections.push(Section::open(app, &shell, kind, &query, now).await?);
        }
        let token_endpoint = format!("{}{}", app.settings.public_url.origin(), oauth2::TOKEN);
        let lists = Lists {
            may_change: shell.may::<Change<ApiAccess>>(),
            token_example: exchange(&token_endpoint, t::CLIENT_ID_SAMPLE, t::SECRET_SAMPLE),
            token_endpoint,
            sections,
            query: query.clone(),
        };
        let key_rate = app.settings.key_rate;
        Ok(Self { shell, query: ListQuery { notice: None, ..query }, now, key_rate, lists })
    }

    /// The lists alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.lists)
    }

    /// With the dialog "Add API key" or "Add API client".
    pub(super) fn add(&self, mut form: Form, kind: SystemKind) -> Result<Response, Problem> {
        let (caller, wallet) = (&self.shell.caller, &self.shell.wallet);
        if form.is_fresh() {
            let preset = super::preset(wallet, caller, self.now).to_string();
            form.fill(&Draft { expires_on: Some(preset), ..Draft::default() });
        }
        let today = local_date(self.now, &wallet.time_zone);
        let w = t::words(kind);
        let dialog = Adding {
            w,
            dialog: self.dialog(w.add, &new_path(kind)),
            form: &form,
            name_field: name_field(kind),
            earliest: today,
            latest: latest_expires_on(today),
            expiry_help: t::expiry_help(wallet.time_zone.as_str()),
            limit_help: t::limit_help(self.key_rate),
            grid: Grid::of(&form, caller.permissions),
        };
        self.shell.over(PATH, &self.lists, &form, &dialog)
    }

    /// With the dialog that shows the secret, the only place where it ever is.
    pub(super) fn created(&self, app: &App, system: &ExternalSystem, text: &KeyText) -> Result<Response, Problem> {
        let label = t::secret_of(system.kind, system.name.as_str());
        let secret = Secret { id: "key-text", label, text: text.reveal() };
        let origin = app.settings.public_url.origin();
        let example = match system.kind {
            SystemKind::ApiKey => format!("curl {origin}/api/v1/me \\\n  -H \"x-api-key: {}\"", text.reveal()),
            SystemKind::OauthClient => exchange(&self.lists.token_endpoint, system.name.as_str(), text.reveal()),
        };
        let (w, back) = (t::words(system.kind), self.query.address(PATH));
        self.shell.dialog(PATH, &self.lists, &Created { w, system, example, secret, back })
    }

    /// With the dialog "Edit API key" or "Edit API client".
    pub(super) fn edit(&self, form: &Form, system: &ExternalSystem) -> Result<Response, Problem> {
        let w = t::words(system.kind);
        let dialog = Editing {
            w,
            dialog: self.dialog(w.edit, &edit_path(system.kind, system.id)),
            form,
            system,
            expiry: Expiry::new(system, &self.shell.wallet, self.now),
            limit_help: t::limit_help(self.key_rate),
            grid: Grid::of(form, self.shell.caller.permissions),
        };
        self.shell.over(PATH, &self.lists, form, &dialog)
    }

    /// With the dialog that tells everything of one.
    pub(super) fn details(&self, system: &ExternalSystem, usage: &Usage) -> Result<Response, Problem> {
        let Self { shell, query, now, key_rate, lists } = self;
        let (kind, id) = (system.kind, system.id);
        let change = || (query.address(&edit_path(kind, id)), query.address(&delete_path(kind, id)));
        let links = Links { back: query.address(PATH), edit_and_delete: lists.may_change.then(change) };
        shell.dialog(PATH, lists, &Details::new(system, usage, &shell.wallet, *now, *key_rate, links))
    }

    /// With the dialog that asks before one is deleted, with what it made or without.
    pub(super) fn delete(
        &self,
        form: &Form,
        system: &ExternalSystem,
        made: &[ExternalSystem],
    ) -> Result<Response, Problem> {
        let ago = when::ago(system.last_used_at, self.now, &self.shell.wallet.time_zone);
        let dialog = Deleting {
            w: t::words(system.kind),
            form,
            system,
            last_used: t::last_used(&ago),
            made,
            action: self.query.address(&delete_path(system.kind, system.id)),
            back: self.query.address(PATH),
        };
        self.shell.over(PATH, &self.lists, form, &dialog)
    }

    fn dialog(&self, title: &'static str, action: &str) -> Dialog {
        Dialog {
            title,
            button: common::SAVE,
            action: self.query.address(action),
            back: self.query.address(PATH),
            is_small: false,
        }
    }
}

impl Deleting<'_> {
    /// Those of what it made that are named.
    fn named(&self) -> impl Iterator<Item = String> {
        let named = self.made.iter().take(MAX_NAMED);
        named.map(|system| t::details_of(system.kind, system.name.as_str()))
    }

    /// How many are not named, where there are any.
    fn more(&self) -> Option<String> {
        let more = self.made.len().saturating_sub(MAX_NAMED);
        (more > 0).then(|| t::more(more))
    }

    fn heading(&self) -> String {
        t::made(self.made.len())
    }
}

impl Lists {
    fn is_bare(&self) -> bool {
        self.sections.iter().all(|section| section.is_bare(&self.query))
    }
}

impl Section {
    async fn open(
        app: &App,
        shell: &Shell,
        kind: SystemKind,
        query: &ListQuery,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let status = match query.status {
            Which::All => SystemStatus::Any,
            Which::Active => SystemStatus::ActiveAt(now),
            Which::Expired => SystemStatus::ExpiredAt(now),
        };
        let filter = SystemFilter { status, created_by: None };
        let (cursor, before) = of(kind, (&query.cursor, &query.before), (&query.client_cursor, &query.client_before));
        let turn = PageRequest::new(of(kind, "API keys", "OAuth clients"), query, (cursor, before));
        let (by, descending) = query.sort.into();
        let wanted = turn.list(&query.q, (by, descending), is_text(by))?;
        let leaf = turn.leaf(list(app, &shell.caller, kind, filter, &wanted).await?);
        let w = t::words(kind);
        let pages = Pages {
            label: w.plural,
            count: leaf.items.len(),
            previous: leaf.previous.map(|before| query.turned(kind, String::new(), before).address(PATH)),
            next: leaf.next.map(|cursor| query.turned(kind, cursor, String::new()).address(PATH)),
        };
        Ok(Self {
            kind,
            w,
            add: query.address(&new_path(kind)),
            rows: leaf.items.into_iter().map(|system| Row::new(system, &shell.wallet, now, query)).collect(),
            headings: query.headings(w.name),
            pages,
        })
    }

    /// Whether there is nothing at all, rather than nothing that matches.
    fn is_bare(&self, query: &ListQuery) -> bool {
        self.rows.is_empty() && !query.is_filtered() && self.pages.previous.is_none()
    }

    fn is_of_clients(&self) -> bool {
        self.kind == SystemKind::OauthClient
    }
}

impl ListQuery {
    /// The lists again, after something was done.
    pub(super) fn after(self, notice: Notice) -> String {
        Self { notice: Some(notice), ..self }.address(PATH)
    }

    fn address(&self, path: &str) -> String {
        address(path, self)
    }

    /// The same with one of the lists on another page.
    fn turned(&self, kind: SystemKind, cursor: String, before: String) -> Self {
        let same = Self { notice: None, ..self.clone() };
        match kind {
            SystemKind::ApiKey => Self { cursor, before, ..same },
            SystemKind::OauthClient => Self { client_cursor: cursor, client_before: before, ..same },
        }
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || self.status != Which::All
    }

    /// Name, expiry date and last use: once upwards, and once more downwards.
    fn headings(&self, name: &'static str) -> [Heading; 3] {
        let heading = |label, up: KeySort, down: KeySort| {
            let sort = if self.sort == up { down } else { up };
            let descending = (self.sort == up || self.sort == down).then_some(self.sort == down);
            let sorted = Self { q: self.q.clone(), status: self.status, sort, ..Self::default() };
            Heading { label, url: sorted.address(PATH), descending }
        };
        [
            heading(name, KeySort::Name, KeySort::NameDown),
            heading(t::EXPIRY_DATE, KeySort::ExpiresOn, KeySort::ExpiresOnDown),
            heading(t::LAST_USED, KeySort::LastUsedAt, KeySort::LastUsedAtDown),
        ]
    }
}

impl Row {
    fn new(system: ExternalSystem, wallet: &Wallet, now: Timestamp, query: &ListQuery) -> Self {
        let zone = &wallet.time_zone;
        let Expiry { date, told, expired, soon } = Expiry::new(&system, wallet, now);
        let expires_on = Hint {
            id: format!("expires-{}", system.id),
            text: date,
            datetime: when::datetime(system.expires_at, zone),
            tip: told,
        };
        let query = ListQuery { notice: None, ..query.clone() };
        Self {
            roles: chips(system.permissions),
            expires_on,
            expired,
            soon,
            last_used: when::ago(system.last_used_at, now, zone),
            details: query.address(&details_path(system.kind, system.id)),
            edit: query.address(&edit_path(system.kind, system.id)),
            delete: query.address(&delete_path(system.kind, system.id)),
            system,
        }
    }
}

/// Where those of one kind are in the console.
fn path(kind: SystemKind) -> String {
    format!("{PATH}/{}", of(kind, "api-keys", "oauth-clients"))
}

pub(super) fn new_path(kind: SystemKind) -> String {
    format!("{}/new", path(kind))
}

pub(super) fn details_path(kind: SystemKind, id: impl std::fmt::Display) -> String {
    format!("{}/{id}", path(kind))
}

pub(super) fn edit_path(kind: SystemKind, id: impl std::fmt::Display) -> String {
    format!("{}/{id}/edit", path(kind))
}

pub(super) fn delete_path(kind: SystemKind, id: impl std::fmt::Display) -> String {
    format!("{}/{id}/delete", path(kind))
}

/// How a client gets an access token.
fn exchange(token_endpoint: &str, client_id: &str, secret: &str) -> String {
    format!("curl {token_endpoint} \\\n  -u \"{client_id}:{secret}\" \\\n  -d grant_type=client_credentials")
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
