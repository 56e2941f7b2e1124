//! Wallet, Received offers.

use model::{OfferState, TxCodeHint};

use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Received offers",
    lead: "What issuers offer to this wallet. An accepted credential is verified before it is stored.",
    icon: "import",
    add: ADD,
    name: ISSUER,
    none_yet: (
        "No offers yet",
        "Paste the link of an offer, or let trusted contacts push theirs: name their credential issuer under Trusted contacts.",
    ),
    no_match: ("No offer matches", "Try fewer letters of the issuer or the credential."),
    show_all: "Show all offers",
    notice: |_| None,
};

pub const ISSUER: &str = "Issuer";
pub const OFFERED: &str = "Offered";
pub const STATUS: &str = "Status";
pub const RECEIVED: &str = "Received";

pub const ADD: &str = "Receive an offer";
pub const OFFER: &str = "Link of the offer";
pub const OFFER_HELP: &str = "It stands behind the issuer’s button or QR code, and starts with openid-credential-offer://, haip-vci:// or https://.";
pub const ADD_YES: &str = "Look at the offer";

pub const REVIEW: &str = "Review";
pub const ACCEPT: &str = "Accept this offer?";
pub const ACCEPT_YES: &str = "Accept";
pub const FROM: &str = "From";
pub const UNCHECKED: &str = "Nobody has checked what the issuer calls itself. Its address is its identity.";
pub const PUSHED_BY: &str = "Pushed by";
pub const UNCONFIRMED: &str = "Unconfirmed";
pub const UNCONFIRMED_LEAD: &str = "Unconfirmed: anyone can have sent this. It names the contact as its issuer, and only a transaction code that the contact gave you shows that it is the contact’s.";
pub const NAMES: &str = "Names";
pub const NOT_ACCEPTED: &str = "It was not accepted the last time:";
pub const CREDENTIALS: &str = "Credentials";
pub const EXPIRES: &str = "Waits until";
pub const IDENTIFIER: &str = "Bound to the key of";
pub const IDENTIFIER_HELP: &str = "The identifier that proves to verifiers that the credential is this wallet’s.";
pub const NO_IDENTIFIER: &str =
    "This wallet has no identifier yet. Create one first: credentials are bound to its key.";
pub const TX_CODE: &str = "Transaction code";

pub const DECLINE: &str = "Decline offer";
pub const DECLINE_YES: &str = "Decline";
pub const DECLINE_QUESTION: (&str, &str) = ("Decline the offer of", "?");
pub const DECLINE_LEAD: &str = "It stays in the list, and cannot be accepted any more. The issuer is not told.";

pub const DELETE: &str = "Delete offer";
pub const DELETE_QUESTION: (&str, &str) = ("Delete the offer of", " for good?");
pub const DELETE_LEAD: &str = "Credentials that came from it stay in the wallet.";

pub const WAS_RECEIVED: &str = "The credential was verified and is now among the holder credentials.";
pub const HAS_FAILED: &str = "Nothing was received. The list tells why.";
pub const IN_PART: &str = "Not everything of the offer was received. The list tells why.";
pub const IS_DEFERRED: &str =
    "The issuer gives what it offers later. It is asked again, and what comes is verified and stored.";
pub const WAS_DECLINED: &str = "The offer was declined.";
pub const WAS_DELETED: &str = "The offer was deleted.";

pub fn review(issuer: &str) -> String {
    format!("Review the offer of {issuer}")
}

pub fn delete(issuer: &str) -> String {
    format!("Delete the offer of {issuer}")
}

/// How many offers wait, beside the place in the navigation.
pub fn waiting(count: i64) -> String {
    match count {
        1 => "1 offer waits".to_owned(),
        _ => format!("{count} offers wait"),
    }
}

pub const fn status(status: OfferState) -> &'static str {
    match status {
        OfferState::Pending => "Pending",
        OfferState::Accepting => "Being accepted",
        OfferState::Deferred => "Comes later",
        OfferState::Received => "Received",
        OfferState::Declined => "Declined",
        OfferState::Failed => "Failed",
        OfferState::Expired => "Expired",
    }
}

/// What a transaction code looks like, after the issuer's own words.
pub fn tx_code_help(hint: &TxCodeHint) -> String {
    let what = if hint.numeric { "digits" } else { "characters" };
    let form = match hint.length {
        Some(length) => format!("{length} {what}, which the issuer sent another way."),
        None => "The issuer sent it another way.".to_owned(),
    };
    match &hint.description {
        Some(description) => format!("{form} The issuer says: {description}"),
        None => form,
    }
}
