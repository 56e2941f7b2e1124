//! What an operator sees of a running server: metrics, traces and the access log.
//!
//! All of it is off unless the operator asks, and then nothing is measured. None of it bears a secret, a path or a
//! query; a metric bears nothing that a stranger or a wallet chooses.

mod exposition;
mod metrics;
mod traces;
mod watched;

use gate::Denial;

use crate::kernel::app::{Settings, StartError};
use crate::kernel::randomness::Randomness;

pub use exposition::router as metrics_router;
use metrics::Metrics;
use traces::Traces;
pub(crate) use watched::Watched;

/// What is observed of one server.
pub struct Telemetry {
    metrics: Option<Metrics>,
    traces: Option<Traces>,
}

impl Telemetry {
    /// As the operator chose.
    pub(crate) fn new(settings: &Settings, randomness: &Randomness) -> Result<Self, StartError> {
        let traces = settings.otlp_endpoint.as_ref().map(|endpoint| Traces::new(endpoint, randomness.clone()));
        Ok(Self { metrics: settings.metrics.then(Metrics::default), traces: traces.transpose()? })
    }

    /// Sends what the collector of traces was not sent yet, at the end of the server.
    pub async fn close(&self) {
        if let Some(traces) = &self.traces {
            traces.close().await;
        }
    }

    /// The gate let somebody in.
    pub(crate) fn admitted(&self) {
        if let Some(metrics) = &self.metrics {
            metrics.admissions.admitted.inc();
        }
    }

    /// The gate denied a request.
    pub(crate) fn denied(&self, denial: Denial) {
        if let Some(metrics) = &self.metrics {
            metrics.admissions.of(denial).inc();
        }
    }

    /// Who was admitted lacks the permission.
    pub(crate) fn permission_refused(&self) {
        if let Some(metrics) = &self.metrics {
            metrics.permission_refusals.inc();
        }
    }

    /// An address has sent too much without a key.
    pub(crate) fn address_refused(&self) {
        if let Some(metrics) = &self.metrics {
            metrics.address_refusals.inc();
        }
    }

    /// The gate works by this revision.
    pub(crate) fn applied(&self, revision: i64) {
        if let Some(metrics) = &self.metrics {
            metrics.revision.set(revision);
        }
    }
}
