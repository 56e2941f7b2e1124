//! The console: server-rendered pages that work without a script.

use http::{HeaderMap, header};

use crate::problem::Problem;

/// Whether the client is a browser that navigates, and wants a page rather than JSON.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// A problem as a page.
pub(crate) fn problem_page(problem: &Problem, request_id: &str) -> String {
    format!("<!doctype html><title>{}</title><p>{request_id}</p>", problem.code.title())
}
