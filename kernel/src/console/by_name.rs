//! Lists in the order of their names: what of one is shown stands in its address, also while a dialog is open
//! over it.

use serde::{Deserialize, Serialize};
use store::{List, Page};

use super::pager::{PageRequest, address};
use super::parts::{Heading, Pages};
use crate::http::ByName;
use crate::problem::Problem;

/// The query of a list: search, page and notice.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub struct ListQuery {
    /// Only items with this text in their name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "is_up")]
    sort: ByName,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
    /// The action whose notice is shown above the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// The action of a notice.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The object was created.
    Created,
    /// Its members were changed.
    Edited,
    /// Its key was replaced.
    Rotated,
    /// The object was deleted.
    Deleted,
}

impl ListQuery {
    /// The list to ask for.
    ///
    /// # Errors
    ///
    /// A cursor that this list has not given (422).
    pub fn list(&self, path: &str) -> Result<List<()>, Problem> {
        self.turn(path).list(&self.q, ((), self.sort == ByName::Down), true)
    }

    /// The page that came, with the way to the pages around it.
    pub fn leaf<T>(&self, page: Page<T>, path: &str, label: &'static str) -> (Vec<T>, Pages) {
        let at = |cursor, before| Self { cursor, before, ..self.first_page() }.address(path);
        self.turn(path).pages(page, label, at)
    }

    /// The head of the column of names.
    pub fn heading(&self, path: &str, label: &'static str) -> Heading {
        let descending = self.sort == ByName::Down;
        let sort = if descending { ByName::Up } else { ByName::Down };
        Heading { label, url: Self { sort, ..self.first_page() }.address(path), descending: Some(descending) }
    }

    /// The address of the list, or of a dialog over it.
    pub fn address(&self, path: &str) -> String {
        address(path, &Self { notice: None, ..self.clone() })
    }

    /// The list again, after something was done.
    pub fn after(self, path: &str, notice: Notice) -> String {
        address(path, &Self { notice: Some(notice), ..self })
    }

    /// Whether the list leaves something out.
    pub fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty()
    }

    fn first_page(&self) -> Self {
        Self { q: self.q.clone(), sort: self.sort, ..Self::default() }
    }

    fn turn(&self, path: &str) -> PageRequest<'_> {
        PageRequest::new(path, self, (&self.cursor, &self.before))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_up(sort: &ByName) -> bool {
    *sort == ByName::Up
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_what_is_shown_and_forgets_what_was_done() {
        let asked: ListQuery = serde_urlencoded::from_str("q=a+b&sort=-name&cursor=x&notice=edited").unwrap();
        assert_eq!(asked.notice, Some(Notice::Edited));
        assert_eq!(asked.address("/roles"), "/roles?q=a+b&sort=-name&cursor=x");
        assert_eq!(asked.heading("/roles", "Name").url, "/roles?q=a+b");
        assert_eq!(asked.heading("/roles", "Name").descending, Some(true));
        assert_eq!(asked.after("/roles", Notice::Deleted), "/roles?q=a+b&sort=-name&cursor=x&notice=deleted");
        assert_eq!(ListQuery::default().address("/roles"), "/roles");
    }
}
