//! Verify, Trusted issuers.

use crate::console::by_name::Notice;
use crate::console::dialog::DialogTexts;
use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Trusted issuers",
    lead: "Whose credentials this wallet accepts when others present them, and of which types. An empty list trusts nobody.",
    icon: "trust",
    add: "Add trusted issuer",
    name: NAME,
    none_yet: (
        "Nobody is trusted yet",
        "Add the issuers whose credentials you accept. Until then every presentation to this wallet is rejected, unless its template accepts any issuer.",
    ),
    no_match: ("No trusted issuer matches", "Try fewer letters of the name."),
    show_all: "Show all trusted issuers",
    notice: |notice| match notice {
        Notice::Created => Some("The trusted issuer was added."),
        Notice::Edited => Some("The trusted issuer was saved."),
        Notice::Deleted => Some("The issuer is trusted no longer."),
        Notice::Rotated => None,
    },
};

pub const NAME: &str = "Name";
pub const ISSUER: &str = "Issuer";
pub const TYPES: &str = "Credential types";
pub const ANY_TYPE: &str = "Any type";
pub const NOTES: &str = "Notes";
pub const ADDED: &str = "Added";

pub const NAME_HELP: &str = "Unique in the wallet.";
pub const ISSUER_HELP: &str =
    "As its credentials name it, for example did:web:university.example or https://university.example";
pub const ONLY_THESE: &str = "Only these types";
pub const ONLY_THESE_HELP: &str = "One on each line, as the credentials name it (vct).";
pub const ONLY_THESE_LABEL: &str = "Types, one on each line";
pub const ANY_TYPE_HELP: &str = "Whatever this issuer says of anything is accepted.";

pub const DIALOGS: DialogTexts = DialogTexts {
    delete_question: ("Trust", " no longer?"),
    ..DialogTexts::new(
        "Edit trusted issuer",
        "Delete trusted issuer",
        "Its credentials are rejected from now on, also by the templates for which it was chosen. What was verified stays.",
    )
};
