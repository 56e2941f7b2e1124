//! `/api/v1/issuer-templates…`

mod create;
mod edit;
mod type_metadata;

use serde_json::{Value, json};

use crate::support::{Key, Server, Wallet, make_identifier};

/// The collection.
const TEMPLATES: &str = "/api/v1/issuer-templates";

/// A wallet with a key that makes templates, and an identifier that signs.
async fn maker<'a>(server: &'a Server, name: &str) -> (Wallet<'a>, Key, String) {
    let wallet = server.wallet(name).await;
    let signer = make_identifier(&*wallet.administrator_key().await).await;
    let maker = wallet.key(&["issuer_templates:change", "audit_log:view"]).await;
    (wallet, maker, signer)
}

/// A template of this name with two claims.
fn diploma(name: &str, signer: &str) -> Value {
    json!({
        "name": name,
        "claims": [
            {"path": ["given_name"], "type": "text"},
            {"path": ["degree", "year"], "label": "Year", "type": "integer", "mandatory": false, "selectively_disclosable": false},
        ],
        "identifier_id": signer,
    })
}
