//! `GET /me`: who the server takes you for.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::{Allow, Caller};
use kernel::feature::Feature;
use kernel::problem::{Code, Problem};
use model::{ActorKind, Anyone, PermissionSet, WalletId};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature { api: &[("Caller", routes)], samples: include_str!("me.json"), ..Feature::NONE };

/// The caller of this request.
#[derive(Serialize, JsonSchema)]
pub struct Me {
    kind: ActorKind,
    id: Option<Uuid>,
    name: String,
    wallet: WalletRef,
    /// What the caller may do at this moment; sorted.
    permissions: PermissionSet,
    /// When the key or the session ends.
    #[schemars(with = "Option<model::schema::DateTime>")]
    expires_at: Option<Timestamp>,
}

/// The only wallet that the caller can reach.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct WalletRef {
    id: WalletId,
    name: String,
}

/// The routes of the API.
pub fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new().api_route(
        "/api/v1/me",
        get_with(view_me, |operation| {
            operation
                .id("viewMe")
                .summary("View the caller of this request")
                .description("Any caller may ask, also a key without permissions.")
        }),
    )
}

async fn view_me(allow: Allow<Anyone>, State(app): State<Arc<App>>) -> Result<Json<Me>, Problem> {
    me(&app, &allow.0).map(Json)
}

/// What the server takes this caller for.
pub fn me(app: &App, caller: &Caller) -> Result<Me, Problem> {
    let wallets = app.wallets.pin();
    let wallet = wallets.get(&caller.wallet_id).ok_or(Code::NotFound)?;
    let actor = caller.actor(app);
    Ok(Me {
        kind: actor.kind,
        id: actor.id,
        name: actor.name,
        wallet: WalletRef { id: wallet.id, name: wallet.name.to_string() },
        permissions: caller.permissions,
        expires_at: caller.expires_at(),
    })
}
