//! Issue, Issuer templates.

use model::ClaimKind;

use crate::console::by_name::Notice;
use crate::console::dialog::DialogTexts;
use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Issuer templates",
    lead: "What this wallet can issue: one template is one type of credential.",
    icon: "template",
    add: ADD,
    name: NAME,
    none_yet: (
        "No issuer templates yet",
        "Make one for each type of credential that you issue: what it says, how it looks and how long it lasts.",
    ),
    no_match: ("No issuer template matches", "Try fewer letters of the name."),
    show_all: "Show all issuer templates",
    notice: |notice| match notice {
        Notice::Created => Some("The issuer template was added."),
        Notice::Edited => Some("The issuer template was saved."),
        Notice::Deleted => Some("The issuer template was deleted."),
        Notice::Rotated => None,
    },
};

pub const NAME: &str = "Name";
pub const CLAIMS: &str = "Claims";
pub const SIGNED_BY: &str = "Signed by";
pub const VALID_FOR: &str = "Valid for";
pub const STATUS_LIST: &str = "Status list";
pub const CREATED: &str = "Created";
pub const FIRST_ISSUED: &str = "First issued";
pub const NOT_YET: &str = "Not yet";

pub const ADD: &str = "Add issuer template";
pub const EDIT: &str = "Edit issuer template";

pub const NO_IDENTIFIER: &str = "This wallet has no identifier to sign with yet.";
pub const NO_IDENTIFIER_LEAD: &str = "Others know by it who issued a credential.";
pub const CREATE_IDENTIFIER: &str = "Create an identifier";
pub const ASK_FOR_IDENTIFIER: &str = "Ask somebody who may change identifiers to create one.";

pub const ISSUED_ALREADY: &str = "Credentials were issued with this template.";
pub const ISSUED_ALREADY_LEAD: &str = "Its claims stay as they are. Their labels can change, and claims that \
     are not mandatory can be added.";

pub const GENERAL: &str = "General";
pub const NAME_HELP: &str = "For example “Proof of membership”. Unique in the wallet.";
pub const SIGNED_BY_HELP: &str = "The identifier that holders and verifiers see as the issuer.";
pub const CHOOSE: &str = "Choose an identifier";
pub const VALID_FOR_DAYS: &str = "Valid for (days)";
pub const VALID_FOR_HELP: &str = "Counted from the moment of issue. Leave it empty if it never ends.";
pub const STATUS_LIST_HELP: &str =
    "With one, signed by the same identifier, a credential can be suspended and revoked later.";
pub const NO_STATUS_LIST: &str = "None: it cannot be revoked";

pub const CLAIMS_LEAD: &str = "What the credential says, in the order in which people read it.";
pub const CLAIM: &str = "Claim";
pub const LABEL: &str = "Label";
pub const PATH: &str = "Name in the credential";
pub const KIND: &str = "Kind of value";
pub const MANDATORY: &str = "Always there";
pub const WITHHOLDABLE: &str = "May be withheld";
pub const CLAIMS_HELP: &str = "The label is what people read, such as Legal name. The name is what programs \
     read, such as legal_name: leave it empty, and it is made of the label. A dot puts one claim inside another: \
     address.street.";
pub const CLAIM_FLAGS_HELP: &str = "Always there: nothing can be issued without it. May be withheld: the \
     holder decides each time whether to show it.";
pub const ADD_CLAIM: &str = "Add a claim";

pub const CARD: &str = "Card";
pub const CARD_LEAD: &str = "How the credential looks in the holder’s wallet.";
pub const CARD_TITLE: &str = "Title";
pub const CARD_TITLE_HELP: &str = "Left empty, it is the name of the template.";
pub const DESCRIPTION: &str = "Description";
pub const LANGUAGE: &str = "Language";
pub const LANGUAGE_HELP: &str = "Of the title, the description and the labels, such as en or nl.";
pub const BACKGROUND_COLOR: &str = "Background colour";
pub const TEXT_COLOR: &str = "Text colour";
pub const LOGO_URL: &str = "Logo";
pub const LOGO_URL_HELP: &str = "An https address. Holders’ wallets fetch it from there; it is not shown here.";
pub const PREVIEW: &str = "Preview";
pub const UPDATE_PREVIEW: &str = "Update the preview";
pub const HARD_TO_READ: &str = "The text is hard to read on this background.";

pub const OWN_TYPE: &str = "For developers";
pub const OWN_TYPE_LEAD: &str = "The type stands in every credential, and never changes.";
pub const VCT: &str = "Type (vct)";
pub const VCT_HELP: &str = "A URI of your own. Left empty, it is the address at which this wallet describes \
     the type to everybody, which is what most want.";

pub const TYPE_METADATA: &str = "Type metadata";
pub const FOREVER: &str = "Without end";

pub const DIALOGS: DialogTexts = DialogTexts::new(
    EDIT,
    "Delete issuer template",
    "Nothing can be issued with it any more. Credentials that were issued with other templates are not touched.",
);

/// A field of the row, counted from 1, for those who do not see its column.
pub fn of_claim(field: &str, row: usize) -> String {
    format!("{field}, claim {}", row.saturating_add(1))
}

pub fn remove_claim(row: usize) -> String {
    format!("Remove claim {}", row.saturating_add(1))
}

/// A status list with who signs it.
pub fn signed_list(list: &str, identifier: &str) -> String {
    format!("{list}, signed by {identifier}")
}

pub fn days(days: u32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

pub const fn kind(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Text => "Text",
        ClaimKind::Number => "Number",
        ClaimKind::Integer => "Whole number",
        ClaimKind::Boolean => "Yes or no",
        ClaimKind::Date => "Date",
        ClaimKind::TextList => "List of texts",
    }
}
