//! The metrics, at the cost of a few relaxed additions per request: no lock, and no allocation but for the first answer
//! of its kind.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::MatchedPath;
use foldhash::fast::RandomState;
use gate::{Denial, InvalidReason};
use http::{Method, StatusCode};
use papaya::{Equivalent, HashMap};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;

const MICROS: [u64; 15] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

/// The counters of one server.
#[derive(Default)]
pub(super) struct Metrics {
    pub(super) admissions: Admissions,
    pub(super) permission_refusals: Counter,
    pub(super) address_refusals: Counter,
    pub(super) revision: Gauge,
    /// The keys are the server's own words, so the hash need not be a strong one.
    durations: HashMap<Kind<Box<str>>, Histogram, RandomState>,
}

/// How the gate answered.
#[derive(Default)]
pub(super) struct Admissions {
    pub(super) admitted: Counter,
    nothing_presented: Counter,
    unsupported_scheme: Counter,
    more_than_one_presented: Counter,
    malformed: Counter,
    unknown: Counter,
    wrong_secret: Counter,
    user_removed: Counter,
    other_client_id: Counter,
    bad_signature: Counter,
    bad_claims: Counter,
    expired: Counter,
    revoked: Counter,
    too_many_requests: Counter,
}

/// Answers that are counted together. There are as many as the router and the server's own words allow, whatever is
/// asked: a method that it does not know and a path without a route have one name each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Kind<R> {
    pub(super) method: &'static str,
    /// The route as the router spells it; empty where there is none.
    pub(super) route: R,
    pub(super) status: u16,
}

/// How long answers took. The last bucket is for those above every bound.
#[derive(Default)]
pub(super) struct Histogram {
    buckets: [AtomicU64; MICROS.len() + 1],
    nanos: AtomicU64,
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn answered(
        &self,
        method: &'static str,
        route: Option<&MatchedPath>,
        status: StatusCode,
        took: Duration,
    ) {
        let kind = Kind { method, route: route.map_or("", MatchedPath::as_str), status: status.as_u16() };
        let durations = self.durations.pin();
        match durations.get(&kind) {
            Some(histogram) => histogram.observe(took),
            None => durations.get_or_insert_with(kind.owned(), Histogram::default).observe(took),
        }
    }

    /// Every kind of answer there was.
    pub(super) fn each_duration<E>(
        &self,
        mut tell: impl FnMut(Kind<&str>, &Histogram) -> Result<(), E>,
    ) -> Result<(), E> {
        self.durations.pin().iter().try_for_each(|(kind, histogram)| tell(kind.borrowed(), histogram))
    }
}

impl Admissions {
    /// The counter of a denial, by its reason.
    pub(super) fn of(&self, denial: Denial) -> &Counter {
        match denial {
            Denial::Unauthenticated => &self.nothing_presented,
            Denial::UnsupportedScheme => &self.unsupported_scheme,
            Denial::TwoSecrets => &self.more_than_one_presented,
            Denial::Invalid(InvalidReason::Malformed) => &self.malformed,
            Denial::Invalid(InvalidReason::Unknown) => &self.unknown,
            Denial::Invalid(InvalidReason::WrongSecret) => &self.wrong_secret,
            Denial::Invalid(InvalidReason::UserRemoved) => &self.user_removed,
            Denial::Invalid(InvalidReason::OtherClientId) => &self.other_client_id,
            Denial::Invalid(InvalidReason::BadSignature) => &self.bad_signature,
            Denial::Invalid(InvalidReason::BadClaims) => &self.bad_claims,
            Denial::Expired => &self.expired,
            Denial::Revoked => &self.revoked,
            Denial::TooManyRequests(_) => &self.too_many_requests,
        }
    }

    /// Every counter by the name of its outcome.
    pub(super) fn each(&self) -> [(&'static str, &Counter); 14] {
        [
            ("admitted", &self.admitted),
            ("nothing_presented", &self.nothing_presented),
            ("unsupported_scheme", &self.unsupported_scheme),
            ("more_than_one_presented", &self.more_than_one_presented),
            ("malformed", &self.malformed),
            ("unknown", &self.unknown),
            ("wrong_secret", &self.wrong_secret),
            ("user_removed", &self.user_removed),
            ("other_client_id", &self.other_client_id),
            ("bad_signature", &self.bad_signature),
            ("bad_claims", &self.bad_claims),
            ("expired", &self.expired),
            ("revoked", &self.revoked),
            ("too_many_requests", &self.too_many_requests),
        ]
    }
}

impl Kind<&str> {
    fn owned(self) -> Kind<Box<str>> {
        Kind { method: self.method, route: self.route.into(), status: self.status }
    }
}

impl Kind<Box<str>> {
    fn borrowed(&self) -> Kind<&str> {
        Kind { method: self.method, route: &self.route, status: self.status }
    }
}

impl Equivalent<Kind<Box<str>>> for Kind<&str> {
    fn equivalent(&self, key: &Kind<Box<str>>) -> bool {
        *self == key.borrowed()
    }
}

impl Histogram {
    fn observe(&self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let above = MICROS.partition_point(|micros| micros * 1_000 < nanos);
        if let Some(bucket) = self.buckets.get(above) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// How long all of them took together, in seconds.
    pub(super) fn sum(&self) -> f64 {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed)).as_secs_f64()
    }

    /// How many took at most so many seconds, and longer than the bound before.
    pub(super) fn buckets(&self) -> Vec<(f64, u64)> {
        let bounds = MICROS.iter().map(|micros| Duration::from_micros(*micros).as_secs_f64());
        let counts = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed));
        bounds.chain([f64::INFINITY]).zip(counts).collect()
    }
}

/// The method as a label: one that HTTP does not define is `_OTHER`, as OpenTelemetry's conventions have it.
pub(super) fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "_OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(took: &[Duration]) -> Vec<u64> {
        let histogram = Histogram::default();
        for took in took {
            histogram.observe(*took);
        }
        histogram.buckets().into_iter().map(|(_, count)| count).collect()
    }

    #[test]
    fn a_bound_belongs_to_its_own_bucket() {
        let [micros, last] = [100, 10_000_000].map(Duration::from_micros);
        let nano = Duration::from_nanos(1);
        assert_eq!(counts(&[Duration::ZERO, micros, micros + nano])[..3], [2, 1, 0]);
        assert_eq!(counts(&[last, last + nano, Duration::MAX])[14..], [1, 2]);
    }

    #[test]
    fn the_sum_is_in_seconds() {
        let histogram = Histogram::default();
        histogram.observe(Duration::from_millis(1500));
        histogram.observe(Duration::from_millis(500));
        assert!((histogram.sum() - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn every_denial_has_a_counter_of_its_own() {
        let admissions = Admissions::default();
        let reasons = [
            InvalidReason::Malformed,
            InvalidReason::Unknown,
            InvalidReason::WrongSecret,
            InvalidReason::UserRemoved,
            InvalidReason::OtherClientId,
            InvalidReason::BadSignature,
            InvalidReason::BadClaims,
        ];
        let denials =
            [Denial::Unauthenticated, Denial::UnsupportedScheme, Denial::TwoSecrets, Denial::Expired, Denial::Revoked];
        for denial in reasons.map(Denial::Invalid).into_iter().chain(denials) {
            let before = admissions.of(denial).get();
            assert_eq!(before, 0, "{}", denial.reason());
            admissions.of(denial).inc();
        }
        let told: u64 = admissions.each().iter().map(|(_, counter)| counter.get()).sum();
        assert_eq!(told, 12);
    }
}
