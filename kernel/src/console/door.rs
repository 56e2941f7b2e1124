//! The frame of a page without a session: sign-in, set-up, invitation, problems.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::header;

use super::form::Form;
use super::texts::shell as t;
use super::{parts, render};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "console/door.html")]
struct Door<'a> {
    title: &'a str,
    broad: bool,
    main: String,
}

/// A page with little to fill in.
pub fn door(title: &str, main: &impl Template) -> Result<String, Problem> {
    render(&Door { title, broad: false, main: render(main)? })
}

/// A page with more to fill in.
pub fn broad_door(title: &str, main: &impl Template) -> Result<String, Problem> {
    render(&Door { title, broad: true, main: render(main)? })
}

/// The same page again, because its form was refused: 422, or 429 with the time to wait.
pub fn refused_door(form: &Form, page: String) -> Response {
    let (status, retry_after) = form.status();
    let wait = retry_after.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
    (status, wait, Html(page)).into_response()
}
