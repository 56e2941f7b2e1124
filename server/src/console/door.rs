//! The frame of a page for somebody who is not signed in: sign-in, set-up, invitation, problems.

use askama::Template;

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
pub(crate) fn door(title: &str, main: &impl Template) -> Result<String, Problem> {
    render(&Door { title, broad: false, main: render(main)? })
}

/// A page with more to fill in.
pub(crate) fn broad_door(title: &str, main: &impl Template) -> Result<String, Problem> {
    render(&Door { title, broad: true, main: render(main)? })
}
