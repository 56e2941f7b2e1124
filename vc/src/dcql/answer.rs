//! Checking an answer as the verifier: the shape of §8.1, and the rules of §6.4 again, because the holder may not have
//! kept them.

use std::collections::BTreeMap;

use super::{Candidate, Mismatch, Query};
use crate::words::quoted;

/// Why an answer does not satisfy the query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// It answers a credential query that does not exist.
    #[error("the answer has an entry that the query does not ask for: {}", quoted(.0))]
    Unasked(String),
    /// An entry without a presentation (§8.1).
    #[error("the entry `{0}` of the answer has no presentation")]
    Empty(String),
    /// Several presentations where `multiple` does not allow it (§8.1).
    #[error("the entry `{0}` of the answer has several presentations, but one is asked for")]
    Several(String),
    /// A presentation that does not fit its credential query.
    #[error("the credential presented as `{id}` {reason}")]
    Mismatch {
        /// The credential query.
        id: String,
        /// Which of the presentations in its entry.
        position: usize,
        /// Why.
        reason: Mismatch,
    },
    /// A credential is missing that is always asked for (§6.4.2).
    #[error("the answer lacks the credential `{0}`")]
    Missing(String),
    /// No option of a required credential set is complete (§6.4.2).
    #[error("the answer completes none of the options of `credential_sets[{0}]`, which is required")]
    SetMissing(usize),
}

impl Query {
    /// Whether an answer satisfies the query: for the id of each credential query that was answered, the
    /// credentials as they were presented, already verified.
    ///
    /// More claims than were asked for are no error: a holder may show them (§6.4). Whether the issuers are
    /// trusted is not said here; verifiers find out on their own (§6.1).
    pub fn check_answer(&self, answer: &BTreeMap<String, Vec<Candidate<'_>>>) -> Result<(), AnswerError> {
        for (id, presentations) in answer {
            let query = self.credential(id).ok_or_else(|| AnswerError::Unasked(id.clone()))?;
            if presentations.is_empty() {
                return Err(AnswerError::Empty(id.clone()));
            }
            if presentations.len() > 1 && !query.multiple {
                return Err(AnswerError::Several(id.clone()));
            }
            for (position, presented) in presentations.iter().enumerate() {
                query.fit(presented).map_err(|reason| AnswerError::Mismatch { id: id.clone(), position, reason })?;
            }
        }
        let answered = |id: &str| answer.contains_key(id);
        let Some(sets) = &self.credential_sets else {
            let missing = self.credentials.iter().find(|query| !answered(&query.id));
            return missing.map_or(Ok(()), |query| Err(AnswerError::Missing(query.id.clone())));
        };
        let unmet = sets.iter().position(|set| set.required && set.options_answered(answered).next().is_none());
        unmet.map_or(Ok(()), |position| Err(AnswerError::SetMissing(position)))
    }
}
