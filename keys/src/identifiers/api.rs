//! Identifiers as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::collection::{Api, delete, list, view};
use kernel::http::{Created, ObjectId, document};
use kernel::idempotency::Repeatable;
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Change, DidMethod, Identifier, IdentifierId, IdentifierKey, IdentifierKeyId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::Identifiers;
use super::{IdentifierDraft, create_once, rotate};

/// A DID of the wallet with its keys.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Identifier")]
pub struct IdentifierBody {
    id: IdentifierId,
    /// Unique among the wallet's identifiers without regard to case.
    name: String,
    method: DidMethod,
    did: String,
    /// Newest first: the first one signs, the others are kept for verification.
    keys: Vec<KeyBody>,
    /// Where the DID document is served; `null` for a did:jwk, which is its own document.
    document_url: Option<String>,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

/// The public half of a key pair.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct KeyBody {
    /// For a did:web also the fragment of the key's id in the document.
    id: IdentifierKeyId,
    /// RFC 7517; P-256.
    #[schemars(with = "model::schema::Object")]
    public_jwk: Value,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
    /// When a newer key took its place.
    #[schemars(with = "Option<model::schema::DateTime>")]
    retired_at: Option<Timestamp>,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            Identifiers::API,
            get_with(list::<Identifiers>, |operation| operation.id("listIdentifiers").summary("List the identifiers"))
                .post_with(create_identifier, |operation| {
                    let operation = operation
                        .id("createIdentifier")
                        .summary("Create an identifier")
                        .description("With a new P-256 key pair. The private key never leaves the wallet.");
                    document::conflicts(operation, &[Code::NameInUse])
                }),
        )
        .api_route(
            "/api/v1/identifiers/{id}",
            get_with(view::<Identifiers>, |operation| operation.id("viewIdentifier").summary("View an identifier"))
                .delete_with(delete::<Identifiers>, |operation| {
                    let operation = operation.id("deleteIdentifier").summary("Delete an identifier with its keys");
                    document::conflicts(operation, &[Code::IdentifierInUse])
                }),
        )
        .api_route(
            "/api/v1/identifiers/{id}/rotate",
            post_with(rotate_identifier, |operation| {
                let operation = operation
                    .id("rotateIdentifier")
                    .summary("Give a did:web a new key")
                    .description("It signs from now on; the keys before it stay in the document for verification.");
                document::conflicts(operation, &[Code::CannotRotate])
            }),
        )
}

async fn create_identifier(
    allow: Allow<Change<resource::Identifiers>>,
    State(app): State<Arc<App>>,
    Repeatable(draft, idempotency): Repeatable<IdentifierDraft>,
) -> Result<Created<IdentifierBody>, Problem> {
    let identifier = create_once(&app, &allow.0, draft, &idempotency).await?;
    Ok(Identifiers::created(&app, identifier))
}

async fn rotate_identifier(
    allow: Allow<Change<resource::Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
) -> Result<Json<IdentifierBody>, Problem> {
    Ok(Json(Identifiers::body(&app, rotate(&app, &allow.0, id).await?)))
}

impl Api for Identifiers {
    const API: &'static str = "/api/v1/identifiers";
    type Body = IdentifierBody;

    fn body(app: &App, identifier: Identifier) -> IdentifierBody {
        let document_url = (identifier.method == DidMethod::Web)
            .then(|| format!("{}/dids/{}/did.json", app.settings.public_url.origin(), identifier.id));
        IdentifierBody {
            id: identifier.id,
            name: identifier.name.into_string(),
            method: identifier.method,
            did: identifier.did,
            keys: identifier.keys.into_iter().map(KeyBody::from).collect(),
            document_url,
            created_at: identifier.created_at,
        }
    }
}

impl From<IdentifierKey> for KeyBody {
    fn from(key: IdentifierKey) -> Self {
        Self { id: key.id, public_jwk: key.public_jwk, created_at: key.created_at, retired_at: key.retired_at }
    }
}
