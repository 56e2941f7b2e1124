//! The inbox of credential offers.

mod accept;
mod pushed;
mod receive;
mod refuse;

use serde_json::json;

use crate::support::{Actor, Answer};

const OFFERS: &str = "/api/v1/credential-offers";

/// Puts an offer into the inbox.
async fn receive(holder: &Actor, offer: &str) -> Answer {
    holder.post(OFFERS, json!({"offer": offer})).await.is(201)
}

/// Makes an identifier, to whose key credentials are bound; its id.
async fn identifier(holder: &Actor, name: &str, method: &str) -> String {
    holder.post("/api/v1/identifiers", json!({"name": name, "method": method})).await.is(201).member("id")
}
