//! Telemetry of a running server: metrics, traces and the access log.
//!
//! All of it is off by default, and then nothing is measured. None of it holds a secret, a path or a query; the labels
//! of a metric are never chosen by a stranger or a wallet.

mod exposition;
mod metrics;
mod traces;
mod watched;

use gate::Denial;

use crate::app::{Settings, StartError};
use crate::randomness::Randomness;
use metrics::Metrics;
use traces::Traces;

pub use exposition::router as metrics_router;
pub use watched::Watched;

/// The telemetry of one server.
pub struct Telemetry {
    metrics: Option<Metrics>,
    traces: Option<Traces>,
}

impl Telemetry {
    /// As the operator chose.
    pub fn new(settings: &Settings, randomness: &Randomness) -> Result<Self, StartError> {
        let traces = settings.otlp_endpoint.as_ref().map(|endpoint| Traces::new(endpoint, randomness.clone()));
        Ok(Self { metrics: settings.metrics.then(Metrics::default), traces: traces.transpose()? })
    }

    /// Sends what the collector of traces was not sent yet, at the end of the server.
    pub async fn close(&self) {
        if let Some(traces) = &self.traces {
            traces.close().await;
        }
    }

    /// Counts an admitted request.
    pub fn admitted(&self) {
        if let Some(metrics) = &self.metrics {
            metrics.admissions.admitted.inc();
        }
    }

    /// Counts a denied request.
    pub fn denied(&self, denial: Denial) {
        if let Some(metrics) = &self.metrics {
            metrics.admissions.of(denial).inc();
        }
    }

    /// Counts an admitted request that lacks the permission.
    pub(crate) fn permission_refused(&self) {
        if let Some(metrics) = &self.metrics {
            metrics.permission_refusals.inc();
        }
    }

    /// Counts a request over the limit of its address.
    pub(crate) fn address_refused(&self) {
        if let Some(metrics) = &self.metrics {
            metrics.address_refusals.inc();
        }
    }

    /// Notes the revision that the gate has applied.
    pub fn applied(&self, revision: i64) {
        if let Some(metrics) = &self.metrics {
            metrics.revision.set(revision);
        }
    }
}
