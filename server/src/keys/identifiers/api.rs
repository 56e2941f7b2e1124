//! Identifiers as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::resource::Identifiers;
use model::{Change, DidMethod, Identifier, IdentifierId, IdentifierKey, IdentifierKeyId, Name, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Draft, create_once, delete, get, list, rotate};
use crate::kernel::app::App;
use crate::kernel::caller::Allow;
use crate::kernel::http::{Created, Fields, Items, ListByName, Listing, NoContent, ObjectId, checked, document};
use crate::kernel::idempotency::Repeatable;
use crate::kernel::problem::{Code, Problem};

/// A DID of the wallet with its keys.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Identifier")]
struct IdentifierBody {
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

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateIdentifier {
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name")]
    name: String,
    method: DidMethod,
}

pub(crate) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/identifiers",
            get_with(list_identifiers, |operation| operation.id("listIdentifiers").summary("List the identifiers"))
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
            get_with(view_identifier, |operation| operation.id("viewIdentifier").summary("View an identifier"))
                .delete_with(delete_identifier, |operation| {
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

async fn list_identifiers(
    allow: Allow<View<Identifiers>>,
    State(app): State<Arc<App>>,
    Listing(asked, scope): Listing<ListByName>,
) -> Result<Json<Items<IdentifierBody>>, Problem> {
    let mut fields = Fields::default();
    let page = asked.page(scope, &mut fields);
    let page = list(&app, &allow.0, &fields.finish(Some(page))?).await?;
    Ok(Json(Items::from_page(scope, page, |identifier| body(&app, identifier))))
}

async fn create_identifier(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    Repeatable(asked, idempotency): Repeatable<CreateIdentifier>,
) -> Result<Created<IdentifierBody>, Problem> {
    let draft = Draft { name: asked.name, method: asked.method };
    let identifier = create_once(&app, &allow.0, &draft, &idempotency).await?;
    Ok(Created { location: format!("/api/v1/identifiers/{}", identifier.id), body: body(&app, identifier) })
}

async fn view_identifier(
    allow: Allow<View<Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
) -> Result<Json<IdentifierBody>, Problem> {
    Ok(Json(body(&app, get(&app, &allow.0, id).await?)))
}

async fn rotate_identifier(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
) -> Result<Json<IdentifierBody>, Problem> {
    Ok(Json(body(&app, rotate(&app, &allow.0, id).await?)))
}

async fn delete_identifier(
    allow: Allow<Change<Identifiers>>,
    State(app): State<Arc<App>>,
    ObjectId(id): ObjectId<IdentifierId>,
) -> Result<NoContent, Problem> {
    delete(&app, &allow.0, id).await?;
    Ok(NoContent)
}

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

impl From<IdentifierKey> for KeyBody {
    fn from(key: IdentifierKey) -> Self {
        Self { id: key.id, public_jwk: key.public_jwk, created_at: key.created_at, retired_at: key.retired_at }
    }
}
