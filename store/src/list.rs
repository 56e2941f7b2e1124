//! Lists in pages, by keyset, so that every page costs the same.

use crate::column::{ToColumn, Value};

/// Which page of a list.
#[derive(Clone, Debug)]
pub struct List<S> {
    /// At most this many items.
    pub limit: u32,
    /// After this place; from the start without it.
    pub after: Option<Cursor>,
    /// Only those with this text in their name.
    pub q: Option<String>,
    /// The order.
    pub sort: S,
    /// Downwards.
    pub descending: bool,
}

/// A place in a sorted list: the last item's sort value, and its id where values are equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// The value sorted by.
    pub value: CursorValue,
    /// The item's id.
    pub id: String,
}

/// The value of the column sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CursorValue {
    /// A text column.
    Text(String),
    /// A number or an instant.
    Number(i64),
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The place of the first item: the way back is the other order, from here.
    pub first: Option<Cursor>,
    /// Where the next page starts; none on the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The same page of other items.
    pub fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(item).collect(), first: self.first, next: self.next }
    }
}

impl<S> List<S> {
    /// The search as a `LIKE` pattern with `\` as its escape, on case-folded columns.
    pub(crate) fn pattern(&self) -> Option<String> {
        let q = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty())?;
        let escaped = model::fold(q).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Some(format!("%{escaped}%"))
    }
}

impl CursorValue {
    pub(crate) fn to_column(&self) -> Value {
        match self {
            Self::Text(text) => text.to_column(),
            Self::Number(number) => number.to_column(),
        }
    }
}
