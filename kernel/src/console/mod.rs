//! The console: server-rendered pages that work without a script.
//!
//! A feature's `console.rs` fills the middle of a page, and the dialog over it, from its own templates; the [`Shell`]
//! puts the frame around them. The texts are in [`texts`].

mod anonymous_form;
mod assets;
pub mod by_name;
pub mod by_time;
pub mod card;
pub mod claims;
pub mod collection;
pub mod confirm;
pub mod cookie;
pub mod dialog;
mod door;
pub mod fields;
pub mod form;
pub mod grid;
pub mod list_view;
pub mod live;
mod nav;
pub mod pager;
pub mod parts;
pub mod paste;
mod problem;
pub mod rows;
mod shell;
#[expect(missing_docs, reason = "a text says itself what it is")]
pub mod texts;
pub mod when;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::{HeaderMap, header};
use model::Anyone;

use crate::app::App;
use crate::caller::Allow;
use crate::problem::{Code, Problem};

pub use anonymous_form::AnonymousForm;
pub use door::{broad_door, door, refused_door};
pub use nav::{Group, Place};
pub use problem::show as problem_page;
pub use shell::Shell;

/// The routes of the entry page.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/", get(enter))
}

/// The files of the pages, for anyone.
pub fn assets() -> Router<Arc<App>> {
    Router::new().route("/assets/{name}", get(assets::serve))
}

/// `GET /`: to the first page that the caller may view.
async fn enter(allow: Allow<Anyone>, State(app): State<Arc<App>>) -> Response {
    let groups = nav::open_to(app.features, allow.0.permissions);
    let first = groups.iter().flat_map(|(_, places)| places).next();
    first
        .map_or_else(|| Problem::from(Code::NotFound).into_response(), |place| Redirect::to(place.path).into_response())
}

/// Whether the client is a browser that navigates, and wants a page rather than JSON.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// The path with its query, if it leads to this server and nowhere else: browsers drop tabs and line breaks,
/// and take `//host` and `/\host` for another server.
pub fn own_path(path: &str) -> Option<&str> {
    let printable = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (printable && path.starts_with('/') && !path.starts_with("//")).then_some(path)
}

/// Fills a template in.
pub fn render(template: &impl Template) -> Result<String, Problem> {
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
