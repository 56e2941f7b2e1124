//! A form in a dialog: its frame, which `console/dialog.html` draws around the fields of a feature's template.

use super::texts::common;

/// The frame of a dialog: its title and its two URLs.
#[derive(Debug)]
pub struct Dialog {
    /// The title.
    pub title: &'static str,
    /// The button that sends it.
    pub button: &'static str,
    /// The URL to which the form is sent.
    pub action: String,
    /// The URL of the page below the dialog.
    pub back: String,
    /// Whether it has few fields.
    pub is_small: bool,
}

/// What the dialogs over a list say; the title of the one that adds is the list's own.
#[derive(Clone, Copy, Debug)]
pub struct DialogTexts {
    /// The button that creates.
    pub create: &'static str,
    /// The title of the dialog that edits.
    pub edit: &'static str,
    /// The title of the dialog that deletes.
    pub delete: &'static str,
    /// Its question, before the name and after it.
    pub(crate) delete_question: (&'static str, &'static str),
    /// What the deletion means.
    pub delete_lead: &'static str,
    /// Whether the form has few fields.
    pub is_small: bool,
}

impl DialogTexts {
    /// Of objects that are added, edited and deleted for good.
    pub const fn new(edit: &'static str, delete: &'static str, delete_lead: &'static str) -> Self {
        let delete_question = ("Delete", " for good?");
        Self { create: common::SAVE, edit, delete, delete_question, delete_lead, is_small: false }
    }
}
