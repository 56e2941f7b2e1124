//! Every way a credential can be wrong, made on purpose: the forger below signs what no issuer of ours
//! would.

mod issue;
mod parse;
mod present;
mod presentation;
mod properties;
mod standards;
mod verify;

use identity_kit::sd_jwt_vc::{Disclosure, HashAlgorithm};
use serde_json::{Map, Value, json};

use super::*;
use crate::did::{did_jwk, did_jwk_key_id};
use crate::issuer::{IssuerKeys, KeySet};
use crate::keys::{PublicJwk, SigningKey};

const NOW: i64 = 1_800_000_000;

fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

/// Distinct bytes without randomness.
fn counter() -> impl FnMut(&mut [u8]) {
    let mut count = 0_u8;
    move |out| {
        count += 1;
        out.fill(count);
    }
}

/// A credential with whatever header, payload and disclosures a test asks for, signed by `key(1)`.
struct Forged {
    header: Value,
    payload: Value,
    disclosures: Vec<String>,
}

impl Forged {
    /// One that is in order: issued by the did:jwk of `key(1)`.
    fn new() -> Self {
        let did = did_jwk(&key(1).public());
        Self {
            header: json!({"alg": "ES256", "typ": "dc+sd-jwt", "kid": did_jwk_key_id(&did)}),
            payload: json!({"iss": did, "vct": "https://example.com/vct", "iat": NOW, "name": "Ada"}),
            disclosures: Vec::new(),
        }
    }

    fn header(mut self, name: &str, value: Value) -> Self {
        self.header[name] = value;
        self
    }

    fn claim(mut self, name: &str, value: Value) -> Self {
        self.payload[name] = value;
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.payload.as_object_mut().unwrap().remove(name);
        self
    }

    /// Appends the disclosure that is `json`, wherever its digest stands.
    fn disclose(mut self, json: &Value) -> Self {
        self.disclosures.push(encode(json));
        self
    }

    fn text(&self) -> String {
        let signed = format!("{}.{}", encode(&self.header), encode(&self.payload));
        let signature = base64url(&key(1).sign(signed.as_bytes()));
        let mut parts = vec![format!("{signed}.{signature}")];
        parts.extend(self.disclosures.iter().cloned());
        parts.join("~") + "~"
    }

    fn parse(&self) -> Result<ParsedCredential, ImportError> {
        ParsedCredential::parse(&self.text())
    }

    fn refusal(&self) -> ImportError {
        self.parse().unwrap_err()
    }
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn encode(json: &Value) -> String {
    base64url(json.to_string().as_bytes())
}

/// The SHA-256 digest of the disclosure that is `json`.
fn digest(json: &Value) -> String {
    HashAlgorithm::Sha256.digest(encode(json).as_bytes())
}

/// The keys inside the identifier of the issuer.
fn embedded_keys(credential: &ParsedCredential) -> KeySet {
    match credential.issuer().unwrap() {
        IssuerKeys::Embedded(keys) => keys,
        other => panic!("{other:?}"),
    }
}

/// A draft by the did:jwk of `key(1)`, with claims of every shape.
fn draft<'a>(issuer: &'a str, kid: &'a str) -> Draft<'a> {
    let Value::Object(claims) = json!({
        "name": "Ada",
        "address": {"street": "St James's Square", "city": "London"},
        "languages": ["en", "fr", "it"],
    }) else {
        unreachable!()
    };
    Draft {
        issuer,
        kid,
        vct: "https://example.com/vct",
        claims,
        selectively_disclosable: vec![
            "name".into(),
            ["address".into(), "street".into()].into(),
            "address".into(),
            ["languages".into(), 1.into()].into(),
        ],
        issued_at: NOW,
        valid_from: Some(NOW),
        valid_until: Some(NOW + 1000),
        holder_key: Some(key(2).public()),
        status: Some(json!({"status_list": {"idx": 7, "uri": "https://example.com/status"}})),
    }
}

fn issued() -> String {
    let did = did_jwk(&key(1).public());
    issue(&draft(did.as_str(), &did_jwk_key_id(&did)), &key(1), &mut counter()).unwrap()
}
