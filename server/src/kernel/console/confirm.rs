//! The dialog that asks before something is done that cannot be undone.

use askama::Template;

use super::form::Form;
use super::parts;
use super::texts::common;

/// The question. The safe answer has the focus.
#[derive(Template)]
#[template(path = "console/confirm.html")]
pub(crate) struct Confirm<'a> {
    /// Fresh, or with why it was refused.
    pub(crate) form: &'a Form,
    /// What it is about.
    pub(crate) title: &'static str,
    /// Before the name, and right after it.
    pub(crate) question: (&'static str, &'static str),
    /// What it happens to.
    pub(crate) name: &'a str,
    /// What it means.
    pub(crate) lead: &'a str,
    /// What both answers are called: to leave it, and to do it.
    pub(crate) answers: (&'static str, &'static str),
    /// Whether something is lost.
    pub(crate) danger: bool,
    /// Where the answer goes.
    pub(crate) action: String,
    /// The list again.
    pub(crate) back: String,
}

impl<'a> Confirm<'a> {
    /// Whether to delete what has this name for good.
    pub(crate) fn delete(
        form: &'a Form,
        (title, question, lead): (&'static str, (&'static str, &'static str), &'a str),
        name: &'a str,
        action: String,
        back: String,
    ) -> Self {
        Self { form, title, question, name, lead, answers: (common::NO, common::YES), danger: true, action, back }
    }
}
