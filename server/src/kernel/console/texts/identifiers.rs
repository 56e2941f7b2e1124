//! Wallet, Identifiers.

use model::DidMethod;

use crate::kernel::console::by_name::Notice;
use crate::kernel::console::list_view::ListTexts;

pub(crate) const LIST: ListTexts = ListTexts {
    title: "Identifiers",
    lead: "The wallet’s own DIDs, and the keys that prove them.",
    icon: "identifier",
    add: ADD,
    name: NAME,
    none_yet: ("No identifiers yet", "Create one, so that others can tell what comes from this wallet."),
    no_match: ("No identifier matches", "Try fewer letters of the name."),
    show_all: "Show all identifiers",
    notice: |notice| match notice {
        Notice::Created => Some("The identifier was created."),
        Notice::Edited => None,
        Notice::Deleted => Some("The identifier was deleted."),
        Notice::Rotated => Some("The identifier has a new key. The wallet signs with it from now on."),
    },
};

pub(crate) const NAME: &str = "Name";
pub(crate) const DID: &str = "DID";
pub(crate) const METHOD: &str = "Method";
pub(crate) const KEYS: &str = "Keys";
pub(crate) const CREATED: &str = "Created";
pub(crate) const DOCUMENT: &str = "DID document";

pub(crate) const ADD: &str = "Create identifier";
pub(crate) const NAME_HELP: &str = "What you call it. Unique in the wallet.";
pub(crate) const CREATE: &str = "Create";

pub(crate) const ROTATE: &str = "Rotate key";
pub(crate) const ROTATE_QUESTION: (&str, &str) = ("Make a new key for", "?");
pub(crate) const ROTATE_LEAD: &str = "From now on the wallet signs with the new key. The old key stays published, so \
     that what it signed can still be verified.";
pub(crate) const ROTATE_YES: &str = "Rotate";

pub(crate) const DELETE: &str = "Delete identifier";
pub(crate) const DELETE_QUESTION: (&str, &str) = ("Delete", " for good?");
pub(crate) const DELETE_LEAD: &str =
    "Its private keys are destroyed. What was signed with them can no longer be verified where its document is served.";

pub(crate) fn rotate(name: &str) -> String {
    format!("Rotate the key of {name}")
}

pub(crate) fn delete(name: &str) -> String {
    format!("Delete {name}")
}

pub(crate) const fn method_help(method: DidMethod) -> &'static str {
    match method {
        DidMethod::Web => "Under this server’s address. Its key can be rotated.",
        DidMethod::Jwk => "The key is the identifier. Nothing is published, and the key cannot be rotated.",
    }
}

pub(crate) fn signs_since(date: &str) -> String {
    format!("Signs since {date}")
}

pub(crate) fn retired(date: &str) -> String {
    format!("Retired {date}")
}
