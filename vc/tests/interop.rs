//! Nothing of ours is the only witness of ours: credentials that others issued verify here, and one
//! of ours is pinned to the bytes that others verified (see `interop/README.md`).

use std::error::Error;

use serde_json::{Value, json};
use vc::did::{did_jwk, did_jwk_key_id};
use vc::did_document::keys_from_did_document;
use vc::issuer::{IssuerKeys, KeySet, MetadataKeys, keys_from_issuer_metadata};
use vc::keys::SigningKey;
use vc::sd_jwt_vc::{ClaimPath, Draft, HolderKey, ParsedCredential, VerifyError, issue};

const THEIRS: &str = include_str!("interop/credentials.json");
const OURS: &str = include_str!("interop/ours.txt");
const NOW: i64 = 1_800_000_000;

fn keys(parsed: &ParsedCredential, entry: &Value) -> Result<KeySet, Box<dyn Error>> {
    let document = entry["document"].to_string().into_bytes();
    Ok(match parsed.issuer()? {
        IssuerKeys::Embedded(keys) => keys,
        IssuerKeys::DidWeb { did, url } => {
            assert_eq!(url, entry["url"]);
            keys_from_did_document(&document, &did)?
        }
        IssuerKeys::IssuerMetadata { issuer, url } => {
            assert_eq!(url, entry["url"]);
            match keys_from_issuer_metadata(&document, &issuer)? {
                MetadataKeys::Keys(keys) => keys,
                MetadataKeys::JwksUri(uri) => panic!("{uri}"),
            }
        }
    })
}

#[test]
fn credentials_that_others_issued_verify() {
    let theirs: Value = serde_json::from_str(THEIRS).unwrap();
    let entries = theirs["credentials"].as_array().unwrap();
    assert_eq!(entries.len(), 3 * 6);
    for entry in entries {
        let name = entry["name"].as_str().unwrap();
        let parsed = ParsedCredential::parse(entry["credential"].as_str().unwrap()).unwrap();
        let credential =
            parsed.verify(&keys(&parsed, entry).unwrap(), NOW).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(credential.issuer, entry["iss"], "{name}");
        assert_eq!(credential.issued_at, theirs["issued_at"].as_i64(), "{name}");
        assert_eq!(credential.valid_until, theirs["valid_until"].as_i64(), "{name}");
        let thumbprint = theirs["holder_thumbprint"].as_str().unwrap().to_owned();
        assert_eq!(credential.holder_key, Some(HolderKey::Thumbprint(thumbprint)), "{name}");
        for (claim, value) in theirs["claims"].as_object().unwrap() {
            assert_eq!(&credential.claims[claim], value, "{name}");
        }
        let mut disclosed = credential.disclosed;
        disclosed.sort();
        assert_eq!(json!(disclosed), entry["disclosed"], "{name}");
    }
}

#[test]
fn a_credential_of_one_issuer_does_not_verify_by_the_keys_of_another() {
    let theirs: Value = serde_json::from_str(THEIRS).unwrap();
    let entries = theirs["credentials"].as_array().unwrap();
    let parse = |entry: &Value| ParsedCredential::parse(entry["credential"].as_str().unwrap()).unwrap();
    // All of them are signed by the same key, so only the binding of keys to issuers tells them apart.
    for (one, other) in [(0, 6), (6, 12), (12, 0)] {
        let keys = keys(&parse(&entries[other]), &entries[other]).unwrap();
        let error = parse(&entries[one]).verify(&keys, NOW).unwrap_err();
        assert!(matches!(error, VerifyError::KeysOfAnother { .. }), "{error}");
    }
}

#[test]
fn what_we_issue_is_what_others_verified() {
    let key = SigningKey::from_secret_bytes(&[1; 32]).unwrap();
    let did = did_jwk(&key.public());
    let kid = did_jwk_key_id(&did);
    let Value::Object(claims) = json!({
        "given_name": "Erika",
        "address": {"street_address": "Heidestraße 17", "locality": "Köln"},
        "nationalities": ["DE", "FR"],
    }) else {
        panic!("an object is an object")
    };
    let draft = Draft {
        issuer: did.as_str(),
        kid: &kid,
        vct: "https://issuer.example/vct/person",
        claims,
        selectively_disclosable: vec![
            "given_name".into(),
            "address".into(),
            ClaimPath::from(["address".into(), "street_address".into()]),
            ClaimPath::from(["nationalities".into(), 1.into()]),
        ],
        issued_at: 1_700_000_000,
        valid_from: Some(1_700_000_000),
        valid_until: Some(2_000_000_000),
        holder_key: Some(SigningKey::from_secret_bytes(&[2; 32]).unwrap().public()),
        status: None,
    };
    let mut count = 0;
    let mut salts = |out: &mut [u8]| {
        count += 1;
        out.fill(count);
    };
    assert_eq!(issue(&draft, &key, &mut salts).unwrap(), OURS.trim_end());
}
