//! The screens of the held credentials: the list with its dialogs, and a credential.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use model::resource::HolderCredentials;
use model::{Change, Credential, CredentialId, Wallet, local_date};
use serde::{Deserialize, Serialize};
use store::{CredentialFilter, CredentialSort};

use super::api::Sort;
use super::claims::{self, Claim};
use super::{Validity, list, validity};
use crate::app::App;
use crate::caller::Caller;
use crate::console::confirm::Confirm;
use crate::console::form::{Form, Labels};
use crate::console::pager::{Turn, address};
use crate::console::parts::{self, Heading, Pages};
use crate::console::texts::{common, credentials as t};
use crate::console::{Shell, when};
use crate::problem::Problem;

pub(super) const PATH: &str = "/credentials";
pub(super) const IMPORT: &str = "/credentials/import";

pub(super) const LABELS: Labels = &[("credential", t::CREDENTIAL)];

/// What of the list is shown; it stands in the address, also while a dialog is open.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "is_newest")]
    sort: Sort,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Notice>,
}

/// What was done just before the list is shown.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    Imported,
    Deleted,
}

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: Asked,
    list: Held,
}

#[derive(Template)]
#[template(path = "credentials/list.html")]
struct Held {
    asked: Asked,
    may_change: bool,
    import: String,
    rows: Vec<Row>,
    headings: [Heading; 3],
    pages: Pages,
}

struct Row {
    credential: Credential,
    url: String,
    validity: String,
    status: Validity,
    imported: String,
    delete: String,
}

#[derive(Template)]
#[template(path = "credentials/import.html")]
struct Import<'a> {
    form: &'a Form,
    typed: &'a str,
    action: String,
    back: String,
}

#[derive(Template)]
#[template(path = "credentials/view.html")]
struct Viewing<'a> {
    credential: &'a Credential,
    status: Validity,
    claims: Vec<Claim>,
    validity: String,
    issued: Option<String>,
    /// The key that must prove itself where the credential is presented (RFC 7800 §3.1).
    holder_key: Option<String>,
    imported: String,
    delete: Option<String>,
}

/// A credential in a page of its own.
pub(super) async fn view(app: &App, caller: Caller, credential: &Credential) -> Result<Response, Problem> {
    let shell = Shell::open(app, caller).await?;
    let zone = &shell.wallet.time_zone;
    let page = Viewing {
        credential,
        status: validity(credential, app.clock.now()),
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
    pub(super) async fn open(app: &App, caller: Caller, asked: Asked) -> Result<Self, Problem> {
        let turn = Turn::new(&asked.cursor, &asked.before);
        let (sort, descending) = asked.sort.order();
        let page = turn.list(&asked.q, (sort, descending), matches!(sort, CredentialSort::Vct))?;
        let leaf = turn.leaf(list(app, &caller, &CredentialFilter::default(), &page).await?);
        let shell = Shell::open(app, caller).await?;
        let now = app.clock.now();
        let list = Held {
            may_change: shell.may::<Change<HolderCredentials>>(),
            import: asked.address(IMPORT),
            headings: asked.headings(),
            pages: Pages {
                label: t::TITLE,
                count: leaf.items.len(),
                previous: leaf.previous.map(|before| Asked { before, ..asked.first_page() }.address(PATH)),
                next: leaf.next.map(|cursor| Asked { cursor, ..asked.first_page() }.address(PATH)),
            },
            rows: leaf.items.into_iter().map(|held| Row::new(held, &shell.wallet, now, &asked)).collect(),
            asked: asked.clone(),
        };
        Ok(Self { shell, asked, list })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog "Import credential".
    pub(super) fn import(&self, form: &Form, typed: &str) -> Result<Response, Problem> {
        let (action, back) = (self.asked.address(IMPORT), self.asked.address(PATH));
        self.shell.over(PATH, &self.list, form, &Import { form, typed, action, back })
    }

    /// With the dialog that asks before a credential is deleted.
    pub(super) fn delete(&self, form: &Form, credential: &Credential) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: t::DELETE,
            question: t::DELETE_QUESTION,
            name: &credential.vct,
            lead: t::DELETE_LEAD,
            answers: (common::NO, common::YES),
            danger: true,
            action: self.asked.address(&delete_path(credential.id)),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }
}

impl Asked {
    /// The list again, after something was done.
    pub(super) fn after(self, notice: Notice) -> String {
        address(PATH, &Self { notice: Some(notice), ..self })
    }

    fn address(&self, path: &str) -> String {
        address(path, &Self { notice: None, ..self.clone() })
    }

    fn first_page(&self) -> Self {
        Self { q: self.q.clone(), sort: self.sort, ..Self::default() }
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty()
    }

    /// Type, validity and import: once upwards, and once more downwards.
    fn headings(&self) -> [Heading; 3] {
        let heading = |label, up: Sort, down: Sort| {
            let sort = if self.sort == up { down } else { up };
            let descending = (self.sort == up || self.sort == down).then_some(self.sort == down);
            Heading { label, url: Self { sort, ..self.first_page() }.address(PATH), descending }
        };
        [
            heading(t::TYPE, Sort::Vct, Sort::VctDown),
            heading(t::VALIDITY, Sort::ValidUntil, Sort::ValidUntilDown),
            heading(t::IMPORTED, Sort::Oldest, Sort::Newest),
        ]
    }
}

impl Held {
    fn notice(&self) -> Option<&'static str> {
        self.asked.notice.map(|notice| match notice {
            Notice::Imported => t::WAS_IMPORTED,
            Notice::Deleted => t::WAS_DELETED,
        })
    }
}

impl Row {
    fn new(credential: Credential, wallet: &Wallet, now: Timestamp, asked: &Asked) -> Self {
        Self {
            url: format!("{PATH}/{}", credential.id),
            validity: dates(&credential, wallet),
            status: validity(&credential, now),
            imported: when::date(local_date(credential.created_at, &wallet.time_zone)),
            delete: asked.address(&delete_path(credential.id)),
            credential,
        }
    }
}

fn dates(credential: &Credential, wallet: &Wallet) -> String {
    let date = |at| when::date(local_date(at, &wallet.time_zone));
    t::validity_dates(credential.valid_from.map(date).as_deref(), credential.valid_until.map(date).as_deref())
}

fn delete_path(id: CredentialId) -> String {
    format!("{PATH}/{id}/delete")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_newest(sort: &Sort) -> bool {
    *sort == Sort::Newest
}
