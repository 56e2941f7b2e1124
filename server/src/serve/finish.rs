//! The one layer around every route: every request gets an id and a limit of its body, every answer its headers, every
//! problem its body, and a panic becomes a problem. One, because each layer of a router costs every request a box.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody as _};
use axum::extract::{DefaultBodyLimit, Request};
use axum::response::{IntoResponse, Response};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use kernel::app::App;
use kernel::console;
use kernel::http::{ImagesFrom, RequestContext, RequestId, authority};
use kernel::problem::{Code, Problem};
use kernel::sizes::MAX_REQUEST;
use kernel::telemetry::Watched;
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use crate::serve::listener::BodyPace;

/// Of what is no page nothing is loaded and nothing runs, and nobody frames it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// Of a page nothing is loaded from elsewhere and nothing runs that is not a file of this server, and nobody frames it.
const CONTENT_SECURITY_POLICY_OF_PAGES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Browsers reach this host over https alone for a year (RFC 6797 §6.1).
const STRICT_TRANSPORT_SECURITY: &str = "max-age=31536000";
/// Browser features that no page of this server uses.
const PERMISSIONS_POLICY: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

const PERMISSIONS_POLICY_NAME: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The layer.
#[derive(Clone)]
pub(super) struct Finish {
    app: Arc<App>,
}

impl Finish {
    /// For this server.
    pub(super) fn new(app: Arc<App>) -> Self {
        Self { app }
    }
}

impl<S> Layer<S> for Finish {
    type Service = Finishing<S>;

    fn layer(&self, inner: S) -> Finishing<S> {
        Finishing { inner, app: Arc::clone(&self.app) }
    }
}

/// The service that the layer makes. Its future is named, not boxed: it stands on every request's way.
#[derive(Clone)]
pub(super) struct Finishing<S> {
    inner: S,
    app: Arc<App>,
}

pin_project! {
    /// An answer on its way out.
    pub(super) struct FinishFuture<F> {
        #[pin]
        answer: Answer<F>,
        context: RequestContext,
        page: Option<RequestedPage>,
        body_pace: Option<BodyPace>,
        app: Arc<App>,
        watched: Option<Watched>,
    }
}

pin_project! {
    /// Where the answer comes from.
    #[project = AnswerProjection]
    enum Answer<F> {
        /// The routes.
        Routed { #[pin] future: F },
        /// This layer: the request is refused before anything looks at its path.
        Refused { response: Option<Response> },
    }
}

/// What a browser asked for: its problems are pages.
struct RequestedPage(String);

impl<S: Service<Request, Response = Response>> Service<Request> for Finishing<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = FinishFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let now = self.app.clock.now();
        let id: RequestId = self.app.randomness.id(now);
        let context = RequestContext::new(id, now.as_millisecond());
        request.extensions_mut().insert(context.clone());
        let has_body = !request.body().is_end_stream();
        if has_body {
            DefaultBodyLimit::max(MAX_REQUEST).apply(&mut request);
        }
        let path = request.uri().path();
        let page = !path.starts_with("/api/") && path != "/api" && console::wants_page(request.headers());
        let page =
            page.then(|| RequestedPage(request.uri().path_and_query().map_or("/", PathAndQuery::as_str).to_owned()));
        let watched = Watched::begin(&self.app, &request, id);
        let body_pace = has_body.then(|| request.extensions().get::<BodyPace>().cloned()).flatten();
        let answer = match unreadable(&request, has_body) {
            None => Answer::Routed { future: self.inner.call(request) },
            Some(refusal) => Answer::Refused { response: Some(refuse(&self.app, &request, refusal)) },
        };
        FinishFuture { answer, context, page, body_pace, app: Arc::clone(&self.app), watched }
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for Answer<F> {
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            AnswerProjection::Routed { future } => future.poll(context),
            AnswerProjection::Refused { response } => Poll::Ready(Ok(response.take().unwrap_or_default())),
        }
    }
}

/// Why a request is refused on whatever path it came; nothing when it is not.
fn unreadable(request: &Request, has_body: bool) -> Option<Response> {
    if let Some(why) = authority::unclear(request) {
        return Some(Problem::detailed(Code::InvalidHost, why).into_response());
    }
    if has_body && let Some(coding) = coding(request.headers()) {
        let why = format!("The body is encoded ({coding}). Send it as it is, without Content-Encoding.");
        let identity = [(header::ACCEPT_ENCODING, "identity")];
        return Some((identity, Problem::detailed(Code::UnsupportedMediaType, why)).into_response());
    }
    None
}

/// A coding of the body, such as gzip (RFC 9110 §8.4); none of which is read here.
fn coding(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    let coding = codings.find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))?;
    Some(String::from_utf8_lossy(coding.get(..coding.len().min(20)).unwrap_or_default()).into_owned())
}

/// What is refused here is counted by its address as well.
fn refuse(app: &App, request: &Request, refusal: Response) -> Response {
    match app.count_stranger(request.headers(), request.extensions()) {
        Ok(()) => refusal,
        Err(exhausted) => Problem::too_many_requests(exhausted).into_response(),
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for FinishFuture<F> {
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        // What has panicked is dropped, and never polled again.
        let response = match catch_unwind(AssertUnwindSafe(|| this.answer.poll(context))) {
            Ok(answer) => ready!(answer)?,
            Err(_) => Problem::caused(Code::Internal, "a handler panicked").into_response(),
        };
        let response =
            if this.body_pace.as_ref().is_some_and(BodyPace::is_too_slow) { too_slow(response) } else { response };
        let mut response = finish(response, this.app, this.context.id(), this.page.as_ref());
        if this.app.settings.public_url.is_secure() {
            let policy = HeaderValue::from_static(STRICT_TRANSPORT_SECURITY);
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, policy);
        }
        this.context.write_limit(response.headers_mut());
        if let Some(watched) = this.watched.take() {
            watched.end(response.status(), this.context.caller());
        }
        Poll::Ready(Ok(response))
    }
}

/// What any reader of the body made of its error, as the one answer to a body that is too slow.
fn too_slow(mut response: Response) -> Response {
    let problem = Problem::from(Code::RequestTimeout);
    *response.status_mut() = problem.code.status();
    response.extensions_mut().insert(problem);
    response
}

fn finish(mut response: Response, app: &App, id: RequestId, page: Option<&RequestedPage>) -> Response {
    let problem = problem_of(&mut response);
    if response.status().is_server_error() {
        app.log_failure(response.status(), problem.as_ref(), id);
    }
    if let Some(problem) = problem {
        let id = id.to_string();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response = match page {
            Some(RequestedPage(path)) => console::problem_page(response, &problem, path, &id, &app.settings),
            None => json(response, &problem, &id),
        };
    }
    let policy = policy(response.headers(), response.extensions().get());
    let headers = response.headers_mut();
    id.write(headers);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(PERMISSIONS_POLICY_NAME, HeaderValue::from_static(PERMISSIONS_POLICY));
    response
}

/// The strict policy of what it is; that of a page which names an origin of images lets those in.
fn policy(headers: &HeaderMap, images: Option<&ImagesFrom>) -> HeaderValue {
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    }
    let wider = images.map(|ImagesFrom(origin)| {
        let images = format!("img-src 'self' {origin}");
        HeaderValue::try_from(CONTENT_SECURITY_POLICY_OF_PAGES.replace("img-src 'self'", &images))
    });
    wider.and_then(Result::ok).unwrap_or(HeaderValue::from_static(CONTENT_SECURITY_POLICY_OF_PAGES))
}

fn json(mut response: Response, problem: &Problem, id: &str) -> Response {
    let mut body = Vec::with_capacity(512);
    // Into memory, which takes all of it.
    let _ = serde_json::to_writer(&mut body, &problem.body(id));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    *response.body_mut() = Body::from(body);
    response
}

/// The problem of an answer: our own, or what the router or a layer answered with a bare status.
fn problem_of(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    if response.headers().contains_key(header::CONTENT_TYPE) && response.status() != StatusCode::PAYLOAD_TOO_LARGE {
        return None;
    }
    let code = match response.status() {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge,
        StatusCode::INTERNAL_SERVER_ERROR => Code::Internal,
        _ => return None,
    };
    Some(code.into())
}
