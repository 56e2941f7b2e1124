//! Answers DCQL questions as JSON, one on each line of standard input, so that a program in another language can
//! compare its answers with ours (`peers/dcql.test.js`).
//!
//! `{"query": …, "credentials": [{"vct", "claims", "holder_bound", "withheld"?}]}` asks what of the credentials fits, and
//! `{"query": …, "answer": {"id": [credential, …]}}` whether an answer is accepted. A query that is refused is
//! answered with `{"refused": {"place", "reason"}}`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, BufRead as _, Write as _};

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use vc::dcql::{Candidate, Query};
use vc::sd_jwt_vc::{ClaimPath, Gaps};

#[derive(Deserialize)]
struct Question {
    query: Value,
    #[serde(default)]
    credentials: Vec<Credential>,
    answer: Option<BTreeMap<String, Vec<Credential>>>,
}

#[derive(Deserialize)]
struct Credential {
    vct: String,
    claims: Value,
    holder_bound: bool,
    /// The arrays of which elements are withheld, each with the positions that those it shows had.
    #[serde(default, rename = "withheld", deserialize_with = "gaps")]
    gaps: Gaps,
}

fn gaps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Gaps, D::Error> {
    Vec::<(ClaimPath, Vec<usize>)>::deserialize(deserializer).map(Gaps::new)
}

impl Credential {
    fn candidate(&self) -> Candidate<'_> {
        Candidate { vct: &self.vct, claims: &self.claims, gaps: &self.gaps, holder_bound: self.holder_bound }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        writeln!(out, "{}", reply(&question))?;
    }
    Ok(())
}

fn reply(question: &Question) -> Value {
    match Query::parse(&question.query) {
        Err(error) => json!({"refused": {"place": error.place, "reason": error.to_string()}}),
        Ok(query) => match &question.answer {
            None => selection(&query, &candidates(&question.credentials)),
            Some(answer) => {
                let answer = answer.iter().map(|(id, shown)| (id.clone(), candidates(shown))).collect();
                let checked = query.check_answer(&answer);
                json!({"accepted": checked.is_ok(), "reason": checked.err().map(|error| error.to_string())})
            }
        },
    }
}

fn candidates(credentials: &[Credential]) -> Vec<Candidate<'_>> {
    credentials.iter().map(Credential::candidate).collect()
}

fn selection(query: &Query, candidates: &[Candidate<'_>]) -> Value {
    let selection = query.select(candidates);
    let matches = selection.credentials.iter().map(|credential| {
        let matches = credential.matches.iter().map(
            |found| json!({"credential": found.candidate, "claim_set": found.claim_set, "disclose": found.disclose}),
        );
        (credential.id.clone(), matches.collect())
    });
    json!({
        "satisfied": selection.is_satisfied(),
        "matches": matches.collect::<serde_json::Map<_, Value>>(),
        "options": selection.sets.iter().map(|set| &set.options).collect::<Vec<_>>(),
    })
}
