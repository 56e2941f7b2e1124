//! From the answer of a DELETE to the first refusal: no request that is sent after the answer may be admitted.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::control;
use crate::keys::Text;
use crate::load::{Answered, Loader, Requests, get, head};
use crate::numbers::Spread;
use crate::requests::ME;
use crate::seeded::Served;

/// How many connections use the key.
const CONNECTIONS: usize = 16;
/// How long they go on after the answer.
const AFTERWARDS: Duration = Duration::from_millis(10);
/// The outcome.
#[derive(Debug)]
pub(crate) struct Deletion {
    /// How many keys were deleted.
    pub(crate) keys: usize,
    /// Requests that were sent after the answer.
    pub(crate) after: u64,
    /// How many of those were admitted.
    pub(crate) admitted: u64,
    /// From the answer to the first refusal, in milliseconds; 0 where one was seen before the answer.
    pub(crate) refused_after: Spread,
}

/// What happened to one key.
#[derive(Default)]
struct Round {
    answered: Option<Instant>,
    refused_after: Option<Duration>,
    /// The connections whose request was sent after the answer.
    late: [bool; CONNECTIONS],
    after: u64,
    admitted: u64,
    strange: Option<u16>,
}

/// Deletes so many keys, each while it is used.
pub(crate) fn measure(loader: &mut Loader, served: &Served<'_>, keys: usize) -> Result<Deletion> {
    let administrator = &served.keys.administrator.text;
    let users = loader.connect(served.address, CONNECTIONS, None, Requests::fixed(get(ME, administrator)))?;
    let deleter = loader.connect(served.address, 1, 204, Requests::fixed(Vec::new()))?;
    let mut pools = [users, deleter];
    let mut rounds = Vec::new();
    for number in 0..keys {
        let (id, text) = create(served, number)?;
        let mut delete = head("DELETE", &format!("/api/v1/api-keys/{id}"));
        delete.extend_from_slice(b"x-api-key: ");
        delete.extend_from_slice(administrator);
        delete.extend_from_slice(b"\r\n\r\n");
        let [users, deleter] = &mut pools;
        users.set_requests(Requests::fixed(get(ME, &text)));
        deleter.set_requests(Requests::fixed(delete));
        let mut round = Round::default();
        loader.drive(&mut pools, |answered| round.see(answered))?;
        ensure!(round.strange.is_none(), "a deleted key's request was answered with {:?}", round.strange);
        rounds.push(round);
    }
    Ok(Deletion {
        keys,
        after: rounds.iter().map(|round| round.after).sum(),
        admitted: rounds.iter().map(|round| round.admitted).sum(),
        refused_after: Spread::of(
            rounds.iter().filter_map(|round| round.refused_after).map(|after| after.as_secs_f64() * 1e3),
        ),
    })
}

impl Round {
    /// Whether the connection sends another request.
    fn see(&mut self, Answered { pool, connection, status }: Answered) -> bool {
        if pool == 1 {
            self.answered = Some(Instant::now());
            return false;
        }
        let late = self.late.get(connection).is_some_and(|late| *late);
        self.after += u64::from(late);
        match status {
            200 => self.admitted += u64::from(late),
            401 if self.refused_after.is_none() => {
                self.refused_after = Some(self.answered.map_or(Duration::ZERO, |answered| answered.elapsed()));
            }
            401 => {}
            other => self.strange = Some(other),
        }
        if let Some(late) = self.late.get_mut(connection) {
            *late = self.answered.is_some();
        }
        self.answered.is_none_or(|answered| answered.elapsed() < AFTERWARDS)
    }
}

fn create(served: &Served<'_>, number: usize) -> Result<(String, Text)> {
    let body = format!("{{\"name\":\"to-be-deleted-{number}\",\"permissions\":[]}}");
    let request = control::request("POST", "/api/v1/api-keys", &served.keys.administrator.text, &body);
    let created: Value = serde_json::from_str(&control::expect(201, served.address, &request)?)?;
    let field = |name: &str| created.get(name).and_then(Value::as_str).with_context(|| format!("no {name}"));
    Ok((field("id")?.to_owned(), field("key")?.as_bytes().try_into()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_sent_after_the_answer_counts() {
        let mut round = Round::default();
        let user = |connection, status| Answered { pool: 0, connection, status };
        assert!(round.see(user(0, 200)));
        assert!(!round.see(Answered { pool: 1, connection: 0, status: 204 }));
        // Under way when the answer came.
        round.see(user(1, 200));
        round.see(user(2, 401));
        assert_eq!((round.after, round.admitted), (0, 0));
        // Sent after it.
        round.see(user(1, 401));
        round.see(user(2, 200));
        assert_eq!((round.after, round.admitted), (2, 1));
        assert!(round.refused_after.is_some() && round.strange.is_none());
        round.see(user(1, 500));
        assert_eq!(round.strange, Some(500));
    }
}
