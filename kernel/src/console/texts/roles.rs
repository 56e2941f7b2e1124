//! Settings, Team, Roles.

use crate::console::by_name::Notice;
use crate::console::dialog::DialogTexts;
use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Roles",
    lead: "Named sets of permissions that are assigned to users.",
    icon: "role",
    add: "Add role",
    name: NAME,
    none_yet: ("No roles yet", "Add one for each task, and assign it to the users who have it."),
    no_match: ("No role matches", "Try fewer letters of the name."),
    show_all: "Show all roles",
    notice: |notice| match notice {
        Notice::Created => Some("The role was added. Assign it to users under Users."),
        Notice::Edited => Some("The role was saved. It is in force from the next request of everyone who has it."),
        Notice::Deleted => Some("The role was deleted."),
        Notice::Rotated => None,
    },
};

pub const NAME: &str = "Name";
pub const PERMISSIONS: &str = "Permissions";
pub const USERS: &str = "Users";

pub const NAME_HELP: &str = "Unique in the wallet.";

pub const DIALOGS: DialogTexts = DialogTexts::new(
    "Edit role",
    "Delete role",
    "No user has it. API keys are not affected: they hold permissions of their own.",
);

/// Why it cannot be deleted now.
pub fn in_use(users: i64) -> String {
    match users {
        1 => "One user has it. Take it from them first.".to_owned(),
        _ => format!("{users} users have it. Take it from them first."),
    }
}
