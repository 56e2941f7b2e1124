//! Issue, Status lists.

use crate::console::by_name::Notice;
use crate::console::dialog::DialogTexts;
use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Status lists",
    lead: "Where issued credentials are revoked, suspended and restored, so that every verifier can see it.",
    icon: "status-list",
    add: "Create status list",
    name: NAME,
    none_yet: (
        "No status lists yet",
        "Create one and choose it in an issuer template: what is issued by it can then be revoked.",
    ),
    no_match: ("No status list matches", "Try fewer letters of the name."),
    show_all: "Show all status lists",
    notice: |notice| match notice {
        Notice::Created => Some("The status list was created."),
        Notice::Edited => Some("The status list was renamed."),
        Notice::Deleted => Some("The status list was deleted."),
        Notice::Rotated => None,
    },
};

pub const NAME: &str = "Name";
pub const SIGNER: &str = "Signed by";
pub const USED: &str = "Used";
pub const STATUSES: &str = "Credentials";
pub const CREATED: &str = "Created";
pub const SIGNED_LIST: &str = "Signed list";

pub const NAME_HELP: &str = "What it is for, such as Membership 2026. Unique in the wallet.";
pub const SIGNER_HELP: &str =
    "The identifier that issues the credentials. It cannot be changed, nor deleted while the list is there.";
pub const NO_SIGNER: &str = "A status list is signed by one of the wallet’s identifiers, and there is none yet.";
pub const MAKE_SIGNER: &str = "Create an identifier first";

pub const DIALOGS: DialogTexts = DialogTexts {
    create: "Create",
    is_small: true,
    ..DialogTexts::new("Rename status list", "Delete status list", "This is possible as long as nothing refers to it.")
};

pub fn edit(name: &str) -> String {
    format!("Rename {name}")
}

pub fn used(used: u32, size: u32) -> String {
    format!("{} of {}", number(used), number(size))
}

pub fn valid(count: u32) -> String {
    format!("{} valid", number(count))
}

pub fn suspended(count: u32) -> String {
    format!("{} suspended", number(count))
}

pub fn revoked(count: u32) -> String {
    format!("{} revoked", number(count))
}

/// With a comma between thousands.
fn number(number: u32) -> String {
    let digits = number.to_string();
    let comma = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    digits.chars().enumerate().flat_map(|(at, digit)| comma(at).then_some(',').into_iter().chain([digit])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_thousands() {
        let read: Vec<String> = [0, 999, 1000, 100_000, 1_234_567].into_iter().map(number).collect();
        assert_eq!(read, ["0", "999", "1,000", "100,000", "1,234,567"]);
        assert_eq!(used(12_345, 100_000), "12,345 of 100,000");
    }
}
