//! A list on its page: head, search, table and pages, which `console/list.html` draws around the columns and rows of a
//! feature's template.

use super::by_name::{ListQuery, Notice};
use super::parts::{Heading, Pages};

/// What the page of a list says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListTexts {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    /// The button above the list.
    pub(crate) add: &'static str,
    /// Before there is anything.
    pub(crate) none_yet: (&'static str, &'static str),
    /// When the search finds nothing.
    pub(crate) no_match: (&'static str, &'static str),
    pub(crate) show_all: &'static str,
    /// After something was done.
    pub(crate) notice: fn(Notice) -> Option<&'static str>,
}

/// A list in the order of names.
pub(crate) struct ListView {
    pub(crate) path: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) texts: &'static ListTexts,
    pub(crate) query: ListQuery,
    /// Where an item is added, for those who may.
    pub(crate) add: Option<String>,
    pub(crate) is_empty: bool,
    pub(crate) heading: Heading,
    pub(crate) pages: Pages,
}

impl ListView {
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
        format!("{}-q", self.path.trim_start_matches('/'))
    }
}
