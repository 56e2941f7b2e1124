//! `/api/v1/identifiers…` and the documents of their did:web at `/dids/…`

mod create;
mod delete;
mod document;
mod list;
mod rotate;

use model::{IdentifierKeyId, WalletId};
use serde_json::Value;
use vc::keys::SigningKey;

use crate::support::Server;

/// The collection.
const IDENTIFIERS: &str = "/api/v1/identifiers";

/// The private key as it is stored.
async fn sealed_key(server: &Server, wallet: WalletId, key: &Value) -> Vec<u8> {
    let id: IdentifierKeyId = key["id"].as_str().unwrap().parse().unwrap();
    server.app.store.read().await.unwrap().sealed_key(wallet, id).await.unwrap().unwrap()
}

/// The private key as the server itself opens it.
async fn private_key(server: &Server, wallet: WalletId, key: &Value) -> SigningKey {
    let sealed = sealed_key(server, wallet, key).await;
    let opened = server.app.sealing.open(&sealed, key["id"].as_str().unwrap()).unwrap();
    SigningKey::from_secret_bytes(opened.as_slice().try_into().unwrap()).unwrap()
}
