//! Lists in pages: by keyset, so that a page costs the same wherever it stands.

use std::fmt::Write as _;

use crate::StoreError;

/// Which page of a list.
#[derive(Clone, Debug)]
pub struct List<S> {
    /// At most this many items.
    pub limit: u32,
    /// After this place; from the start without it.
    pub after: Option<Cursor>,
    /// Only what has this text in its name.
    pub q: Option<String>,
    /// By what it is sorted.
    pub sort: S,
    /// Downwards.
    pub descending: bool,
}

/// A place in a sorted list: the last item's sort value, and its id where values are equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// The value sorted by.
    pub value: CursorValue,
    /// The item's id.
    pub id: String,
}

/// The value of the column sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CursorValue {
    /// A text column.
    Text(String),
    /// A number or an instant.
    Number(i64),
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The place of the first item: the way back is the other order, from here.
    pub first: Option<Cursor>,
    /// Where the next page starts; none on the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page of up to `limit` of `limit + 1` rows; the one too many tells that there is more.
    pub(crate) fn of<R>(
        limit: u32,
        mut rows: Vec<R>,
        cursor: impl Fn(&R) -> Cursor,
        item: impl Fn(R) -> Result<T, StoreError>,
    ) -> Result<Self, StoreError> {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let first = rows.first().map(&cursor);
        let next = if more { rows.last().map(cursor) } else { None };
        let items = rows.into_iter().map(item).collect::<Result<_, _>>()?;
        Ok(Self { items, first, next })
    }

    /// The same page of other items.
    pub fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(item).collect(), first: self.first, next: self.next }
    }
}

impl<S> List<S> {
    /// The end of the statement: the place to start after, the order and the limit.
    ///
    /// `sort` and `id` are column names of the program's own. The parameters `$first` (the cursor's value) and
    /// `$first + 1` (its id) stand only where there is a cursor.
    pub(crate) fn tail(&self, sort: &'static str, id: &'static str, first: usize) -> String {
        let (compare, order) = if self.descending { ("<", "DESC") } else { (">", "ASC") };
        let mut sql = String::new();
        if self.after.is_some() {
            let _ = write!(sql, " AND ({sort}, {id}) {compare} (${first}, ${})", first + 1);
        }
        let _ = write!(sql, " ORDER BY {sort} {order}, {id} {order} LIMIT {}", u64::from(self.limit) + 1);
        sql
    }

    /// The search as a `LIKE` pattern with `\` as its escape, on case-folded columns.
    pub(crate) fn pattern(&self) -> Option<String> {
        let q = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty())?;
        let escaped = model::fold(q).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Some(format!("%{escaped}%"))
    }
}

/// Fetches the rows of a page: binds the arguments, then the cursor's two where there is one.
macro_rules! fetch_page {
    ($conn:expr, $row:ty, $sql:expr, $after:expr $(, $arg:expr)* $(,)?) => {
        attempt!($conn, with!($conn, |c| {
            let query = sqlx::query_as::<_, $row>(sqlx::AssertSqlSafe($sql))$(.bind($arg))*;
            let query = match $after {
                None => query,
                Some(crate::Cursor { value: crate::CursorValue::Text(value), id }) => query.bind(value.clone()).bind(id.clone()),
                Some(crate::Cursor { value: crate::CursorValue::Number(value), id }) => query.bind(*value).bind(id.clone()),
            };
            query.fetch_all(&mut **c).await
        }))
    };
}
