//! Trusted contacts in the browser: Wallet, Trusted contacts.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use kernel::app::App;
use kernel::console::collection::{self, Context, Filled, Listed};
use kernel::console::dialog::{Dialog, DialogTexts};
use kernel::console::form::{Form, Labels};
use kernel::console::list_view::{ListTexts, ListView};
use kernel::console::parts::{self, RowAction, RowActions};
use kernel::console::texts::{common, trusted_contacts as t};
use kernel::problem::Problem;
use model::TrustedContact;

use super::TrustedContacts;

/// The routes of the pages.
pub(super) fn routes() -> Router<Arc<App>> {
    collection::routes::<TrustedContacts>()
}

/// The list.
#[derive(Template)]
#[template(path = "trusted_contacts/list.html")]
pub struct Contacts {
    list: ListView,
    rows: Vec<Row>,
}

struct Row {
    contact: TrustedContact,
    added: String,
    actions: RowActions,
}

/// The dialog.
#[derive(Template)]
#[template(path = "trusted_contacts/form.html")]
pub struct ContactForm<'a> {
    dialog: Dialog,
    form: &'a Form,
}

impl Listed for TrustedContacts {
    const PATH: &'static str = "/trusted-contacts";
    const LIST: &'static ListTexts = &t::LIST;
    const DIALOGS: &'static DialogTexts = &t::DIALOGS;
    const LABELS: Labels = &[
        ("name", t::NAME),
        ("did", t::DID),
        ("notes", t::NOTES),
        ("credential_issuer", t::CREDENTIAL_ISSUER),
        ("credential_offer_endpoint", t::OFFER_ENDPOINT),
    ];
    type List = Contacts;

    async fn list_page(view: &Context<'_>, list: ListView, contacts: Vec<TrustedContact>) -> Result<Contacts, Problem> {
        let row = |contact: TrustedContact| Row {
            added: view.date(contact.created_at),
            actions: view.row_actions::<Self>(&contact),
            contact,
        };
        Ok(Contacts { list, rows: contacts.into_iter().map(row).collect() })
    }

    fn actions(view: &Context<'_>, contact: &TrustedContact) -> Vec<RowAction> {
        view.edit_and_delete::<Self>(contact)
    }
}

impl Filled for TrustedContacts {
    type Dialog<'a> = ContactForm<'a>;

    async fn dialog<'a>(
        _: &'a Context<'_>,
        dialog: Dialog,
        form: &'a Form,
        _: Option<&'a TrustedContact>,
    ) -> Result<ContactForm<'a>, Problem> {
        Ok(ContactForm { dialog, form })
    }
}
