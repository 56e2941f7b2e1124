//! Wallet, Presentations.

use model::PresentationState;

use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Presentations",
    lead: "What verifiers asked of this wallet, and what was shown to them.",
    icon: "verify",
    add: ADD,
    name: VERIFIER,
    none_yet: (
        "No presentations yet",
        "Paste the link behind a verifier’s button or QR code. You see who asks for what before anything is sent.",
    ),
    no_match: ("No presentation matches", "Try fewer letters of the verifier."),
    show_all: "Show all presentations",
    notice: |_| None,
};

pub const VERIFIER: &str = "Verifier";
pub const SHOWN: &str = "Shown";
pub const STATUS: &str = "Status";
pub const REQUESTED: &str = "Requested";

pub const ADD: &str = "Present credentials";
pub const REQUEST: &str = "Link of the request";
pub const REQUEST_HELP: &str = "It starts with openid4vp:// and stands behind the verifier’s button or QR code.";
pub const ADD_YES: &str = "Look at the request";

pub const WHO_ASKS: &str = "Who asks";
pub const CALLS_ITSELF: &str = "Calls itself";
pub const UNCHECKED: &str = "Nobody has checked this name. The DID signed the request.";
pub const EXPIRES: &str = "Waits until";
pub const ANSWER_TO: &str = "The answer goes to";

pub const WHAT_IS_SHOWN: &str = "What will be shown";
pub const WHAT_IS_SHOWN_LEAD: &str =
    "The verifier reads the claims below and nothing else. Everything else stays in the wallet.";
pub const WHAT_WAS_SHOWN: &str = "What was shown";
pub const NOTHING_WAS_SHOWN: &str = "Nothing.";
pub const CHOICE: &str = "Choice";
pub const NO_CLAIMS: &str = "Only that the wallet holds it: its type, its issuer and its dates.";
pub const NOT_SENT: &str = "Present nothing here";
pub const OPTIONAL: &str = "Not needed";
pub const NONE_FITS: &str = "No held credential fits.";
pub const CANNOT_ANSWER: &str = "This wallet does not hold what the verifier needs. Receive or import it, or decline.";

pub const SEND: &str = "Send";
pub const DECLINE: &str = "Decline request";
pub const DECLINE_YES: &str = "Decline";
pub const DECLINE_QUESTION: (&str, &str) = ("Decline the request of", "?");
pub const DECLINE_LEAD: &str = "The verifier is told so, and nothing is shown to it.";

pub const DELETE: &str = "Delete presentation";
pub const DELETE_QUESTION: (&str, &str) = ("Delete what is remembered of", "?");
pub const DELETE_LEAD: &str = "What the verifier has read, it has read.";

pub const WAS_SENT: &str = "The verifier has what you chose.";
pub const HAS_FAILED: &str = "The verifier did not take it. The reason is below.";
pub const WAS_DECLINED: &str = "The request was declined.";
pub const WAS_DELETED: &str = "The presentation was deleted.";
pub const GO_ON: &str = "Go on at the verifier";
pub const REASON: &str = "Reason";

pub fn review(verifier: &str) -> String {
    format!("Review the request of {verifier}")
}

pub fn delete(verifier: &str) -> String {
    format!("Delete what is remembered of {verifier}")
}

pub const REVIEW: &str = "Review";

pub fn by(issuer: &str) -> String {
    format!("Issued by {issuer}")
}

pub const fn status(status: PresentationState) -> &'static str {
    match status {
        PresentationState::Pending => "Pending",
        PresentationState::Sending => "Being sent",
        PresentationState::Sent => "Sent",
        PresentationState::Declined => "Declined",
        PresentationState::Failed => "Failed",
        PresentationState::Expired => "Expired",
    }
}
