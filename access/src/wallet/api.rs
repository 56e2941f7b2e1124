//! The wallet as JSON.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Allow;
use kernel::http::Patch;
use kernel::problem::Problem;
use model::{Change, View, Wallet, WalletId, resource};
use schemars::JsonSchema;
use serde::Serialize;

use super::{WalletDraft, edit, get};

/// The caller's wallet.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Wallet")]
struct WalletBody {
    id: WalletId,
    name: String,
    /// IANA name of the time zone in which dates expire. A change moves no existing key.
    time_zone: String,
    #[schemars(with = "model::schema::DateTime")]
    created_at: Timestamp,
}

/// The routes of the API.
pub(super) fn routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new().api_route(
        "/api/v1/wallet",
        get_with(view_wallet, |operation| operation.id("viewWallet").summary("View the wallet"))
            .patch_with(edit_wallet, |operation| operation.id("editWallet").summary("Edit the wallet")),
    )
}

async fn view_wallet(
    allow: Allow<View<resource::Wallet>>,
    State(app): State<Arc<App>>,
) -> Result<Json<WalletBody>, Problem> {
    Ok(Json(get(&app, &allow.0).await?.into()))
}

async fn edit_wallet(
    allow: Allow<Change<resource::Wallet>>,
    State(app): State<Arc<App>>,
    patch: Patch<WalletDraft>,
) -> Result<Json<WalletBody>, Problem> {
    Ok(Json(edit(&app, &allow.0, &patch).await?.into()))
}

impl From<Wallet> for WalletBody {
    fn from(wallet: Wallet) -> Self {
        Self {
            id: wallet.id,
            name: wallet.name.into_string(),
            time_zone: wallet.time_zone.as_str().to_owned(),
            created_at: wallet.created_at,
        }
    }
}
