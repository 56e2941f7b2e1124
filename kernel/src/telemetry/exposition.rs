//! The metrics as text, on a listener of their own: <https://prometheus.io/docs/specs/om/open_metrics_spec/>.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{StatusCode, header};
use model::SystemKind;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::metrics::Metrics;
use crate::app::App;

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `GET /metrics` and nothing else. It asks for no key: it belongs on loopback or a private network.
pub fn router(app: &Arc<App>) -> Router {
    let mut registry = Registry::default();
    registry.register("claviger_build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    registry.register_collector(Box::new(Server(Arc::clone(app))));
    Router::new().route("/metrics", get(metrics)).with_state(Arc::new(registry))
}

async fn metrics(State(registry): State<Arc<Registry>>) -> impl IntoResponse {
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text)),
        Err(fmt::Error) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The counted metrics, and those that are read when they are scraped.
struct Server(Arc<App>);

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

impl Collector for Server {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        if let Some(metrics) = &self.0.telemetry.metrics {
            durations(metrics, &mut encoder)?;
            counters(metrics, &mut encoder)?;
        }
        let help = "API keys and OAuth clients that the gate knows, also those that are over";
        let mut keys = encoder.encode_descriptor("claviger_keys", help, None, MetricType::Gauge)?;
        for kind in SystemKind::ALL {
            keys.encode_family(&[("kind", kind.actor().name())])?.encode_gauge(&self.0.gate.known(kind))?;
        }
        if let Some(bytes) = resident_memory() {
            let (name, help) = ("process_resident_memory", "Memory of the process that is in RAM");
            let gauge = ConstGauge::new(bytes);
            gauge.encode(encoder.encode_descriptor(name, help, Some(&Unit::Bytes), gauge.metric_type())?)?;
        }
        Ok(())
    }
}

fn durations(metrics: &Metrics, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let (name, help) = ("http_server_request_duration", "How long requests took until the head of their answer");
    let mut family = encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Histogram)?;
    metrics.each_duration(|kind, histogram| {
        let status = kind.status.to_string();
        let labels = [
            ("http_request_method", kind.method),
            ("http_route", kind.route),
            ("http_response_status_code", status.as_str()),
        ];
        let buckets = histogram.buckets();
        let count = buckets.iter().map(|(_, count)| count).sum();
        family.encode_family(&labels)?.encode_histogram::<NoLabelSet>(histogram.sum(), count, &buckets, None)
    })
}

fn counters(metrics: &Metrics, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let help = "How the gate answered whoever asked to be let in";
    let mut admissions = encoder.encode_descriptor("claviger_admissions", help, None, MetricType::Counter)?;
    for (outcome, counter) in metrics.admissions.each() {
        counter.encode(admissions.encode_family(&[("outcome", outcome)])?)?;
    }
    let refusals = [
        ("claviger_permission_refusals", "Requests of callers who lacked the permission", &metrics.permission_refusals),
        (
            "claviger_address_refusals",
            "Requests without a key beyond the limit of their address",
            &metrics.address_refusals,
        ),
    ];
    for (name, help, counter) in refusals {
        counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)?;
    }
    let (revision, help) = (&metrics.revision, "The revision of the database that the gate works by");
    revision.encode(encoder.encode_descriptor("claviger_revision", help, None, revision.metric_type())?)
}

/// In bytes, where the kernel tells (`proc(5)`).
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?;
    kilobytes.parse::<u64>().ok()?.checked_mul(1024)
}
