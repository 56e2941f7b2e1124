//! Words that every page uses.

pub const ACTIONS: &str = "Actions";
pub const APPLY: &str = "Apply";
pub const CANCEL: &str = "Cancel";
pub const CARD_TITLE: &str = "Title";
pub(crate) const CHANGE: &str = "Change";
pub const CLOSE: &str = "Close";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const COPY: &str = "Copy";
pub(crate) const COPY_FAILED: &str = "Not copied. Press Ctrl+C or ⌘C.";
pub const DELETE: &str = "Delete";
pub const DONE: &str = "Done";
pub const EDIT: &str = "Edit";
pub(crate) const MORE: &str = "more";
pub(crate) const NEVER: &str = "Never";
pub(crate) const NEXT: &str = "Next";
pub const NO: &str = "No";
pub const NONE: &str = "None";
pub(crate) const NOT_AVAILABLE: &str = "not available";
pub(crate) const NOT_SAVED: &str = "Nothing was saved.";
pub const OPTIONAL: &str = "(optional)";
pub(crate) const PAGES: &str = "Pages";
pub const PERMISSIONS: &str = "Permissions";
pub(crate) const PERMISSIONS_HELP: &str = "View reads. Change creates, reads, updates and deletes, and contains View.";
pub(crate) const PREVIOUS: &str = "Previous";
pub const RESOURCE: &str = "Resource";
pub const SAVE: &str = "Save";
pub const SEARCH: &str = "Search";
pub(crate) const VIEW: &str = "View";
pub const YES: &str = "Yes";

/// Why a box of the permission grid cannot be ticked.
pub(crate) const CHANGE_NOT_HELD: &str = "You do not hold Change yourself, so you cannot assign it";
/// Why neither box of a row can be ticked.
pub(crate) const NOTHING_HELD: &str = "You do not hold this permission yourself, so you cannot assign it";

pub(crate) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub(crate) fn on_this_page(count: usize) -> String {
    format!("{count} on this page")
}

pub fn date(day: i8, month: &str, year: i16) -> String {
    format!("{day} {month} {year}")
}

pub fn date_and_time(date: &str, time: &str) -> String {
    format!("{date}, {time}")
}

/// An instant with its offset and time zone.
pub(crate) fn in_zone(date_and_time: &str, offset: &str, zone: &str) -> String {
    format!("{date_and_time} ({offset}, {zone})")
}

pub(crate) fn minutes_ago(minutes: i64) -> String {
    match minutes {
        0 => "Just now".to_owned(),
        1 => "1 minute ago".to_owned(),
        _ => format!("{minutes} minutes ago"),
    }
}

pub fn today(time: &str) -> String {
    format!("Today, {time}")
}

pub fn yesterday(time: &str) -> String {
    format!("Yesterday, {time}")
}

/// A sentence about a field of a row, counted from 1.
pub(crate) fn in_row(item: &str, row: usize, sentence: &str) -> String {
    format!("{item} {row}: {sentence}")
}

/// A field's error as a sentence; the message of a refused field reads after its name.
pub fn field_error(label: &str, message: &str) -> String {
    if message.starts_with(char::is_uppercase) { message.to_owned() } else { format!("{label} {message}.") }
}

/// The link that edits a row, for screen readers.
pub fn edit_named(name: &str) -> String {
    format!("Edit {name}")
}

/// The link that deletes a row, for screen readers.
pub(crate) fn delete_named(name: &str) -> String {
    format!("Delete {name}")
}
