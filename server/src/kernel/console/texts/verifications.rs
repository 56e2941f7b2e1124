//! Verify, Verified credentials.

use model::{CheckName, Outcome, VerificationStatus};

use crate::kernel::console::list_view::ListTexts;

pub(crate) const LIST: ListTexts = ListTexts {
    title: "Verified credentials",
    lead: "What this wallet asks others to present, and what came of it.",
    icon: "verify",
    add: VERIFY,
    name: TEMPLATE,
    none_yet: (
        "Nothing verified yet",
        "Choose a template and show its QR code: whoever scans it with a wallet can present what the template asks for.",
    ),
    no_match: ("No verification matches", "Try fewer letters, or another status."),
    show_all: "Show all verifications",
    notice: |_| None,
};

pub(crate) const VERIFY: &str = "Verify";
pub(crate) const TEMPLATE: &str = "Template";
pub(crate) const REFERENCE: &str = "Reference";
pub(crate) const STATUS: &str = "Status";
pub(crate) const REQUESTED: &str = "Requested";
pub(crate) const ANY_STATUS: &str = "Any status";
pub(crate) const SEARCH_HELP: &str = "Template or reference";

pub(crate) const WAS_DELETED: &str = "The verification was deleted, with what was disclosed.";

pub(crate) const VERIFY_TITLE: &str = "Ask for a presentation";
pub(crate) const TEMPLATE_HELP: &str = "What is asked for, and whose credentials are accepted.";
pub(crate) const REFERENCE_HELP: &str = "What you call it, such as an order or a customer. The holder does not see it.";
pub(crate) const NO_TEMPLATE: &str =
    "There is no verifier template yet. It says what is asked for, and whose credentials are accepted.";

pub(crate) const SEE_TEMPLATES: &str = "Verifier templates";

pub(crate) const REQUEST: &str = "Request";
pub(crate) const SCAN: &str = "Scan with a wallet";
pub(crate) const SCAN_LEAD: &str = "One answer counts, the first. This page shows the result by itself.";
pub(crate) const QR_LABEL: &str = "QR code of the request";
pub(crate) const LINK: &str = "Link to the request";
pub(crate) const OPEN_HERE: &str = "Open in a wallet on this device";
pub(crate) const HOLDS_UNTIL: &str = "It can be answered until";
pub(crate) const REQUEST_NEEDS_CHANGE: &str =
    "The request waits for a wallet. Its link is shown only to people who may verify, because it can be answered.";
pub(crate) const ANSWERING_LABEL: &str = "Answer";
pub(crate) const ANSWERING: &str =
    "A wallet has fetched the request. Its holder is deciding what to present; until then, it can be fetched again.";

pub(crate) const ISSUER: &str = "Issuer";
pub(crate) const UNREADABLE: &str = "Not readable";
pub(crate) const CLAIMS: &str = "Claims";
pub(crate) const CLAIMS_NOT_KEPT: &str = "Not kept: the presentation was rejected.";
pub(crate) const CLAIMS_DELETED: &str = "Deleted.";
pub(crate) const CHECKS: &str = "Checks";
pub(crate) const CHECK: &str = "Check";
pub(crate) const OUTCOME: &str = "Outcome";
pub(crate) const REASON: &str = "Reason";
pub(crate) const ANSWER: &str = "The answer as a whole";

pub(crate) const ABOUT: &str = "About this verification";
pub(crate) const PURPOSE: &str = "Purpose";
pub(crate) const VERIFIER: &str = "Asked as";
pub(crate) const REQUESTED_BY: &str = "Requested by";
pub(crate) const RETRIEVED: &str = "Fetched by a wallet";
pub(crate) const FINISHED: &str = "Finished";
pub(crate) const KEPT_UNTIL: &str = "Kept until";

pub(crate) const DELETE: &str = "Delete verification";
pub(crate) const DELETE_QUESTION: (&str, &str) = ("Delete", " for good?");
pub(crate) const DELETE_LEAD: &str =
    "What was disclosed leaves the wallet and its disk. A request that is still open can no longer be answered.";

pub(crate) const fn status(status: VerificationStatus) -> &'static str {
    match status {
        VerificationStatus::Requested => "Requested",
        VerificationStatus::Retrieved => "Fetched",
        VerificationStatus::Verified => "Verified",
        VerificationStatus::Rejected => "Rejected",
        VerificationStatus::Declined => "Declined",
        VerificationStatus::Expired => "Expired",
    }
}

/// The explanation of a status, beside its word.
pub(crate) const fn meaning(status: VerificationStatus) -> &'static str {
    match status {
        VerificationStatus::Requested => "The request waits for a wallet.",
        VerificationStatus::Retrieved => "A wallet has fetched the request and can answer it.",
        VerificationStatus::Verified => "Everything that was checked is as it should be.",
        VerificationStatus::Rejected => "Something is not as it should be. Nothing that was disclosed was kept.",
        VerificationStatus::Declined => "The wallet answered that it does not present anything.",
        VerificationStatus::Expired => "Nobody answered in time.",
    }
}

pub(crate) const fn check(check: CheckName) -> &'static str {
    match check {
        CheckName::Answer => "All that was asked for, and nothing else",
        CheckName::Form => "A credential with its own disclosures",
        CheckName::Signature => "Signed by its issuer",
        CheckName::Dates => "Valid at this time",
        CheckName::KeyBinding => "Bound to what was sent",
        CheckName::HolderBinding => "Presented by its holder",
        CheckName::Audience => "Made for this wallet",
        CheckName::Nonce => "Made for this request",
        CheckName::Query => "Shows what was asked for",
        CheckName::TrustedIssuer => "Issued by somebody trusted",
        CheckName::Status => "Neither revoked nor suspended",
        CheckName::Disclosure => "Shows nothing beyond that",
    }
}

pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "Passed",
        Outcome::Failed => "Failed",
        Outcome::Skipped => "Not checked",
        Outcome::Noted => "Noted",
    }
}
