use serde_json::json;

use super::*;
use crate::did::did_jwk;
use crate::keys::SigningKey;

const ISSUER: &str = "https://issuer.example/tenant/1";

fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

fn jwks(keys: &[Value]) -> Value {
    json!({"keys": keys})
}

fn metadata(value: &Value) -> Result<MetadataKeys, KeySourceError> {
    keys_from_issuer_metadata(value.to_string().as_bytes(), ISSUER)
}

#[test]
fn a_did_jwk_brings_its_key_along() {
    let public = key(1).public();
    let did = did_jwk(&public).to_string();
    let kid = format!("{did}#0");
    let expected = KeySet { issuer: did.clone(), keys: vec![IssuerKey { kid: Some(kid.clone()), key: public }] };
    for (iss, kid) in [(Some(did.as_str()), None), (Some(&did), Some("#0")), (None, Some(kid.as_str()))] {
        assert_eq!(issuer_keys(iss, kid), Ok(IssuerKeys::Embedded(expected.clone())));
    }
}

#[test]
fn a_did_web_says_where_its_document_is() {
    let expected = IssuerKeys::DidWeb {
        did: "did:web:example.com:a".parse().unwrap(),
        url: "https://example.com/a/did.json".to_owned(),
    };
    assert_eq!(issuer_keys(Some("did:web:example.com:a"), Some("did:web:example.com:a#k")), Ok(expected));
}

/// draft-ietf-oauth-sd-jwt-vc, "JWT VC Issuer Metadata Request", with and without a path.
#[test]
fn metadata_stands_between_host_and_path() {
    for (issuer, expected) in [
        ("https://example.com", "https://example.com/.well-known/jwt-vc-issuer"),
        ("https://example.com/", "https://example.com/.well-known/jwt-vc-issuer"),
        ("https://example.com/tenant/1234", "https://example.com/.well-known/jwt-vc-issuer/tenant/1234"),
        ("https://example.com:8443/a/", "https://example.com:8443/.well-known/jwt-vc-issuer/a"),
    ] {
        let url = expected.to_owned();
        assert_eq!(issuer_keys(Some(issuer), Some("k")), Ok(IssuerKeys::IssuerMetadata { issuer: issuer.into(), url }));
    }
}

#[test]
fn the_issuer_claim_is_not_overruled_by_a_key_id() {
    let attacker = format!("{}#0", did_jwk(&key(9).public()));
    assert!(matches!(issuer_keys(Some(ISSUER), Some(&attacker)), Ok(IssuerKeys::IssuerMetadata { .. })));
    let error = issuer_keys(Some("did:web:example.com"), Some(&attacker)).unwrap_err();
    assert!(matches!(error, IssuerError::KeyOfAnother { .. }), "{error}");
}

#[test]
fn an_issuer_must_be_named_in_a_way_that_leads_to_keys() {
    assert_eq!(issuer_keys(None, Some("key-1")), Err(IssuerError::Missing));
    assert_eq!(issuer_keys(Some("did:key:z6Mk"), None), Err(IssuerError::Method("key".into())));
    assert!(matches!(issuer_keys(Some("did:jwk:_"), None), Err(IssuerError::Did(DidError::Jwk { .. }))));
    for iss in [
        "",
        "issuer",
        "http://example.com",
        "https://user@example.com",
        "https://example.com/?a",
        "https://example.com/#a",
        "https://example.com/a/../b",
        "https://example.com/a/%2e%2E/b",
        "https:///a",
        "urn:a",
    ] {
        assert_eq!(issuer_keys(Some(iss), None), Err(IssuerError::Identifier(iss.to_owned())));
    }
}

#[test]
fn metadata_gives_its_keys_or_where_they_are() {
    let public = key(1).public().with_kid("k");
    let keys = metadata(&json!({"issuer": ISSUER, "jwks": jwks(&[json!(public)])})).unwrap();
    let expected = KeySet { issuer: ISSUER.into(), keys: vec![IssuerKey { kid: Some("k".into()), key: public }] };
    assert_eq!(keys, MetadataKeys::Keys(expected));
    let uri = "https://issuer.example/keys";
    assert_eq!(metadata(&json!({"issuer": ISSUER, "jwks_uri": uri})), Ok(MetadataKeys::JwksUri(uri.into())));
}

#[test]
fn metadata_of_another_issuer_is_refused() {
    for issuer in [json!("https://issuer.example/tenant/2"), json!("https://issuer.example/tenant/1/"), json!(null)] {
        let error = metadata(&json!({"issuer": issuer, "jwks_uri": "https://issuer.example/keys"})).unwrap_err();
        assert!(matches!(error, KeySourceError::OfAnother { .. }), "{error}");
    }
}

#[test]
fn metadata_must_say_exactly_once_where_the_keys_are() {
    assert_eq!(metadata(&json!({"issuer": ISSUER})), Err(KeySourceError::OneOfTwo));
    let both = json!({"issuer": ISSUER, "jwks": jwks(&[]), "jwks_uri": "https://issuer.example"});
    assert_eq!(metadata(&both), Err(KeySourceError::OneOfTwo));
    let plain = json!({"issuer": ISSUER, "jwks_uri": "http://issuer.example/keys"});
    assert_eq!(metadata(&plain), Err(KeySourceError::JwksUri("http://issuer.example/keys".into())));
    assert!(matches!(keys_from_issuer_metadata(b"{", ISSUER), Err(KeySourceError::Json(_))));
}

#[test]
fn a_key_set_is_reduced_to_what_may_sign_credentials() {
    let with = |name: &str, value: &str| {
        let mut jwk = json!(key(2).public());
        jwk[name] = value.into();
        jwk
    };
    let unusable = [with("use", "enc"), with("alg", "ECDH-ES"), with("crv", "P-384"), with("d", "AQAB"), json!(1)];
    let text = jwks(&unusable).to_string();
    assert_eq!(keys_from_jwks(text.as_bytes(), ISSUER), Err(KeySourceError::NoUsableKey(ISSUER.into())));
    let usable = jwks(&[unusable[0].clone(), with("use", "sig"), with("alg", "ES256")]).to_string();
    assert_eq!(keys_from_jwks(usable.as_bytes(), ISSUER).unwrap().keys().len(), 2);
}

#[test]
fn a_key_id_chooses_the_key_and_an_unknown_one_leaves_the_choice_open() {
    let named = |name: &str, secret| IssuerKey { kid: Some(name.into()), key: key(secret).public() };
    let set = KeySet::new("did:web:a", vec![named("did:web:a#1", 1), named("did:web:a#2", 2)]).unwrap();
    let signature = key(2).sign(b"message");
    for (kid, expected) in [
        (Some("did:web:a#2"), true),
        (Some("#2"), true),
        (Some("2"), true),
        (Some("did:web:a#1"), false),
        (Some("#1"), false),
        (Some("another"), true),
        (None, true),
    ] {
        assert_eq!(set.signed(kid, b"message", &signature), expected, "{kid:?}");
    }
    assert!(!set.signed(None, b"another message", &signature));
}

#[test]
fn an_endless_key_set_is_not_searched_to_its_end() {
    let mut keys = vec![IssuerKey { kid: None, key: key(1).public() }; MAX_TRIED];
    keys.push(IssuerKey { kid: Some("last".into()), key: key(2).public() });
    let set = KeySet::new(ISSUER, keys).unwrap();
    let signature = key(2).sign(b"message");
    assert!(!set.signed(None, b"message", &signature));
    assert!(set.signed(Some("last"), b"message", &signature));
}
