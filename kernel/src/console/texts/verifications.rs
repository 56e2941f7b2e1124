//! Verify, Verified credentials.

use model::{CheckName, Outcome, VerificationStatus};

use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
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

pub const VERIFY: &str = "Verify";
pub const TEMPLATE: &str = "Template";
pub const REFERENCE: &str = "Reference";
pub const STATUS: &str = "Status";
pub const REQUESTED: &str = "Requested";
pub const ANY_STATUS: &str = "Any status";
pub const SEARCH_HELP: &str = "Template or reference";

pub const WAS_DELETED: &str = "The verification was deleted, with what was disclosed.";

pub const VERIFY_TITLE: &str = "Ask for a presentation";
pub const TEMPLATE_HELP: &str = "What is asked for, and whose credentials are accepted.";
pub const REFERENCE_HELP: &str = "What you call it, such as an order or a customer. The holder does not see it.";
pub const NO_TEMPLATE: &str =
    "There is no verifier template yet. It says what is asked for, and whose credentials are accepted.";

pub const SEE_TEMPLATES: &str = "Verifier templates";

pub const REQUEST: &str = "Request";
pub const SCAN: &str = "Scan with a wallet";
pub const SCAN_LEAD: &str = "One answer counts, the first. This page shows the result by itself.";
pub const QR_LABEL: &str = "QR code of the request";
pub const LINK: &str = "Link to the request";
pub const OPEN_HERE: &str = "Open in a wallet on this device";
pub const HOLDS_UNTIL: &str = "It can be answered until";
pub const REQUEST_NEEDS_CHANGE: &str =
    "The request waits for a wallet. Its link is shown only to people who may verify, because it can be answered.";
pub const ANSWERING_LABEL: &str = "Answer";
pub const ANSWERING: &str =
    "A wallet has fetched the request. Its holder is deciding what to present; until then, it can be fetched again.";

pub const ISSUER: &str = "Issuer";
pub const UNREADABLE: &str = "Not readable";
pub const CLAIMS: &str = "Claims";
pub const CLAIMS_NOT_KEPT: &str = "Not kept: the presentation was rejected.";
pub const CLAIMS_DELETED: &str = "Deleted.";
pub const CHECKS: &str = "Checks";
pub const CHECK: &str = "Check";
pub const OUTCOME: &str = "Outcome";
pub const REASON: &str = "Reason";
pub const ANSWER: &str = "The answer as a whole";

pub const ABOUT: &str = "About this verification";
pub const PURPOSE: &str = "Purpose";
pub const VERIFIER: &str = "Asked as";
pub const REQUESTED_BY: &str = "Requested by";
pub const RETRIEVED: &str = "Fetched by a wallet";
pub const FINISHED: &str = "Finished";
pub const KEPT_UNTIL: &str = "Kept until";

pub const DELETE: &str = "Delete verification";
pub const DELETE_QUESTION: (&str, &str) = ("Delete", " for good?");
pub const DELETE_LEAD: &str =
    "What was disclosed leaves the wallet and its disk. A request that is still open can no longer be answered.";

pub const fn status(status: VerificationStatus) -> &'static str {
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
pub const fn meaning(status: VerificationStatus) -> &'static str {
    match status {
        VerificationStatus::Requested => "The request waits for a wallet.",
        VerificationStatus::Retrieved => "A wallet has fetched the request and can answer it.",
        VerificationStatus::Verified => "Everything that was checked is as it should be.",
        VerificationStatus::Rejected => "Something is not as it should be. Nothing that was disclosed was kept.",
        VerificationStatus::Declined => "The wallet answered that it does not present anything.",
        VerificationStatus::Expired => "Nobody answered in time.",
    }
}

pub const fn check(check: CheckName) -> &'static str {
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

pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "Passed",
        Outcome::Failed => "Failed",
        Outcome::Skipped => "Not checked",
        Outcome::Noted => "Noted",
    }
}
