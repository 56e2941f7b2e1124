//! `DELETE` of a key or a client, alone or with what it made.

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response as Documented};
use axum::Json;
use axum::response::{IntoResponse, Response};
use kernel::app::App;
use kernel::caller::Caller;
use kernel::http::NoContent;
use kernel::problem::Problem;
use model::{ExternalSystem, ExternalSystemId, SystemKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api_access::lifecycle::Delete;
use crate::api_access::{revoke, revoke_with_descendants};

pub(super) const DESCRIPTION: &str = "Revokes it for good: no request with it, and none with a token of it, is admitted \
     after the answer. With `with_descendants=true` so is every API key and OAuth client that it made, directly and \
     further down, in one change; the answer names all of them. A key or a client may end only what holds no more than \
     itself; when one among them holds more, none is ended.";

/// What has ended: with the descendants the answer names all, itself first; without them it needs no words.
pub(super) enum Deleted {
    One,
    All(Ended),
}

/// The keys and clients that have ended.
#[derive(Serialize, JsonSchema)]
pub(super) struct Ended {
    /// Itself first, then what it made.
    ended: Vec<EndedSystem>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct EndedSystem {
    kind: SystemKind,
    id: ExternalSystemId,
    /// Its name; of an OAuth client, the client ID.
    name: String,
}

/// Ends one, alone or with what it made.
pub(super) async fn delete(
    app: &App,
    caller: &Caller,
    kind: SystemKind,
    id: ExternalSystemId,
    query: Delete,
) -> Result<Deleted, Problem> {
    if !query.with_descendants {
        revoke(app, caller, kind, id).await?;
        return Ok(Deleted::One);
    }
    let ended = revoke_with_descendants(app, caller, kind, id).await?;
    Ok(Deleted::All(Ended { ended: ended.into_iter().map(EndedSystem::from).collect() }))
}

impl From<ExternalSystem> for EndedSystem {
    fn from(system: ExternalSystem) -> Self {
        Self { kind: system.kind, id: system.id, name: system.name.into_string() }
    }
}

impl IntoResponse for Deleted {
    fn into_response(self) -> Response {
        match self {
            Self::One => NoContent.into_response(),
            Self::All(ended) => Json(ended).into_response(),
        }
    }
}

impl OperationOutput for Deleted {
    type Inner = Ended;

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Documented)> {
        let mut responses = Json::<Ended>::inferred_responses(ctx, operation);
        responses.extend(NoContent::inferred_responses(ctx, operation));
        responses
    }
}
