//! The console: server-rendered pages that work without a script.
//!
//! A feature's `console.rs` fills the middle of a page, and the dialog over it, from its own templates; the [`Shell`]
//! puts the frame around them. The texts are in [`texts`].

mod anonymous_form;
mod assets;
pub(crate) mod by_name;
pub(crate) mod by_time;
pub(crate) mod card;
pub(crate) mod claims;
pub(crate) mod collection;
pub(crate) mod confirm;
pub(crate) mod cookie;
pub(crate) mod dialog;
mod door;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod grid;
pub(crate) mod list_view;
pub(crate) mod live;
mod nav;
pub(crate) mod pager;
pub(crate) mod parts;
pub(crate) mod paste;
mod problem;
pub(crate) mod rows;
mod shell;
pub(crate) mod texts;
pub(crate) mod when;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::{HeaderMap, header};
use model::Anyone;

use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::problem::{Code, Problem};

pub(crate) use anonymous_form::AnonymousForm;
pub(crate) use door::{broad_door, door, refused_door};
pub(crate) use problem::show as problem_page;
pub(crate) use shell::Shell;

/// The routes of the entry page.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/", get(enter))
}

/// The files of the pages, for anyone.
pub(crate) fn assets() -> Router<Arc<App>> {
    Router::new().route("/assets/{name}", get(assets::serve))
}

/// `GET /`: to the first page that the caller may view.
async fn enter(allow: Allow<Anyone>) -> Response {
    let first = nav::Place::first(allow.0.permissions);
    first
        .map_or_else(|| Problem::from(Code::NotFound).into_response(), |place| Redirect::to(place.path).into_response())
}

/// Whether the client is a browser that navigates, and wants a page rather than JSON.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// The path with its query, if it leads to this server and nowhere else: browsers drop tabs and line breaks,
/// and take `//host` and `/\host` for another server.
pub(crate) fn own_path(path: &str) -> Option<&str> {
    let printable = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (printable && path.starts_with('/') && !path.starts_with("//")).then_some(path)
}

/// Fills a template in.
pub(crate) fn render(template: &impl Template) -> Result<String, Problem> {
    template.render().map_err(|error| {
        tracing::error!(%error, "a template failed");
        Code::Internal.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_server_are_led_to() {
        for path in ["/", "/settings/iam/api-access?q=a%20b", "/a//b"] {
            assert_eq!(own_path(path), Some(path));
        }
        for path in ["", "x", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "/é"] {
            assert_eq!(own_path(path), None, "{path}");
        }
    }
}
