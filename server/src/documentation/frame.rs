//! The frame for readers who are not signed in.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use kernel::console::texts::shell as t;
use kernel::console::{parts, render};
use kernel::problem::Problem;

#[derive(Template)]
#[template(path = "documentation/frame.html")]
struct Frame<'a> {
    title: &'a str,
    main: String,
}

/// A page with a way into the console.
pub(super) fn page(title: &str, main: &impl Template) -> Result<Response, Problem> {
    Ok(Html(render(&Frame { title, main: render(main)? })?).into_response())
}
