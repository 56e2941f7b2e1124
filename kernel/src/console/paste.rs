//! The dialog into which one long text is pasted: a link, or a credential.

use askama::Template;

use super::dialog::Dialog;
use super::form::Form;
use super::parts;
use super::texts::common;

/// The dialog.
#[derive(Template)]
#[template(path = "console/paste.html")]
pub struct Paste<'a> {
    /// The frame of the dialog.
    pub dialog: Dialog,
    /// Fresh, or with why it was refused.
    pub form: &'a Form,
    /// The name of its one field.
    pub field: &'static str,
    /// What to paste.
    pub help: &'static str,
    /// Whether the text has more than some lines.
    pub is_long: bool,
}

impl Paste<'_> {
    fn label(&self) -> &'static str {
        self.form.label(self.field).unwrap_or_default()
    }

    fn help_id(&self) -> String {
        format!("{}-help", self.field)
    }
}
