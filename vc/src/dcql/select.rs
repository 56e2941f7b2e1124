//! What a holder can answer (§6.4): which credentials fit, which of their claims are asked for, and
//! whether that satisfies the query.

use serde_json::Value;

use super::{ClaimsPathPointer, ClaimsQuery, CredentialQuery, CredentialSetQuery, Query};
use crate::names::FORMAT_SD_JWT_VC;
use crate::sd_jwt_vc::{ClaimPath, Gaps};
use crate::words::quoted;

/// An SD-JWT VC that may answer a query.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Its type.
    pub vct: &'a str,
    /// The processed claims, an object (RFC 9901 §7.1): to a holder all of them, to a verifier those that
    /// were disclosed or are always visible.
    pub claims: &'a Value,
    /// In which arrays of the claims elements are withheld; [none](Gaps::none) to a holder.
    pub gaps: &'a Gaps,
    /// To a holder: whether it can prove to have the key that the credential is bound to. To a verifier:
    /// whether that was proven.
    pub holder_bound: bool,
}

/// The selection: what of a query can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// For each credential query, in its order.
    pub credentials: Vec<Matches>,
    /// For each credential set query, in its order; empty where the query has none.
    pub sets: Vec<SetMatches>,
}

/// The candidates that fit a credential query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// The credential query's id.
    pub id: String,
    /// Whether the answer may hold several.
    pub multiple: bool,
    /// The candidates that fit, in the order in which they were given.
    pub matches: Vec<Match>,
}

/// A candidate that fits a credential query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Its position among the candidates.
    pub candidate: usize,
    /// The claims that are asked for, each where it stands in this candidate, what lies below it included.
    /// Of the claims that can be withheld no other may be disclosed; none at all where it is empty (§6.4.1).
    pub disclose: Vec<ClaimPath>,
    /// Which combination of `claim_sets` they are: the first that the candidate has.
    pub claim_set: Option<usize>,
}

/// The options of a credential set query that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetMatches {
    /// Whether one of them must be.
    pub required: bool,
    /// The ids of the credential queries of each, in the order of the query.
    pub options: Vec<Vec<String>>,
}

/// Why a credential does not fit a credential query, as the end of a sentence that begins with the
/// credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// Another format is asked for (§6.1).
    #[error("is an SD-JWT VC, but {} is asked for", quoted(.0))]
    Format(String),
    /// Another type is asked for (appendix B.3.5).
    #[error("is of type {}, which is not asked for", quoted(.0))]
    Type(String),
    /// The proof of the holder's key is missing (§6.1).
    #[error("is not bound to its holder by a key, which is asked for")]
    HolderBinding,
    /// No evidence that one of the authorities stands behind the issuer (§6.1.1).
    #[error("is by an issuer of whom nothing says that one of the trusted authorities stands behind it")]
    TrustedAuthorities,
    /// A claim is missing, or has none of the values that are asked for (§6.4.1).
    #[error("does not show the claim `{0}` as it is asked for")]
    Claim(ClaimsPathPointer),
    /// None of the combinations of claims is complete (§6.4.1).
    #[error("shows none of the combinations of claims that are asked for")]
    ClaimSets,
}

impl Query {
    /// Selects the candidates that answer the query (§6.4).
    pub fn select(&self, candidates: &[Candidate<'_>]) -> Selection {
        let credentials: Vec<_> = self.credentials.iter().map(|query| query.select(candidates)).collect();
        let answered = |id: &str| credentials.iter().any(|query| query.id == id && !query.matches.is_empty());
        let sets = self.credential_sets.iter().flatten().map(|set| SetMatches {
            required: set.required,
            options: set.options_answered(answered).map(<[String]>::to_vec).collect(),
        });
        Selection { sets: sets.collect(), credentials }
    }
}

impl CredentialQuery {
    /// The candidates that fit.
    fn select(&self, candidates: &[Candidate<'_>]) -> Matches {
        let fits = |(candidate, credential)| {
            let (claim_set, disclose) = self.fit(credential).ok()?;
            Some(Match { candidate, disclose, claim_set })
        };
        let matches = candidates.iter().enumerate().filter_map(fits).collect();
        Matches { id: self.id.clone(), multiple: self.multiple, matches }
    }

    /// Whether a credential fits, and then which of `claim_sets` and which of its claims.
    ///
    /// None fits where an authority must stand behind the issuer (§6.1.1): the credentials of this crate's profile
    /// carry neither certificates nor trust chains, and what cannot be checked is not assumed, on either side.
    pub fn fit(&self, credential: &Candidate<'_>) -> Result<(Option<usize>, Vec<ClaimPath>), Mismatch> {
        if self.format != FORMAT_SD_JWT_VC {
            return Err(Mismatch::Format(self.format.clone()));
        }
        if self.meta.vct_values.as_ref().is_some_and(|wanted| !wanted.iter().any(|vct| vct == credential.vct)) {
            return Err(Mismatch::Type(credential.vct.to_owned()));
        }
        if self.require_cryptographic_holder_binding && !credential.holder_bound {
            return Err(Mismatch::HolderBinding);
        }
        if self.trusted_authorities.is_some() {
            return Err(Mismatch::TrustedAuthorities);
        }
        self.claims_of(credential.claims, credential.gaps)
    }

    /// §6.4.1.
    fn claims_of(&self, claims: &Value, gaps: &Gaps) -> Result<(Option<usize>, Vec<ClaimPath>), Mismatch> {
        let Some(queries) = &self.claims else { return Ok((None, Vec::new())) };
        let Some(sets) = &self.claim_sets else {
            let all = distinct(queries).map(|query| query.claims_of(claims, gaps).ok_or(query));
            let all = all.collect::<Result<Vec<_>, _>>().map_err(|query| Mismatch::Claim(query.path.clone()))?;
            return Ok((None, merged(all)));
        };
        let found: Vec<_> = queries.iter().map(|query| (&query.id, query.claims_of(claims, gaps))).collect();
        let claim =
            |id: &String| found.iter().find(|(of, _)| of.as_ref() == Some(id)).and_then(|(_, paths)| paths.clone());
        let first = sets.iter().enumerate().find_map(|(position, set)| {
            let set = set.iter().map(claim).collect::<Option<Vec<_>>>()?;
            Some((Some(position), merged(set)))
        });
        first.ok_or(Mismatch::ClaimSets)
    }
}

impl ClaimsQuery {
    /// The claims that it asks for; none where one of another value is treated "the same as if it did not
    /// exist in the Credential" (§6.4.1).
    fn claims_of(&self, claims: &Value, gaps: &Gaps) -> Option<Vec<ClaimPath>> {
        let wanted =
            |claim: &Value| self.values.as_ref().is_none_or(|values| values.iter().any(|value| value.is(claim)));
        let selected = self.path.select_in(claims, gaps).ok()?;
        let paths: Vec<_> = selected.into_iter().filter(|claim| wanted(claim.value)).map(|claim| claim.path).collect();
        (!paths.is_empty()).then_some(paths)
    }
}

impl CredentialSetQuery {
    /// §6.4.2: its options all of whose credential queries are answered.
    pub(super) fn options_answered(&self, answered: impl Fn(&str) -> bool) -> impl Iterator<Item = &[String]> {
        let whole = move |option: &&Vec<String>| option.iter().all(|id| answered(id));
        self.options.iter().filter(whole).map(Vec::as_slice)
    }
}

impl Selection {
    /// §6.4.2: whether the query can be satisfied. If not, nothing may be answered at all.
    pub fn is_satisfied(&self) -> bool {
        if self.sets.is_empty() {
            return self.credentials.iter().all(|query| !query.matches.is_empty());
        }
        self.sets.iter().all(|set| !set.required || !set.options.is_empty())
    }

    /// The least that satisfies the query: of each required set the first option that can be answered, and
    /// no optional one, unless nothing is required. `None` when the query cannot be satisfied.
    pub fn least(&self) -> Option<Vec<&Matches>> {
        if !self.is_satisfied() {
            return None;
        }
        if self.sets.is_empty() {
            return Some(self.credentials.iter().collect());
        }
        let nothing_required = !self.sets.iter().any(|set| set.required);
        let needed = self.sets.iter().filter(|set| set.required || nothing_required);
        let mut options = needed.filter_map(|set| set.options.first());
        let ids: Vec<&String> =
            if nothing_required { options.next().into_iter().flatten().collect() } else { options.flatten().collect() };
        Some(self.credentials.iter().filter(|query| ids.contains(&&query.id)).collect())
    }
}

/// §6.1: "Wallets SHOULD ignore such duplicate claim queries", of which the first is kept.
fn distinct(queries: &[ClaimsQuery]) -> impl Iterator<Item = &ClaimsQuery> {
    queries
        .iter()
        .enumerate()
        .filter(|(position, query)| !queries.iter().take(*position).any(|other| other.path == query.path))
        .map(|(_, query)| query)
}

/// Each path once, in the order in which they are asked for.
fn merged(claims: Vec<Vec<ClaimPath>>) -> Vec<ClaimPath> {
    let mut seen = std::collections::HashSet::new();
    claims.into_iter().flatten().filter(|path| seen.insert(path.clone())).collect()
}
