//! One real object of each kind, made by the operation that a client would use.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Map, Value, json};
use vc::did::did_jwk;
use vc::keys::SigningKey;
use vc::sd_jwt_vc::{Draft, issue};

use super::{Actor, holder, strangers};

static COUNTER: AtomicU32 = AtomicU32::new(1);

/// A body with which `POST` makes an object of this collection, another one each time; none for a collection
/// that only the server fills. What the object leans on is made by `maker`, an administrator of the same wallet.
pub(crate) async fn sample(maker: &Actor, collection: &str) -> Option<Value> {
    let number = COUNTER.fetch_add(1, Ordering::SeqCst);
    // Neither in the order in which they are made, nor in that of their letters' codes.
    let name = format!("sample-{}{number}", ["d", "A", "c", "B"][(number.wrapping_mul(2_654_435_761) >> 30) as usize]);
    let host = name.to_lowercase();
    Some(match collection {
        "/api/v1/api-keys" | "/api/v1/roles" => json!({"name": name}),
        "/api/v1/oauth-clients" => json!({"client_id": name}),
        "/api/v1/users" => json!({"name": name, "email": format!("{host}@example.org")}),
        "/api/v1/identifiers" => json!({"name": name, "method": "did:web"}),
        "/api/v1/trusted-contacts" => json!({"name": name, "did": format!("did:web:{host}.example.org")}),
        "/api/v1/issuances" => json!({"template": make_template(maker).await, "claims": {"member": name}}),
        "/api/v1/issuer-templates" => issuer_template(maker, &name).await,
        "/api/v1/trusted-issuers" => {
            json!({"name": name, "issuer": format!("did:web:{host}.example.org"), "any_vct": true})
        }
        "/api/v1/verifier-templates" => json!({
            "name": name,
            "purpose": "To know the member",
            "identifier_id": make_identifier(maker).await,
            "query": {"credentials": [{"id": "member", "format": "dc+sd-jwt", "meta": {}}]},
        }),
        "/api/v1/credentials" => json!({"credential": credential(&name)}),
        "/api/v1/status-lists" => json!({"name": name, "identifier_id": make_identifier(maker).await}),
        "/api/v1/credential-offers" => {
            // It is accepted with the key of an identifier.
            make_identifier(maker).await;
            json!({"offer": strangers::offer()})
        }
        "/api/v1/presentations" => {
            // It is answered with a credential.
            maker.post("/api/v1/credentials", json!({"credential": credential(&name)})).await.is(201);
            json!({"request": strangers::request()})
        }
        "/api/v1/verifications" => json!({"template": verifier_template(maker).await}),
        "/api/v1/audit-events" => return None,
        _ => panic!("say here with which body an object of {collection} is made"),
    })
}

/// Makes an object of this collection, or finds one that the server made; returns its path.
pub(crate) async fn make(maker: &Actor, collection: &str) -> String {
    if collection == "/api/v1/verified-credentials" {
        return format!("{collection}/{}", verified_credential(maker).await);
    }
    let Some(body) = sample(maker, collection).await else {
        let id = maker.get(collection).await.is(200).column("id")[0].as_str().unwrap().to_owned();
        return format!("{collection}/{id}");
    };
    maker.post(collection, body).await.is(201).header("location").to_owned()
}

/// The id of a new identifier.
pub(crate) async fn make_identifier(maker: &Actor) -> String {
    let name = format!("signer-{}", COUNTER.fetch_add(1, Ordering::SeqCst));
    maker.post("/api/v1/identifiers", json!({"name": name, "method": "did:jwk"})).await.is(201).member("id")
}

/// The id of a new verifier template, which asks for a credential by anybody.
async fn verifier_template(maker: &Actor) -> String {
    let body = json!({
        "name": format!("template-{}", COUNTER.fetch_add(1, Ordering::SeqCst)),
        "purpose": "To open the door",
        "identifier_id": make_identifier(maker).await,
        "query": {"credentials": [{"id": "membership", "format": "dc+sd-jwt", "meta": {"vct_values": [holder::VCT]}}]},
        "trust": "any_issuer",
    });
    maker.post("/api/v1/verifier-templates", body).await.is(201).member("id")
}

/// The id of a credential that was presented and verified.
async fn verified_credential(maker: &Actor) -> String {
    let body = json!({"template": verifier_template(maker).await});
    let asked = maker.post("/api/v1/verifications", body).await.is(201);
    let fetched = holder::fetch(maker, &asked.member("request_uri")).await;
    let presentation = fetched.present(&holder::credential(|_| {}), &["name"]);
    fetched.answer(maker, &[("membership", &presentation)]).await.is(200);
    let result = maker.get(asked.header("location")).await.is(200).json()["result"].clone();
    result["credentials"][0]["verified_credential"].as_str().unwrap().to_owned()
}

async fn issuer_template(maker: &Actor, name: &str) -> Value {
    json!({
        "name": name,
        "claims": [{"path": ["member"], "type": "text"}],
        "identifier_id": make_identifier(maker).await,
    })
}

/// The id of a new issuer template.
async fn make_template(maker: &Actor) -> String {
    let name = format!("template-{}", COUNTER.fetch_add(1, Ordering::SeqCst));
    let body = issuer_template(maker, &name).await;
    maker.post("/api/v1/issuer-templates", body).await.is(201).member("id")
}

/// An SD-JWT VC that a did:jwk issued, about this name.
fn credential(name: &str) -> String {
    let key = SigningKey::from_secret_bytes(&[7; 32]).unwrap();
    let issuer = did_jwk(&key.public()).to_string();
    let draft = Draft {
        issuer: &issuer,
        kid: &format!("{issuer}#0"),
        vct: "https://issuer.example/membership",
        claims: Map::from_iter([("member".to_owned(), json!(name))]),
        selectively_disclosable: vec!["member".into()],
        issued_at: 1_700_000_000,
        valid_from: None,
        valid_until: None,
        holder_key: None,
        status: None,
    };
    issue(&draft, &key, &mut |bytes: &mut [u8]| bytes.fill(1)).unwrap()
}
