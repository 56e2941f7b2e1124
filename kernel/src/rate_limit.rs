//! The limit of requests from one address without a proven secret in force: one rule for every route.
//!
//! A request is counted in one of three places: by [`limit`] around the routes that ask for no secret, by the extractor
//! that asks for one and does not get it (`caller::Allow`, `oauth2::authentication::Authenticated`), and by
//! [`unrouted`] where there is no such path or method. Static files and documents are counted like all else, although
//! they cost little: a rule without exceptions can be tested by walking the router.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gate::{Bucket, Exhausted, Rate};
use http::{Extensions, HeaderMap, Method, StatusCode, header};
use serde_json::json;

use crate::app::App;
use crate::http::{Policy, RequestContext, client_address, network};
use crate::problem::{Code, Problem};

/// The largest number of addresses with a bucket: above it full buckets are dropped first, then all. About 4 MB.
const MAX_BUCKETS: usize = 65_536;

/// A bucket for each address, in memory.
pub struct RateLimit {
    /// None without a limit.
    quota: Option<NonZeroU32>,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

impl RateLimit {
    /// A limit of requests per minute from one address; 0 for no limit.
    pub fn per_minute(requests: u32) -> Self {
        Self { quota: NonZeroU32::new(requests), buckets: Mutex::default() }
    }

    /// Counts a request at an instant (in epoch milliseconds). Returns the rest, where there is a limit.
    fn take(&self, address: IpAddr, now: i64) -> Result<Option<Rate>, Exhausted> {
        let Some(quota) = self.quota else { return Ok(None) };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        if buckets.len() >= MAX_BUCKETS {
            buckets.clear();
        }
        buckets.entry(network(address)).or_default().take(quota, 1, now).map(Some)
    }
}

impl App {
    /// Counts a request without a proven secret for the address that it comes from, once; `Err` when that has sent too
    /// many.
    pub fn count_address(&self, headers: &HeaderMap, extensions: &Extensions) -> Result<(), Exhausted> {
        self.count(headers, extensions).inspect_err(|exhausted| self.refuse_address(extensions, exhausted))
    }

    /// Counts a request to a route that asks for no secret. Over the limit of its address it is admitted with a key in
    /// force, and counted as that key's, so that other clients of an address never hold up a key.
    pub fn count_stranger(&self, headers: &HeaderMap, extensions: &Extensions) -> Result<(), Exhausted> {
        let Err(exhausted) = self.count(headers, extensions) else { return Ok(()) };
        let Ok(admitted) = self.gate.admit(headers, self.came_at(extensions)) else {
            self.refuse_address(extensions, &exhausted);
            return Err(exhausted);
        };
        self.telemetry.admitted();
        if let Some(context) = extensions.get::<RequestContext>() {
            context.admitted(admitted);
        }
        Ok(())
    }

    fn count(&self, headers: &HeaderMap, extensions: &Extensions) -> Result<(), Exhausted> {
        let context = extensions.get::<RequestContext>();
        if context.is_some_and(|context| context.is_limited(Policy::Address)) {
            return Ok(());
        }
        let address = client_address(headers, extensions, &self.settings.trusted_proxies);
        let rate = self.rate_limit.take(address, self.came_at(extensions))?;
        if let Some((context, rate)) = context.zip(rate) {
            context.limited(Policy::Address, rate);
        }
        Ok(())
    }

    fn refuse_address(&self, extensions: &Extensions, exhausted: &Exhausted) {
        if let Some(context) = extensions.get::<RequestContext>() {
            context.limited(Policy::Address, exhausted.rate);
        }
        self.telemetry.address_refused();
        tracing::debug!("an address is slowed down");
    }
}

/// The layer around the routes that ask for no secret, and answer with pages and documents.
pub async fn limit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.count_stranger(request.headers(), request.extensions()) {
        Ok(()) => next.run(request).await,
        Err(exhausted) => Problem::too_many_requests(exhausted).into_response(),
    }
}

/// The same around the endpoints of the protocols.
pub async fn limit_protocols(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.count_stranger(request.headers(), request.extensions()) {
        Ok(()) => next.run(request).await,
        Err(exhausted) => refusal(request.method(), exhausted, "too many requests from this address"),
    }
}

/// The answer where there is no such path.
#[expect(clippy::unused_async, reason = "a handler is asynchronous")]
pub async fn unrouted(State(app): State<Arc<App>>, request: Request) -> Problem {
    not_here(&app, &request, Code::NotFound)
}

/// The answer where the path has no such method.
#[expect(clippy::unused_async, reason = "a handler is asynchronous")]
pub async fn unknown_method(State(app): State<Arc<App>>, request: Request) -> Problem {
    not_here(&app, &request, Code::MethodNotAllowed)
}

fn not_here(app: &App, request: &Request, code: Code) -> Problem {
    let counted = app.count_stranger(request.headers(), request.extensions());
    counted.map_or_else(Problem::too_many_requests, |()| code.into())
}

/// The refusal over the limit: for a POST to a protocol endpoint in the form of RFC 6749 §5.2, which is all that its
/// clients understand; else a problem.
pub fn refusal(method: &Method, exhausted: Exhausted, description: &str) -> Response {
    if method != Method::POST {
        return Problem::too_many_requests(exhausted).into_response();
    }
    let headers = [(header::RETRY_AFTER, exhausted.retry_after.to_string()), (header::PRAGMA, "no-cache".to_owned())];
    let body = json!({"error": "temporarily_unavailable", "error_description": description});
    (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    /// How many of so many requests at one instant pass.
    fn passing(limit: &RateLimit, address: IpAddr, requests: usize, now: i64) -> usize {
        (0..requests).filter(|_| limit.take(address, now).is_ok()).count()
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
        assert!(limit.buckets.lock().unwrap().is_empty());
        assert_eq!(passing(&RateLimit::per_minute(u32::MAX), HOME, 1000, 0), 1000);
    }

    #[test]
    fn memory_is_bounded() {
        let limit = RateLimit::per_minute(1);
        let held = |limit: &RateLimit| limit.buckets.lock().unwrap().len();
        for address in 0..u32::try_from(MAX_BUCKETS).unwrap() {
            assert!(limit.take(IpAddr::V4(address.into()), i64::from(address % 2) * 30_000).is_ok());
        }
        assert_eq!(held(&limit), MAX_BUCKETS);
        // Half of the buckets are full by now.
        assert!(limit.take(HOME, 60_000).is_ok());
        assert_eq!(held(&limit), MAX_BUCKETS / 2 + 1);
    }
}
