//! Wallet, Holder credentials.

use model::HeldStatus;

use crate::kernel::console::list_view::ListTexts;

pub(crate) const LIST: ListTexts = ListTexts {
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

pub(crate) const TYPE: &str = "Type";
pub(crate) const ISSUER: &str = "Issuer";
pub(crate) const VALIDITY: &str = "Validity";
pub(crate) const IMPORTED: &str = "Imported";
pub(crate) const HOLDER_KEY: &str = "Bound to the key";
pub(crate) const ISSUED: &str = "Issued";

pub(crate) const SORT: &str = "Sort by";
pub(crate) const NEWEST: &str = "Newest first";
pub(crate) const OLDEST: &str = "Oldest first";
pub(crate) const BY_TYPE: &str = "Type";
pub(crate) const BY_VALIDITY: &str = "End of validity";
pub(crate) const LIVE_STATUS: &str = "Issuer says";
pub(crate) const NOT_PRESENTABLE: &str = "Not presentable";
pub(crate) const NOT_PRESENTABLE_HELP: &str =
    "It is bound to no key of this wallet, so verifiers who ask for a proof of the key will not take it.";
pub(crate) const CHECK_STATUS: &str = "Check status";
pub(crate) const WAS_CHECKED: &str = "The issuer’s status list was asked.";

pub(crate) const IMPORT: &str = "Import credential";
pub(crate) const CREDENTIAL: &str = "Credential";
pub(crate) const CREDENTIAL_HELP: &str =
    "An SD-JWT VC in its compact form, ending in ~. Its signature and dates are verified before it is stored.";
pub(crate) const IMPORT_YES: &str = "Import";

pub(crate) const DELETE: &str = "Delete credential";
pub(crate) const DELETE_QUESTION: (&str, &str) = ("Delete", " for good?");
pub(crate) const DELETE_LEAD: &str = "It leaves the wallet and its disk. Only its issuer can issue it again.";

pub(crate) const WAS_IMPORTED: &str = "The credential was verified and imported.";
pub(crate) const WAS_DELETED: &str = "The credential was deleted.";

pub(crate) const CLAIMS: &str = "Claims";
pub(crate) const CLAIMS_LEAD: &str =
    "What the issuer says. Those marked can be withheld when the credential is presented.";
pub(crate) const WITHHOLDABLE: &str = "Can be withheld";
pub(crate) const ABOUT: &str = "About this credential";
pub(crate) const COMPACT: &str = "Compact form";
pub(crate) const COMPACT_HELP: &str =
    "The issuer’s signed text with every disclosure. Whoever has it can read every claim.";
pub(crate) const SHOW_COMPACT: &str = "Show the compact form";

pub(crate) const NO_CLAIMS: &str = "It says nothing beyond its type and issuer.";

pub(crate) fn delete(name: &str) -> String {
    format!("Delete {name}")
}

pub(crate) const VALID: &str = "Valid";
pub(crate) const NOT_YET_VALID: &str = "Not yet valid";
pub(crate) const EXPIRED: &str = "Expired";

/// What the issuer’s status list says.
pub(crate) const fn live_status(status: HeldStatus) -> &'static str {
    match status {
        HeldStatus::Valid => "Not revoked",
        HeldStatus::Revoked => "Revoked",
        HeldStatus::Suspended => "Suspended",
        HeldStatus::Unknown => "Status unknown",
    }
}

pub(crate) fn last_asked(at: &str) -> String {
    format!("asked {at}")
}

/// From and until, where there are dates.
pub(crate) fn validity_dates(from: Option<&str>, until: Option<&str>) -> String {
    match (from, until) {
        (Some(from), Some(until)) => format!("{from} – {until}"),
        (Some(from), None) => format!("From {from}, no end"),
        (None, Some(until)) => format!("Until {until}"),
        (None, None) => "No end".to_owned(),
    }
}
