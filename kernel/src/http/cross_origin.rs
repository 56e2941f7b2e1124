//! Cross-origin requests (Fetch §3.2, CORS) to the public endpoints of the protocols: wallets and verifiers that run in a
//! browser read them from pages of other sites. No cookie counts there, so any origin may; the API and the console are
//! outside this layer and answer their own origin only.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// Seconds for which a browser may remember the answer to a preflight; browsers take two hours at most.
const MAX_AGE: &str = "7200";
/// `*` stands for every header but `Authorization` (Fetch §4.9), with which the credential endpoint is called.
const ALLOWED_HEADERS: &str = "*, authorization";

/// The layer around endpoints that pages of every origin may call.
pub async fn cross_origin(request: Request, next: Next) -> Response {
    let is_preflight = is_preflight(request.method(), request.headers());
    let mut response = next.run(request).await;
    if is_preflight && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        allow(&mut response);
    }
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
    response
}

fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Turns the router's refusal of `OPTIONS`, which names the methods of the route, into the answer to a preflight.
fn allow(response: &mut Response) {
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let methods = headers.remove(header::ALLOW).unwrap_or(HeaderValue::from_static("GET,HEAD,POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
}
