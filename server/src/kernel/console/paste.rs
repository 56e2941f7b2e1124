//! The dialog into which one long text is pasted: a link, or a credential.

use askama::Template;

use super::dialog::Dialog;
use super::form::Form;
use super::parts;
use super::texts::common;

/// The dialog.
#[derive(Template)]
#[template(path = "console/paste.html")]
pub(crate) struct Paste<'a> {
    pub(crate) dialog: Dialog,
    /// Fresh, or with why it was refused.
    pub(crate) form: &'a Form,
    /// The name of its one field.
    pub(crate) field: &'static str,
    pub(crate) help: &'static str,
    /// Whether the text has more than some lines.
    pub(crate) is_long: bool,
}

impl Paste<'_> {
    fn label(&self) -> &'static str {
        self.form.label(self.field).unwrap_or_default()
    }

    fn help_id(&self) -> String {
        format!("{}-help", self.field)
    }
}
