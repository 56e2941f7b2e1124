//! Wallet, Presentations.

use model::PresentationState;

use crate::kernel::console::list_view::ListTexts;

pub(crate) const LIST: ListTexts = ListTexts {
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

pub(crate) const VERIFIER: &str = "Verifier";
pub(crate) const SHOWN: &str = "Shown";
pub(crate) const STATUS: &str = "Status";
pub(crate) const REQUESTED: &str = "Requested";

pub(crate) const ADD: &str = "Present credentials";
pub(crate) const REQUEST: &str = "Link of the request";
pub(crate) const REQUEST_HELP: &str = "It starts with openid4vp:// and stands behind the verifier’s button or QR code.";
pub(crate) const ADD_YES: &str = "Look at the request";

pub(crate) const WHO_ASKS: &str = "Who asks";
pub(crate) const CALLS_ITSELF: &str = "Calls itself";
pub(crate) const UNCHECKED: &str = "Nobody has checked this name. The DID signed the request.";
pub(crate) const EXPIRES: &str = "Waits until";
pub(crate) const ANSWER_TO: &str = "The answer goes to";

pub(crate) const WHAT_IS_SHOWN: &str = "What will be shown";
pub(crate) const WHAT_IS_SHOWN_LEAD: &str =
    "The verifier reads the claims below and nothing else. Everything else stays in the wallet.";
pub(crate) const WHAT_WAS_SHOWN: &str = "What was shown";
pub(crate) const NOTHING_WAS_SHOWN: &str = "Nothing.";
pub(crate) const CHOICE: &str = "Choice";
pub(crate) const NO_CLAIMS: &str = "Only that the wallet holds it: its type, its issuer and its dates.";
pub(crate) const NOT_SENT: &str = "Present nothing here";
pub(crate) const OPTIONAL: &str = "Not needed";
pub(crate) const NONE_FITS: &str = "No held credential fits.";
pub(crate) const CANNOT_ANSWER: &str =
    "This wallet does not hold what the verifier needs. Receive or import it, or decline.";

pub(crate) const SEND: &str = "Send";
pub(crate) const DECLINE: &str = "Decline request";
pub(crate) const DECLINE_YES: &str = "Decline";
pub(crate) const DECLINE_QUESTION: (&str, &str) = ("Decline the request of", "?");
pub(crate) const DECLINE_LEAD: &str = "The verifier is told so, and nothing is shown to it.";

pub(crate) const DELETE: &str = "Delete presentation";
pub(crate) const DELETE_QUESTION: (&str, &str) = ("Delete what is remembered of", "?");
pub(crate) const DELETE_LEAD: &str = "What the verifier has read, it has read.";

pub(crate) const WAS_SENT: &str = "The verifier has what you chose.";
pub(crate) const HAS_FAILED: &str = "The verifier did not take it. The reason is below.";
pub(crate) const WAS_DECLINED: &str = "The request was declined.";
pub(crate) const WAS_DELETED: &str = "The presentation was deleted.";
pub(crate) const GO_ON: &str = "Go on at the verifier";
pub(crate) const REASON: &str = "Reason";

pub(crate) fn review(verifier: &str) -> String {
    format!("Review the request of {verifier}")
}

pub(crate) fn delete(verifier: &str) -> String {
    format!("Delete what is remembered of {verifier}")
}

pub(crate) const REVIEW: &str = "Review";

pub(crate) fn by(issuer: &str) -> String {
    format!("Issued by {issuer}")
}

pub(crate) const fn status(status: PresentationState) -> &'static str {
    match status {
        PresentationState::Pending => "Pending",
        PresentationState::Sending => "Being sent",
        PresentationState::Sent => "Sent",
        PresentationState::Declined => "Declined",
        PresentationState::Failed => "Failed",
        PresentationState::Expired => "Expired",
    }
}
