//! The dialog that asks before something is done that cannot be undone.

use askama::Template;

use super::form::Form;
use super::parts;
use super::texts::common;

/// The question. The safe answer has the focus.
#[derive(Template)]
#[template(path = "console/confirm.html")]
pub struct Confirm<'a> {
    /// Fresh, or with its refusal.
    pub form: &'a Form,
    /// The title.
    pub title: &'static str,
    /// The question: its text before the name, and after it.
    pub question: (&'static str, &'static str),
    /// The name of the object.
    pub name: &'a str,
    /// The explanation below the question.
    pub lead: &'a str,
    /// The labels of both buttons: cancel, and confirm.
    pub answers: (&'static str, &'static str),
    /// Whether confirming deletes or revokes something.
    pub danger: bool,
    /// The URL to which the form is sent.
    pub action: String,
    /// The URL of the list.
    pub back: String,
}

impl<'a> Confirm<'a> {
    /// The question whether to delete the object with this name for good.
    pub fn delete(
        form: &'a Form,
        (title, question, lead): (&'static str, (&'static str, &'static str), &'a str),
        name: &'a str,
        action: String,
        back: String,
    ) -> Self {
        Self { form, title, question, name, lead, answers: (common::NO, common::YES), danger: true, action, back }
    }
}
