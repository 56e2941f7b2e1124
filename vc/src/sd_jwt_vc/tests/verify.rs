use super::*;
use crate::issuer::{IssuerError, keys_from_jwks};
use crate::jws::{LEEWAY_SECONDS, TimeError};

fn verify(forged: &Forged, now: i64) -> Result<VerifiedCredential, VerifyError> {
    let credential = forged.parse().unwrap();
    credential.verify(&embedded_keys(&credential), now)
}

#[test]
fn a_verified_credential_says_everything_the_issuer_signed() {
    let text = issued();
    let parsed = ParsedCredential::parse(&text).unwrap();
    let credential = parsed.verify(&embedded_keys(&parsed), NOW).unwrap();
    let did = did_jwk(&key(1).public());
    assert_eq!(credential.issuer, did.as_str());
    assert_eq!(credential.vct, "https://example.com/vct");
    assert_eq!(credential.issued_at, Some(NOW));
    assert_eq!(credential.valid_from, Some(NOW));
    assert_eq!(credential.valid_until, Some(NOW + 1000));
    assert_eq!(credential.holder_key, Some(HolderKey::Thumbprint(key(2).public().thumbprint())));
    assert_eq!(credential.status.unwrap()["status_list"]["idx"], 7);
    assert_eq!(credential.compact, text);
    assert_eq!(credential.claims["iss"], did.as_str());
    assert_eq!(credential.claims["address"], json!({"street": "St James's Square", "city": "London"}));
    assert_eq!(credential.claims["languages"], json!(["en", "fr", "it"]));
    assert!(!credential.claims.to_string().contains("_sd"));
}

#[test]
fn validity_begins_and_ends_to_the_second_with_a_minute_in_favour() {
    let timed = |name, time: i64| Forged::new().claim(name, json!(time));
    let late = NOW + LEEWAY_SECONDS;
    assert!(verify(&timed("iat", late), NOW).is_ok());
    assert_eq!(
        verify(&timed("iat", late + 1), NOW),
        Err(TimeError::IssuedInFuture { issued_at: late + 1, now: NOW }.into())
    );
    assert!(verify(&timed("nbf", late), NOW).is_ok());
    assert_eq!(
        verify(&timed("nbf", late + 1), NOW),
        Err(TimeError::NotYetValid { valid_from: late + 1, now: NOW }.into())
    );
    let early = NOW - LEEWAY_SECONDS;
    assert!(verify(&timed("exp", early + 1), NOW).is_ok());
    assert_eq!(verify(&timed("exp", early), NOW), Err(TimeError::Expired { valid_until: early, now: NOW }.into()));
    assert!(verify(&Forged::new().without("iat"), i64::MAX).is_ok());
    assert!(verify(&Forged::new(), i64::MIN).is_err());
}

#[test]
fn a_holder_learns_that_a_signed_credential_is_not_yet_valid() {
    let credential = Forged::new().claim("nbf", json!(NOW + 3600)).parse().unwrap();
    let verified = credential.verify_signature(&embedded_keys(&credential)).unwrap();
    assert_eq!(verified.check_time(NOW), Err(TimeError::NotYetValid { valid_from: NOW + 3600, now: NOW }));
    assert_eq!(verified.check_time(NOW + 3600), Ok(()));
}

#[test]
fn a_signature_by_another_key_is_refused() {
    let other = did_jwk(&key(9).public());
    let forged = Forged::new().claim("iss", json!(other)).header("kid", json!(did_jwk_key_id(&other)));
    assert_eq!(verify(&forged, NOW), Err(VerifyError::Signature { issuer: other.to_string() }));
}

#[test]
fn the_signature_is_judged_before_the_dates() {
    let other = did_jwk(&key(9).public());
    let forged = Forged::new().claim("iss", json!(other)).header("kid", json!("#0")).claim("exp", json!(1));
    assert!(matches!(verify(&forged, NOW), Err(VerifyError::Signature { .. })));
}

#[test]
fn keys_of_another_issuer_do_not_vouch() {
    let credential = Forged::new().claim("iss", json!("https://issuer.example")).parse().unwrap();
    let jwks = json!({"keys": [key(1).public()]}).to_string();
    let of = |issuer| keys_from_jwks(jwks.as_bytes(), issuer).unwrap();
    assert!(credential.verify(&of("https://issuer.example"), NOW).is_ok());
    let error = credential.verify(&of("https://other.example"), NOW).unwrap_err();
    assert!(matches!(error, VerifyError::KeysOfAnother { .. }), "{error}");
}

#[test]
fn a_credential_without_a_nameable_issuer_is_refused() {
    let keys = embedded_keys(&Forged::new().parse().unwrap());
    let credential = Forged::new().without("iss").header("kid", json!("key-1")).parse().unwrap();
    assert_eq!(credential.verify(&keys, NOW), Err(VerifyError::Issuer(IssuerError::Missing)));
}

#[test]
fn a_did_url_as_key_id_names_the_issuer_when_iss_does_not() {
    let credential = verify(&Forged::new().without("iss"), NOW).unwrap();
    assert_eq!(credential.issuer, did_jwk(&key(1).public()).as_str());
}

#[test]
fn nothing_personal_is_printed() {
    let shown = format!("{:?}", verify(&Forged::new(), NOW).unwrap());
    assert!(shown.contains("https://example.com/vct") && !shown.contains("Ada"), "{shown}");
}
