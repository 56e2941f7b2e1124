//! Wallet, Trusted contacts.

use crate::console::by_name::Notice;
use crate::console::dialog::DialogTexts;
use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
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

pub const NAME: &str = "Name";
pub const DID: &str = "DID";
pub const NOTES: &str = "Notes";
pub const ADDED: &str = "Added";

pub const NAME_HELP: &str = "Unique in the wallet.";
pub const DID_HELP: &str = "For example did:web:register.example";
pub const CREDENTIAL_ISSUER: &str = "Credential issuer";
pub const CREDENTIAL_ISSUER_HELP: &str =
    "The address from which it may push credentials without anybody asking. They must be issued by its DID.";
pub const OFFER_ENDPOINT: &str = "Credential offer endpoint";
pub const OFFER_ENDPOINT_HELP: &str = "Where this wallet pushes credential offers to it.";
pub const MAY_PUSH: &str = "Pushes credentials";
pub const MAY_PUSH_HELP: &str = "Credentials from its credential issuer are received unattended";
pub const DIALOGS: DialogTexts = DialogTexts::new(
    "Edit trusted contact",
    "Delete trusted contact",
    "Credentials that came from it stay in the wallet.",
);
