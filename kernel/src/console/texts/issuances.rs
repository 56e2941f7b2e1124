//! Issue, Issued credentials.

use model::{CredentialStatus, IssuanceFailure, IssuanceStatus};

use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Issued credentials",
    lead: "Credentials that this wallet offers to others or has issued.",
    icon: "issue",
    add: ISSUE,
    name: TEMPLATE,
    none_yet: (
        "Nothing issued yet",
        "Choose a template, fill in what the credential says, and show its QR code to whom it is for.",
    ),
    no_match: ("No credential matches", "Try fewer letters, or another status."),
    show_all: "Show all",
    notice: |_| None,
};

pub(crate) const ISSUE: &str = "Issue credential";
pub const TEMPLATE: &str = "Template";
pub const REFERENCE: &str = "Reference";
pub const STATUS: &str = "Status";
pub const OFFERED: &str = "Offered";
pub const ANY_STATUS: &str = "Any status";
pub const SEARCH_HELP: &str = "Template or reference";

pub const CHOOSE: &str = "What do you want to issue?";
pub const CHOOSE_LEAD: &str = "Each template is one type of credential.";
pub const NO_TEMPLATE: &str = "There is no issuer template yet. It says what a type of credential contains.";
pub const MAKE_TEMPLATE: &str = "Issuer templates";

pub const SAYS: &str = "What the credential says";
pub const HOW: &str = "How it is handed over";
pub const REFERENCE_HELP: &str = "What you call it, such as an order or personnel number. It is not in the credential.";
pub const VALID_UNTIL: &str = "Last day of validity";
pub const EXPIRES_IN: &str = "The offer holds for";
pub const TX_CODE: &str = "Ask for a transaction code";
pub const TX_CODE_HELP: &str = "Whoever scans the QR code must also type six digits, which you send another way. It keeps others from taking the credential.";
pub const CONTACT: &str = "Send the offer to";
pub const CONTACT_NONE: &str = "Nobody: show me the QR code";
pub const CONTACT_HELP: &str = "A trusted contact whose wallet takes offers. The QR code works all the same.";
pub const OFFER_IT: &str = "Offer credential";
pub const LIST_HELP: &str = "One entry on each line";
pub const YES: &str = "Yes";
pub const NO: &str = "No";
pub const LIFETIMES: [(i64, &str); 4] =
    [(3600, "1 hour"), (86_400, "1 day"), (604_800, "7 days"), (2_592_000, "30 days")];

pub const MUST_BE_NUMBER: &str = "must be a number, such as 12.5";
pub const MUST_BE_INTEGER: &str = "must be a whole number";
pub const MUST_BE_DATE: &str = "must be a date";

pub const OFFER: &str = "Offer";
pub const SCAN: &str = "Scan with a wallet";
pub const SCAN_LEAD: &str = "Whoever scans this code gets the credential. Show it to its holder alone.";
pub const QR_LABEL: &str = "QR code of the offer";
pub const LINK: &str = "Link to the offer";
pub const OPEN_HERE: &str = "Open in a wallet on this device";
pub const NEEDS_TX_CODE: &str = "The wallet will also ask for the transaction code.";
pub const HOLDS_UNTIL: &str = "The offer holds until";
pub const OFFER_NEEDS_CHANGE: &str =
    "The offer waits for a wallet. It is shown only to people who may issue credentials, because it can be taken up.";
pub const FETCHING: &str = "A wallet has taken the offer up and is fetching the credential.";

pub const TX_CODE_TITLE: &str = "Transaction code";
pub const TX_CODE_ONCE: &str = "Note it now.";
pub const TX_CODE_ONCE_LEAD: &str =
    "It is shown this one time. Send it to the holder another way than the offer, such as by telephone.";

pub const CREDENTIAL: &str = "Credential";
pub const ISSUED: &str = "Issued";
pub const VALIDITY: &str = "Valid until";
pub const NO_END: &str = "No end";
pub const HOLDER_KEY: &str = "Bound to the key";
pub const STATUS_LIST: &str = "Status list";
pub const NO_STATUS_LIST: &str = "None: it cannot be revoked";
pub const CLAIMS_GONE: &str = "What it says is with its holder alone; this wallet keeps no copy.";

pub const ABOUT: &str = "About this issuance";
pub const TYPE: &str = "Type";
pub const OFFERED_BY: &str = "Offered by";
pub const SENT: &str = "Sent to a contact";
pub const NOT_SENT: &str = "Not delivered";
pub const TAKEN_UP: &str = "Taken up";

pub const CANCEL: &str = "Take the offer back";
pub const CANCEL_QUESTION: (&str, &str) = ("Take back the offer of", "?");
pub const CANCEL_LEAD: &str = "Its QR code and link stop working at once.";
pub const REVOKE: &str = "Revoke";
pub const REVOKE_TITLE: &str = "Revoke credential";
pub const REVOKE_QUESTION: (&str, &str) = ("Revoke", " for good?");
pub const REVOKE_LEAD: &str = "Verifiers will refuse it. It cannot be restored; a new one can be issued.";
pub const SUSPEND: &str = "Suspend";
pub const SUSPEND_TITLE: &str = "Suspend credential";
pub const SUSPEND_QUESTION: (&str, &str) = ("Suspend", "?");
pub const SUSPEND_LEAD: &str = "Verifiers will refuse it until you restore it.";
pub const RESTORE: &str = "Restore";
pub const RESTORE_TITLE: &str = "Restore credential";
pub const RESTORE_QUESTION: (&str, &str) = ("Restore", "?");
pub const RESTORE_LEAD: &str = "Verifiers will accept it again.";

pub const WAS_OFFERED: &str = "The offer is ready.";
pub const WAS_SENT: &str = "The offer is ready, and was sent to the contact.";
pub const WAS_NOT_SENT: &str =
    "The contact could not be reached. The offer is ready all the same: send its link or show its QR code.";
pub const WAS_CANCELLED: &str = "The offer was taken back.";
pub const WAS_REVOKED: &str = "The credential was revoked.";
pub const WAS_SUSPENDED: &str = "The credential was suspended.";
pub const WAS_RESTORED: &str = "The credential was restored.";

pub fn issue(template: &str) -> String {
    format!("Issue {template}")
}

/// The validity when no last day is chosen.
pub fn valid_for(days: Option<u32>) -> String {
    match days {
        None => "Left empty, it has no end.".to_owned(),
        Some(1) => "Left empty, it is valid for 1 day.".to_owned(),
        Some(days) => format!("Left empty, it is valid for {days} days."),
    }
}

pub const fn status(status: IssuanceStatus) -> &'static str {
    match status {
        IssuanceStatus::Offered => "Offered",
        IssuanceStatus::Accepted => "Taken up",
        IssuanceStatus::Issued => "Issued",
        IssuanceStatus::Expired => "Expired",
        IssuanceStatus::Error => "Failed",
        IssuanceStatus::Cancelled => "Taken back",
    }
}

pub const fn state(state: CredentialStatus) -> &'static str {
    match state {
        CredentialStatus::Valid => "Issued",
        CredentialStatus::Suspended => "Suspended",
        CredentialStatus::Revoked => "Revoked",
    }
}

/// The explanation of a status.
pub const fn meaning(status: IssuanceStatus) -> &'static str {
    match status {
        IssuanceStatus::Offered => "Waiting for a wallet. This page follows by itself.",
        IssuanceStatus::Accepted => "A wallet is fetching the credential. This page follows by itself.",
        IssuanceStatus::Issued => "The credential is with its holder.",
        IssuanceStatus::Expired => "Nobody took the offer up in time.",
        IssuanceStatus::Error => "It cannot be issued any more.",
        IssuanceStatus::Cancelled => "The offer was taken back before it was taken up.",
    }
}

pub const fn failure(failure: IssuanceFailure) -> &'static str {
    match failure {
        IssuanceFailure::TxCodeTries => "The transaction code was wrong five times.",
        IssuanceFailure::TemplateDeleted => "Its issuer template was deleted.",
        IssuanceFailure::TemplateChanged => "Its issuer template was changed, and the claims do not fit it any more.",
        IssuanceFailure::CredentialTooLarge => {
            "The credential would be larger than wallets can read. Issue it with less in it."
        }
        IssuanceFailure::ClaimsUnissuable => "No credential can be made of these claims.",
        IssuanceFailure::IdentifierDeleted => "The identifier that would sign it was deleted.",
        IssuanceFailure::StatusListUnusable => "Its status list is full or was deleted.",
    }
}
