//! A list on its page: head, search, table and pages, which `console/list.html` draws around the columns and rows of a
//! feature's template.

use super::by_name::{ListQuery, Notice};
use super::parts::{Heading, Pages};

/// What the page of a list says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListTexts {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    /// The icon of what is listed.
    pub(crate) icon: &'static str,
    /// The button above the list.
    pub(crate) add: &'static str,
    /// The column of names, by which the list is sorted.
    pub(crate) name: &'static str,
    /// Before there is anything.
    pub(crate) none_yet: (&'static str, &'static str),
    /// When the search finds nothing.
    pub(crate) no_match: (&'static str, &'static str),
    /// The way out of such a search.
    pub(crate) show_all: &'static str,
    /// After something was done.
    pub(crate) notice: fn(Notice) -> Option<&'static str>,
}

/// A list in the order of names.
pub(crate) struct ListView {
    pub(crate) texts: &'static ListTexts,
    pub(crate) path: &'static str,
    pub(crate) query: ListQuery,
    /// Where an item is added, for a caller who may.
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

    /// What was done just before.
    pub(crate) fn notice(&self) -> Option<&'static str> {
        self.query.notice.and_then(self.texts.notice)
    }

    /// The id of the search field.
    pub(crate) fn search_id(&self) -> String {
        format!("{}-q", self.path.rsplit('/').next().unwrap_or_default())
    }
}
