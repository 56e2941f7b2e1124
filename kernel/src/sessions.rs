//! What issuances and verifications have in common: each is a session that a client of the API started.

use std::marker::PhantomData;
use std::str::FromStr;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use store::{List, SessionFilter};

use crate::http::{ByTime, Fields, ListScope};
use crate::problem::Problem;

/// The most characters of a correlation id.
const MAX_CORRELATION_ID: usize = 255;

/// What the client calls a session: an order, a person's number.
#[derive(Debug)]
pub struct CorrelationId;

// The parameters of a list of sessions: `B` is how one is shown, after which the API document calls them, `S` how far they
// have come and `T` the id of a template.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "List{B}s")]
#[expect(missing_docs, reason = "the API document would show it as a description")]
pub struct ListSessions<B, S, T> {
    /// 1 to 200; 50 when it is left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Searches templates and correlation ids.
    q: Option<String>,
    /// Newest first when it is left out.
    #[serde(default)]
    sort: ByTime,
    /// Only those that are this far.
    status: Option<S>,
    /// Only what you call so.
    correlation_id: Option<String>,
    /// Only of this template.
    template: Option<T>,
    #[serde(skip)]
    listed: PhantomData<B>,
}

/// Why a text is no correlation id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("must have 1 to {MAX_CORRELATION_ID} characters, none of them a control character")]
pub struct NotACorrelationId;

impl FromStr for CorrelationId {
    type Err = NotACorrelationId;

    fn from_str(text: &str) -> Result<Self, NotACorrelationId> {
        let fits = !text.trim().is_empty() && text.chars().count() <= MAX_CORRELATION_ID;
        if fits && !text.contains(char::is_control) { Ok(Self) } else { Err(NotACorrelationId) }
    }
}

impl<B, S, T> ListSessions<B, S, T> {
    /// Which sessions, and which page of them.
    ///
    /// # Errors
    ///
    /// Refused parameters (422).
    pub fn read(self, scope: ListScope, now: Timestamp) -> Result<(SessionFilter<S, T>, List<()>), Problem> {
        let Self { limit, cursor, q, sort, status, correlation_id, template: template_id, listed: _ } = self;
        let mut fields = Fields::default();
        fields.check_comparable("correlation_id", correlation_id.as_deref());
        let page = fields.list(scope, limit, cursor.as_deref(), q.as_deref(), sort.order(), false);
        Ok((SessionFilter { status, correlation_id, template_id, now }, fields.finish(Some(page))?))
    }
}
