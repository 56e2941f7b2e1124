//! Digital Credentials Query Language: which credentials a verifier asks for, and which of their claims (OpenID4VP 1.0
//! §6 and §7). Both sides, holder and verifier, are here.
//!
//! ```text
//! verifier   Query::parse ─▶ check_as_verifier ─▶ (request) … (answer) ─▶ check_answer
//! holder                        (request) ─▶ Query::parse ─▶ select ─▶ Selection ─▶ (answer)
//! ```
//!
//! A query comes from strangers: [`Query::parse`] refuses whatever the specification refuses and says
//! where, and its size is bounded by [`limits`].

mod answer;
mod error;
pub mod limits;
mod parse;
mod place;
mod pointer;
mod query;
mod select;

pub use answer::AnswerError;
pub use error::{DcqlError, Fault};
pub use pointer::{ClaimsPathPointer, PointerError, PointerStep, PointerTextError, Selected};
pub use query::{ClaimValue, ClaimsQuery, CredentialQuery, CredentialSetQuery, Meta, Query, TrustedAuthoritiesQuery};
pub use select::{Candidate, Match, Matches, Mismatch, Selection, SetMatches};

#[cfg(test)]
mod tests;
