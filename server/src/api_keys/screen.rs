//! The screen API Access: the list of the keys, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use gate::KeyText;
use jiff::Timestamp;
use jiff::civil::Date;
use model::resource::ApiAccess;
use model::{ApiKey, ApiKeyId, Change, Wallet, latest_expires_on, local_date};
use serde::{Deserialize, Serialize};
use store::ApiKeyFilter;

use super::api::Sort;
use super::{Draft, list};
use crate::app::App;
use crate::caller::Caller;
use crate::console::form::{Form, Labels};
use crate::console::grid::Grid;
use crate::console::pager::{Turn, address};
use crate::console::parts::{self, Chips, Heading, Hint, Pages, Secret, chips};
use crate::console::texts::{api_keys as t, common};
use crate::console::{Shell, when};
use crate::problem::Problem;

pub(super) const PATH: &str = "/settings/iam/api-access";
pub(super) const NEW: &str = "/settings/iam/api-access/api-keys/new";

pub(super) const LABELS: Labels =
    &[("name", t::NAME), ("expires_on", t::EXPIRY_DATE), ("notes", t::NOTES), ("permissions", common::PERMISSIONS)];

/// From how many days before its end a key is flagged.
const SOON: i64 = 30;

/// What of the list is shown; it stands in the address, also while a dialog is open.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "is_default")]
    status: Which,
    #[serde(skip_serializing_if = "is_default")]
    sort: Sort,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
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
}

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: Asked,
    now: Timestamp,
    list: Keys,
}

#[derive(Template)]
#[template(path = "api_keys/list.html")]
struct Keys {
    asked: Asked,
    may_change: bool,
    add: String,
    rows: Vec<Row>,
    headings: [Heading; 3],
    pages: Pages,
}

struct Row {
    key: ApiKey,
    roles: Chips,
    expiry: Hint,
    expired: bool,
    soon: Option<String>,
    last_used: String,
    edit: String,
    delete: String,
}

#[derive(Template)]
#[template(path = "api_keys/add.html")]
struct Add<'a> {
    form: &'a Form,
    draft: &'a Draft,
    expires_on: String,
    earliest: Date,
    latest: Date,
    expiry_help: String,
    grid: Grid<'a>,
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "api_keys/edit.html")]
struct Editing<'a> {
    form: &'a Form,
    key: &'a ApiKey,
    notes: &'a str,
    expiry: String,
    valid_until: String,
    grid: Grid<'a>,
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "api_keys/delete.html")]
struct Deleting<'a> {
    key: &'a ApiKey,
    last_used: String,
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "api_keys/created.html")]
struct Created<'a> {
    key: &'a ApiKey,
    origin: &'a str,
    secret: Secret<'a>,
    back: String,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: Asked) -> Result<Self, Problem> {
        let now = app.clock.now();
        let filter = match asked.status {
            Which::All => ApiKeyFilter::All,
            Which::Active => ApiKeyFilter::ActiveAt(now),
            Which::Expired => ApiKeyFilter::ExpiredAt(now),
        };
        let turn = Turn::new(&asked.cursor, &asked.before);
        let page = list(app, &caller, filter, &turn.list(&asked.q, asked.sort.order(), asked.sort.by_text())?).await?;
        let leaf = turn.leaf(page);
        let shell = Shell::open(app, caller).await?;
        let pages = Pages {
            label: t::API_KEYS,
            count: leaf.items.len(),
            previous: leaf.previous.map(|before| asked.turned(String::new(), before).address(PATH)),
            next: leaf.next.map(|cursor| asked.turned(cursor, String::new()).address(PATH)),
        };
        let list = Keys {
            may_change: shell.may::<Change<ApiAccess>>(),
            add: asked.address(NEW),
            rows: leaf.items.into_iter().map(|key| Row::new(key, &shell.wallet, now, &asked)).collect(),
            headings: asked.headings(),
            pages,
            asked: asked.clone(),
        };
        Ok(Self { shell, asked: Asked { notice: None, ..asked }, now, list })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog "Add API key".
    pub(super) fn add(&self, form: &Form, draft: &Draft) -> Result<Response, Problem> {
        let (caller, wallet) = (&self.shell.caller, &self.shell.wallet);
        let today = local_date(self.now, &wallet.time_zone);
        let preset = || super::preset(wallet, caller, self.now).to_string();
        self.over(
            form,
            &Add {
                form,
                draft,
                expires_on: draft.expires_on.clone().unwrap_or_else(preset),
                earliest: today,
                latest: latest_expires_on(today),
                expiry_help: t::expiry_help(wallet.time_zone.as_str()),
                grid: Grid::new(form, draft.permissions, caller.permissions),
                action: self.asked.address(NEW),
                back: self.asked.address(PATH),
            },
        )
    }

    /// With the dialog "API key created", the only place where the key is ever shown.
    pub(super) fn created(&self, app: &App, key: &ApiKey, text: &KeyText) -> Result<Response, Problem> {
        let secret = Secret { id: "key-text", label: t::key_of(key.name.as_str()), text: text.reveal() };
        let origin = app.settings.public_url.origin();
        self.shell.dialog(PATH, &self.list, &Created { key, origin, secret, back: self.asked.address(PATH) })
    }

    /// With the dialog "Edit API key". `typed` is what the form holds: notes and ticked permissions.
    pub(super) fn edit(
        &self,
        form: &Form,
        key: &ApiKey,
        typed: (&str, model::PermissionSet),
    ) -> Result<Response, Problem> {
        let (notes, ticked) = typed;
        let wallet = &self.shell.wallet;
        self.over(
            form,
            &Editing {
                form,
                key,
                notes,
                expiry: when::date(key.expires_on),
                valid_until: ends(key, wallet, self.now),
                grid: Grid::new(form, ticked, self.shell.caller.permissions),
                action: self.asked.address(&edit_path(key.id)),
                back: self.asked.address(PATH),
            },
        )
    }

    /// With the dialog that asks before a key is deleted.
    pub(super) fn delete(&self, key: &ApiKey) -> Result<Response, Problem> {
        let ago = when::ago(key.last_used_at, self.now, &self.shell.wallet.time_zone);
        let dialog = Deleting {
            key,
            last_used: t::last_used(&ago),
            action: self.asked.address(&delete_path(key.id)),
            back: self.asked.address(PATH),
        };
        self.shell.dialog(PATH, &self.list, &dialog)
    }

    fn over(&self, form: &Form, dialog: &impl Template) -> Result<Response, Problem> {
        if form.is_refused() {
            self.shell.refused(PATH, &self.list, dialog)
        } else {
            self.shell.dialog(PATH, &self.list, dialog)
        }
    }
}

impl Asked {
    /// The list again, after something was done.
    pub(super) fn after(self, notice: Notice) -> String {
        Self { notice: Some(notice), ..self }.address(PATH)
    }

    fn address(&self, path: &str) -> String {
        address(path, self)
    }

    fn turned(&self, cursor: String, before: String) -> Self {
        Self { cursor, before, notice: None, ..self.clone() }
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || self.status != Which::All
    }

    /// Name, expiry date and last use: once upwards, and once more downwards.
    fn headings(&self) -> [Heading; 3] {
        let heading = |label, up: Sort, down: Sort| {
            let sort = if self.sort == up { down } else { up };
            let descending = (self.sort == up || self.sort == down).then_some(self.sort == down);
            let sorted = Self { sort, ..self.turned(String::new(), String::new()) };
            Heading { label, url: sorted.address(PATH), descending }
        };
        [
            heading(t::NAME, Sort::Name, Sort::NameDown),
            heading(t::EXPIRY_DATE, Sort::ExpiresOn, Sort::ExpiresOnDown),
            heading(t::LAST_USED, Sort::LastUsedAt, Sort::LastUsedAtDown),
        ]
    }
}

impl Row {
    fn new(key: ApiKey, wallet: &Wallet, now: Timestamp, asked: &Asked) -> Self {
        let zone = &wallet.time_zone;
        let expired = now >= key.expires_at;
        let days = when::days(local_date(now, zone), key.expires_on);
        let expiry = Hint {
            id: format!("expires-{}", key.id),
            text: when::date(key.expires_on),
            datetime: when::datetime(key.expires_at, zone),
            tip: ends(&key, wallet, now),
        };
        let asked = asked.turned(asked.cursor.clone(), asked.before.clone());
        Self {
            roles: chips(key.permissions),
            expiry,
            expired,
            soon: (!expired && days <= SOON).then(|| t::expires_in(days)),
            last_used: when::ago(key.last_used_at, now, zone),
            edit: asked.address(&edit_path(key.id)),
            delete: asked.address(&delete_path(key.id)),
            key,
        }
    }
}

fn ends(key: &ApiKey, wallet: &Wallet, now: Timestamp) -> String {
    let instant = when::instant(key.expires_at, &wallet.time_zone);
    if now < key.expires_at { t::valid_until(&instant) } else { t::expired_on(&instant) }
}

fn edit_path(id: ApiKeyId) -> String {
    format!("{PATH}/api-keys/{id}/edit")
}

fn delete_path(id: ApiKeyId) -> String {
    format!("{PATH}/api-keys/{id}/delete")
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
