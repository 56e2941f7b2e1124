use super::*;
use crate::issuer::{IssuerKeys, keys_from_jwks};
use crate::jws::{LEEWAY_SECONDS, TimeError};

/// RFC 9901 Appendix A.3, "SD-JWT-based Verifiable Credentials": the person identification data as
/// issued, and the claims it was made of.
const ISSUANCE: &str = include_str!("../../../tests/vectors/rfc9901_a3_issuance.txt");
const CLAIMS: &str = include_str!("../../../tests/vectors/rfc9901_a3_claims.json");
/// RFC 9901 Appendix A.5: the key that signed the examples.
const KEY: &str = r#"{"keys": [{"kty": "EC", "crv": "P-256",
    "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
    "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"}]}"#;
/// RFC 9901 Appendix A.5: the holder's key.
const HOLDER: &str = r#"{"kty": "EC", "crv": "P-256",
    "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc",
    "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ"}"#;

#[test]
fn the_credential_of_rfc_9901_is_what_the_rfc_says() {
    let parsed = ParsedCredential::parse(ISSUANCE).unwrap();
    let IssuerKeys::IssuerMetadata { issuer, url } = parsed.issuer().unwrap() else { panic!("{parsed:?}") };
    assert_eq!(url, "https://pid-issuer.bund.de.example/.well-known/jwt-vc-issuer");
    let keys = keys_from_jwks(KEY.as_bytes(), &issuer).unwrap();
    let credential = parsed.verify(&keys, NOW).unwrap();
    let expected: Map<String, Value> = serde_json::from_str(CLAIMS).unwrap();
    for (name, value) in &expected {
        assert_eq!(&credential.claims[name], value, "{name}");
    }
    assert_eq!((credential.issued_at, credential.valid_until), (Some(1_683_000_000), Some(1_883_000_000)));
    let holder: PublicJwk = serde_json::from_str(HOLDER).unwrap();
    assert_eq!(credential.holder_key, Some(HolderKey::Thumbprint(holder.thumbprint())));
    assert!(credential.disclosed.contains(&ClaimPath::from(["age_equal_or_over".into(), "18".into()])));
    assert!(credential.disclosed.contains(&"nationalities".into()));

    let expired = parsed.verify(&keys, 1_883_000_000 + LEEWAY_SECONDS).unwrap_err();
    assert!(matches!(expired, VerifyError::Time(TimeError::Expired { .. })), "{expired}");
}

/// RFC 9901 §4.2.1 and §4.2.3: the first disclosure of the RFC and its digest.
#[test]
fn digests_are_those_of_rfc_9901() {
    let disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    let mut forged = Forged::new().claim("_sd", json!(["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"]));
    forged.disclosures.push(disclosure.to_owned());
    assert_eq!(forged.parse().unwrap().claims["family_name"], "Möbius");
}
