//! DID documents: the one this wallet serves for its did:web, and the keys in those of others.
//!
//! Foreign documents are read by hand and not with identity-kit, whose reader refuses a whole
//! document for one method of a kind it does not know or with a relative id; in the field both occur
//! beside perfectly usable keys.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::did::Did;
use crate::issuer::{IssuerKey, KeySet, KeySourceError};
use crate::keys::PublicJwk;
use crate::names::did_document as member;
use crate::words::{fault, quoted};

/// The members of a document that hold methods.
const HOLD_METHODS: [&str; 3] = [member::VERIFICATION_METHOD, member::ASSERTION_METHOD, member::AUTHENTICATION];

/// One key of a served document, under its name.
#[derive(Debug, Clone)]
pub struct NamedKey {
    /// The fragment of the key's id, `key-1` in `did:web:example.com#key-1`.
    pub name: String,
    /// The key.
    pub key: PublicJwk,
}

/// Why no document can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// A name that is empty or would need escaping in a DID URL.
    #[error("{} cannot name a key: use letters, digits, `.`, `-` and `_` only", quoted(.0))]
    Name(String),
    /// Two keys of the same name, so that a `kid` would not say which.
    #[error("two keys are named `{0}`: give each its own name")]
    NameTwice(String),
}

/// The document to serve at [`did_web_document_url`](crate::did::did_web_document_url), as
/// `application/did+json` or `application/json` (DID Core 1.0 §5, §6.2).
///
/// `current` is the key that signs from now on; `retired` are the keys it replaced, newest first.
pub fn did_web_document(did: &Did, current: &NamedKey, retired: &[NamedKey]) -> Result<Value, DocumentError> {
    let mut ids: Vec<String> = Vec::with_capacity(retired.len() + 1);
    let mut methods = Vec::with_capacity(retired.len() + 1);
    for NamedKey { name, key } in std::iter::once(current).chain(retired) {
        let legible = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        if name.is_empty() || !name.bytes().all(legible) {
            return Err(DocumentError::Name(name.clone()));
        }
        let id = format!("{did}#{name}");
        if ids.contains(&id) {
            return Err(DocumentError::NameTwice(name.clone()));
        }
        // The key goes by its method's id; a `kid` of its own would be a second name for it.
        let jwk = key.clone().without_kid();
        methods.push(json!({
            member::ID: id, "type": "JsonWebKey2020", "controller": did, member::PUBLIC_KEY_JWK: jwk,
        }));
        ids.push(id);
    }
    Ok(json!({
        member::CONTEXT: ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        member::ID: did,
        member::VERIFICATION_METHOD: methods,
        // A verifier accepts a credential only by a key that stands under `assertionMethod` when it
        // looks. A retired key therefore stays: the credentials it signed are still valid. It proves
        // nothing new: to authenticate as this DID takes the current key.
        member::ASSERTION_METHOD: ids,
        member::AUTHENTICATION: [ids.first()],
    }))
}

/// The keys by which `did` signs credentials, out of the document `json` fetched for it: the P-256 keys under
/// `assertionMethod` (DID Core 1.0 §5.3.2), referenced or embedded, by absolute or relative id, as `publicKeyJwk` or
/// as `publicKeyMultibase`. Methods of other kinds and of other DIDs are passed over.
pub fn keys_from_did_document(json: &[u8], did: &Did) -> Result<KeySet, KeySourceError> {
    keys_under(json, did, member::ASSERTION_METHOD)
}

/// The keys by which `did` proves that it is the holder, out of the document `json` fetched for it: the P-256 keys
/// under `authentication` (DID Core 1.0 §5.3.1), read as [`keys_from_did_document`] reads them.
pub fn holder_keys_from_did_document(json: &[u8], did: &Did) -> Result<KeySet, KeySourceError> {
    keys_under(json, did, member::AUTHENTICATION)
}

/// The keys by which `did` signs its requests as a verifier, out of the document `json` fetched for it: the P-256 keys
/// under `verificationMethod`, whatever they are for (OpenID4VP 1.0 §5.9.3). Methods of other kinds and of other DIDs
/// are passed over.
pub fn request_keys_from_did_document(json: &[u8], did: &Did) -> Result<KeySet, KeySourceError> {
    keys_under(json, did, member::VERIFICATION_METHOD)
}

fn keys_under(json: &[u8], did: &Did, name: &str) -> Result<KeySet, KeySourceError> {
    let document: Value = serde_json::from_slice(json).map_err(|error| KeySourceError::Json(fault(&error)))?;
    match document.get(member::ID).and_then(Value::as_str) {
        Some(id) if id == did.as_str() => {}
        found => {
            return Err(KeySourceError::OfAnother {
                expected: did.to_string(),
                found: found.unwrap_or_default().to_owned(),
            });
        }
    }
    let list = |name| document.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let identified = |method| Some((method_id(did, method)?, method));
    // A reference may also lead to a method that another relationship embeds (DID Core 1.0 §5.2.2).
    let methods: HashMap<String, &Value> = HOLD_METHODS.into_iter().flat_map(list).filter_map(identified).collect();
    let keys = list(name).iter().filter_map(|entry| {
        let (id, method) = match entry {
            Value::String(reference) => {
                let id = absolute(did, reference);
                let method = *methods.get(&id)?;
                (id, method)
            }
            embedded => identified(embedded)?,
        };
        // A method of another DID is that DID's to publish and to withdraw.
        if Did::of_url(&id).ok()? != *did {
            return None;
        }
        Some(IssuerKey { kid: Some(id), key: key_of(method)? })
    });
    KeySet::new(did.as_str(), keys.collect())
}

fn method_id(did: &Did, method: &Value) -> Option<String> {
    method.get(member::ID).and_then(Value::as_str).map(|id| absolute(did, id))
}

/// The key of a method, in one of the two forms of DID Core 1.0 §5.2.1.
fn key_of(method: &Value) -> Option<PublicJwk> {
    match method.get(member::PUBLIC_KEY_JWK) {
        Some(jwk) => PublicJwk::from_value(jwk).ok(),
        None => PublicJwk::from_multikey(method.get(member::PUBLIC_KEY_MULTIBASE)?.as_str()?).ok(),
    }
}

/// DID Core 1.0 §3.2.2: a relative DID URL is relative to the document's DID.
fn absolute(did: &Did, url: &str) -> String {
    if url.starts_with(['#', '/', '?']) { format!("{did}{url}") } else { url.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;

    fn did() -> Did {
        "did:web:example.com".parse().unwrap()
    }

    fn named(name: &str, secret: u8) -> NamedKey {
        NamedKey { name: name.to_owned(), key: SigningKey::from_secret_bytes(&[secret; 32]).unwrap().public() }
    }

    fn read(document: &Value) -> Result<Vec<(Option<String>, String)>, KeySourceError> {
        let set = keys_from_did_document(document.to_string().as_bytes(), &did())?;
        Ok(set.keys().iter().map(|key| (key.kid.clone(), key.key.thumbprint())).collect())
    }

    #[test]
    fn rotation_keeps_the_old_key_for_verification_only() {
        let (old, new) = (named("key-1", 1), named("key-2", 2));
        let document = did_web_document(&did(), &new, std::slice::from_ref(&old)).unwrap();
        assert_eq!(document["authentication"], json!(["did:web:example.com#key-2"]));
        assert_eq!(
            read(&document).unwrap(),
            [
                (Some("did:web:example.com#key-2".to_owned()), new.key.thumbprint()),
                (Some("did:web:example.com#key-1".to_owned()), old.key.thumbprint()),
            ]
        );
    }

    #[test]
    fn a_served_document_reads_with_a_reader_we_did_not_write() {
        let key = NamedKey { key: named("key-1", 1).key.with_kid("internal"), name: "key-1".to_owned() };
        let document = did_web_document(&did(), &key, &[]).unwrap();
        let read: identity_kit::did::DidDocument = serde_json::from_value(document.clone()).unwrap();
        let authentication = identity_kit::did::VerificationRelationship::Authentication;
        let method = read.methods(Some(authentication)).next().unwrap();
        assert_eq!(method.public_key_jwk().unwrap().thumbprint_sha256().unwrap(), key.key.thumbprint());
        assert!(!document.to_string().contains("internal"));
    }

    #[test]
    fn a_key_needs_a_plain_name_of_its_own() {
        for name in ["", "key 1", "key#1", "schlüssel"] {
            let error = did_web_document(&did(), &named(name, 1), &[]).unwrap_err();
            assert_eq!(error, DocumentError::Name(name.to_owned()));
        }
        let error = did_web_document(&did(), &named("a", 1), &[named("a", 2)]).unwrap_err();
        assert_eq!(error, DocumentError::NameTwice("a".to_owned()));
    }

    #[test]
    fn foreign_documents_are_read_in_every_shape_the_standard_allows() {
        let (a, b) = (named("a", 1).key, named("b", 2).key);
        let document = json!({
            "id": "did:web:example.com",
            "verificationMethod": [
                {"id": "#relative", "publicKeyJwk": a},
                {"id": "did:web:example.com#old", "type": "Ed25519VerificationKey2018", "publicKeyBase58": "abc"},
                {"id": "did:web:example.com#login-only", "publicKeyJwk": b},
                {"id": "did:web:other.example#k", "publicKeyJwk": b},
            ],
            "assertionMethod": [
                "did:web:example.com#relative",
                "#old",
                "#missing",
                "did:web:other.example#k",
                {"id": "did:web:other.example#embedded", "publicKeyJwk": b},
                {"id": "#embedded", "publicKeyJwk": b},
                17,
            ],
        });
        assert_eq!(
            read(&document).unwrap(),
            [
                (Some("did:web:example.com#relative".to_owned()), a.thumbprint()),
                (Some("did:web:example.com#embedded".to_owned()), b.thumbprint()),
            ]
        );
    }

    #[test]
    fn a_request_is_signed_by_any_key_of_the_did_and_a_credential_by_those_that_assert() {
        let (asserts, logs_in, other) = (named("a", 1).key, named("b", 2).key, named("c", 3).key);
        let document = json!({
            "id": "did:web:example.com",
            "verificationMethod": [
                {"id": "#asserts", "publicKeyJwk": asserts},
                {"id": "did:web:example.com#logs-in", "publicKeyJwk": logs_in},
                {"id": "did:web:other.example#k", "publicKeyJwk": other},
                {"id": "#old", "type": "Ed25519VerificationKey2018", "publicKeyBase58": "abc"},
            ],
            "assertionMethod": ["#asserts", {"id": "#embedded", "publicKeyJwk": other}],
            "authentication": ["#logs-in"],
        });
        let requests = request_keys_from_did_document(document.to_string().as_bytes(), &did()).unwrap();
        let thumbprints = |keys: &KeySet| keys.keys().iter().map(|key| key.key.thumbprint()).collect::<Vec<_>>();
        assert_eq!(thumbprints(&requests), [asserts.thumbprint(), logs_in.thumbprint()]);
        let credentials = keys_from_did_document(document.to_string().as_bytes(), &did()).unwrap();
        assert_eq!(thumbprints(&credentials), [asserts.thumbprint(), other.thumbprint()]);
    }

    #[test]
    fn a_holder_proves_itself_by_the_keys_under_authentication() {
        let (asserts, logs_in, embedded) = (named("a", 1).key, named("b", 2).key, named("c", 3).key);
        let document = json!({
            "id": "did:web:example.com",
            "verificationMethod": [
                {"id": "#asserts", "publicKeyJwk": asserts},
                {"id": "did:web:example.com#logs-in", "publicKeyJwk": logs_in},
            ],
            "assertionMethod": ["#asserts", {"id": "#embedded", "publicKeyJwk": embedded}],
            "authentication": ["#logs-in", "did:web:example.com#embedded", "#nowhere"],
        });
        let keys = holder_keys_from_did_document(document.to_string().as_bytes(), &did()).unwrap();
        assert_eq!(keys.named("did:web:example.com#logs-in"), Some(&logs_in));
        assert_eq!(keys.named("did:web:example.com#embedded"), Some(&embedded));
        for other in ["did:web:example.com#asserts", "#logs-in", "did:web:example.com", "did:web:other.example#logs-in"]
        {
            assert_eq!(keys.named(other), None, "{other}");
        }
    }

    /// Controlled Identifiers 1.0 §2.2.2, and the suites from before it.
    #[test]
    fn a_key_is_read_as_a_multikey_too() {
        let (key, other) = (named("a", 1).key, named("b", 2).key);
        let jwk: identity_kit::jose::Jwk = serde_json::from_value(json!(key)).unwrap();
        let multikey = jwk.to_multikey().unwrap();
        let document = json!({
            "id": "did:web:example.com",
            "verificationMethod": [
                {"id": "#multikey", "type": "Multikey", "publicKeyMultibase": multikey},
                {"id": "#both", "type": "JsonWebKey", "publicKeyJwk": other, "publicKeyMultibase": multikey},
                {"id": "#ed25519", "type": "Multikey",
                 "publicKeyMultibase": "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"},
                {"id": "#number", "type": "Multikey", "publicKeyMultibase": 7},
            ],
            "assertionMethod": ["#multikey", "#both", "#ed25519", "#number"],
        });
        let found = |name: &str| Some(format!("did:web:example.com#{name}"));
        assert_eq!(
            read(&document).unwrap(),
            [(found("multikey"), key.thumbprint()), (found("both"), other.thumbprint())]
        );
    }

    #[test]
    fn a_request_needs_a_key_under_verification_method() {
        let key = named("a", 1).key;
        let embedded = json!({
            "id": "did:web:example.com",
            "assertionMethod": [{"id": "#embedded", "publicKeyJwk": key}],
        });
        let error = request_keys_from_did_document(embedded.to_string().as_bytes(), &did()).unwrap_err();
        assert_eq!(error, KeySourceError::NoUsableKey("did:web:example.com".to_owned()));
    }

    #[test]
    fn the_document_must_be_json_of_this_did_with_a_usable_key() {
        let error = keys_from_did_document(b"<html>", &did()).unwrap_err();
        assert!(matches!(error, KeySourceError::Json(_)), "{error}");
        let error = read(&json!({"id": "did:web:other.example"})).unwrap_err();
        assert!(matches!(error, KeySourceError::OfAnother { .. }), "{error}");
        let error = read(&json!({"id": "did:web:example.com", "verificationMethod": []})).unwrap_err();
        assert_eq!(error, KeySourceError::NoUsableKey("did:web:example.com".to_owned()));
    }
}
