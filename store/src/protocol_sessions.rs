//! What issuances and verifications have in common: each is a session of a protocol that is made of a template and that
//! expires when nobody takes it up in time.

use jiff::Timestamp;

use crate::column::ToColumn;
use crate::record::{Listing, Sort};

/// Which sessions of the wallet.
#[derive(Clone, Debug)]
pub struct SessionFilter<S, T> {
    /// Only those that are this far at `now`.
    pub status: Option<S>,
    /// Only what the external system calls so.
    pub correlation_id: Option<String>,
    /// Only of this template.
    pub template_id: Option<T>,
    /// The present, by which sessions have expired.
    pub now: Timestamp,
}

/// The sessions by the time of their creation; `sql` is a `session_filter!`.
pub(crate) fn listing<S: ToColumn, T: ToColumn>(filter: &SessionFilter<S, T>, sql: &'static str) -> Listing {
    Listing {
        search: &["search_key"],
        sort: Sort::Number("created_at"),
        filter: sql,
        values: values! { filter.correlation_id, filter.template_id, filter.status, filter.now },
    }
}

/// What a search looks at.
pub(crate) fn search_key(template_name: &str, correlation_id: Option<&str>) -> String {
    model::fold(&format!("{template_name} {}", correlation_id.unwrap_or_default()))
}
