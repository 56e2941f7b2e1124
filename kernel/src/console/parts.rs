//! The parts that pages are made of. Each prints itself as HTML.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use model::{Access, Permission, PermissionSet};

use super::texts::common as t;

pub use super::assets::asset;

/// An icon of the sprite. It is decoration: its meaning is in the text beside it.
pub struct Icon(&'static str);

/// The icon with this name in `icons.svg`.
pub fn icon(name: &'static str) -> Icon {
    Icon(name)
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, r#"<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>"#, asset("icons.svg"), self.0)
    }
}

/// Permissions as chips, such as "Holder credentials: Change"; more than three fold away.
#[derive(Template)]
#[template(path = "console/chips.html")]
pub struct Chips {
    shown: Vec<Chip>,
    folded: Vec<Chip>,
}

struct Chip {
    label: String,
    change: bool,
}

/// The chips of a set. Change hides the View that it contains.
pub fn chips(permissions: PermissionSet) -> Chips {
    const SHOWN: usize = 3;
    let Chips { mut shown, .. } = chips_in_full(permissions);
    let folded = if shown.len() > SHOWN { shown.split_off(SHOWN) } else { Vec::new() };
    Chips { shown, folded }
}

/// The same, all of them visible.
pub fn chips_in_full(permissions: PermissionSet) -> Chips {
    let chip =
        |permission: Permission| Chip { label: label(permission), change: permission.access() == Access::Change };
    Chips { shown: strongest(permissions).map(chip).collect(), folded: Vec::new() }
}

/// The permissions of a set in the order of the grid, without the View that a Change contains.
pub fn strongest(permissions: PermissionSet) -> impl Iterator<Item = Permission> {
    let held = move |permission: &Permission| permissions.contains(*permission);
    model::Resource::ALL.iter().filter_map(move |resource| resource.permissions().find(held))
}

/// A permission in words, such as "Holder credentials: Change".
pub fn label(permission: Permission) -> String {
    format!("{}: {}", permission.resource().label(), access(permission.access()))
}

fn access(access: Access) -> &'static str {
    match access {
        Access::Change => t::CHANGE,
        Access::View => t::VIEW,
    }
}

/// A date with the instant behind it, on hover and on focus.
#[derive(Template)]
#[template(path = "console/hint.html")]
pub struct Hint {
    /// Unique on the page.
    pub id: String,
    /// The visible text.
    pub text: String,
    /// The instant, RFC 3339.
    pub datetime: String,
    /// The tooltip.
    pub tip: String,
}

/// A secret that is shown once, with a button that copies it.
#[derive(Template)]
#[template(path = "console/secret.html")]
pub struct Secret<'a> {
    /// Unique on the page.
    pub id: &'static str,
    /// The label.
    pub label: String,
    /// The secret.
    pub text: &'a str,
}

/// A text that is ready to be copied, and no secret.
#[derive(Template)]
#[template(path = "console/copyable.html")]
pub struct Copyable<'a> {
    id: &'static str,
    label: &'a str,
    text: &'a str,
}

/// A text with its button to copy it.
pub fn copyable<'a>(id: &'static str, label: &'a str, text: &'a str) -> Copyable<'a> {
    Copyable { id, label, text }
}

/// The actions of a row, in its last cell.
#[derive(Template)]
#[template(path = "console/row_actions.html")]
pub struct RowActions(Vec<RowAction>);

impl RowActions {
    /// The actions of a caller who may change the list; none of another.
    pub fn new<A: IntoIterator<Item = RowAction>>(may_change: bool, actions: impl FnOnce() -> A) -> Self {
        Self(if may_change { actions().into_iter().collect() } else { Vec::new() })
    }
}

/// One of them: a link that is an icon.
pub struct RowAction {
    url: String,
    icon: &'static str,
    /// With the name of the row, for screen readers.
    label: String,
    title: &'static str,
    is_danger: bool,
}

impl RowAction {
    /// A link with an icon.
    pub fn new(url: String, icon: &'static str, label: String, title: &'static str) -> Self {
        Self { url, icon, label, title, is_danger: false }
    }

    /// To edit the row.
    pub fn edit(url: String, label: String) -> Self {
        Self::new(url, "pencil", label, t::EDIT)
    }

    /// To delete the row.
    pub fn delete(url: String, label: String) -> Self {
        Self { is_danger: true, ..Self::new(url, "trash", label, t::DELETE) }
    }
}

/// The head of a column by which the table can be sorted.
#[derive(Template)]
#[template(path = "console/heading.html")]
pub struct Heading {
    /// The column's name.
    pub label: &'static str,
    /// The same list in this column's order; in the opposite one where it is in this one already.
    pub url: String,
    /// Whether the table is in this column's order, and then whether downwards.
    pub descending: Option<bool>,
}

/// Previous and next page.
#[derive(Template)]
#[template(path = "console/pages.html")]
pub struct Pages {
    /// The position in the list, for screen readers.
    pub label: &'static str,
    /// How many items the page has.
    pub count: usize,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
}

macro_rules! safe {
    ($( $part:ty )*) => { $( impl HtmlSafe for $part {} )* };
}

safe! { RowActions Icon Chips Hint Secret<'_> Copyable<'_> Heading Pages }
