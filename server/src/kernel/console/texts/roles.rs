//! Settings, Team, Roles.

pub(crate) const TITLE: &str = "Roles";
pub(crate) const LEAD: &str = "Named sets of permissions that are assigned to users.";

pub(crate) const NAME: &str = "Name";
pub(crate) const PERMISSIONS: &str = "Permissions";
pub(crate) const USERS: &str = "Users";

pub(crate) const NONE_YET: &str = "No roles yet";
pub(crate) const NONE_YET_LEAD: &str = "Add one for each task, and assign it to the users who have it.";
pub(crate) const NO_MATCH: &str = "No role matches";
pub(crate) const NO_MATCH_LEAD: &str = "Try fewer letters of the name.";
pub(crate) const SHOW_ALL: &str = "Show all roles";

pub(crate) const ADD: &str = "Add role";
pub(crate) const NAME_HELP: &str = "Unique in the wallet.";
pub(crate) const EDIT: &str = "Edit role";

pub(crate) const DELETE: &str = "Delete role";
pub(crate) const DELETE_QUESTION: (&str, &str) = ("Delete", " for good?");
pub(crate) const DELETE_LEAD: &str = "No user has it. API keys are not affected: they hold permissions of their own.";

pub(crate) const WAS_CREATED: &str = "The role was added. Assign it to users under Users.";
pub(crate) const WAS_EDITED: &str = "The role was saved. It is in force from the next request of everyone who has it.";
pub(crate) const WAS_DELETED: &str = "The role was deleted.";

pub(crate) fn edit(name: &str) -> String {
    format!("Edit {name}")
}

pub(crate) fn delete(name: &str) -> String {
    format!("Delete {name}")
}

/// Why it cannot be deleted now.
pub(crate) fn in_use(users: i64) -> String {
    match users {
        1 => "One user has it. Take it from them first.".to_owned(),
        _ => format!("{users} users have it. Take it from them first."),
    }
}
