//! The screen Trusted contacts: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::TrustedContacts;
use model::{Change, TimeZoneName, TrustedContact, TrustedContactId, local_date};

use super::{Draft, list};
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::by_name::{ListQuery, Notice};
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::parts::{self, Heading, Pages};
use crate::kernel::console::texts::{common, trusted_contacts as t};
use crate::kernel::console::{Shell, when};
use crate::kernel::problem::Problem;

pub(super) const PATH: &str = "/trusted-contacts";
pub(super) const NEW: &str = "/trusted-contacts/new";

pub(super) const LABELS: Labels = &[
    ("name", t::NAME),
    ("did", t::DID),
    ("notes", t::NOTES),
    ("credential_issuer", t::CREDENTIAL_ISSUER),
    ("credential_offer_endpoint", t::OFFER_ENDPOINT),
];

/// The list with its frame.
pub(super) struct Screen {
    shell: Shell,
    asked: ListQuery,
    list: Parties,
}

#[derive(Template)]
#[template(path = "trusted_contacts/list.html")]
struct Parties {
    asked: ListQuery,
    may_change: bool,
    add: String,
    rows: Vec<Row>,
    heading: Heading,
    pages: Pages,
}

struct Row {
    contact: TrustedContact,
    added: String,
    edit: String,
    delete: String,
}

/// The dialogs "Add trusted contact" and "Edit trusted contact".
#[derive(Template)]
#[template(path = "trusted_contacts/form.html")]
struct Filling<'a> {
    title: &'static str,
    form: &'a Form,
    draft: &'a Draft,
    action: String,
    back: String,
}

impl Screen {
    /// Reads the list that is asked for.
    pub(super) async fn open(app: &App, caller: Caller, asked: ListQuery) -> Result<Self, Problem> {
        let (contacts, pages) = asked.leaf(list(app, &caller, &asked.list(PATH)?).await?, PATH, t::TITLE);
        let shell = Shell::open(app, caller).await?;
        let list = Parties {
            may_change: shell.may::<Change<TrustedContacts>>(),
            add: asked.address(NEW),
            rows: contacts.into_iter().map(|contact| Row::new(contact, &shell.wallet.time_zone, &asked)).collect(),
            heading: asked.heading(PATH, t::NAME),
            pages,
            asked: asked.clone(),
        };
        Ok(Self { shell, asked, list })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.list)
    }

    /// With the dialog "Add trusted contact".
    pub(super) fn add(&self, form: &Form, draft: &Draft) -> Result<Response, Problem> {
        self.fill(t::ADD, form, draft, NEW)
    }

    /// With the dialog "Edit trusted contact".
    pub(super) fn edit(&self, form: &Form, id: TrustedContactId, draft: &Draft) -> Result<Response, Problem> {
        self.fill(t::EDIT, form, draft, &path(id, "edit"))
    }

    /// With the dialog that asks before a contact is deleted.
    pub(super) fn delete(&self, form: &Form, contact: &TrustedContact) -> Result<Response, Problem> {
        let dialog = Confirm {
            form,
            title: t::DELETE,
            question: t::DELETE_QUESTION,
            name: contact.name.as_str(),
            lead: t::DELETE_LEAD,
            answers: (common::NO, common::YES),
            danger: true,
            action: self.asked.address(&path(contact.id, "delete")),
            back: self.asked.address(PATH),
        };
        self.shell.over(PATH, &self.list, form, &dialog)
    }

    fn fill(&self, title: &'static str, form: &Form, draft: &Draft, action: &str) -> Result<Response, Problem> {
        let (action, back) = (self.asked.address(action), self.asked.address(PATH));
        self.shell.over(PATH, &self.list, form, &Filling { title, form, draft, action, back })
    }
}

impl Parties {
    fn notice(&self) -> Option<&'static str> {
        match self.asked.notice? {
            Notice::Created => Some(t::WAS_CREATED),
            Notice::Edited => Some(t::WAS_EDITED),
            Notice::Deleted => Some(t::WAS_DELETED),
            Notice::Rotated => None,
        }
    }
}

impl Row {
    fn new(contact: TrustedContact, zone: &TimeZoneName, asked: &ListQuery) -> Self {
        Self {
            added: when::date(local_date(contact.created_at, zone)),
            edit: asked.address(&path(contact.id, "edit")),
            delete: asked.address(&path(contact.id, "delete")),
            contact,
        }
    }
}

fn path(id: TrustedContactId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
