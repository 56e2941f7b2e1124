//! A list on its page: head, search, table and pages, which `console/list.html` draws around the columns and rows of a
//! feature's template.

use super::by_name::{ListQuery, Notice};
use super::parts::{Heading, Pages};

/// The texts of a list's page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListTexts {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    /// The icon of the listed objects.
    pub(crate) icon: &'static str,
    /// The button above the list.
    pub(crate) add: &'static str,
    /// The column of names, by which the list is sorted.
    pub(crate) name: &'static str,
    /// Title and text of an empty list.
    pub(crate) none_yet: (&'static str, &'static str),
    /// Title and text of a search without results.
    pub(crate) no_match: (&'static str, &'static str),
    /// The link that ends the search.
    pub(crate) show_all: &'static str,
    /// The text of a notice.
    pub(crate) notice: fn(Notice) -> Option<&'static str>,
}

/// A list in the order of names.
pub(crate) struct ListView {
    pub(crate) texts: &'static ListTexts,
    pub(crate) path: &'static str,
    pub(crate) query: ListQuery,
    /// The URL of the dialog that adds an item; `None` for a caller who may not.
    pub(crate) add: Option<String>,
    pub(crate) is_empty: bool,
    pub(crate) heading: Heading,
    pub(crate) pages: Pages,
}

impl ListView {
    /// The page of a list at a path, empty or not.
    pub(crate) fn new(
        texts: &'static ListTexts,
        path: &'static str,
        query: &ListQuery,
        add: Option<String>,
        is_empty: bool,
        pages: Pages,
    ) -> Self {
        let heading = query.heading(path, texts.name);
        Self { texts, path, query: query.clone(), add, is_empty, heading, pages }
    }

    /// Whether there is nothing at all, and not nothing that was searched for.
    pub(crate) fn is_new(&self) -> bool {
        self.is_empty && !self.query.is_filtered() && self.pages.previous.is_none()
    }

    /// The notice of the action before.
    pub(crate) fn notice(&self) -> Option<&'static str> {
        self.query.notice.and_then(self.texts.notice)
    }

    /// The id of the search field.
    pub(crate) fn search_id(&self) -> String {
        format!("{}-q", self.path.rsplit('/').next().unwrap_or_default())
    }
}
