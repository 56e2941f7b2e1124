//! A request that is observed: metrics, traces and the access log hear of it when it is answered.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use gate::Caller;
use http::StatusCode;
use tracing::Level;

use super::Telemetry;
use super::metrics::known;
use super::traces::RequestSpan;
use crate::app::App;
use crate::http::RequestId;

/// `--log info,claviger::access=debug` switches the access log on.
const ACCESS: &str = "claviger::access";

/// A request that is observed until it is answered. A request that is broken off is not reported.
pub struct Watched {
    pub(super) app: Arc<App>,
    pub(super) id: RequestId,
    pub(super) method: &'static str,
    /// The route and never the path, because a key that was put into a URL by mistake must not be logged.
    pub(super) route: Option<MatchedPath>,
    since: Duration,
    /// In a box, because few servers trace and every request has room for it.
    span: Option<Box<RequestSpan>>,
}

impl Watched {
    /// Observes a request, if metrics, traces or the access log are on.
    pub fn begin(app: &Arc<App>, request: &Request, id: RequestId) -> Option<Self> {
        let Telemetry { metrics, traces } = &app.telemetry;
        if metrics.is_none() && traces.is_none() && !tracing::enabled!(target: ACCESS, Level::DEBUG) {
            return None;
        }
        let mut watched = Self {
            app: Arc::clone(app),
            id,
            method: known(request.method()),
            route: request.extensions().get().cloned(),
            since: app.clock.monotonic(),
            span: None,
        };
        watched.span = traces.as_ref().map(|traces| Box::new(traces.begin(&watched, request.headers())));
        Some(watched)
    }

    /// Reports the answer, with the caller if one was admitted.
    pub fn end(self, status: StatusCode, caller: Option<&Caller>) {
        let took = self.app.clock.monotonic().saturating_sub(self.since);
        if let Some(metrics) = &self.app.telemetry.metrics {
            metrics.answered(self.method, self.route.as_ref(), status, took);
        }
        if let Some(span) = self.span {
            span.end(status, caller, took);
        }
        tracing::debug!(
            target: ACCESS,
            method = self.method,
            route = self.route.as_ref().map(MatchedPath::as_str),
            status = status.as_u16(),
            duration_ms = took.as_secs_f64() * 1_000.0,
            request_id = %self.id,
            kind = caller.map(|caller| caller.kind.name()),
            key_id = caller.map(|caller| tracing::field::display(caller.key_id)),
            wallet = caller.map(|caller| tracing::field::display(caller.wallet)),
            "answered"
        );
    }
}
