//! The screens of the held credentials: the list with its dialogs, and a credential.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::claims::{self, Claim};
use kernel::console::confirm::Confirm;
use kernel::console::dialog::Dialog;
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::{Choice, ListView};
use kernel::console::pager::{PageRequest, address};
use kernel::console::parts;
use kernel::console::paste::Paste;
use kernel::console::texts::{common, credentials as t};
use kernel::console::{Shell, when};
use kernel::problem::Problem;
use model::resource::HolderCredentials;
use model::{Change, Credential, CredentialId, HeldStatus, Wallet, local_date};
use serde::{Deserialize, Serialize};
use store::{CredentialFilter, CredentialSort};

use super::api::Sort;
use super::{HolderKeys, Validity, holder_keys, list, may_have, validity};

pub(super) const PATH: &str = "/credentials";
pub(super) const IMPORT: &str = "/credentials/import";

pub(super) const LABELS: Labels = &[("credential", t::CREDENTIAL)];

/// What of the list is shown; it stands in the address, also while a dialog is open.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "is_newest")]
    sort: Sort,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notice: Option<Notice>,
}

/// What was done just before the list is shown.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    Imported,
    Checked,
    Deleted,
}

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    query: ListQuery,
    held: Held,
}

#[derive(Template)]
#[template(path = "credentials/list.html")]
struct Held {
    list: ListView,
    cards: Vec<Card>,
}

struct Card {
    credential: Credential,
    url: String,
    validity: String,
    status: Validity,
    live: Option<HeldStatus>,
    /// Whether it can be presented with a proof of the key that it is bound to.
    presentable: bool,
    imported: String,
    delete: String,
}

#[derive(Template)]
#[template(path = "credentials/view.html")]
struct Viewing<'a> {
    credential: &'a Credential,
    status: Validity,
    live: Option<HeldStatus>,
    /// When the status list was last asked.
    live_at: Option<String>,
    /// Where the status list is asked again, for those who may.
    refresh: Option<String>,
    notice: Option<&'static str>,
    presentable: bool,
    claims: Vec<Claim>,
    validity: String,
    issued: Option<String>,
    /// The key that must prove itself where the credential is presented (RFC 7800 §3.1).
    holder_key: Option<String>,
    /// Whether the credential itself is shown.
    compact: bool,
    imported: String,
    delete: Option<String>,
}

/// A credential in a page of its own.
pub(super) async fn view(
    app: &App,
    caller: Caller,
    credential: &Credential,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let keys = holder_keys(app, &caller).await?;
    let may_have = may_have(&caller, credential);
    let shell = Shell::open(app, caller).await?;
    let zone = &shell.wallet.time_zone;
    let page = Viewing {
        credential,
        status: validity(credential, app.clock.now()),
        live: credential.live_status,
        live_at: credential.live_status_at.map(|at| when::instant(at, zone)),
        refresh: (shell.may::<Change<HolderCredentials>>() && credential.claims.get("status").is_some())
            .then(|| format!("{PATH}/{}/refresh", credential.id)),
        notice: notice.map(Notice::text),
        compact: may_have,
        presentable: keys.bound(&credential.claims).is_some(),
        claims: claims::lines(&credential.claims, &credential.disclosures),
        validity: dates(credential, &shell.wallet),
        issued: credential.issued_at.map(|at| when::instant(at, zone)),
        holder_key: credential.claims.get("cnf").map(ToString::to_string),
        imported: when::instant(credential.created_at, zone),
        delete: shell.may::<Change<HolderCredentials>>().then(|| delete_path(credential.id)),
    };
    shell.page((PATH, credential.vct.as_str()), &page)
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, query: ListQuery) -> Result<Self, Problem> {
        let request = PageRequest::new(PATH, &query, (&query.cursor, &query.before));
        let (sort, descending) = query.sort.order();
        let page = request.list(&query.q, (sort, descending), matches!(sort, CredentialSort::Vct))?;
        let page = list(app, &caller, &CredentialFilter::default(), &page).await?;
        let at = |cursor, before| ListQuery { cursor, before, ..query.clone() }.address(PATH);
        let (credentials, pages) = request.pages(page, t::LIST.title, at);
        let keys = holder_keys(app, &caller).await?;
        let shell = Shell::open(app, caller).await?;
        let now = app.clock.now();
        let card = |credential| Card::new(credential, &shell.wallet, now, &query, &keys);
        let cards: Vec<Card> = credentials.into_iter().map(card).collect();
        let list = ListView {
            choice: Some(query.choice()),
            add: shell.may::<Change<HolderCredentials>>().then(|| query.address(IMPORT)),
            add_icon: "import",
            notice: query.notice.map(|notice| (notice.text(), true)),
            ..ListView::plain(&t::LIST, PATH, (&query.q, query.is_filtered()), cards.is_empty(), pages)
        };
        Ok(Self { shell, query, held: Held { list, cards } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.held)
    }

    /// With the dialog "Import credential".
    pub(super) fn import(&self, form: &Form) -> Result<Response, Problem> {
        let (action, back) = (self.query.address(IMPORT), self.query.address(PATH));
        let dialog = Dialog { title: t::IMPORT, button: t::IMPORT_YES, action, back, is_small: false };
        let paste = Paste { dialog, form, field: "credential", help: t::CREDENTIAL_HELP, is_long: true };
        self.shell.over(PATH, &self.held, form, &paste)
    }

    /// With the dialog that asks before a credential is deleted.
    pub(super) fn delete(&self, form: &Form, credential: &Credential) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            &credential.vct,
            self.query.address(&delete_path(credential.id)),
            self.query.address(PATH),
        );
        self.shell.over(PATH, &self.held, form, &dialog)
    }
}

impl ListQuery {
    /// The list again, after something was done.
    pub(super) fn after(self, notice: Notice) -> String {
        address(PATH, &Self { notice: Some(notice), ..self })
    }

    fn address(&self, path: &str) -> String {
        address(path, &Self { notice: None, ..self.clone() })
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty()
    }

    fn choice(&self) -> Choice {
        let sorts = [
            (Sort::Newest, t::NEWEST),
            (Sort::Oldest, t::OLDEST),
            (Sort::Vct, t::BY_TYPE),
            (Sort::ValidUntil, t::BY_VALIDITY),
        ];
        let options = sorts.map(|(sort, label)| (sort.name(), label)).to_vec();
        Choice { name: "sort", label: t::SORT, any: None, options, chosen: self.sort.name().to_owned() }
    }
}

impl Notice {
    fn text(self) -> &'static str {
        match self {
            Self::Imported => t::WAS_IMPORTED,
            Self::Checked => t::WAS_CHECKED,
            Self::Deleted => t::WAS_DELETED,
        }
    }
}

impl Card {
    fn new(credential: Credential, wallet: &Wallet, now: Timestamp, query: &ListQuery, keys: &HolderKeys) -> Self {
        Self {
            url: format!("{PATH}/{}", credential.id),
            validity: dates(&credential, wallet),
            status: validity(&credential, now),
            live: credential.live_status,
            presentable: keys.bound(&credential.claims).is_some(),
            imported: when::date(local_date(credential.created_at, &wallet.time_zone)),
            delete: query.address(&delete_path(credential.id)),
            credential,
        }
    }
}

fn dates(credential: &Credential, wallet: &Wallet) -> String {
    let date = |at| when::date(local_date(at, &wallet.time_zone));
    t::validity_dates(credential.valid_from.map(date).as_deref(), credential.valid_until.map(date).as_deref())
}

/// The colour of what the issuer says.
fn mark(live: HeldStatus) -> &'static str {
    match live {
        HeldStatus::Valid => "success",
        HeldStatus::Revoked => "danger",
        HeldStatus::Suspended | HeldStatus::Unknown => "warning",
    }
}

fn delete_path(id: CredentialId) -> String {
    format!("{PATH}/{id}/delete")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_newest(sort: &Sort) -> bool {
    *sort == Sort::Newest
}
