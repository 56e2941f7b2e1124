//! What verifiers ask, and what is presented to them.

mod answer;
mod receive;
mod refuse;
mod status;

use serde_json::{Value, json};

use crate::support::{Actor, Answer, CredentialIssuer, VCT};

const PRESENTATIONS: &str = "/api/v1/presentations";

/// A query for one membership with these claims; with none, nothing that can be withheld is asked for.
fn query(claims: &[Value]) -> Value {
    let mut membership = json!({"id": "membership", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}});
    if !claims.is_empty() {
        membership["claims"] = claims.iter().map(|path| json!({"path": path})).collect();
    }
    json!({"credentials": [membership]})
}

/// Takes a request in.
async fn receive(holder: &Actor, link: &str) -> Answer {
    holder.post(PRESENTATIONS, json!({"request": link})).await.is(201)
}

/// Receives a membership into the wallet, bound to a new identifier; the id of the credential.
async fn membership(holder: &Actor, issuer: &CredentialIssuer) -> String {
    let identifiers = holder.get("/api/v1/identifiers").await.is(200).column("id").len();
    let name = format!("identifier {identifiers}");
    let identifier =
        holder.post("/api/v1/identifiers", json!({"name": name, "method": "did:jwk"})).await.is(201).member("id");
    let body = json!({"offer": issuer.offer(), "accept": true, "identifier": identifier});
    let received = holder.post("/api/v1/credential-offers", body).await.is(201);
    received.json()["received"][0].as_str().unwrap_or_else(|| panic!("{}", received.text)).to_owned()
}
