//! A query in words, for people who look at a template.

use serde_json::Value;
use vc::dcql::{ClaimsQuery, CredentialQuery, Query};

/// One credential that is asked for.
pub(super) struct Wanted {
    /// The types one of which it must have; empty for any.
    pub(super) types: Vec<String>,
    /// Its claims, such as `address.locality` or `age = 18`; empty for none that can be withheld.
    pub(super) claims: Vec<String>,
}

/// What a template asks for. A stored query was checked when it came in, so there is always something to tell.
pub(super) fn wanted(query: &Value) -> Vec<Wanted> {
    let query = Query::parse(query).ok();
    query.iter().flat_map(|query| &query.credentials).map(Wanted::of).collect()
}

impl Wanted {
    fn of(credential: &CredentialQuery) -> Self {
        Self {
            types: credential.meta.vct_values.clone().unwrap_or_default(),
            claims: credential.claims.iter().flatten().map(claim).collect(),
        }
    }
}

fn claim(claim: &ClaimsQuery) -> String {
    let values: Vec<_> = claim.values.iter().flatten().map(ToString::to_string).collect();
    if values.is_empty() { claim.path.to_string() } else { format!("{} = {}", claim.path, values.join(" | ")) }
}
