//! How many requests one address may send to what strangers reach without a key.
//!
//! A bucket for each address, which fills up within a minute: the generic cell rate algorithm (ITU-T I.371), for
//! which one number is enough, the instant at which the bucket will be full again.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, header};
use serde_json::json;

use crate::app::App;
use crate::http::{client_address, network};
use crate::problem::{Code, Problem};

/// One minute, in microseconds.
const MINUTE: i64 = 60_000_000;
/// More addresses than these are not kept apart: full buckets are forgotten first, then all. About 4 MB.
const MOST: usize = 65_536;

/// Counts requests, in memory.
pub struct RateLimit {
    /// The time that one request takes out of a bucket, in microseconds; none without a limit.
    cost: Option<i64>,
    full_at: Mutex<HashMap<IpAddr, i64>>,
}

impl RateLimit {
    /// So many requests per minute from one address; 0 for no limit.
    pub fn per_minute(requests: u32) -> Self {
        let cost = (requests > 0).then(|| (MINUTE / i64::from(requests)).max(1));
        Self { cost, full_at: Mutex::default() }
    }

    /// Counts a request at an instant (in epoch milliseconds). `Err` is the number of seconds to wait.
    fn admit(&self, address: IpAddr, now: i64) -> Result<(), u64> {
        let Some(cost) = self.cost else { return Ok(()) };
        let now = now.saturating_mul(1000);
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, full_at| *full_at > now);
        }
        if buckets.len() >= MOST {
            buckets.clear();
        }
        let full_at = buckets.entry(network(address)).or_insert(now);
        // No bucket is emptier than empty, whatever the clock did meanwhile.
        let after = (*full_at).clamp(now, now.saturating_add(MINUTE)).saturating_add(cost);
        let wait = after - now - MINUTE;
        if wait > 0 {
            return Err(u64::try_from(wait.div_euclid(1_000_000)).unwrap_or(0) + 1);
        }
        *full_at = after;
        Ok(())
    }
}

/// The layer around what strangers reach.
pub(crate) async fn limit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let proxies = &app.settings.trusted_proxies;
    let address = client_address(request.headers(), request.extensions(), proxies);
    match app.rate_limit.admit(address, app.clock.millis()) {
        Ok(()) => next.run(request).await,
        Err(seconds) => {
            tracing::debug!(%address, "slowed down");
            refusal(request.method(), seconds)
        }
    }
}

/// What is posted goes to an endpoint of a protocol, whose clients understand its form alone (RFC 6749 §5.2); all
/// else is a problem.
fn refusal(method: &Method, seconds: u64) -> Response {
    if method == Method::POST {
        let headers = [(header::RETRY_AFTER, seconds.to_string()), (header::PRAGMA, "no-cache".to_owned())];
        let description = "too many requests from this address";
        let body = json!({"error": "temporarily_unavailable", "error_description": description});
        (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response()
    } else {
        Problem { retry_after: Some(seconds), ..Code::TooManyRequests.into() }.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    /// How many of so many requests at one instant pass.
    fn passing(limit: &RateLimit, address: IpAddr, requests: usize, now: i64) -> usize {
        (0..requests).filter(|_| limit.admit(address, now).is_ok()).count()
    }

    #[test]
    fn a_bucket_empties_and_fills_up_again_within_a_minute() {
        let limit = RateLimit::per_minute(60);
        let now = 1_800_000_000_000;
        assert_eq!(passing(&limit, HOME, 100, now), 60);
        assert_eq!(limit.admit(HOME, now), Err(2));
        assert_eq!(passing(&limit, HOME, 100, now + 10_000), 10);
        assert_eq!(passing(&limit, HOME, 100, now + 120_000), 60);
        // A clock that is set back locks nobody out.
        assert_eq!(limit.admit(HOME, now), Err(2));
        assert_eq!(passing(&limit, HOME, 100, now + 180_000), 60);
    }

    #[test]
    fn each_address_has_a_bucket_of_its_own_and_an_ipv6_network_has_one() {
        let limit = RateLimit::per_minute(2);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(passing(&limit, address("192.0.2.1"), 3, 0), 2);
        assert_eq!(passing(&limit, address("192.0.2.2"), 3, 0), 2);
        assert_eq!(passing(&limit, address("::ffff:192.0.2.2"), 3, 0), 0);
        assert_eq!(passing(&limit, address("2001:db8::1"), 3, 0), 2);
        assert_eq!(passing(&limit, address("2001:db8::2"), 3, 0), 0);
        assert_eq!(passing(&limit, address("2001:db8:0:1::1"), 3, 0), 2);
    }

    #[test]
    fn without_a_limit_nothing_is_refused_or_remembered() {
        let limit = RateLimit::per_minute(0);
        assert_eq!(passing(&limit, HOME, 1000, 0), 1000);
        assert!(limit.full_at.lock().unwrap().is_empty());
        assert_eq!(passing(&RateLimit::per_minute(u32::MAX), HOME, 1000, 0), 1000);
    }

    #[test]
    fn memory_is_bounded() {
        let limit = RateLimit::per_minute(1);
        let held = |limit: &RateLimit| limit.full_at.lock().unwrap().len();
        for address in 0..u32::try_from(MOST).unwrap() {
            assert_eq!(limit.admit(IpAddr::V4(address.into()), i64::from(address % 2) * 30_000), Ok(()));
        }
        assert_eq!(held(&limit), MOST);
        // Half of the buckets are full by now.
        assert_eq!(limit.admit(HOME, 60_000), Ok(()));
        assert_eq!(held(&limit), MOST / 2 + 1);
    }
}
