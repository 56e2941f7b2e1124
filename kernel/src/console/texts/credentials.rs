//! Wallet, Holder credentials.

use model::HeldStatus;

use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Holder credentials",
    lead: "Credentials that others issued to this wallet.",
    icon: "credential",
    add: IMPORT,
    name: TYPE,
    none_yet: (
        "No credentials yet",
        "Accept an offer under Received offers, or import one that somebody issued to your organisation. Each is verified before it is stored.",
    ),
    no_match: ("No credential matches", "Try fewer letters of the type."),
    show_all: "Show all credentials",
    notice: |_| None,
};

pub const TYPE: &str = "Type";
pub const ISSUER: &str = "Issuer";
pub const VALIDITY: &str = "Validity";
pub const IMPORTED: &str = "Imported";
pub const HOLDER_KEY: &str = "Bound to the key";
pub const ISSUED: &str = "Issued";

pub const SORT: &str = "Sort by";
pub const NEWEST: &str = "Newest first";
pub const OLDEST: &str = "Oldest first";
pub const BY_TYPE: &str = "Type";
pub const BY_VALIDITY: &str = "End of validity";
pub const LIVE_STATUS: &str = "Issuer says";
pub const NOT_PRESENTABLE: &str = "Not presentable";
pub const NOT_PRESENTABLE_HELP: &str =
    "It is bound to no key of this wallet, so verifiers who ask for a proof of the key will not take it.";
pub const CHECK_STATUS: &str = "Check status";
pub const WAS_CHECKED: &str = "The issuer’s status list was asked.";

pub const IMPORT: &str = "Import credential";
pub const CREDENTIAL: &str = "Credential";
pub const CREDENTIAL_HELP: &str =
    "An SD-JWT VC in its compact form, ending in ~. Its signature and dates are verified before it is stored.";
pub const IMPORT_YES: &str = "Import";

pub const DELETE: &str = "Delete credential";
pub const DELETE_QUESTION: (&str, &str) = ("Delete", " for good?");
pub const DELETE_LEAD: &str = "It leaves the wallet and its disk. Only its issuer can issue it again.";

pub const WAS_IMPORTED: &str = "The credential was verified and imported.";
pub const WAS_DELETED: &str = "The credential was deleted.";

pub const CLAIMS: &str = "Claims";
pub const CLAIMS_LEAD: &str = "What the issuer says. Those marked can be withheld when the credential is presented.";
pub const WITHHOLDABLE: &str = "Can be withheld";
pub const ABOUT: &str = "About this credential";
pub const COMPACT: &str = "Compact form";
pub const COMPACT_HELP: &str = "The issuer’s signed text with every disclosure. Whoever has it can read every claim.";
pub const SHOW_COMPACT: &str = "Show the compact form";

pub const NO_CLAIMS: &str = "It says nothing beyond its type and issuer.";

pub fn delete(name: &str) -> String {
    format!("Delete {name}")
}

pub const VALID: &str = "Valid";
pub const NOT_YET_VALID: &str = "Not yet valid";
pub const EXPIRED: &str = "Expired";

/// What the issuer’s status list says.
pub const fn live_status(status: HeldStatus) -> &'static str {
    match status {
        HeldStatus::Valid => "Not revoked",
        HeldStatus::Revoked => "Revoked",
        HeldStatus::Suspended => "Suspended",
        HeldStatus::Unknown => "Status unknown",
    }
}

pub fn last_asked(at: &str) -> String {
    format!("asked {at}")
}

/// From and until, where there are dates.
pub fn validity_dates(from: Option<&str>, until: Option<&str>) -> String {
    match (from, until) {
        (Some(from), Some(until)) => format!("{from} – {until}"),
        (Some(from), None) => format!("From {from}, no end"),
        (None, Some(until)) => format!("Until {until}"),
        (None, None) => "No end".to_owned(),
    }
}
