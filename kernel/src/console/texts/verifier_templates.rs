//! Verify, Verifier templates.

use model::RequestUriMethod;

use crate::console::by_name::Notice;
use crate::console::dialog::DialogTexts;
use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Verifier templates",
    lead: "What this wallet asks others to present, why, and whose word it takes.",
    icon: "template",
    add: ADD,
    name: NAME,
    none_yet: (
        "No verifier templates yet",
        "Say once what you ask for; then a verification is one click, or one call of the API.",
    ),
    no_match: ("No verifier template matches", "Try fewer letters of the name."),
    show_all: "Show all verifier templates",
    notice: |notice| match notice {
        Notice::Created => Some("The verifier template was added."),
        Notice::Edited => Some("The verifier template was saved."),
        Notice::Deleted => Some("The verifier template was deleted."),
        Notice::Rotated => None,
    },
};

pub const NAME: &str = "Name";
pub const NAME_HELP: &str = "Unique in the wallet. External systems start verifications by this template.";
pub const PURPOSE: &str = "Purpose";
pub const PURPOSE_HELP: &str = "Shown to the holder who is asked, for example: To open your business account";
pub const SIGNED_BY: &str = "Signed by";
pub const SIGNED_BY_HELP: &str = "The identifier by which holders know who asks.";
pub const CHOOSE: &str = "Choose an identifier";
pub const NO_IDENTIFIER: &str = "The wallet has no identifier yet.";
pub const NO_IDENTIFIER_LEAD: &str = "Requests are signed by one.";
pub const CREATE_IDENTIFIER: &str = "Create an identifier";
pub const ASK_FOR_IDENTIFIER: &str = "Ask somebody who may create one.";
pub const GENERAL: &str = "General";

pub const ASKS_FOR: &str = "Asks for";
pub const ASKS_FOR_LEAD: &str = "One credential of one type, and which of its claims.";
pub const TYPE: &str = "Credential type";
pub const TYPE_HELP: &str = "As the credentials name it (vct), for example https://university.example/diploma";
pub const CLAIMS: &str = "Claims";
pub const CLAIM: &str = "Claim";
pub const CLAIMS_HELP: &str = "One on each row; rows left empty do not count. Ask for no more than the purpose needs. Of a claim inside another write address.locality, of every entry of a list degrees[].type. With no claims, only what is always visible is shown.";
pub const MORE_ROWS: &str = "More rows";
pub const ADVANCED: &str = "Advanced: DCQL";
pub const DCQL: &str = "DCQL query";
pub const DCQL_HELP: &str = "For several credentials, alternatives and expected values (OpenID4VP 1.0, section 6), as JSON. Where it is filled in, it takes the place of the type and the claims above.";

pub const ADVANCED_LINK: &str = "Advanced: the link";
pub const REQUEST_URI_METHOD: &str = "Fetched with";
pub const REQUEST_URI_METHOD_HELP: &str = "How the link asks wallets to fetch the request (request_uri_method). With POST a wallet can send a nonce of its own; not every wallet can.";

pub const TRUST: &str = "Trusts";
pub const TRUST_LEAD: &str = "Whose credentials are accepted.";
pub const ALL_TRUSTED: &str = "The trusted issuers";
pub const ALL_TRUSTED_HELP: &str =
    "Every issuer on the wallet's list, for the types that it is trusted for. An empty list trusts nobody.";
pub const CHOSEN_ISSUERS: &str = "Chosen issuers";
pub const CHOSEN_ISSUERS_HELP: &str = "Only these of the trusted issuers.";
pub const NO_ISSUERS: &str = "The list of trusted issuers is empty: nobody is trusted yet.";
pub const ANY_ISSUER: &str = "Any issuer";
pub const ANY_ISSUER_HELP: &str =
    "Anybody's word is taken, also that of a holder who issued the credential to themselves.";

pub const RETENTION: &str = "Days to keep";
pub const RETENTION_HELP: &str = "How long a result is kept with the claims that were shown; then it is deleted. With 0 it is kept for an hour, in which the system that asked can fetch it.";
pub const KEPT: &str = "Kept";

pub const ANY_TYPE: &str = "Any type";
pub const NO_CLAIMS: &str = "only what is always visible";

pub const ADD: &str = "Add verifier template";

pub const DIALOGS: DialogTexts = DialogTexts::new(
    "Edit verifier template",
    "Delete verifier template",
    "Nobody can be asked by it any more. What was asked and verified already stays.",
);

pub fn claim(number: usize) -> String {
    format!("Claim {number}")
}

pub fn chosen(count: usize) -> String {
    match count {
        0 => "Nobody: every chosen issuer was deleted".to_owned(),
        1 => "1 chosen issuer".to_owned(),
        _ => format!("{count} chosen issuers"),
    }
}

pub const fn request_uri_method(method: RequestUriMethod) -> &'static str {
    match method {
        RequestUriMethod::Get => "GET, as every wallet can",
        RequestUriMethod::Post => "POST, where the wallet can",
    }
}

pub fn kept(days: u32) -> String {
    match days {
        0 => "1 hour".to_owned(),
        1 => "1 day".to_owned(),
        _ => format!("{days} days"),
    }
}
