//! The screen Trusted contacts: the list, and the dialogs over it.

use askama::Template;
use axum::response::Response;
use model::resource::TrustedContacts;
use model::{Change, TimeZoneName, TrustedContact, TrustedContactId, local_date};

use super::list;
use crate::kernel::app::App;
use crate::kernel::caller::Caller;
use crate::kernel::console::by_name::ListQuery;
use crate::kernel::console::confirm::Confirm;
use crate::kernel::console::dialog::Dialog;
use crate::kernel::console::form::{Form, Labels};
use crate::kernel::console::list_view::ListView;
use crate::kernel::console::parts::{self, RowAction, RowActions};
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
    query: ListQuery,
    contacts: Contacts,
}

#[derive(Template)]
#[template(path = "trusted_contacts/list.html")]
struct Contacts {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    contact: TrustedContact,
    added: String,
    actions: RowActions,
}

/// The dialogs "Add trusted contact" and "Edit trusted contact".
#[derive(Template)]
#[template(path = "trusted_contacts/form.html")]
struct ContactForm<'a> {
    dialog: Dialog,
    form: &'a Form,
}

impl Screen {
    /// Reads the list of a query.
    pub(super) async fn open(app: &App, caller: Caller, query: ListQuery) -> Result<Self, Problem> {
        let (contacts, pages) = query.leaf(list(app, &caller, &query.list(PATH)?).await?, PATH, t::LIST.title);
        let shell = Shell::open(app, caller).await?;
        let may_change = shell.may::<Change<TrustedContacts>>();
        let row = |contact| Row::new(contact, &shell.wallet.time_zone, &query, may_change);
        let rows: Vec<Row> = contacts.into_iter().map(row).collect();
        let add = may_change.then(|| query.address(NEW));
        let list = ListView::new(&t::LIST, PATH, &query, add, rows.is_empty(), pages);
        Ok(Self { shell, query, contacts: Contacts { list, rows } })
    }

    /// The list alone.
    pub(super) fn show(&self) -> Result<Response, Problem> {
        self.shell.page(PATH, &self.contacts)
    }

    /// With the dialog "Add trusted contact".
    pub(super) fn add(&self, form: &Form) -> Result<Response, Problem> {
        self.fill(t::ADD, form, NEW)
    }

    /// With the dialog "Edit trusted contact".
    pub(super) fn edit(&self, form: &Form, id: TrustedContactId) -> Result<Response, Problem> {
        self.fill(t::EDIT, form, &path(id, "edit"))
    }

    /// With the dialog that asks before a contact is deleted.
    pub(super) fn delete(&self, form: &Form, contact: &TrustedContact) -> Result<Response, Problem> {
        let dialog = Confirm::delete(
            form,
            (t::DELETE, t::DELETE_QUESTION, t::DELETE_LEAD),
            contact.name.as_str(),
            self.query.address(&path(contact.id, "delete")),
            self.query.address(PATH),
        );
        self.shell.over(PATH, &self.contacts, form, &dialog)
    }

    fn fill(&self, title: &'static str, form: &Form, action: &str) -> Result<Response, Problem> {
        let dialog = Dialog { title, action: self.query.address(action), back: self.query.address(PATH) };
        self.shell.over(PATH, &self.contacts, form, &ContactForm { dialog, form })
    }
}

impl Row {
    fn new(contact: TrustedContact, zone: &TimeZoneName, query: &ListQuery, may_change: bool) -> Self {
        let (id, name) = (contact.id, contact.name.as_str());
        let actions = RowActions::new(may_change, || {
            [
                RowAction::edit(query.address(&path(id, "edit")), t::edit(name)),
                RowAction::delete(query.address(&path(id, "delete")), t::delete(name)),
            ]
        });
        Self { added: when::date(local_date(contact.created_at, zone)), actions, contact }
    }
}

fn path(id: TrustedContactId, what: &str) -> String {
    format!("{PATH}/{id}/{what}")
}
