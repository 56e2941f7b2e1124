//! The inbox of credential offers.

mod accept;
mod deferred;
mod flood;
mod judged;
mod partial;
mod pushed;
mod receive;
mod refuse;

use serde_json::json;

use crate::support::{Actor, Answer, CredentialIssuer, Server, Wallet};

const OFFERS: &str = "/api/v1/credential-offers";

/// Puts an offer into the inbox.
async fn receive(holder: &Actor, offer: &str) -> Answer {
    holder.post(OFFERS, json!({"offer": offer})).await.is(201)
}

/// Makes an identifier, to whose key credentials are bound; its id.
async fn identifier(holder: &Actor, name: &str, method: &str) -> String {
    holder.post("/api/v1/identifiers", json!({"name": name, "method": method})).await.is(201).member("id")
}

/// Pushes the offer of a link to the wallet.
async fn push(server: &Server, wallet: &Wallet<'_>, link: &str) -> Answer {
    let query = link.split_once('?').unwrap().1;
    server.anonymous().get(&format!("/wallets/{}/openid4vci/credential-offer?{query}", wallet.id)).await
}

/// Makes the issuer a contact that may push.
async fn trust(holder: &Actor, issuer: &CredentialIssuer) -> String {
    let body = json!({"name": "Office", "did": issuer.did(), "credential_issuer": issuer.url()});
    holder.post("/api/v1/trusted-contacts", body).await.is(201).member("id")
}

/// The grant of an offer.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
