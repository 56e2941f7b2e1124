//! One span per request, sent to a collector in batches: OTLP over HTTP, with the attributes of OpenTelemetry's
//! conventions for HTTP servers, but for the path and the query, which may hold secrets.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use axum::extract::MatchedPath;
use gate::Caller;
use http::{HeaderMap, StatusCode};
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{Span as _, SpanId, SpanKind, Status, TraceId, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{IdGenerator, SdkTracer, SdkTracerProvider, Span};
use reqwest::{Client, Url, redirect};
use tokio::runtime::Handle;

use super::watched::Watched;
use crate::app::StartError;
use crate::randomness::Randomness;

/// How long the collector may take for a batch.
const MAX_TIME: Duration = Duration::from_secs(10);
const TRACEPARENT: &str = "traceparent";

/// Where spans go.
pub(super) struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    propagator: TraceContextPropagator,
}

/// The span of a request under way.
pub(super) struct RequestSpan {
    span: Span,
    began: SystemTime,
}

/// The exporter runs on a thread of its own, without a reactor, so its requests go to the server's runtime.
#[derive(Debug)]
struct Collector {
    client: Client,
    runtime: Handle,
}

#[derive(Debug)]
struct Ids(Randomness);

/// The one header of a request that is read for a trace, `traceparent`. `tracestate` is left out, because a stranger
/// can write anything into it.
struct Parent<'a>(&'a HeaderMap);

impl Traces {
    /// To the collector with this base address, such as `http://localhost:4318`. The SDK reads the other variables of
    /// OpenTelemetry, such as `OTEL_TRACES_SAMPLER`.
    pub(super) fn new(endpoint: &Url, randomness: Randomness) -> Result<Self, StartError> {
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(MAX_TIME).build()?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/')))
            .with_http_client(Collector { client, runtime: Handle::current() })
            .build()?;
        let name = std::env::var("OTEL_SERVICE_NAME").unwrap_or_else(|_| "claviger".to_owned());
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_id_generator(Ids(randomness))
            .with_resource(Resource::builder().with_service_name(name).with_attribute(version).build())
            .build();
        let tracer = provider.tracer("claviger");
        Ok(Self { provider, tracer, propagator: TraceContextPropagator::new() })
    }

    /// Begins the span of a request, in the trace that its `traceparent` names (W3C Trace Context §3.2) if it has one.
    pub(super) fn begin(&self, request: &Watched, headers: &HeaderMap) -> RequestSpan {
        let began = SystemTime::UNIX_EPOCH + Duration::from_millis(request.app.clock.millis().unsigned_abs());
        let scheme = if request.app.settings.public_url.is_secure() { "https" } else { "http" };
        let mut attributes = vec![
            KeyValue::new("http.request.method", request.method),
            KeyValue::new("url.scheme", scheme),
            KeyValue::new("claviger.request_id", request.id.to_string()),
        ];
        let verb = if request.method == "_OTHER" { "HTTP" } else { request.method };
        let mut name = verb.to_owned();
        if let Some(route) = request.route.as_ref().map(MatchedPath::as_str) {
            attributes.push(KeyValue::new("http.route", route.to_owned()));
            name = format!("{verb} {route}");
        }
        let parent = self.propagator.extract_with_context(&Context::new(), &Parent(headers));
        let span = self.tracer.span_builder(name).with_kind(SpanKind::Server).with_start_time(began);
        RequestSpan { span: span.with_attributes(attributes).start_with_context(&self.tracer, &parent), began }
    }

    /// Sends what is not sent yet; spans that end later are dropped.
    pub(super) async fn close(&self) {
        let provider = self.provider.clone();
        let closed = tokio::task::spawn_blocking(move || provider.shutdown()).await;
        let failure = match closed {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::warn!(error = failure, "the last spans were not sent");
    }
}

impl RequestSpan {
    /// The request is answered.
    pub(super) fn end(mut self, status: StatusCode, caller: Option<&Caller>, took: Duration) {
        self.span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        if status.is_server_error() {
            self.span.set_attribute(KeyValue::new("error.type", status.as_str().to_owned()));
            self.span.set_status(Status::error(""));
        }
        if let Some(caller) = caller {
            self.span.set_attribute(KeyValue::new("claviger.caller.kind", caller.kind.name()));
            self.span.set_attribute(KeyValue::new("claviger.key_id", caller.key_id.to_string()));
            self.span.set_attribute(KeyValue::new("claviger.wallet", caller.wallet.to_string()));
        }
        self.span.end_with_timestamp(self.began + took);
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(request.try_into()?).await?;
            let mut response = Response::builder().status(answer.status());
            if let Some(headers) = response.headers_mut() {
                headers.clone_from(answer.headers());
            }
            Ok(response.body(answer.bytes().await?)?)
        });
        sent.await?
    }
}

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        let mut bytes = [0; 16];
        self.0.fill(&mut bytes);
        TraceId::from_bytes(bytes)
    }

    fn new_span_id(&self) -> SpanId {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        SpanId::from_bytes(bytes)
    }
}

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(TRACEPARENT).filter(|_| key == TRACEPARENT)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}
