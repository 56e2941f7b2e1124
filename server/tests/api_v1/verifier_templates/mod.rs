//! `/api/v1/verifier-templates…`

mod create;
mod edit;
mod query;

use serde_json::{Value, json};

use crate::support::Actor;

/// The collection.
const TEMPLATES: &str = "/api/v1/verifier-templates";

const PERMISSIONS: [&str; 4] =
    ["verifier_templates:change", "identifiers:change", "trusted_issuers:change", "audit_log:view"];

/// An identifier that signs.
async fn signer(maker: &Actor) -> String {
    let body = json!({"name": "Signer", "method": "did:web"});
    maker.post("/api/v1/identifiers", body).await.is(201).member("id")
}

/// A trusted issuer.
async fn issuer(maker: &Actor, name: &str) -> String {
    let body = json!({"name": name, "issuer": format!("https://{name}.example"), "any_vct": true});
    maker.post("/api/v1/trusted-issuers", body).await.is(201).member("id")
}

fn query() -> Value {
    json!({"credentials": [{
        "id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:pid"]}, "claims": [{"path": ["name"]}],
    }]})
}

/// A template, with what a test adds or changes.
fn template(signer: &str, more: Value) -> Value {
    let mut body =
        json!({"name": "Account", "purpose": "To open an account", "identifier_id": signer, "query": query()});
    let (Value::Object(members), Value::Object(more)) = (&mut body, more) else { panic!("objects") };
    members.extend(more);
    body
}
