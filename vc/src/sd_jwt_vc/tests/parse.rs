use super::super::parse::{MAX_NAME_BYTES, MAX_VALUES, MAX_VCT_BYTES};
use super::*;
use crate::jws::TimeError;

fn holder(cnf: &Value) -> Result<Option<HolderKey>, ImportError> {
    Forged::new().claim("cnf", cnf.clone()).parse().map(|credential| credential.holder_key)
}

#[test]
fn the_forger_is_in_order_until_told_otherwise() {
    let credential = Forged::new().parse().unwrap();
    assert_eq!(credential.vct(), "https://example.com/vct");
    assert!(credential.verify(&embedded_keys(&credential), NOW).is_ok());
}

#[test]
fn both_types_are_read() {
    assert!(Forged::new().header("typ", json!("vc+sd-jwt")).parse().is_ok());
    for typ in [json!("JWT"), json!("application/dc+sd-jwt"), json!("DC+SD-JWT"), json!(["dc+sd-jwt"]), Value::Null] {
        let error = Forged::new().header("typ", typ).refusal();
        assert!(matches!(error, ImportError::Type(_)), "{error}");
    }
}

#[test]
fn only_es256_is_an_algorithm() {
    for alg in ["none", "None", "HS256", "ES256K", "ES384", "EdDSA", "es256", ""] {
        assert_eq!(Forged::new().header("alg", json!(alg)).refusal(), ImportError::Algorithm(alg.to_owned()));
    }
    assert_eq!(Forged::new().header("alg", json!(1)).refusal(), ImportError::Algorithm(String::new()));
}

#[test]
fn no_extension_of_jws_is_understood() {
    assert_eq!(Forged::new().header("crit", json!(["exp"])).refusal(), ImportError::Critical);
    assert_eq!(Forged::new().header("crit", json!([])).refusal(), ImportError::Critical);
}

#[test]
fn the_header_must_be_an_object_with_text_in_it() {
    for forged in [Forged { header: json!([]), ..Forged::new() }, Forged::new().header("kid", json!(1))] {
        assert!(matches!(forged.refusal(), ImportError::Header(_)));
    }
    assert!(matches!(Forged::new().header("b64", json!(false)).refusal(), ImportError::Header(_)));
}

#[test]
fn the_form_must_be_that_of_an_sd_jwt() {
    let text = Forged::new().text();
    let jwt = text.trim_end_matches('~');
    let (signed, signature) = jwt.rsplit_once('.').unwrap();
    for wrong in [
        String::new(),
        "~".to_owned(),
        jwt.to_owned(),
        format!("{signed}~"),
        format!("{jwt}.a~"),
        format!("{jwt}=~"),
        format!("{signed}.{}~", &signature[..84]),
        format!("{jwt}~~"),
        format!("{jwt}~WyJhIiwiYiJd"),
        format!("{signed}.{signature} ~"),
        text.replacen('.', ". ", 1),
    ] {
        let error = ParsedCredential::parse(&wrong).unwrap_err();
        assert!(matches!(error, ImportError::Form(_)), "{wrong}: {error}");
    }
    assert!(ParsedCredential::parse(&format!("\n {text}\r\n")).is_ok());
}

#[test]
fn a_presentation_is_not_a_credential() {
    let text = format!("{}{}", Forged::new().text(), "eyJ0eXAiOiJrYitqd3QifQ.e30.AA");
    assert_eq!(ParsedCredential::parse(&text).unwrap_err(), ImportError::KeyBinding);
}

#[test]
fn size_and_nesting_have_limits() {
    let long = format!("{}~", "a".repeat(MAX_BYTES));
    assert_eq!(ParsedCredential::parse(&long).unwrap_err(), ImportError::TooLarge(MAX_BYTES + 1));
    let nested = |levels| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    assert!(Forged::new().claim("deep", nested(60)).parse().is_ok());
    assert_eq!(Forged::new().claim("deep", nested(70)).refusal(), ImportError::TooDeep);
    assert!(matches!(Forged::new().claim("deep", nested(1000)).refusal(), ImportError::Payload(_)));
}

#[test]
fn the_payload_must_be_an_object_with_lists_of_digests() {
    for payload in [json!([]), json!("text"), json!(null)] {
        assert!(matches!(Forged { payload, ..Forged::new() }.refusal(), ImportError::Payload(_)));
    }
    for digests in [json!("digest"), json!([1])] {
        assert!(matches!(Forged::new().claim("_sd", digests).refusal(), ImportError::Payload(_)));
    }
}

#[test]
fn claims_must_have_their_form() {
    for (name, value) in [
        ("vct", json!(1)),
        ("vct", json!("")),
        ("vct", json!("a\u{0}b")),
        ("vct", json!("a\nb")),
        ("vct", json!("x".repeat(MAX_VCT_BYTES + 1))),
        ("iss", json!(["did:web:a"])),
        ("status", json!("https://example.com")),
    ] {
        let error = Forged::new().claim(name, value).refusal();
        assert!(matches!(error, ImportError::Claim { name: found, .. } if found == name), "{error}");
    }
    for name in ["iat", "nbf", "exp"] {
        let error = Forged::new().claim(name, json!("2030-01-01")).refusal();
        assert_eq!(error, ImportError::Time(TimeError::Unreadable(name)));
    }
    assert!(matches!(Forged::new().without("vct").refusal(), ImportError::Claim { name: "vct", .. }));
}

#[test]
fn times_may_have_fractions_which_are_dropped() {
    let credential = Forged::new().claim("exp", json!(1_900_000_000.75)).parse().unwrap();
    assert_eq!(credential.times.valid_until, Some(1_900_000_000));
}

#[test]
fn the_holder_is_a_key_by_value_or_by_name() {
    let public = key(2).public();
    let thumbprint = HolderKey::Thumbprint(public.thumbprint());
    assert_eq!(holder(&json!({"jwk": public})), Ok(Some(thumbprint.clone())));
    let kid = did_jwk_key_id(&did_jwk(&public));
    assert_eq!(holder(&json!({"kid": kid})), Ok(Some(thumbprint)));
    let kid = "did:web:example.com#key-1";
    let by_value = HolderKey::Thumbprint(public.thumbprint());
    assert_eq!(holder(&json!({"jwk": public, "kid": kid})), Ok(Some(by_value)));
    assert_eq!(holder(&json!({"kid": kid})), Ok(Some(HolderKey::KeyId(kid.to_owned()))));
    // RFC 8037 Appendix A.3: the thumbprint of a key that is not P-256.
    let okp = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let expected = HolderKey::Thumbprint("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k".to_owned());
    assert_eq!(holder(&json!({ "jwk": okp })), Ok(Some(expected)));
}

#[test]
fn a_binding_that_nobody_can_keep_is_refused() {
    let mut published = json!(key(2).public());
    published["d"] = json!("AQAB");
    for cnf in [
        json!({}),
        json!("key"),
        json!({"jwk": "key"}),
        json!({"jwk": {"kty": "EC"}}),
        json!({"jwk": published}),
        json!({"kid": 1}),
        json!({"kid": "did:jwk:e30#0"}),
        json!({"x5t#S256": "abc"}),
    ] {
        assert!(matches!(holder(&cnf), Err(ImportError::HolderKey(_))), "{cnf}");
    }
}

#[test]
fn disclosures_are_put_in_their_place() {
    let street = json!(["s1", "street", "St James's Square"]);
    let address = json!(["s2", "address", {"city": "London", "_sd": [digest(&street), "decoy-1"]}]);
    let french = json!(["s3", "fr"]);
    let forged = Forged::new()
        .claim("_sd", json!(["decoy-2", digest(&address)]))
        .claim("languages", json!(["en", {"...": digest(&french)}, {"...": "decoy-3"}]))
        .disclose(&french)
        .disclose(&street)
        .disclose(&address);
    let credential = forged.parse().unwrap();
    let claims = Value::Object(credential.claims);
    assert_eq!(claims["address"], json!({"city": "London", "street": "St James's Square"}));
    assert_eq!(claims["languages"], json!(["en", "fr"]));
    assert!(claims.get("_sd").is_none());
    let mut paths: Vec<_> = credential.disclosed.iter().map(ToString::to_string).collect();
    paths.sort();
    assert_eq!(paths, ["address", "address.street", "languages[1]"]);
}

#[test]
fn other_hashes_of_the_registry_are_understood() {
    let disclosure = json!(["s", "age", 36]);
    let encoded = encode(&disclosure);
    for hash in [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512] {
        let forged = Forged::new()
            .claim("_sd_alg", json!(hash.name()))
            .claim("_sd", json!([hash.digest(encoded.as_bytes())]))
            .disclose(&disclosure);
        let claims = forged.parse().unwrap().claims;
        assert_eq!(claims["age"], json!(36));
        assert!(!claims.contains_key("_sd_alg"));
    }
    for hash in ["md5", "SHA-256", "sha3-256", ""] {
        let error = Forged::new().claim("_sd_alg", json!(hash)).refusal();
        assert_eq!(error, ImportError::HashAlgorithm(hash.to_owned()));
    }
    assert!(matches!(Forged::new().claim("_sd_alg", json!(256)).refusal(), ImportError::Payload(_)));
}

#[test]
fn a_disclosure_must_be_well_formed() {
    for json in [json!({}), json!([]), json!(["s"]), json!([1, "a", 2]), json!(["s", 1, 2]), json!(["s", "a", 1, 2])] {
        let error = Forged::new().claim("_sd", json!([digest(&json)])).disclose(&json).refusal();
        assert!(matches!(error, ImportError::Disclosure), "{json}: {error}");
    }
    let mut forged = Forged::new();
    forged.disclosures.push("not base64url!".to_owned());
    assert!(matches!(forged.refusal(), ImportError::Disclosure));
}

#[test]
fn a_disclosure_belongs_to_exactly_one_digest() {
    let (a, b) = (json!(["s", "a", 1]), json!(["s", "b", 1]));
    let honest = || Forged::new().claim("_sd", json!([digest(&a)])).disclose(&a);
    assert!(honest().parse().is_ok());
    assert_eq!(honest().disclose(&a).refusal(), ImportError::DisclosureTwice);
    assert_eq!(honest().disclose(&b).refusal(), ImportError::DisclosureUnreferenced);
    let twice = Forged::new().claim("_sd", json!([digest(&a), digest(&a)])).disclose(&a);
    assert_eq!(twice.refusal(), ImportError::DigestTwice);
    let elsewhere = honest().claim("nested", json!({"_sd": [digest(&a)]}));
    assert_eq!(elsewhere.refusal(), ImportError::DigestTwice);
    let decoys = Forged::new().claim("_sd", json!(["decoy", "decoy"]));
    assert_eq!(decoys.refusal(), ImportError::DigestTwice);
}

#[test]
fn a_disclosure_must_fit_where_its_digest_stands() {
    let (member, element) = (json!(["s", "a", 1]), json!(["s", 1]));
    for forged in [
        Forged::new().claim("list", json!([{"...": digest(&member)}])).disclose(&member),
        Forged::new().claim("_sd", json!([digest(&element)])).disclose(&element),
    ] {
        assert_eq!(forged.refusal(), ImportError::DisclosureMisplaced);
    }
}

#[test]
fn reserved_names_are_for_digests_only() {
    for name in ["_sd", "..."] {
        let disclosure = json!(["s", name, "x"]);
        let error = Forged::new().claim("_sd", json!([digest(&disclosure)])).disclose(&disclosure).refusal();
        assert_eq!(error, ImportError::ReservedName(name));
    }
    for forged in [
        Forged::new().claim("...", json!("digest")),
        Forged::new().claim("object", json!({"...": "digest"})),
        Forged::new().claim("list", json!([{"...": 1}])),
        Forged::new().claim("list", json!([{"...": "digest", "more": 1}])),
    ] {
        assert_eq!(forged.refusal(), ImportError::ReservedName("..."));
    }
    let inside = json!(["s", "a", {"...": "digest"}]);
    let error = Forged::new().claim("_sd", json!([digest(&inside)])).disclose(&inside).refusal();
    assert_eq!(error, ImportError::ReservedName("..."));
}

#[test]
fn a_disclosure_cannot_replace_a_claim() {
    let disclosure = json!(["s", "name", "Grace"]);
    let error = Forged::new().claim("_sd", json!([digest(&disclosure)])).disclose(&disclosure).refusal();
    assert_eq!(error, ImportError::ClaimTwice("name".to_owned()));
}

#[test]
fn what_verification_needs_is_never_in_a_disclosure() {
    for name in ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "_sd_alg"] {
        let disclosure = json!(["s", name, 1]);
        let forged = Forged::new().without(name).claim("_sd", json!([digest(&disclosure)])).disclose(&disclosure);
        assert_eq!(forged.refusal(), ImportError::NeverDisclosable(name.into()));
    }
    let part = json!(["s", "jwk", key(2).public()]);
    let error = Forged::new().claim("cnf", json!({"_sd": [digest(&part)]})).disclose(&part).refusal();
    assert_eq!(error, ImportError::NeverDisclosable(["cnf".into(), "jwk".into()].into()));
}

#[test]
fn nothing_personal_is_printed() {
    let shown = format!("{:?}", Forged::new().parse().unwrap());
    assert!(shown.contains("https://example.com/vct") && !shown.contains("Ada"), "{shown}");
}

#[test]
fn names_and_values_have_limits_wherever_they_stand() {
    let many = Value::Array(vec![json!(1); MAX_VALUES]);
    let long = json!({"k".repeat(MAX_NAME_BYTES + 1): 1});
    for (excess, says) in [(many, "values"), (long, "name")] {
        let error = Forged::new().claim("list", excess.clone()).refusal();
        assert!(matches!(error, ImportError::Excessive(reason) if reason.contains(says)), "{error}");
        let hidden = json!(["s", "list", excess]);
        let error = Forged::new().claim("_sd", json!([digest(&hidden)])).disclose(&hidden).refusal();
        assert!(matches!(error, ImportError::Excessive(reason) if reason.contains(says)), "{error}");
    }
    let name = "k".repeat(MAX_NAME_BYTES + 1);
    let disclosure = json!(["s", name, 1]);
    let error = Forged::new().claim("_sd", json!([digest(&disclosure)])).disclose(&disclosure).refusal();
    assert!(matches!(error, ImportError::Excessive(_)), "{error}");
    assert!(Forged::new().claim(&"k".repeat(MAX_NAME_BYTES), json!(1)).parse().is_ok());
}
