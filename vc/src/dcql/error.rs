//! Errors of a query, with their place in it.

use core::fmt;

use crate::words::quoted;

/// Why a query was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DcqlError {
    /// Where in the query, such as `credentials[0].claims[1].path`; empty for the query as a whole.
    pub place: String,
    /// The error.
    pub fault: Fault,
}

/// The error in a part of a query, as the end of a sentence that begins with the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Absent.
    #[error("is missing")]
    Missing,
    /// Of another JSON type than this.
    #[error("must be {0}")]
    Type(&'static str),
    /// An empty list or text.
    #[error("must not be empty")]
    Empty,
    /// More entries than are accepted.
    #[error("must have at most {0} entries")]
    TooMany(usize),
    /// A longer text than is accepted.
    #[error("must have at most {0} bytes")]
    TooLong(usize),
    /// An id with other characters than its own (§6.1, §6.3).
    #[error("must consist of letters, digits, `_` and `-`")]
    NotAnId,
    /// An id for the second time (§6.1, §6.3).
    #[error("is {} a second time; each id must be used once", quoted(.0))]
    IdTwice(String),
    /// An id of nothing (§6.1, §6.2).
    #[error("names {}, which the query does not define", quoted(.0))]
    UnknownId(String),
    /// A claim without an id beside `claim_sets` (§6.3).
    #[error("is missing; beside `claim_sets` every claim needs an id")]
    ClaimIdMissing,
    /// `claim_sets` without `claims` (§6.4.1).
    #[error("must not be present without `claims`")]
    ClaimSetsAlone,
    /// A part of a claims path pointer that is none (§7).
    #[error("must be a name, a position from 0, or null for every element of a list")]
    NotAStep,
    /// A value that no claim can be compared with (§6.3).
    #[error("must be text, an integer, true or false")]
    NotAValue,
    /// The same claim for the second time (§6.1), which a verifier must not ask for.
    #[error("points to the same claim as `{0}`; ask for each claim once")]
    ClaimTwice(String),
    /// `trusted_authorities`, which nothing in a credential of this crate's profile could satisfy (§6.1.1).
    #[error("is not supported, because no credential can prove it here; say which issuers are trusted instead")]
    NotEnforced,
    /// A format that this crate does not verify.
    #[error("is {}; only `dc+sd-jwt` can be verified", quoted(.0))]
    Format(String),
}

impl fmt::Display for DcqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => write!(f, "the query {}", self.fault),
            place => write!(f, "`{place}` {}", self.fault),
        }
    }
}

impl core::error::Error for DcqlError {}
