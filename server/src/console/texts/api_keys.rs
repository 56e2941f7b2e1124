//! Settings, IAM, API Access.

pub(crate) const TITLE: &str = "API Access";
pub(crate) const LEAD: &str = "External systems that may call this wallet, and what each of them may do.";
pub(crate) const SECTION: &str = "API key API access";
/// Before and after the name of the header.
pub(crate) const SECTION_LEAD: (&str, &str) = (
    "An API key opens the wallet to one external system: it is sent with each request in the header",
    "reaches what its roles allow, and ends with its expiry date.",
);
pub(crate) const API_KEYS: &str = "API keys";

pub(crate) const NAME: &str = "Name";
pub(crate) const ROLES: &str = "Roles";
pub(crate) const EXPIRY_DATE: &str = "Expiry date";
pub(crate) const NOTES: &str = "Notes";
pub(crate) const LAST_USED: &str = "Last used";

pub(crate) const STATUS: &str = "Status";
pub(crate) const ALL: &str = "All";
pub(crate) const ACTIVE: &str = "Active";
pub(crate) const EXPIRED: &str = "Expired";

pub(crate) const NONE_YET: &str = "No API keys yet";
pub(crate) const NONE_YET_LEAD: &str =
    "Add one for each external system, so that each has only the access it needs and can be ended by itself.";
pub(crate) const NO_MATCH: &str = "No API key matches";
pub(crate) const NO_MATCH_LEAD: &str = "Try fewer letters, or another status.";
pub(crate) const SHOW_ALL: &str = "Show all API keys";

pub(crate) const ADD: &str = "Add API key";
pub(crate) const NAME_HELP: &str = "Unique in the wallet. It cannot be changed later.";
pub(crate) const NOTES_HELP: &str = "Party, contact, purpose.";

pub(crate) const EDIT: &str = "Edit API key";
pub(crate) const NEVER_CHANGES: &str = "Name and expiry date never change. For another expiry date, add a new key.";

pub(crate) const DELETE: &str = "Delete API key";
pub(crate) const DELETE_LEAD: &str = "Every request that presents this key is refused from this moment. This cannot be undone; its name can be used again.";

pub(crate) const CREATED: &str = "API key created";
pub(crate) const COPY_NOW: &str = "Copy the key now.";
pub(crate) const TRY: &str = "Try it";
pub(crate) const TRY_HELP: &str = "The answer names the key, its permissions and its expiry.";

pub(crate) const WAS_EDITED: &str = "The API key was saved. Its permissions are in force from its next request.";
pub(crate) const WAS_DELETED: &str = "The API key was deleted. It stopped working at once.";

pub(crate) fn edit(name: &str) -> String {
    format!("Edit {name}")
}

pub(crate) fn delete(name: &str) -> String {
    format!("Delete {name}")
}

/// Before and after the name.
pub(crate) const DELETE_QUESTION: (&str, &str) = ("Delete", "for good?");

pub(crate) fn last_used(ago: &str) -> String {
    format!("Last used: {ago}.")
}

pub(crate) fn expiry_help(zone: &str) -> String {
    format!("Valid through the end of this day, {zone}.")
}

pub(crate) fn valid_until(instant: &str) -> String {
    format!("Valid until {instant}")
}

pub(crate) fn expired_on(instant: &str) -> String {
    format!("Expired on {instant}")
}

pub(crate) fn expires_in(days: i64) -> String {
    match days {
        ..=0 => "Expires today".to_owned(),
        1 => "Expires tomorrow".to_owned(),
        _ => format!("Expires in {days} days"),
    }
}

pub(crate) fn key_of(name: &str) -> String {
    format!("Key of {name}")
}

pub(crate) fn shown_once(name: &str) -> String {
    format!("It is shown this one time and cannot be had again, by anyone. Keep it where only {name} can read it.")
}
