//! Wallet, Identifiers.

use model::DidMethod;

use crate::kernel::console::by_name::Notice;
use crate::kernel::console::collection::Question;
use crate::kernel::console::dialog::DialogTexts;
use crate::kernel::console::list_view::ListTexts;

pub(crate) const LIST: ListTexts = ListTexts {
    title: "Identifiers",
    lead: "The wallet’s own DIDs, and the keys that prove them.",
    icon: "identifier",
    add: "Create identifier",
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

pub(crate) const NAME_HELP: &str = "What you call it. Unique in the wallet.";

pub(crate) const ROTATE: Question = Question {
    path: "rotate",
    title: "Rotate key",
    question: ("Make a new key for", "?"),
    lead: "From now on the wallet signs with the new key. The old key stays published, so \
     that what it signed can still be verified.",
    answer: "Rotate",
};

pub(crate) const DIALOGS: DialogTexts = DialogTexts {
    create: "Create",
    is_small: true,
    ..DialogTexts::new(
        "",
        "Delete identifier",
        "Its private keys are destroyed. What was signed with them can no longer be verified where its document is served.",
    )
};

pub(crate) fn rotate(name: &str) -> String {
    format!("Rotate the key of {name}")
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
