//! Problems in a browser: a redirect to sign-in for 401, a page for everything else.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};

use super::texts::problems as t;
use super::{cookie, door, own_path, parts};
use crate::app::Settings;
use crate::problem::{Code, Problem};

#[derive(Template)]
#[template(path = "console/problem.html")]
struct Page<'a> {
    status: u16,
    title: &'a str,
    text: &'a str,
    /// The label of the permission that was missing.
    needed: Option<String>,
    detail: Option<&'a str>,
    request_id: &'a str,
}

/// Turns the answer of a problem into one for a browser that asked for `asked`, a path with its query.
pub fn show(mut answer: Response, problem: &Problem, asked: &str, request_id: &str, settings: &Settings) -> Response {
    if problem.code.status() == StatusCode::UNAUTHORIZED {
        let mut answer = Redirect::to(&sign_in(asked)).into_response();
        // A cookie of an ended session is removed.
        if problem.code != Code::Unauthenticated
            && let Ok(ended) = HeaderValue::try_from(cookie::ended(settings))
        {
            answer.headers_mut().insert(header::SET_COOKIE, ended);
        }
        return answer;
    }
    let page = page(problem, request_id).unwrap_or_default();
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    *answer.body_mut() = page.into();
    answer
}

fn page(problem: &Problem, request_id: &str) -> Result<String, Problem> {
    let (title, text) = match problem.code {
        Code::PermissionMissing => (t::FORBIDDEN, t::FORBIDDEN_TEXT),
        Code::NotFound => (t::NOT_FOUND, t::NOT_FOUND_TEXT),
        Code::InvalidRequest => (t::NOT_UNDERSTOOD, t::NOT_UNDERSTOOD_TEXT),
        code => (code.title(), code.page()),
    };
    let needed = problem.required_permission.map(parts::label);
    let detail = problem.detail.as_deref().filter(|_| needed.is_none());
    let page = Page { status: problem.code.status().as_u16(), title, text, needed, detail, request_id };
    door::door(title, &page)
}

/// The sign-in, which leads back to where one was going.
fn sign_in(asked: &str) -> String {
    if asked == "/" || asked.starts_with("/sign-") || own_path(asked).is_none() {
        return "/sign-in".to_owned();
    }
    let next: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    format!("/sign-in?next={next}")
}
