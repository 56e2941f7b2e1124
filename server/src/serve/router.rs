//! Every route of the server, and the API document that comes out of them.

use std::sync::Arc;

use access::{oauth2, sign_in};
use aide::axum::ApiRouter;
use aide::openapi::{ApiKeyLocation, Info, OAuth2Flow, OAuth2Flows, OpenApi, ReferenceOr, SecurityScheme, Tag};
use aide::transform::TransformOpenApi;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use hold::{credential_offers, public_profile};
use http::header;
use indexmap::IndexMap;
use issue::{issued_credentials, issuer_templates};
use kernel::app::App;
use kernel::http::{MERGE_PATCH, Negotiation, PublicDocument, cross_origin};
use kernel::problem::Code;
use kernel::{console, rate_limit};
use keys::{identifiers, signed_status_lists};
use model::{Permission, PermissionSet};
use verify::verifications;

use super::finish::Finish;
use crate::documentation;
use crate::features::FEATURES;

/// The whole server as one service.
pub fn router(app: &Arc<App>) -> Router {
    router_with(app, Router::new())
}

/// The whole server with further routes inside the same layers. For the benchmark, which compares routes of its own
/// with the server's; they stand in no document.
pub fn router_with(app: &Arc<App>, further: Router<Arc<App>>) -> Router {
    let (api, document) = api();
    let documentation = documentation::routes(&document, app);
    let document = PublicDocument::new(serde_json::to_vec(&document).unwrap_or_default());
    let document = Arc::new(document);
    let json = [(header::CONTENT_TYPE, "application/json")];
    let view_document = async move |asked: Negotiation| document.answer(&asked, json);
    let open = open().merge(documentation).route("/api/v1/openapi.json", get(view_document));
    let limited = |routes: Router<Arc<App>>| {
        // Inside the layers, which turn the refusal of a preflight into its answer.
        let routes = routes.method_not_allowed_fallback(async || Code::MethodNotAllowed.status());
        routes.layer(from_fn_with_state(Arc::clone(app), rate_limit::limit_protocols))
    };
    api.merge(oauth2::routes())
        .merge(pages())
        .merge(open.layer(from_fn_with_state(Arc::clone(app), rate_limit::limit)))
        .merge(limited(cross_origin_endpoints()).layer(from_fn(cross_origin)))
        .merge(limited(credential_offers::pushed::routes()))
        .merge(further)
        .method_not_allowed_fallback(rate_limit::unknown_method)
        .fallback(rate_limit::unrouted)
        .layer(Finish::new(Arc::clone(app)))
        .with_state(Arc::clone(app))
}

/// The API document, generated from the handlers' signatures.
pub fn openapi() -> OpenApi {
    api().1
}

/// Each feature spells its whole paths: a nested router would cost every request a box and another URI.
fn api() -> (Router<Arc<App>>, OpenApi) {
    aide::generate::on_error(|error| match error {
        // Two extractors of one operation may refuse with the same status: it is documented once.
        aide::Error::InferredResponseConflict(_) => {}
        error => tracing::error!(%error, "the API document"),
    });
    aide::generate::infer_responses(true);
    aide::generate::extract_schemas(true);
    let mut document = OpenApi { info: info(), ..OpenApi::default() };
    let mut routes = ApiRouter::new();
    for (tag, operations) in FEATURES.iter().flat_map(|feature| feature.api) {
        document.tags.push(Tag { name: (*tag).to_owned(), ..Tag::default() });
        routes = routes.merge(operations().with_path_items(|path| path.tag(tag)));
    }
    let _ = routes.clone().finish_api_with(&mut document, describe);
    offer_merge_patch(&mut document);
    documentation::illustrate(&mut document);
    (routes.into(), document)
}

/// A PATCH takes the same body under the media type of RFC 7396.
fn offer_merge_patch(document: &mut OpenApi) {
    let items = document.paths.iter_mut().flat_map(|paths| paths.paths.values_mut());
    for patch in items.filter_map(|item| item.as_item_mut()?.patch.as_mut()) {
        let Some(ReferenceOr::Item(body)) = &mut patch.request_body else { continue };
        if let Some(json) = body.content.get("application/json").cloned() {
            body.content.insert(MERGE_PATCH.to_owned(), json);
        }
    }
}

/// Documents and endpoints without a key that pages of other sites may call, such as wallets that run in a browser.
fn cross_origin_endpoints() -> Router<Arc<App>> {
    identifiers::document::routes(public_profile::with_services)
        .merge(issuer_templates::public_metadata::routes())
        .merge(public_profile::routes())
        .merge(signed_status_lists::routes())
        .merge(issued_credentials::protocol::routes())
        .merge(oauth2::documents())
        .merge(verifications::protocol_routes())
}

/// The pages and files for anyone: the doors of the console, and what its pages are made of.
fn open() -> Router<Arc<App>> {
    console::assets().merge(sign_in::console::routes())
}

/// The pages of the console.
fn pages() -> Router<Arc<App>> {
    let pages = FEATURES.iter().filter_map(|feature| feature.pages);
    pages.fold(console::routes(), |routes, pages| routes.merge(pages()))
}

fn info() -> Info {
    Info {
        title: "Claviger".to_owned(),
        summary: Some("A business wallet whose owner can safely hand out access to it.".to_owned()),
        description: Some(
            "Send an API key in `x-api-key` (or `Authorization: Bearer`), or exchange the secret of an OAuth client at \
             `/oauth2/token` for an access token and send that in `Authorization: Bearer`. The caller's wallet is the only one that it \
             can reach, so no path names one. Errors are problem details (RFC 9457)."
                .to_owned(),
        ),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Info::default()
    }
}

fn describe(document: TransformOpenApi<'_>) -> TransformOpenApi<'_> {
    document
        .security_scheme(
            "api_key",
            SecurityScheme::ApiKey {
                location: ApiKeyLocation::Header,
                name: "x-api-key".to_owned(),
                description: Some("An API key.".to_owned()),
                extensions: IndexMap::new(),
            },
        )
        .security_scheme(
            "bearer",
            SecurityScheme::Http {
                scheme: "bearer".to_owned(),
                bearer_format: None,
                description: Some("The same API key, or an access token.".to_owned()),
                extensions: IndexMap::new(),
            },
        )
        .security_scheme(
            "oauth2",
            SecurityScheme::OAuth2 {
                flows: OAuth2Flows {
                    client_credentials: Some(OAuth2Flow::ClientCredentials {
                        token_url: oauth2::TOKEN.to_owned(),
                        refresh_url: None,
                        scopes: PermissionSet::ALL.iter().map(scope).collect(),
                    }),
                    ..OAuth2Flows::default()
                },
                description: Some(
                    "An OAuth client exchanges its secret for an access token (RFC 6749 §4.4).".to_owned(),
                ),
                extensions: IndexMap::new(),
            },
        )
        .security_scheme(
            "session",
            SecurityScheme::ApiKey {
                location: ApiKeyLocation::Cookie,
                name: "__Host-claviger".to_owned(),
                description: Some("The console's session; changes from the same origin only.".to_owned()),
                extensions: IndexMap::new(),
            },
        )
}

fn scope(permission: Permission) -> (String, String) {
    (permission.to_string(), permission.resource().help().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::http::document::SECURITY_SCHEMES;

    #[test]
    fn every_operation_says_what_it_requires() {
        let document = openapi();
        let mut operations = 0;
        for (path, item) in &document.paths.as_ref().unwrap().paths {
            let ReferenceOr::Item(item) = item else { panic!("{path} is a reference") };
            for (method, operation) in item.iter() {
                operations += 1;
                assert!(
                    operation.extensions.contains_key(kernel::http::document::REQUIRED_PERMISSION),
                    "{method} {path}"
                );
                assert_eq!(operation.security.len(), SECURITY_SCHEMES.len(), "{method} {path}");
                assert!(operation.operation_id.is_some() && operation.summary.is_some(), "{method} {path}");
            }
        }
        assert!(operations > 20);
    }
}
