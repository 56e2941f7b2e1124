//! Lists on the wire: items and an opaque cursor.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Cursor, CursorValue, List, Page};

use super::Fields;

/// Items of a page when the client does not say how many.
const DEFAULT_LIMIT: u32 = 50;
/// The most items of a page.
const MAX_LIMIT: u32 = 200;

/// One page of a list.
#[derive(Serialize, JsonSchema, Debug)]
pub struct Items<T> {
    /// The items.
    pub items: Vec<T>,
    /// The `cursor` of the next page; `null` on the last.
    pub next_cursor: Option<String>,
}

impl<T> Items<T> {
    /// From a page of the store.
    pub fn from_page<R>(page: Page<R>, item: impl FnMut(R) -> T) -> Self {
        Self { items: page.items.into_iter().map(item).collect(), next_cursor: page.next.as_ref().map(cursor_of) }
    }
}

/// A cursor as opaque text. It holds no more than the list itself tells.
pub fn cursor_of(cursor: &Cursor) -> String {
    let value = match &cursor.value {
        CursorValue::Text(text) => format!("t{text}"),
        CursorValue::Number(number) => format!("n{number}"),
    };
    BASE64URL.encode(format!("{}\n{value}", cursor.id))
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let text = String::from_utf8(BASE64URL.decode(text).ok()?).ok()?;
    let (id, value) = text.split_once('\n')?;
    // What was never made here must not reach the database as text that it cannot hold.
    if text.contains('\0') {
        return None;
    }
    let value = match value.split_at_checked(1)? {
        ("t", text) => CursorValue::Text(text.to_owned()),
        ("n", number) => CursorValue::Number(number.parse().ok()?),
        _ => return None,
    };
    Some(Cursor { value, id: id.to_owned() })
}

/// The parameters of a list that is sorted by name and has no filters.
#[derive(Default, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct ListByName {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Searches the names.
    pub q: Option<String>,
    /// With `-` before it for descending.
    #[serde(default)]
    pub sort: ByName,
}

/// The order of a list that can be sorted by name only.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, Debug)]
#[schemars(inline)]
pub enum ByName {
    /// Upwards.
    #[default]
    #[serde(rename = "name")]
    Up,
    /// Downwards.
    #[serde(rename = "-name")]
    Down,
}

impl ListByName {
    /// The page that is asked for.
    pub fn page(&self, fields: &mut Fields) -> List<()> {
        let descending = self.sort == ByName::Down;
        fields.list(self.limit, self.cursor.as_deref(), self.q.as_deref(), ((), descending), true)
    }
}

impl Fields {
    /// The page that is asked for; `text` tells whether the list is sorted by a text column.
    pub fn list<S>(
        &mut self,
        limit: Option<u32>,
        cursor: Option<&str>,
        q: Option<&str>,
        (sort, descending): (S, bool),
        text: bool,
    ) -> List<S> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            self.refuse("limit", "invalid", format!("must be between 1 and {MAX_LIMIT}"));
        }
        let after = cursor.and_then(|cursor| {
            let read = read_cursor(cursor).filter(|read| matches!(read.value, CursorValue::Text(_)) == text);
            if read.is_none() {
                self.refuse("cursor", "invalid", "must be the next_cursor of the same list");
            }
            read
        });
        if q.is_some_and(|q| q.contains('\0')) {
            self.refuse("q", "invalid", "must not contain control characters");
        }
        List { limit, after, q: q.map(ToOwned::to_owned), sort, descending }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_nothing_else_is_one() {
        for value in [CursorValue::Text("a\nb é".to_owned()), CursorValue::Number(-5)] {
            let cursor = Cursor { value, id: "id".to_owned() };
            assert_eq!(read_cursor(&cursor_of(&cursor)), Some(cursor));
        }
        for text in
            ["", "x", "!!", &BASE64URL.encode("id\n"), &BASE64URL.encode("id\nnx"), &BASE64URL.encode("id\nt\0")]
        {
            assert_eq!(read_cursor(text), None, "{text}");
        }
    }
}
