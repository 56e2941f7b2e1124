//! The type metadata of the wallets' templates, for everybody: what stands behind the `vct` of their credentials.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::header;
use kernel::app::App;
use kernel::http::{CACHED_ONE_MINUTE, Negotiation, PublicDocument};
use kernel::problem::{Code, Problem};

use super::type_metadata;

/// The routes of the protocol.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/wallets/{wallet_id}/credential-types/{id}", get(view_type))
}

async fn view_type(
    State(app): State<Arc<App>>,
    Path((wallet, id)): Path<(String, String)>,
    asked: Negotiation,
) -> Result<Response, Problem> {
    let (wallet, id) = (wallet.parse().map_err(|_| Code::NotFound)?, id.parse().map_err(|_| Code::NotFound)?);
    let template = app.store.read().await?.issuer_template(wallet, id).await?.ok_or(Code::NotFound)?;
    let headers = [(header::CONTENT_TYPE, "application/json"), CACHED_ONE_MINUTE];
    Ok(PublicDocument::json(&type_metadata(&template))?.answer(&asked, headers))
}
