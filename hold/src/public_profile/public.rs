//! What everybody sees of a published profile, without a key.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, header};
use kernel::app::App;
use kernel::console::{broad_door, wants_page};
use kernel::http::{ImagesFrom, ObjectId};
use kernel::problem::{Code, Problem};
use model::{IdentifierId, WalletId};
use vc::names::linked::PRESENTATION_JWT;
use vc::well_known::DID_CONFIGURATION_PATH;

use super::console::Card;
use super::view::ProfileView;
use super::{linked, published};

/// Pages of other sites may read what is public.

#[derive(Template)]
#[template(path = "public_profile/page.html")]
struct Page<'a> {
    card: Card<'a>,
}

/// The routes of the protocol.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(DID_CONFIGURATION_PATH, get(view_configuration))
        .route("/wallets/{id}/profile", get(view_profile))
        .route("/wallets/{id}/profile/presentations/{identifier}", get(view_presentation))
}

/// The profile as a page or as JSON, by what the client accepts.
async fn view_profile(
    State(app): State<Arc<App>>,
    ObjectId(wallet): ObjectId<WalletId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut conn = app.store.read().await?;
    let profile = published(&mut conn, wallet).await?.ok_or(Code::NotFound)?;
    let shown = ProfileView::of(&app, &mut conn, wallet, profile).await?;
    let mut response = if wants_page(&headers) {
        let page = broad_door(&shown.display_name, &Page { card: Card::page(&shown) })?;
        let mut response = Html(page).into_response();
        if let Some(origin) = shown.logo_origin() {
            response.extensions_mut().insert(ImagesFrom(origin));
        }
        response
    } else {
        Json(shown).into_response()
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

async fn view_presentation(
    State(app): State<Arc<App>>,
    Path((wallet, identifier)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let wallet: WalletId = wallet.parse().map_err(|_| Code::NotFound)?;
    let identifier: IdentifierId = identifier.parse().map_err(|_| Code::NotFound)?;
    let presentation = linked::presentation(&app, wallet, identifier).await?;
    Ok(([(header::CONTENT_TYPE, format!("application/{PRESENTATION_JWT}"))], presentation))
}

async fn view_configuration(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(linked::configuration(&app).await?))
}
