//! Wallet, Trusted contacts.

use crate::kernel::console::by_name::Notice;
use crate::kernel::console::dialog::DialogTexts;
use crate::kernel::console::list_view::ListTexts;

pub(crate) const LIST: ListTexts = ListTexts {
    title: "Trusted contacts",
    lead: "The parties that this wallet deals with, by their DID.",
    icon: "contact",
    add: "Add trusted contact",
    name: NAME,
    none_yet: (
        "No trusted contacts yet",
        "Add the parties whose DID you have checked, so that others need not check it again.",
    ),
    no_match: ("No trusted contact matches", "Try fewer letters of the name."),
    show_all: "Show all trusted contacts",
    notice: |notice| match notice {
        Notice::Created => Some("The trusted contact was added."),
        Notice::Edited => Some("The trusted contact was saved."),
        Notice::Deleted => Some("The trusted contact was deleted."),
        Notice::Rotated => None,
    },
};

pub(crate) const NAME: &str = "Name";
pub(crate) const DID: &str = "DID";
pub(crate) const NOTES: &str = "Notes";
pub(crate) const ADDED: &str = "Added";

pub(crate) const NAME_HELP: &str = "Unique in the wallet.";
pub(crate) const DID_HELP: &str = "For example did:web:register.example";
pub(crate) const CREDENTIAL_ISSUER: &str = "Credential issuer";
pub(crate) const CREDENTIAL_ISSUER_HELP: &str =
    "The address from which it may push credentials without anybody asking. They must be issued by its DID.";
pub(crate) const OFFER_ENDPOINT: &str = "Credential offer endpoint";
pub(crate) const OFFER_ENDPOINT_HELP: &str = "Where this wallet pushes credential offers to it.";
pub(crate) const MAY_PUSH: &str = "Pushes credentials";
pub(crate) const MAY_PUSH_HELP: &str = "Credentials from its credential issuer are received unattended";
pub(crate) const DIALOGS: DialogTexts = DialogTexts::new(
    "Edit trusted contact",
    "Delete trusted contact",
    "Credentials that came from it stay in the wallet.",
);
