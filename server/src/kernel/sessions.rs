//! What issuances and verifications have in common: each is a session that a client of the API started.

use std::str::FromStr;

/// The most characters of a correlation id.
const MAX_CORRELATION_ID: usize = 255;

/// What the client calls a session: an order, a person's number.
#[derive(Debug)]
pub(crate) struct CorrelationId;

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("must have 1 to {MAX_CORRELATION_ID} characters, none of them a control character")]
pub(crate) struct NotACorrelationId;

impl FromStr for CorrelationId {
    type Err = NotACorrelationId;

    fn from_str(text: &str) -> Result<Self, NotACorrelationId> {
        let fits = !text.trim().is_empty() && text.chars().count() <= MAX_CORRELATION_ID;
        if fits && !text.contains(char::is_control) { Ok(Self) } else { Err(NotACorrelationId) }
    }
}
