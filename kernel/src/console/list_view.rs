//! A list on its page: head, search, table and pages, which `console/list.html` draws around the columns and rows of a
//! feature's template.

use super::by_name::{ListQuery, Notice};
use super::by_time::{self, ListNotice};
use super::parts::{Heading, Pages};

/// The texts of a list's page.
#[derive(Clone, Copy, Debug)]
pub struct ListTexts {
    /// The title of the page.
    pub title: &'static str,
    /// What the listed objects are for.
    pub lead: &'static str,
    /// The icon of the listed objects.
    pub icon: &'static str,
    /// The button above the list.
    pub add: &'static str,
    /// The first column: of a list in the order of names, that of the names.
    pub name: &'static str,
    /// Title and text of an empty list.
    pub none_yet: (&'static str, &'static str),
    /// Title and text of a search without results.
    pub no_match: (&'static str, &'static str),
    /// The link that ends the search.
    pub show_all: &'static str,
    /// The text of a notice, in a list in the order of names.
    pub notice: fn(Notice) -> Option<&'static str>,
}

/// A list.
pub struct ListView {
    /// Its texts.
    pub texts: &'static ListTexts,
    /// The path of its page.
    pub path: &'static str,
    /// What is listed, for screen readers.
    pub label: &'static str,
    /// What the ids of the fields begin with.
    pub id: &'static str,
    /// The search.
    pub q: String,
    /// Where the search looks; empty where that is plain.
    pub search_help: &'static str,
    /// The choice beside the search.
    pub choice: Option<Choice>,
    /// The URL of the dialog that adds an item; `None` for a caller who may not.
    pub add: Option<String>,
    /// The icon of the button that adds.
    pub add_icon: &'static str,
    /// What was done just before, and whether it went well.
    pub notice: Option<(&'static str, bool)>,
    /// Whether the page has no rows.
    pub is_empty: bool,
    /// Whether there is nothing at all, and not nothing that was searched for.
    pub is_new: bool,
    /// The head of the first column, where the list can be sorted by it.
    pub heading: Option<Heading>,
    /// The links to the pages before and after.
    pub pages: Pages,
}

/// One of several things that a list can be narrowed or sorted by.
pub struct Choice {
    /// The parameter.
    pub name: &'static str,
    /// The label of the choice.
    pub label: &'static str,
    /// The option that narrows nothing.
    pub any: Option<&'static str>,
    /// The other options, with their words.
    pub options: Vec<(&'static str, &'static str)>,
    /// The value of the chosen option; empty for `any`.
    pub chosen: String,
}

impl Choice {
    /// The filter by status.
    pub fn of_status(
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
    pub fn new(
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
    pub fn by_time<N: ListNotice>(
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
    pub fn plain(
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
