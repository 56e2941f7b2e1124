//! Turning the pages of a list, forwards and back.

use serde::Serialize;
use store::{List, Page};

use crate::http::{Fields, cursor_of};
use crate::problem::Problem;

/// Where in a list the screen stands: after one place, or before another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn<'a> {
    after: Option<&'a str>,
    before: Option<&'a str>,
}

/// A page on the screen.
#[derive(Debug)]
pub(crate) struct Leaf<T> {
    /// Its items.
    pub(crate) items: Vec<T>,
    /// The `before` of the page before.
    pub(crate) previous: Option<String>,
    /// The `cursor` of the page after.
    pub(crate) next: Option<String>,
}

impl<'a> Turn<'a> {
    /// From the parameters `cursor` and `before`; empty is the same as left out.
    pub(crate) fn new(cursor: &'a str, before: &'a str) -> Self {
        let some = |text: &'a str| (!text.is_empty()).then_some(text);
        Self { after: some(cursor), before: some(before) }
    }

    /// The list to ask for: the other way round for the page before.
    ///
    /// # Errors
    ///
    /// A cursor that this list has not given (422).
    pub(crate) fn list<S>(self, q: &str, (sort, descending): (S, bool), text: bool) -> Result<List<S>, Problem> {
        let mut fields = Fields::default();
        let cursor = self.before.or(self.after);
        let list = fields.list(None, cursor, Some(q), (sort, descending != self.before.is_some()), text);
        fields.finish(Some(list))
    }

    /// The page that came, in the order of the screen.
    pub(crate) fn leaf<T>(self, page: Page<T>) -> Leaf<T> {
        let Page { mut items, first, next } = page;
        let (first, next) = (first.as_ref().map(cursor_of), next.as_ref().map(cursor_of));
        if self.before.is_some() {
            items.reverse();
            return Leaf { items, previous: next, next: first };
        }
        Leaf { items, previous: first.filter(|_| self.after.is_some()), next }
    }
}

/// The address of a list with these parameters; those that are empty are left out by the type itself.
pub(crate) fn address(path: &str, parameters: &impl Serialize) -> String {
    match serde_urlencoded::to_string(parameters) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use store::{Cursor, CursorValue};

    use super::*;

    fn page(items: &[&'static str], more: bool) -> Page<&'static str> {
        let place = |item: &&str| Cursor { value: CursorValue::Text((*item).to_owned()), id: "id".to_owned() };
        let next = items.last().map(place).filter(|_| more);
        Page { items: items.to_vec(), first: items.first().map(place), next }
    }

    #[test]
    fn a_list_is_turned_forwards_and_back() {
        let leaf = Turn::new("", "").leaf(page(&["a", "b"], true));
        assert_eq!(leaf.previous, None);
        let after = leaf.next.unwrap();

        let leaf = Turn::new(&after, "").leaf(page(&["c", "d"], false));
        assert_eq!(leaf.next, None);
        let before = leaf.previous.unwrap();

        let turn = Turn::new("", &before);
        let list = turn.list("", ((), false), true).unwrap();
        assert!(list.descending);
        assert_eq!(list.after.unwrap().value, CursorValue::Text("c".to_owned()));
        let leaf = turn.leaf(page(&["b", "a"], false));
        assert_eq!((leaf.items, leaf.previous, leaf.next), (vec!["a", "b"], None, Some(after)));
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        assert!(Turn::new("nonsense", "").list("", ((), false), true).is_err());
    }
}
