//! A list on its page: head, search, table and pages, which `console/list.html` draws around the columns and rows of a
//! feature's template.

use super::by_name::{ListQuery, Notice};
use super::by_time::{self, ListNotice};
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
    /// The first column: of a list in the order of names, that of the names.
    pub(crate) name: &'static str,
    /// Title and text of an empty list.
    pub(crate) none_yet: (&'static str, &'static str),
    /// Title and text of a search without results.
    pub(crate) no_match: (&'static str, &'static str),
    /// The link that ends the search.
    pub(crate) show_all: &'static str,
    /// The text of a notice, in a list in the order of names.
    pub(crate) notice: fn(Notice) -> Option<&'static str>,
}

/// A list.
pub(crate) struct ListView {
    pub(crate) texts: &'static ListTexts,
    pub(crate) path: &'static str,
    /// What is listed, for screen readers.
    pub(crate) label: &'static str,
    /// What the ids of the fields begin with.
    pub(crate) id: &'static str,
    pub(crate) q: String,
    /// Where the search looks; empty where that is plain.
    pub(crate) search_help: &'static str,
    /// The choice beside the search.
    pub(crate) choice: Option<Choice>,
    /// The URL of the dialog that adds an item; `None` for a caller who may not.
    pub(crate) add: Option<String>,
    pub(crate) add_icon: &'static str,
    /// What was done just before, and whether it went well.
    pub(crate) notice: Option<(&'static str, bool)>,
    pub(crate) is_empty: bool,
    /// Whether there is nothing at all, and not nothing that was searched for.
    pub(crate) is_new: bool,
    /// The head of the first column, where the list can be sorted by it.
    pub(crate) heading: Option<Heading>,
    pub(crate) pages: Pages,
}

/// One of several things that a list can be narrowed or sorted by.
pub(crate) struct Choice {
    /// The parameter.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    /// The option that narrows nothing.
    pub(crate) any: Option<&'static str>,
    /// The other options, with their words.
    pub(crate) options: Vec<(&'static str, &'static str)>,
    pub(crate) chosen: String,
}

impl Choice {
    /// The filter by status.
    pub(crate) fn of_status(
        label: &'static str,
        any: &'static str,
        options: Vec<(&'static str, &'static str)>,
        chosen: &str,
    ) -> Self {
        Self { name: "status", label, any: Some(any), options, chosen: chosen.to_owned() }
    }
}

impl ListView {
    /// The page of a list in the order of names at a path, empty or not.
    pub(crate) fn new(
        texts: &'static ListTexts,
        path: &'static str,
        query: &ListQuery,
        add: Option<String>,
        is_empty: bool,
        pages: Pages,
    ) -> Self {
        let heading = Some(query.heading(path, texts.name));
        let notice = query.notice.and_then(texts.notice).map(|text| (text, true));
        let list = Self::plain(texts, path, (&query.q, query.is_filtered()), is_empty, pages);
        Self { add, notice, heading, ..list }
    }

    /// The page of a list by time, the newest first.
    pub(crate) fn by_time<N: ListNotice>(
        texts: &'static ListTexts,
        path: &'static str,
        query: &by_time::ListQuery<N>,
        is_empty: bool,
        pages: Pages,
    ) -> Self {
        let list = Self::plain(texts, path, (&query.q, query.is_filtered()), is_empty, pages);
        Self { add_icon: texts.icon, notice: query.notice.map(N::message), ..list }
    }

    /// The page of a list that is searched for a text, and filtered or not.
    pub(crate) fn plain(
        texts: &'static ListTexts,
        path: &'static str,
        (q, is_filtered): (&str, bool),
        is_empty: bool,
        pages: Pages,
    ) -> Self {
        Self {
            texts,
            path,
            label: texts.title,
            id: path.rsplit('/').next().unwrap_or_default(),
            q: q.to_owned(),
            search_help: "",
            choice: None,
            add: None,
            add_icon: "plus",
            notice: None,
            is_empty,
            is_new: is_empty && !is_filtered && pages.previous.is_none(),
            heading: None,
            pages,
        }
    }
}
