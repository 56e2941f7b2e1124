//! Turning the pages of a list, forwards and back.

use serde::Serialize;
use store::{List, Page};

use super::parts::Pages;
use crate::http::{Fields, ListScope, cursor_of};
use crate::problem::Problem;

/// The position of the page in a list: after one cursor, or before another.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest<'a> {
    scope: ListScope,
    after: Option<&'a str>,
    before: Option<&'a str>,
}

/// A page on the screen.
#[derive(Debug)]
pub struct PageView<T> {
    /// Its items.
    pub items: Vec<T>,
    /// The `before` of the page before.
    pub previous: Option<String>,
    /// The `cursor` of the page after.
    pub next: Option<String>,
}

impl<'a> PageRequest<'a> {
    /// From the list's path, all its parameters, and the two of them that turn its pages: `cursor` and `before`. Empty is
    /// the same as left out.
    pub fn new(path: &str, parameters: &impl Serialize, (cursor, before): (&'a str, &'a str)) -> Self {
        let some = |text: &'a str| (!text.is_empty()).then_some(text);
        let query = serde_urlencoded::to_string(parameters).unwrap_or_default();
        Self { scope: ListScope::of(None, path, &query), after: some(cursor), before: some(before) }
    }

    /// The list to ask for: the other way round for the page before.
    ///
    /// # Errors
    ///
    /// A cursor that this list has not given (422).
    pub fn list<S>(self, q: &str, (sort, descending): (S, bool), text: bool) -> Result<List<S>, Problem> {
        let mut fields = Fields::default();
        let cursor = self.before.or(self.after);
        let list = fields.list(self.scope, None, cursor, Some(q), (sort, descending != self.before.is_some()), text);
        fields.finish(Some(list))
    }

    /// The page that came, with the way to the pages around it: `at` is the address of the list after one place or before
    /// another.
    pub fn pages<T>(
        self,
        page: Page<T>,
        label: &'static str,
        at: impl Fn(String, String) -> String,
    ) -> (Vec<T>, Pages) {
        let PageView { items, previous, next } = self.leaf(page);
        let pages = Pages {
            label,
            count: items.len(),
            previous: previous.map(|before| at(String::new(), before)),
            next: next.map(|cursor| at(cursor, String::new())),
        };
        (items, pages)
    }

    /// The page that came, in the order of the screen.
    pub fn leaf<T>(self, page: Page<T>) -> PageView<T> {
        let Page { mut items, first, next } = page;
        let (first, next) =
            (first.map(|place| cursor_of(self.scope, &place)), next.map(|place| cursor_of(self.scope, &place)));
        if self.before.is_some() {
            items.reverse();
            return PageView { items, previous: next, next: first };
        }
        PageView { items, previous: first.filter(|_| self.after.is_some()), next }
    }
}

/// The address of a list with these parameters; those that are empty are left out by the type itself.
pub fn address(path: &str, parameters: &impl Serialize) -> String {
    match serde_urlencoded::to_string(parameters) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use store::{Cursor, CursorValue};

    use super::*;

    fn turn<'a>(cursor: &'a str, before: &'a str) -> PageRequest<'a> {
        PageRequest::new("/roles", &[("q", "a")], (cursor, before))
    }

    fn page(items: &[&'static str], more: bool) -> Page<&'static str> {
        let place = |item: &&str| Cursor { value: CursorValue::Text((*item).to_owned()), id: "id".to_owned() };
        let next = items.last().map(place).filter(|_| more);
        Page { items: items.to_vec(), first: items.first().map(place), next }
    }

    #[test]
    fn a_list_is_turned_forwards_and_back() {
        let leaf = turn("", "").leaf(page(&["a", "b"], true));
        assert_eq!(leaf.previous, None);
        let after = leaf.next.unwrap();

        let leaf = turn(&after, "").leaf(page(&["c", "d"], false));
        assert_eq!(leaf.next, None);
        let before = leaf.previous.unwrap();

        let back = turn("", &before);
        let list = back.list("", ((), false), true).unwrap();
        assert!(list.descending);
        assert_eq!(list.after.unwrap().value, CursorValue::Text("c".to_owned()));
        let leaf = back.leaf(page(&["b", "a"], false));
        assert_eq!((leaf.items, leaf.previous, leaf.next), (vec!["a", "b"], None, Some(after)));
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        assert!(turn("nonsense", "").list("", ((), false), true).is_err());
        let next = turn("", "").leaf(page(&["a"], true)).next.unwrap();
        assert!(turn(&next, "").list("", ((), false), true).is_ok());
        for (path, q) in [("/roles", "b"), ("/users", "a")] {
            assert!(
                PageRequest::new(path, &[("q", q)], (&next, "")).list("", ((), false), true).is_err(),
                "{path} {q}"
            );
        }
    }
}
