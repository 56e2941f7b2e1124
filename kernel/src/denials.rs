//! The bounded log of denials, refused sign-ins and failures: a flood makes no more lines than a disk can bear.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use axum::extract::MatchedPath;
use gate::{Bucket, Denial};
use http::{Extensions, StatusCode};

use crate::app::App;
use crate::http::RequestId;
use crate::problem::Problem;

/// The most lines a minute for each reason. Requests without a line are counted, and the next line has their number.
const LINES_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(599);

/// The lines of the last minute by reason: a flood of one reason cannot hide another one.
#[derive(Default)]
pub(crate) struct Denials(Mutex<BTreeMap<&'static str, Lines>>);

#[derive(Default)]
struct Lines {
    bucket: Bucket,
    unlogged: u64,
}

impl Denials {
    /// Takes a line for this reason at an instant (in epoch milliseconds). Returns how many had no line before it;
    /// `None` when this one has none either.
    fn take(&self, reason: &'static str, now: i64) -> Option<u64> {
        let mut reasons = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = reasons.entry(reason).or_default();
        if lines.bucket.take(LINES_PER_MINUTE, 1, now).is_err() {
            lines.unlogged += 1;
            return None;
        }
        Some(std::mem::take(&mut lines.unlogged))
    }
}

impl App {
    /// Logs why the request with these extensions was denied: with its route and not its path, because a path may hold a
    /// key that was put into the URL by mistake.
    pub fn log_denial(&self, denial: Denial, extensions: &Extensions) {
        let reason = denial.reason();
        if let Some(unlogged) = self.denials.take(reason, self.came_at(extensions)) {
            let route = extensions.get::<MatchedPath>().map(MatchedPath::as_str);
            let request_id = RequestId::of(extensions).map(tracing::field::display);
            let unlogged = (unlogged > 0).then_some(unlogged);
            tracing::info!(reason, route, request_id, unlogged, "denied");
        }
    }

    /// Logs that the server failed to answer the request of this id, and why.
    pub fn log_failure(&self, status: StatusCode, problem: Option<&Problem>, request_id: RequestId) {
        let reason = problem.map_or("failed", |problem| problem.code.name());
        if let Some(unlogged) = self.denials.take(reason, self.clock.millis()) {
            let cause = problem.and_then(|problem| problem.cause.as_deref());
            let unlogged = (unlogged > 0).then_some(unlogged);
            tracing::error!(status = status.as_u16(), cause, %request_id, unlogged, "the server failed");
        }
    }

    /// Logs that a sign-in from this address was refused.
    pub fn log_refused_sign_in(&self, address: IpAddr, request_id: RequestId) {
        if let Some(unlogged) = self.denials.take("sign-in", self.clock.millis()) {
            let unlogged = (unlogged > 0).then_some(unlogged);
            tracing::info!(%address, %request_id, unlogged, "sign-in refused");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_hides_no_other_reason() {
        let denials = Denials::default();
        let logged = (0..1000).filter(|_| denials.take("malformed", 0) == Some(0)).count();
        assert_eq!(logged, 600);
        assert_eq!(denials.take("revoked", 0), Some(0));
        assert_eq!((denials.take("malformed", 100), denials.take("malformed", 100)), (Some(400), None));
        assert_eq!((denials.take("malformed", 200), denials.take("revoked", 200)), (Some(1), Some(0)));
    }
}
