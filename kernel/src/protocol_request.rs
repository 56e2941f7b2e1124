//! The extractor of the unauthenticated OpenID4VC endpoints under `/wallets/{id}`.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use model::WalletId;

use crate::app::App;
use crate::caller::Caller;
use crate::http::RequestId;
use crate::problem::{Code, Problem};

/// The wallet of the path, and the caller in whose name its changes are made.
pub struct ProtocolRequest {
    /// The wallet.
    pub wallet: WalletId,
    /// In whose name the server changes something.
    pub stranger: Caller,
    path: Vec<(String, String)>,
}

impl ProtocolRequest {
    /// The segment of the path that the route calls so.
    pub fn segment(&self, name: &str) -> Result<&str, Problem> {
        let found = self.path.iter().find(|(known, _)| known == name);
        found.map(|(_, segment)| segment.as_str()).ok_or_else(|| Code::NotFound.into())
    }
}

impl FromRequestParts<Arc<App>> for ProtocolRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await.map_err(|_| Code::NotFound)?.0;
        let wallet = path.iter().find(|(name, _)| name == "wallet").and_then(|(_, id)| id.parse().ok());
        let wallet: WalletId = wallet.ok_or(Code::NotFound)?;
        app.store.read().await?.wallet(wallet).await?.ok_or(Code::NotFound)?;
        let request_id = RequestId::of(&parts.extensions);
        let request_id = request_id.unwrap_or_else(|| app.randomness.id(app.clock.now()));
        Ok(Self { wallet, stranger: Caller::stranger(wallet, request_id), path })
    }
}
