//! What a verifier believes of what a holder shows. The key binding is made here, by hand, so that each part of it can
//! be wrong; that what [`present`] makes is believed is the first test.

use super::*;
use crate::jws::{self, JwsError, TimeError};

const VERIFIER: &str = "decentralized_identifier:did:web:verifier.example";
const NONCE: &str = "n-0S6_WzA2Mj";

fn expected() -> Expected<'static> {
    Expected { audience: VERIFIER, nonce: NONCE, now: NOW }
}

fn verify(text: &str) -> Result<VerifiedCredential, PresentationError> {
    let presentation = ParsedPresentation::parse(text)?;
    let IssuerKeys::Embedded(keys) = presentation.issuer().unwrap() else { panic!("a did:jwk") };
    presentation.verify(&keys, &expected())
}

/// The issuer-signed JWT, and the disclosures by the name of their claim; that of an element by its value.
fn parts() -> (String, Vec<(String, String)>) {
    let text = issued();
    let mut parts = text.trim_end_matches('~').split('~').map(str::to_owned);
    let jwt = parts.next().unwrap();
    let named = |disclosure: String| {
        let parsed = Disclosure::parse(&disclosure).unwrap();
        (parsed.name().map_or_else(|| parsed.value().to_string(), str::to_owned), disclosure)
    };
    (jwt, parts.map(named).collect())
}

fn disclosing(names: &[&str]) -> String {
    let (jwt, disclosures) = parts();
    let chosen = disclosures.into_iter().filter(|(name, _)| names.contains(&name.as_str()));
    chosen.fold(format!("{jwt}~"), |text, (_, disclosure)| format!("{text}{disclosure}~"))
}

/// The claims of a key binding over this SD-JWT, as they must be.
fn binding(sd_jwt: &str) -> Map<String, Value> {
    let sd_hash = HashAlgorithm::Sha256.digest(sd_jwt.as_bytes());
    json!({"aud": VERIFIER, "nonce": NONCE, "iat": NOW, "sd_hash": sd_hash}).as_object().unwrap().clone()
}

/// Bound by the holder's key, with one claim of the key binding set otherwise; `null` leaves it out.
fn bound_with(sd_jwt: &str, name: &str, value: Value) -> String {
    let mut claims = binding(sd_jwt);
    if value.is_null() {
        claims.remove(name)
    } else {
        claims.insert(name.to_owned(), value)
    };
    format!("{sd_jwt}{}", jws::sign(&key(2), "kb+jwt", Map::new(), &claims))
}

fn bound(sd_jwt: &str) -> String {
    let claims = binding(sd_jwt);
    format!("{sd_jwt}{}", jws::sign(&key(2), "kb+jwt", Map::new(), &claims))
}

#[test]
fn what_a_holder_presents_is_believed_and_what_it_withholds_is_not_told() {
    let text = present(&issued(), &["name".into()], &key(2), VERIFIER, NONCE, NOW).unwrap();
    let credential = verify(&text).unwrap();
    assert_eq!(credential.claims["name"], "Ada");
    assert_eq!(credential.claims.get("address"), None);
    assert_eq!(credential.claims["languages"], json!(["en", "it"]));
    assert_eq!(credential.vct, "https://example.com/vct");
    assert_eq!(credential.status.unwrap()["status_list"]["idx"], 7);
}

#[test]
fn nothing_or_everything_can_be_disclosed() {
    assert_eq!(verify(&bound(&disclosing(&[]))).unwrap().claims.get("name"), None);
    let all = verify(&bound(&issued())).unwrap().claims;
    assert_eq!(all["address"], json!({"street": "St James's Square", "city": "London"}));
    assert_eq!(all["languages"], json!(["en", "fr", "it"]));
}

#[test]
fn a_disclosure_that_was_altered_added_or_repeated_is_refused() {
    let (jwt, disclosures) = parts();
    let name = &disclosures.iter().find(|(name, _)| name == "name").unwrap().1;
    let altered = encode(&json!(["c2FsdA", "name", "Eve"]));
    let added = encode(&json!(["c2FsdA", "admin", true]));
    for sd_jwt in [format!("{jwt}~{altered}~"), format!("{jwt}~{name}~{added}~")] {
        let refused = verify(&bound(&sd_jwt)).unwrap_err();
        assert_eq!(refused, PresentationError::Credential(ImportError::DisclosureUnreferenced));
    }
    let twice = verify(&bound(&format!("{jwt}~{name}~{name}~"))).unwrap_err();
    assert_eq!(twice, PresentationError::Credential(ImportError::DisclosureTwice));
    // The street stands inside of the address, which is withheld here.
    let orphan = verify(&bound(&disclosing(&["street"]))).unwrap_err();
    assert_eq!(orphan, PresentationError::Credential(ImportError::DisclosureUnreferenced));
}

#[test]
fn the_key_binding_covers_exactly_what_was_sent() {
    let (less, more) = (disclosing(&[]), disclosing(&["name"]));
    let binding = bound(&more).rsplit_once('~').unwrap().1.to_owned();
    assert_eq!(verify(&format!("{less}{binding}")).unwrap_err(), PresentationError::SdHash);
    assert_eq!(verify(&bound_with(&more, "sd_hash", Value::Null)).unwrap_err(), PresentationError::SdHash);
}

#[test]
fn without_a_key_binding_nothing_is_believed_unless_none_is_asked_for() {
    let sd_jwt = disclosing(&["name"]);
    assert_eq!(verify(&sd_jwt).unwrap_err(), PresentationError::NoKeyBinding);
    let presentation = ParsedPresentation::parse(&sd_jwt).unwrap();
    let IssuerKeys::Embedded(keys) = presentation.issuer().unwrap() else { panic!("a did:jwk") };
    assert!(!presentation.has_key_binding());
    assert_eq!(presentation.verify_unbound(&keys, NOW).unwrap().claims["name"], "Ada");
    assert!(presentation.verify_unbound(&keys, NOW + 2000).is_err());
}

#[test]
fn only_the_key_that_the_credential_is_bound_to_speaks_for_the_holder() {
    let sd_jwt = disclosing(&["name"]);
    let by_another = format!("{sd_jwt}{}", jws::sign(&key(3), "kb+jwt", Map::new(), &binding(&sd_jwt)));
    assert_eq!(verify(&by_another).unwrap_err(), PresentationError::HolderSignature);
    let unbound = Forged::new().text();
    let signed = format!("{unbound}{}", jws::sign(&key(2), "kb+jwt", Map::new(), &binding(&unbound)));
    assert_eq!(verify(&signed).unwrap_err(), PresentationError::NotBound);
}

#[test]
fn a_holder_can_be_bound_by_its_did_jwk() {
    let holder = did_jwk_key_id(&did_jwk(&key(2).public()));
    let sd_jwt = Forged::new().claim("cnf", json!({"kid": holder})).text();
    assert!(verify(&bound(&sd_jwt)).is_ok());
}

#[test]
fn a_holder_that_is_bound_by_a_did_web_is_named_so_that_its_key_can_be_fetched() {
    let url = "did:web:holder.example#key-1";
    let presentation = |cnf: Value| ParsedPresentation::parse(&bound(&Forged::new().claim("cnf", cnf).text())).unwrap();
    let named = presentation(json!({"kid": url}));
    assert_eq!(named.holder(), Ok(Holder::DidUrl(url.to_owned())));
    assert_eq!(named.check_holder(&key(2).public()), Ok(()));
    assert_eq!(named.check_holder(&key(3).public()), Err(PresentationError::HolderSignature));
    for kid in ["did:example:holder#0", "key-1"] {
        assert_eq!(presentation(json!({"kid": kid})).holder(), Err(PresentationError::NotBound), "{kid}");
    }
}

#[test]
fn another_audience_or_nonce_is_refused() {
    let sd_jwt = disclosing(&["name"]);
    let other = verify(&bound_with(&sd_jwt, "aud", json!("did:web:verifier.example"))).unwrap_err();
    assert_eq!(other, PresentationError::Audience("did:web:verifier.example".to_owned()));
    for aud in [json!([VERIFIER]), Value::Null] {
        let refused = verify(&bound_with(&sd_jwt, "aud", aud)).unwrap_err();
        assert_eq!(refused, PresentationError::NoAudience);
    }
    for nonce in [json!("another"), json!(7), Value::Null] {
        assert_eq!(verify(&bound_with(&sd_jwt, "nonce", nonce)).unwrap_err(), PresentationError::Nonce);
    }
}

#[test]
fn a_key_binding_is_of_this_time() {
    let sd_jwt = disclosing(&["name"]);
    for iat in [NOW - 660, NOW, NOW + 60] {
        assert!(verify(&bound_with(&sd_jwt, "iat", json!(iat))).is_ok(), "{iat}");
    }
    for (claim, value, refused) in [
        ("iat", json!(NOW - 661), PresentationError::Old { issued_at: NOW - 661, now: NOW }),
        ("iat", json!(NOW + 61), TimeError::IssuedInFuture { issued_at: NOW + 61, now: NOW }.into()),
        ("iat", json!("now"), TimeError::Unreadable("iat").into()),
        ("iat", Value::Null, PresentationError::Undated),
        ("exp", json!(NOW - 3600), TimeError::Expired { valid_until: NOW - 3600, now: NOW }.into()),
        ("exp", json!("never"), TimeError::Unreadable("exp").into()),
        ("nbf", json!(NOW + 3600), TimeError::NotYetValid { valid_from: NOW + 3600, now: NOW }.into()),
        ("nbf", json!(true), TimeError::Unreadable("nbf").into()),
    ] {
        assert_eq!(verify(&bound_with(&sd_jwt, claim, value)).unwrap_err(), refused, "{claim}");
    }
    let timed = bound_with(&sd_jwt, "exp", json!(1_800_000_000.5));
    assert!(verify(&timed).is_ok());
}

#[test]
fn a_key_binding_is_of_its_own_type() {
    let sd_jwt = disclosing(&["name"]);
    let text = format!("{sd_jwt}{}", jws::sign(&key(2), "JWT", Map::new(), &binding(&sd_jwt)));
    assert!(matches!(verify(&text).unwrap_err(), PresentationError::KeyBinding(JwsError::Type { .. })));
    let unsigned = verify(&format!("{sd_jwt}eyJhbGciOiJub25lIn0.e30.")).unwrap_err();
    assert!(matches!(unsigned, PresentationError::KeyBinding(_)), "{unsigned}");
}

#[test]
fn the_credential_inside_is_judged_as_any_other() {
    let expired = Forged::new().claim("cnf", json!({"jwk": key(2).public()})).claim("exp", json!(NOW - 60)).text();
    let refused = verify(&bound(&expired)).unwrap_err();
    assert_eq!(refused, PresentationError::Untrusted(TimeError::Expired { valid_until: NOW - 60, now: NOW }.into()));
    let garbage = ParsedPresentation::parse("garbage").unwrap_err();
    assert!(matches!(garbage, PresentationError::Credential(ImportError::Form(_))), "{garbage}");
    assert!(matches!(ParsedPresentation::parse("é~é").unwrap_err(), PresentationError::Credential(_)));
}

#[test]
fn debug_shows_no_claims() {
    let shown = format!("{:?}", ParsedPresentation::parse(&bound(&disclosing(&["name"]))).unwrap());
    assert!(!shown.contains("Ada"), "{shown}");
}
