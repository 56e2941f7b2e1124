//! The fields of a form: each with its label, its help and what is wrong with it.

use std::fmt::Write as _;

use askama::Template;
use askama::filters::HtmlSafe;

use super::form::Form;
use super::texts::common;

/// A field on the way to the page: `form.input("name").required().max(64)`.
#[derive(Template)]
#[template(path = "console/field.html")]
#[must_use]
pub struct Field<'a> {
    form: &'a Form,
    name: &'static str,
    help: &'a str,
    is_optional: bool,
    has_focus: bool,
    /// The rows of a text area; an input of one line without them.
    rows: Option<u8>,
    attributes: String,
}

impl Form {
    /// An input of one line. Its label is the form's for this field.
    pub const fn input(&self, name: &'static str) -> Field<'_> {
        Field {
            form: self,
            name,
            help: "",
            is_optional: false,
            has_focus: false,
            rows: None,
            attributes: String::new(),
        }
    }

    /// A text of several lines.
    pub fn area(&self, name: &'static str, rows: u8) -> Field<'_> {
        Field { rows: Some(rows), ..self.input(name) }
    }
}

impl<'a> Field<'a> {
    /// It must be filled in.
    pub fn required(mut self) -> Self {
        self.attributes.push_str(" required");
        self
    }

    /// It may be left empty, and says so.
    pub const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// It has at most so many characters.
    pub fn max(mut self, characters: u32) -> Self {
        let _ = write!(self.attributes, " maxlength=\"{characters}\"");
        self
    }

    /// It is short.
    pub fn narrow(mut self) -> Self {
        self.attributes.push_str(" class=\"narrow\"");
        self
    }

    /// It is typed in digits.
    pub fn digits(mut self) -> Self {
        self.attributes.push_str(" inputmode=\"numeric\"");
        self
    }

    /// It is a colour, `#rrggbb`.
    pub fn color(mut self) -> Self {
        self.attributes.push_str(" type=\"color\"");
        self
    }

    /// It is a text for machines, such as a DID.
    pub fn code(mut self) -> Self {
        self.attributes.push_str(" class=\"mono\" spellcheck=\"false\" autocapitalize=\"off\"");
        self
    }

    /// It is an e-mail address.
    pub fn email(mut self) -> Self {
        self.attributes.push_str(" type=\"email\"");
        self
    }

    /// It is a name, whose spelling the browser does not check.
    pub fn verbatim(mut self) -> Self {
        self.attributes.push_str(" spellcheck=\"false\"");
        self
    }

    /// It is a whole number from the least to the most.
    pub fn number(mut self, least: u32, most: u32) -> Self {
        let attributes = &mut self.attributes;
        let _ = write!(attributes, " type=\"number\" inputmode=\"numeric\" min=\"{least}\" max=\"{most}\" step=\"1\"");
        self
    }

    /// It is a URL.
    pub fn url(mut self) -> Self {
        self.attributes.push_str(" type=\"url\"");
        self.code()
    }

    /// What to type into it.
    pub const fn help(mut self, text: &'a str) -> Self {
        self.help = text;
        self
    }

    /// The first one to fill in.
    pub const fn focus(mut self) -> Self {
        self.has_focus = true;
        self
    }

    fn label(&self) -> &'static str {
        self.form.label(self.name).unwrap_or(self.name)
    }

    fn help_id(&self) -> String {
        if self.help.is_empty() { String::new() } else { format!("{}-help", self.name) }
    }
}

// The attributes are the program's own.
impl HtmlSafe for Field<'_> {}
