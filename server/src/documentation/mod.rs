//! The documentation that the server brings along: the API reference, written by the same signatures as the
//! OpenAPI document, and a page for each problem. The contract is public, and so are these pages.

mod examples;
mod frame;
mod reference;
mod rich_text;

use std::sync::Arc;

use aide::openapi::OpenApi;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::console::texts::{documentation as t, shell};
use kernel::console::{Group, Place, Shell, parts};
use kernel::feature::Feature;
use kernel::http::RequestId;
use kernel::problem::{Code, Problem};
use model::{Anyone, Resource};

use reference::{Document, Object, Section};
use rich_text::Words;

pub(crate) use examples::illustrate;

const PATH: &str = "/docs";

/// The feature, as the server serves it. Its pages are made of the API document, by [`routes`].
pub(crate) const FEATURE: Feature = Feature {
    place: Some(Place { path: PATH, icon: "book", label: shell::DOCUMENTATION, group: Group::Records, resource: None }),
    ..Feature::NONE
};

#[derive(Template)]
#[template(path = "documentation/reference.html")]
struct Reference {
    origin: String,
    common: Words,
    sections: Vec<Section>,
    objects: Vec<Object>,
}

#[derive(Template)]
#[template(path = "documentation/problem.html")]
struct ProblemText {
    code: Code,
    sample: String,
}

/// Whoever reads: the pages are open to everyone, and stand in the console for those who are signed in.
type Reader = Option<Allow<Anyone>>;

/// The reference of this API, and the pages of the problems.
pub(crate) fn routes(document: &OpenApi, app: &App) -> Router<Arc<App>> {
    let reference = Reference::of(document, app.settings.public_url.origin());
    let reference = Arc::new(reference.inspect_err(|error| tracing::error!(%error, "the API reference")));
    let view_reference = async move |reader: Reader, State(app): State<Arc<App>>| match &*reference {
        Ok(reference) => show(&app, reader, None, reference).await,
        Err(_) => Err(Code::Internal.into()),
    };
    Router::new().route(PATH, get(view_reference)).route("/problems/{code}", get(view_problem))
}

async fn view_problem(
    reader: Reader,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    id: RequestId,
) -> Result<Response, Problem> {
    let code = Code::ALL.iter().copied().find(|code| code.name() == name).ok_or(Code::NotFound)?;
    let sample = serde_json::to_string_pretty(&Problem::from(code).body(&id.to_string()));
    show(&app, reader, Some(code.title()), &ProblemText { code, sample: sample.unwrap_or_default() }).await
}

/// `title` is that of a page below the reference.
async fn show(app: &App, reader: Reader, title: Option<&str>, main: &impl Template) -> Result<Response, Problem> {
    match (reader, title) {
        (Some(allow), None) if allow.0.session().is_some() => Shell::open(app, allow.0).await?.page(PATH, main),
        (Some(allow), Some(title)) if allow.0.session().is_some() => {
            Shell::open(app, allow.0).await?.page((PATH, title), main)
        }
        _ => frame::page(title.unwrap_or(t::API_REFERENCE), main),
    }
}

impl Reference {
    fn of(document: &OpenApi, origin: &str) -> Result<Self, serde_json::Error> {
        let document: Document = serde_json::from_value(serde_json::to_value(document)?)?;
        Ok(Self {
            origin: origin.to_owned(),
            common: document.common(),
            sections: document.sections(),
            objects: document.objects(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_stands_in_the_reference_with_its_permission() {
        let document = crate::openapi();
        let page = Reference::of(&document, "https://wallet.example").unwrap().render().unwrap();
        for (path, item) in &document.paths.as_ref().unwrap().paths {
            let item = item.as_item().unwrap();
            for (_, operation) in item.iter() {
                let id = operation.operation_id.as_ref().unwrap();
                assert!(page.contains(&format!(r#"<article class="panel operation" id="{id}""#)), "{id}");
            }
            assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
        }
        assert!(page.contains("API Access: Change") && page.contains(t::ANY_CALLER));
        assert!(page.contains("curl https://wallet.example/api/v1/me"));
    }

    #[test]
    fn every_link_within_the_reference_leads_somewhere() {
        let page = Reference::of(&crate::openapi(), "https://wallet.example").unwrap().render().unwrap();
        let links: Vec<&str> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.len() > 40);
        for link in links {
            assert_eq!(page.matches(&format!(" id=\"{link}\"")).count(), 1, "{link}");
        }
    }

    #[test]
    fn every_problem_is_in_the_table() {
        let page = Reference::of(&crate::openapi(), "https://wallet.example").unwrap().render().unwrap();
        for code in Code::ALL {
            assert!(page.contains(&format!("<a href=\"/problems/{}\">", code.name())), "{}", code.name());
        }
    }
}
