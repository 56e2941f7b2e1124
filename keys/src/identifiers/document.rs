//! The DID documents of the wallets' did:web identifiers, for everybody (DID Core 1.0 §5).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use futures_util::future::BoxFuture;
use http::header;
use kernel::app::App;
use kernel::http::{CACHED_ONE_MINUTE, Negotiation, ObjectId, PublicDocument};
use kernel::problem::{Code, Problem};
use model::{Identifier, IdentifierId, IdentifierKey};
use serde_json::Value;
use store::Conn;
use vc::did_document::{NamedKey, did_web_document};

/// Adds to a DID document the services that something else than the keys tells of the identifier.
pub(crate) type Services =
    for<'a> fn(&'a App, &'a mut Conn, &'a Identifier, Value) -> BoxFuture<'a, Result<Value, Problem>>;

/// The routes of the protocol.
pub fn routes(services: Services) -> Router<Arc<App>> {
    Router::new().route("/dids/{id}/did.json", get(view_document).layer(Extension(services)))
}

/// What resolves `did:web:<authority>:dids:<id>`: all keys, so that what a retired one signed can be verified.
async fn view_document(
    State(app): State<Arc<App>>,
    Extension(services): Extension<Services>,
    ObjectId(id): ObjectId<IdentifierId>,
    asked: Negotiation,
) -> Result<Response, Problem> {
    let mut conn = app.store.read().await?;
    let identifier = conn.identifier_for_document(id).await?.ok_or(Code::NotFound)?;
    let document = document(&identifier).ok_or_else(|| {
        tracing::error!(%id, "a stored key cannot stand in a DID document");
        Problem::from(Code::Internal)
    })?;
    let document = services(&app, &mut conn, &identifier, document).await?.to_string();
    let headers = [
        (header::CONTENT_TYPE, "application/did+json"),
        // A new key is seen within a minute.
        CACHED_ONE_MINUTE,
    ];
    Ok(PublicDocument::new(document).answer(&asked, headers))
}

fn document(identifier: &Identifier) -> Option<Value> {
    let named = |key: &IdentifierKey| {
        let jwk = serde_json::from_value(key.public_jwk.clone()).ok()?;
        Some(NamedKey { name: key.id.to_string(), key: jwk })
    };
    let keys = identifier.keys.iter().map(named).collect::<Option<Vec<_>>>()?;
    let (current, retired) = keys.split_first()?;
    did_web_document(&identifier.did.parse().ok()?, current, retired).ok()
}
