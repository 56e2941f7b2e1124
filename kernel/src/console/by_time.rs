//! Lists by time, the newest first: what of one is shown stands in its address, also while a dialog is open over it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use store::{List, Page};

use super::pager::{PageRequest, address};
use super::parts::Pages;
use crate::problem::Problem;

/// What of the list is shown.
#[derive(Clone, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields, default)]
pub struct ListQuery<N> {
    /// Only what has this text in its names.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Only what is this far; empty for all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
    /// What was done just before the list is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<N>,
}

/// What was done.
pub trait ListNotice: Copy + Serialize {
    /// It in words, and whether it went well.
    fn message(self) -> (&'static str, bool);
}

/// What is done elsewhere than in the list.
#[derive(Clone, Copy, Serialize, Deserialize, Debug)]
pub enum NoNotice {}

impl ListNotice for NoNotice {
    fn message(self) -> (&'static str, bool) {
        match self {}
    }
}

impl<N> Default for ListQuery<N> {
    fn default() -> Self {
        let empty = String::new;
        Self { q: empty(), status: empty(), cursor: empty(), before: empty(), notice: None }
    }
}

impl<N: ListNotice> ListQuery<N> {
    /// The list to ask for.
    ///
    /// # Errors
    ///
    /// A cursor that this list has not given (422).
    pub fn list(&self, path: &str) -> Result<List<()>, Problem> {
        self.turn(path).list(&self.q, ((), true), false)
    }

    /// How far what is asked for is; none for all.
    pub fn status<S: FromStr>(&self) -> Option<S> {
        self.status.parse().ok()
    }

    /// The page that came, with the way to the pages around it.
    pub fn leaf<T>(&self, page: Page<T>, path: &str, label: &'static str) -> (Vec<T>, Pages) {
        let at = |cursor, before| Self { cursor, before, notice: None, ..self.clone() }.address(path);
        self.turn(path).pages(page, label, at)
    }

    /// The address of the list, or of a dialog over it.
    pub fn address(&self, path: &str) -> String {
        address(path, &Self { notice: None, ..self.clone() })
    }

    /// The list again, after something was done.
    pub fn after(self, path: &str, notice: N) -> String {
        address(path, &Self { notice: Some(notice), ..self })
    }

    /// Whether the list leaves something out.
    pub fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || !self.status.is_empty()
    }

    fn turn(&self, path: &str) -> PageRequest<'_> {
        PageRequest::new(path, self, (&self.cursor, &self.before))
    }
}

#[cfg(test)]
mod tests {
    use model::IssuanceStatus;

    use super::*;

    #[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
    #[serde(rename_all = "snake_case")]
    enum Done {
        Deleted,
    }

    impl ListNotice for Done {
        fn message(self) -> (&'static str, bool) {
            ("It was deleted.", true)
        }
    }

    #[test]
    fn the_address_keeps_what_is_shown_and_forgets_what_was_done() {
        let read = serde_urlencoded::from_str::<ListQuery<Done>>;
        let query = read("q=a+b&status=issued&cursor=x&notice=deleted").unwrap();
        assert_eq!((query.notice, query.status()), (Some(Done::Deleted), Some(IssuanceStatus::Issued)));
        assert_eq!(query.address("/list"), "/list?q=a+b&status=issued&cursor=x");
        assert_eq!(query.after("/list", Done::Deleted), "/list?q=a+b&status=issued&cursor=x&notice=deleted");
        assert_eq!(ListQuery::<Done>::default().address("/list"), "/list");
        assert!(read("notice=issued").is_err() && read("sort=name").is_err());
        assert!(serde_urlencoded::from_str::<ListQuery<NoNotice>>("notice=deleted").is_err());
    }
}
