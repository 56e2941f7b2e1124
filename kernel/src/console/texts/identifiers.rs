//! Wallet, Identifiers.

use model::DidMethod;

use crate::console::by_name::Notice;
use crate::console::collection::Question;
use crate::console::dialog::DialogTexts;
use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
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

pub const NAME: &str = "Name";
pub const DID: &str = "DID";
pub const METHOD: &str = "Method";
pub const KEYS: &str = "Keys";
pub const CREATED: &str = "Created";
pub const DOCUMENT: &str = "DID document";

pub const NAME_HELP: &str = "What you call it. Unique in the wallet.";

pub const ROTATE: Question = Question {
    path: "rotate",
    title: "Rotate key",
    question: ("Make a new key for", "?"),
    lead: "From now on the wallet signs with the new key. The old key stays published, so \
     that what it signed can still be verified.",
    answer: "Rotate",
};

pub const DIALOGS: DialogTexts = DialogTexts {
    create: "Create",
    is_small: true,
    ..DialogTexts::new(
        "",
        "Delete identifier",
        "Its private keys are destroyed. What was signed with them can no longer be verified where its document is served.",
    )
};

pub fn rotate(name: &str) -> String {
    format!("Rotate the key of {name}")
}

pub const fn method_help(method: DidMethod) -> &'static str {
    match method {
        DidMethod::Web => "Under this server’s address. Its key can be rotated.",
        DidMethod::Jwk => "The key is the identifier. Nothing is published, and the key cannot be rotated.",
    }
}

pub fn signs_since(date: &str) -> String {
    format!("Signs since {date}")
}

pub fn retired(date: &str) -> String {
    format!("Retired {date}")
}
