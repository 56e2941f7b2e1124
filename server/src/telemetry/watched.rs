//! A request on its way, for whatever observes it when it is answered.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use gate::Caller;
use http::StatusCode;
use tracing::Level;

use super::metrics::known;
use crate::app::App;
use crate::http::RequestId;

/// `--log info,claviger::access=debug` switches the access log on.
const ACCESS: &str = "claviger::access";

/// A request that somebody wants to know of. One that is broken off is not told.
pub(crate) struct Watched {
    app: Arc<App>,
    id: RequestId,
    since: Duration,
    method: &'static str,
    /// The route and never the path: whoever puts a key into a URL should not find it elsewhere.
    route: Option<MatchedPath>,
}

impl Watched {
    /// Watches a request, if anything observes requests.
    pub(crate) fn begin(app: &Arc<App>, request: &Request, id: RequestId) -> Option<Self> {
        let observed = app.telemetry.metrics.is_some() || tracing::enabled!(target: ACCESS, Level::DEBUG);
        observed.then(|| Self {
            app: Arc::clone(app),
            id,
            since: app.clock.monotonic(),
            method: known(request.method()),
            route: request.extensions().get().cloned(),
        })
    }

    /// It is answered, and came from this caller if one was admitted.
    pub(crate) fn end(self, status: StatusCode, caller: Option<&Caller>) {
        let took = self.app.clock.monotonic().saturating_sub(self.since);
        if let Some(metrics) = &self.app.telemetry.metrics {
            metrics.answered(self.method, self.route.as_ref(), status, took);
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
