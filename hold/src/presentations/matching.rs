//! What the wallet can answer: which of its credentials fit a query, and exactly what each would show.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use kernel::app::App;
use kernel::problem::{Code, Problem};
use model::{Credential, CredentialId, HeldStatus, OwnedKey, Presentation, WalletId};
use serde_json::Value;
use store::{Conn, CredentialFilter, CredentialSort, List};
use vc::dcql::{Candidate, Match, Query, Selection};
use vc::sd_jwt_vc::{ClaimPath, Gaps, preview};

use crate::credentials::{HolderKeys, Validity, ask_status, validity};

/// How many credentials of one type are looked at, the newest first.
const MAX_HELD: u32 = 200;
/// How long a status list is waited for, which somebody who looks at a request waits for too.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// A query with the credentials that it was asked of.
pub(crate) struct Matching {
    query: Query,
    held: Vec<Held>,
    selection: Selection,
}

/// A credential that can be presented, with the key to do it.
pub(crate) struct Held {
    pub(crate) credential: Credential,
    pub(crate) key: Option<OwnedKey>,
}

/// A credential that fits, as the verifier would see it.
pub(crate) struct Fitting<'a> {
    /// The credential.
    pub(crate) held: &'a Held,
    /// The claims that are asked for.
    pub(crate) asked: &'a [ClaimPath],
    /// Everything that the verifier would read, what cannot be withheld included.
    pub(crate) shown: Value,
}

/// The credentials that fit one credential query.
pub(crate) struct Choices<'a> {
    /// Its id.
    pub(crate) query: &'a str,
    /// Whether the least answer needs it.
    pub(crate) needed: bool,
    /// Those that fit, the newest first.
    pub(crate) fitting: Vec<Fitting<'a>>,
}

/// A choice that does not answer the query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum BadChoice {
    /// The query asks for no such thing.
    Unknown(String),
    /// The credential is not held, or does not fit.
    Unfit(String),
    /// Something that is needed is missing.
    Incomplete,
}

impl Matching {
    /// What fits at this instant. The issuers of what fits are asked whether it still holds, as far as their lists are
    /// not known already (their `ttl`): what was revoked or suspended is not presented.
    pub(crate) async fn of(app: &App, presentation: &Presentation, now: Timestamp) -> Result<Self, Problem> {
        // It was read when the request came.
        let query = Query::parse(&presentation.query).map_err(|_| Code::Internal)?;
        let mut conn = app.store.read().await?;
        let keys = HolderKeys::of(&mut conn, presentation.wallet_id).await?;
        let held = held(&mut conn, presentation.wallet_id, &query).await?;
        // No transaction is open while strangers' servers are asked.
        drop(conn);
        let held = held.into_iter().filter(|credential| may_hold(credential, now));
        let mut held: Vec<Held> =
            held.map(|credential| Held { key: keys.bound(&credential.claims).cloned(), credential }).collect();
        let selection = select(&query, &held);
        let fits: BTreeSet<usize> =
            selection.credentials.iter().flat_map(|matches| &matches.matches).map(|fit| fit.candidate).collect();
        let fitting = fits.iter().filter_map(|candidate| held.get(*candidate)).map(|held| &held.credential);
        let over = over(app, fitting.collect()).await;
        held.retain(|held| !over.contains(&held.credential.id));
        let selection = select(&query, &held);
        Ok(Self { query, held, selection })
    }

    /// Whether the query can be answered.
    pub(crate) fn is_satisfied(&self) -> bool {
        self.selection.is_satisfied()
    }

    /// What can be chosen from, in the order of the query.
    pub(crate) fn choices(&self) -> Vec<Choices<'_>> {
        let least = self.least();
        let choices = self.selection.credentials.iter().map(|matches| Choices {
            query: &matches.id,
            needed: least.contains(matches.id.as_str()),
            fitting: matches.matches.iter().filter_map(|fit| self.fitting(fit)).collect(),
        });
        choices.collect()
    }

    /// The credentials to present, by the query that each answers: those that were chosen, or the first that fits of
    /// everything that is needed.
    pub(super) fn chosen(
        &self,
        choice: Option<&BTreeMap<String, CredentialId>>,
    ) -> Result<Vec<(&str, Fitting<'_>)>, BadChoice> {
        let choices = self.choices();
        let Some(choice) = choice else {
            let first = choices.into_iter().filter(|choice| choice.needed);
            let first = first.map(|choice| choice.fitting.into_iter().next().map(|fitting| (choice.query, fitting)));
            return first.collect::<Option<Vec<_>>>().filter(|all| !all.is_empty()).ok_or(BadChoice::Incomplete);
        };
        if let Some(unknown) = choice.keys().find(|id| !choices.iter().any(|choice| choice.query == *id)) {
            return Err(BadChoice::Unknown(unknown.clone()));
        }
        let mut chosen = Vec::new();
        for choices in choices {
            let Some(id) = choice.get(choices.query) else { continue };
            let fitting = choices.fitting.into_iter().find(|fitting| fitting.held.credential.id == *id);
            chosen.push((choices.query, fitting.ok_or_else(|| BadChoice::Unfit(choices.query.to_owned()))?));
        }
        if self.is_answered_by(choice) { Ok(chosen) } else { Err(BadChoice::Incomplete) }
    }

    /// OpenID4VP 1.0 §6.4.2: all of the query, or of each required set one option.
    fn is_answered_by(&self, choice: &BTreeMap<String, CredentialId>) -> bool {
        if choice.is_empty() {
            return false;
        }
        match &self.query.credential_sets {
            None => self.query.credentials.iter().all(|query| choice.contains_key(&query.id)),
            Some(sets) => sets
                .iter()
                .filter(|set| set.required)
                .all(|set| set.options.iter().any(|option| option.iter().all(|id| choice.contains_key(id)))),
        }
    }

    fn least(&self) -> BTreeSet<&str> {
        self.selection.least().into_iter().flatten().map(|matches| matches.id.as_str()).collect()
    }

    fn fitting<'a>(&'a self, fit: &'a Match) -> Option<Fitting<'a>> {
        let held = self.held.get(fit.candidate)?;
        // A credential that was imported can be read.
        let shown = preview(&held.credential.compact, &fit.disclose).ok()?;
        Some(Fitting { held, asked: &fit.disclose, shown: Value::Object(shown) })
    }
}

impl Held {
    fn candidate(&self) -> Candidate<'_> {
        Candidate {
            vct: &self.credential.vct,
            claims: &self.credential.claims,
            gaps: Gaps::none(),
            holder_bound: self.key.is_some(),
        }
    }
}

/// The newest credentials of the types that are asked for; of all types where no type is.
async fn held(conn: &mut Conn, wallet: WalletId, query: &Query) -> Result<Vec<Credential>, Problem> {
    let of_query = query.credentials.iter().map(|credential| credential.meta.vct_values.as_ref());
    let types: Option<Vec<&Vec<String>>> = of_query.collect();
    let filters: Vec<CredentialFilter> = match types {
        None => vec![CredentialFilter::default()],
        Some(types) => {
            let types: BTreeSet<&String> = types.into_iter().flatten().collect();
            types
                .into_iter()
                .map(|vct| CredentialFilter { vct: Some(vct.clone()), ..CredentialFilter::default() })
                .collect()
        }
    };
    let newest = List { limit: MAX_HELD, after: None, q: None, sort: CredentialSort::CreatedAt, descending: true };
    let mut held = Vec::new();
    for filter in filters {
        held.extend(conn.credentials(wallet, &filter, &newest).await?.items);
    }
    Ok(held)
}

fn select(query: &Query, held: &[Held]) -> Selection {
    query.select(&held.iter().map(Held::candidate).collect::<Vec<_>>())
}

/// What no verifier would take is not offered to one. What was suspended may hold again: its issuer is asked.
fn may_hold(credential: &Credential, now: Timestamp) -> bool {
    validity(credential, now) == Validity::Valid && credential.live_status != Some(HeldStatus::Revoked)
}

/// Those that do not hold now. A list that cannot be had says nothing, so that what was known last stands.
async fn over(app: &App, credentials: Vec<&Credential>) -> BTreeSet<CredentialId> {
    let mut lists: BTreeMap<(&str, &str), Vec<&Credential>> = BTreeMap::new();
    for credential in credentials {
        let uri = credential.claims.pointer("/status/status_list/uri").and_then(Value::as_str).unwrap_or_default();
        lists.entry((&credential.issuer, uri)).or_default().push(credential);
    }
    // Lists side by side, and what is on the same list one after the other: the first fetches it for the others.
    let asked = lists.into_values().map(|credentials| async move {
        let mut over = Vec::new();
        let mut answers = true;
        for credential in credentials {
            let mut status = None;
            // A list that did not come for the first does not come for the others.
            if answers {
                let asking = ask_status(app, &credential.issuer, credential.claims.get("status"));
                status = tokio::time::timeout(MAX_WAIT, asking).await.unwrap_or(Some(HeldStatus::Unknown));
                answers = status != Some(HeldStatus::Unknown);
            }
            let status = status.filter(|status| *status != HeldStatus::Unknown).or(credential.live_status);
            if matches!(status, Some(HeldStatus::Revoked | HeldStatus::Suspended)) {
                over.push(credential.id);
            }
        }
        over
    });
    join_all(asked).await.into_iter().flatten().collect()
}
