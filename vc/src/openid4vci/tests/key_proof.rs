use serde_json::{Map, Value, json};

use crate::did::{did_jwk, did_jwk_key_id};
use crate::jws::{self, TimeError};
use crate::keys::SigningKey;
use crate::openid4vci::{KeyProof, KeyProofDraft, KeyProofError, MAX_PROOF_AGE_SECONDS, ProofKey};

const ISSUER: &str = "https://credential-issuer.example.com";
const NOW: i64 = 1_701_960_444;
const TYP: &str = "openid4vci-proof+jwt";

/// The example of Appendix F.1.
const EXAMPLE: &str = "eyJ0eXAiOiJvcGVuaWQ0dmNpLXByb29mK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoiblVXQW9BdjNYWml0aDhFN2kxOU9kYXhPTFlGT3dNLVoyRXVNMDJUaXJUNCIsInkiOiJIc2tIVThCalVpMVU5WHFpN1N3bWo4Z3dBS18weGtjRGpFV183MVNvc0VZIn19.eyJhdWQiOiJodHRwczovL2NyZWRlbnRpYWwtaXNzdWVyLmV4YW1wbGUuY29tIiwiaWF0IjoxNzAxOTYwNDQ0LCJub25jZSI6IkxhclJHU2JtVVBZdFJZTzZCUTR5bjgifQ.-a3EDsxClUB4O3LeDD5DVGEnNMT01FCQW4P6-2-BNBqc_Zxf0Qw4CWayLEpqkAomlkLb9zioZoipdP-jvh1WlA";

fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret_bytes(&[secret; 32]).unwrap()
}

fn draft() -> KeyProofDraft<'static> {
    KeyProofDraft { audience: ISSUER, nonce: Some("n"), issued_at: NOW, kid: None }
}

/// A proof with other claims than [`KeyProof::make`] would write.
fn with(header: Value, claims: Value) -> String {
    let map = |json: Value| json.as_object().unwrap().clone();
    jws::sign(&key(1), TYP, map(header), &map(claims))
}

fn jwk_of(proof: &KeyProof) -> &crate::keys::PublicJwk {
    let ProofKey::Jwk(key) = proof.key() else { panic!("the key does not travel in the proof") };
    key
}

#[test]
fn the_example_of_the_specification_verifies() {
    let proof = KeyProof::parse(EXAMPLE).unwrap();
    assert_eq!(proof.check(ISSUER, NOW), Ok("LarRGSbmUPYtRYO6BQ4yn8"));
    assert_eq!(proof.verify(jwk_of(&proof)), Ok(()));
}

#[test]
fn a_proof_is_signed_by_the_key_that_travels_in_it() {
    let proof = KeyProof::parse(&KeyProof::make(&draft(), &key(1))).unwrap();
    assert_eq!(proof.check(ISSUER, NOW), Ok("n"));
    assert_eq!(jwk_of(&proof), &key(1).public());
    assert_eq!(proof.verify(jwk_of(&proof)), Ok(()));
    assert_eq!(proof.verify(&key(2).public()), Err(KeyProofError::Signature));
}

#[test]
fn a_proof_by_a_did_is_signed_by_the_key_that_it_names() {
    let did = did_jwk(&key(1).public());
    let kid = did_jwk_key_id(&did);
    let text = KeyProof::make(&KeyProofDraft { kid: Some(&kid), ..draft() }, &key(1));
    let proof = KeyProof::parse(&text).unwrap();
    assert!(matches!(proof.key(), ProofKey::Did(named) if *named == kid));
    assert_eq!(proof.verify(&key(1).public()), Ok(()));
    assert_eq!(proof.verify(&key(2).public()), Err(KeyProofError::Signature));
    let web = KeyProofDraft { kid: Some("did:web:holder.example#key-1"), ..draft() };
    let proof = KeyProof::parse(&KeyProof::make(&web, &key(1))).unwrap();
    assert!(matches!(proof.key(), ProofKey::Did(named) if named == "did:web:holder.example#key-1"));
}

#[test]
fn a_proof_names_exactly_one_usable_key() {
    let claims = || json!({"aud": ISSUER, "iat": NOW, "nonce": "n"});
    let jwk = json!(key(1).public());
    let mut secret = jwk.clone();
    secret["d"] = json!("AQ");
    for header in [
        json!({}),
        json!({"jwk": jwk, "kid": "did:jwk:e30#0"}),
        json!({"kid": "0"}),
        json!({"kid": "did:example:1#0"}),
        json!({"kid": "did:jwk:e30#0"}),
        json!({"kid": format!("did:web:holder.example#{}", "k".repeat(5000))}),
        json!({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}}),
        json!({"jwk": secret}),
    ] {
        let refused = KeyProof::parse(&with(header.clone(), claims())).unwrap_err();
        assert!(matches!(refused, KeyProofError::Key(_)), "{header}: {refused:?}");
    }
}

#[test]
fn a_jwt_of_another_type_is_no_proof() {
    let jwk = || Map::from_iter([("jwk".to_owned(), json!(key(1).public()))]);
    let other = jws::sign(&key(1), "JWT", jwk(), &Map::new());
    assert!(matches!(KeyProof::parse(&other), Err(KeyProofError::Form(_))));
    assert!(matches!(KeyProof::parse("a.b.c"), Err(KeyProofError::Form(_))));
}

#[test]
fn a_proof_is_for_one_issuer_and_for_now() {
    let check = |claims: Value, now: i64| {
        let text = with(json!({"jwk": key(1).public()}), claims);
        KeyProof::parse(&text).unwrap().check(ISSUER, now).map(str::to_owned)
    };
    let claims = || json!({"aud": ISSUER, "iat": NOW, "nonce": "n"});
    for age in [-60, 0, MAX_PROOF_AGE_SECONDS] {
        assert_eq!(check(claims(), NOW + age), Ok("n".to_owned()), "{age}");
    }
    assert_eq!(check(claims(), NOW + MAX_PROOF_AGE_SECONDS + 1), Err(KeyProofError::Old));
    assert_eq!(check(json!({"aud": ISSUER, "nonce": "n"}), NOW), Err(KeyProofError::Old));
    for (claim, value, error) in [
        ("iat", json!(NOW + 61), TimeError::IssuedInFuture { issued_at: NOW + 61, now: NOW }),
        ("iat", Value::Null, TimeError::Unreadable("iat")),
        ("iat", json!("now"), TimeError::Unreadable("iat")),
        ("iat", json!(1e300), TimeError::Unreadable("iat")),
        ("exp", json!(NOW - 60), TimeError::Expired { valid_until: NOW - 60, now: NOW }),
        ("nbf", json!(NOW + 3600), TimeError::NotYetValid { valid_from: NOW + 3600, now: NOW }),
    ] {
        let mut claims = claims();
        claims[claim] = value;
        assert_eq!(check(claims, NOW), Err(KeyProofError::Time(error)));
    }
    for aud in [Value::Null, json!("https://other.example"), json!([ISSUER]), json!(format!("{ISSUER}/"))] {
        let refused = check(json!({"aud": aud, "iat": NOW, "nonce": "n"}), NOW);
        assert_eq!(refused, Err(KeyProofError::Audience(ISSUER.to_owned())), "{aud}");
    }
    assert_eq!(check(json!({"aud": ISSUER, "iat": NOW}), NOW), Err(KeyProofError::NoNonce));
    assert_eq!(check(json!({"aud": ISSUER, "iat": NOW, "nonce": 1}), NOW), Err(KeyProofError::NoNonce));
}
