use std::collections::BTreeSet;

use identity_kit::sd_jwt_vc::SdJwt;
use proptest::prelude::*;

use super::*;
use crate::names::claim;

const VERIFIER: &str = "decentralized_identifier:did:web:verifier.example";

fn paths(values: &[Value]) -> Vec<ClaimPath> {
    values.iter().map(|value| serde_json::from_value(value.clone()).unwrap()).collect()
}

fn presented(values: &[Value]) -> String {
    present(&issued(), &paths(values), &key(2), VERIFIER, "n-1", NOW).unwrap()
}

/// Which claims of a presentation stand in a disclosure.
fn disclosed(presentation: &str) -> Vec<String> {
    let processed = SdJwt::parse(presentation).unwrap().process().unwrap();
    let mut paths: Vec<_> = processed.disclosed_paths().map(|path| ClaimPath::of(path).to_string()).collect();
    paths.sort();
    paths
}

fn claims(presentation: &str) -> Map<String, Value> {
    SdJwt::parse(presentation).unwrap().process().unwrap().payload
}

fn json_part(jwt: &str, position: usize) -> Value {
    use base64::Engine as _;
    let part = jwt.split('.').nth(position).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn only_what_is_asked_is_disclosed_with_what_it_stands_in() {
    for (asked, expected) in [
        (&[][..], &[][..]),
        (&[json!(["name"])], &["name"]),
        (&[json!(["address", "street"])], &["address", "address.street"]),
        // The city has no disclosure of its own: it comes with the address, the street does not.
        (&[json!(["address", "city"])], &["address"]),
        (&[json!(["address"])], &["address", "address.street"]),
        (&[json!(["languages", 1])], &["languages[1]"]),
        (&[json!(["languages", 0])], &[]),
        (&[json!(["languages"])], &["languages[1]"]),
        (&[json!(["iss"]), json!(["vct"])], &[]),
        (&[json!(["name"]), json!(["name"]), json!(["languages", 1])], &["languages[1]", "name"]),
    ] {
        assert_eq!(disclosed(&presented(asked)), expected, "{asked:?}");
    }
    let shown = claims(&presented(&[json!(["address", "city"])]));
    assert_eq!(shown["address"], json!({"city": "London"}));
    assert_eq!(shown["languages"], json!(["en", "it"]));
    assert!(!shown.contains_key("name"));
}

#[test]
fn the_key_binding_jwt_is_that_of_rfc_9901() {
    let presentation = presented(&[json!(["name"])]);
    let (sd_jwt, key_binding) = presentation.rsplit_once('~').unwrap();
    assert_eq!(json_part(key_binding, 0), json!({"alg": "ES256", "typ": "kb+jwt"}));
    assert_eq!(
        json_part(key_binding, 1),
        json!({
            "iat": NOW, "aud": VERIFIER, "nonce": "n-1",
            "sd_hash": HashAlgorithm::Sha256.digest(format!("{sd_jwt}~").as_bytes()),
        })
    );
    let (signed, signature) = key_binding.rsplit_once('.').unwrap();
    let signature = {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).unwrap()
    };
    assert!(key(2).public().verify(signed.as_bytes(), &signature));
}

#[test]
fn the_credential_inside_is_still_the_issuers() {
    let presentation = presented(&[json!(["address", "street"])]);
    let (sd_jwt, _) = presentation.rsplit_once('~').unwrap();
    let credential = ParsedCredential::parse(&format!("{sd_jwt}~")).unwrap();
    assert!(credential.verify(&embedded_keys(&credential), NOW).is_ok());
}

/// `_sd_alg` rules `sd_hash` too (RFC 9901 §4.3.1).
#[test]
fn sd_hash_is_made_as_the_credential_makes_its_digests() {
    let cnf = json!({"jwk": key(2).public()});
    let forged = Forged::new().claim("_sd_alg", json!("sha-512")).claim("cnf", cnf).text();
    let presentation = present(&forged, &[], &key(2), VERIFIER, "n", NOW).unwrap();
    let (sd_jwt, key_binding) = presentation.rsplit_once('~').unwrap();
    let expected = HashAlgorithm::Sha512.digest(format!("{sd_jwt}~").as_bytes());
    assert_eq!(json_part(key_binding, 1)["sd_hash"], expected);
}

#[test]
fn an_index_counts_what_the_credential_shows() {
    let hidden = [json!(["salt-1", "one"]), json!(["salt-2", "two"])];
    let elements = json!([{"...": "a decoy"}, {"...": digest(&hidden[0])}, "always", {"...": digest(&hidden[1])}]);
    let forged = Forged::new().claim("list", elements).disclose(&hidden[0]).disclose(&hidden[1]).text();
    let shown = |index: usize| {
        let presentation = disclose(&forged, &[["list".into(), index.into()].into()]).unwrap();
        claims(&presentation)["list"].clone()
    };
    assert_eq!(shown(0), json!(["one", "always"]));
    assert_eq!(shown(1), json!(["always"]));
    assert_eq!(shown(2), json!(["always", "two"]));
}

#[test]
fn a_preview_is_what_the_verifier_reads() {
    for asked in [&[][..], &[json!(["name"])], &[json!(["address", "street"]), json!(["languages", 1])]] {
        assert_eq!(preview(&issued(), &paths(asked)).unwrap(), claims(&presented(asked)), "{asked:?}");
    }
}

#[test]
fn a_verifier_that_needs_no_key_binding_gets_none() {
    let presentation = disclose(&issued(), &["name".into()]).unwrap();
    assert!(presentation.ends_with('~'));
    assert_eq!(disclosed(&presentation), ["name"]);
}

#[test]
fn a_claim_that_is_not_there_cannot_be_disclosed() {
    for absent in
        [json!(["age"]), json!(["name", "first"]), json!(["languages", 3]), json!(["languages", "1"]), json!([])]
    {
        let [path] = paths(&[absent]).try_into().unwrap();
        let refused = present(&issued(), std::slice::from_ref(&path), &key(2), VERIFIER, "n", NOW);
        assert_eq!(refused, Err(PresentError::NoSuchClaim(path)));
    }
}

#[test]
fn only_the_key_that_the_credential_is_bound_to_presents_it() {
    assert_eq!(present(&issued(), &[], &key(3), VERIFIER, "n", NOW), Err(PresentError::AnotherKey));
    let unbound = Forged::new().text();
    assert_eq!(present(&unbound, &[], &key(2), VERIFIER, "n", NOW), Err(PresentError::Unbound));
    let by_name = Forged::new().claim("cnf", json!({"kid": "did:web:holder.example#key-1"})).text();
    assert!(present(&by_name, &[], &key(2), VERIFIER, "n", NOW).is_ok());
}

#[test]
fn what_is_no_credential_is_not_presented() {
    let twice = presented(&[]);
    for text in ["", "a.b.c~", &twice] {
        assert!(matches!(disclose(text, &[]), Err(PresentError::Unreadable(_))), "{text}");
    }
}

/// Claims of every shape, without what only the machinery may call itself.
fn any_claims() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![any::<bool>().prop_map(Value::from), "[a-z]{0,4}".prop_map(Value::from)];
    let nested = leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::btree_map("x[a-d]", nested, 1..4).prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// The path of every claim in `value`, containers and what is inside them.
fn every_path(value: &Value, here: &ClaimPath, paths: &mut Vec<ClaimPath>) {
    let children: Vec<(PathStep, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.as_str().into(), value)).collect(),
        Value::Array(elements) => elements.iter().enumerate().map(|(index, value)| (index.into(), value)).collect(),
        _ => return,
    };
    for (step, child) in children {
        let path = ClaimPath(here.0.iter().cloned().chain([step]).collect());
        paths.push(path.clone());
        every_path(child, &path, paths);
    }
}

fn some(paths: &[ClaimPath], chosen: &[prop::sample::Index]) -> BTreeSet<ClaimPath> {
    chosen.iter().map(|index| index.get(paths).clone()).collect()
}

fn is_inside(inner: &ClaimPath, outer: &ClaimPath) -> bool {
    inner.0.starts_with(&outer.0)
}

proptest! {
    #[test]
    fn what_is_disclosed_is_exactly_what_was_asked(
        claims in any_claims(),
        hide in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ask in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let mut all = Vec::new();
        every_path(&claims, &ClaimPath(Vec::new()), &mut all);
        let (hidden, asked) = (some(&all, &hide), some(&all, &ask));
        let Value::Object(claims) = claims else { unreachable!() };
        let mut draft = draft("https://issuer.example", "key-1");
        draft.claims = claims.clone();
        draft.selectively_disclosable = hidden.iter().cloned().collect();
        let compact = issue(&draft, &key(1), &mut counter()).unwrap();
        let asked: Vec<_> = asked.into_iter().collect();
        let presentation = present(&compact, &asked, &key(2), VERIFIER, "n", NOW).unwrap();
        let processed = SdJwt::parse(&presentation).unwrap().process().unwrap();

        // Each disclosure serves a claim that was asked for, and none that serves one is missing.
        let shown: BTreeSet<_> = processed.disclosed_paths().map(ClaimPath::of).collect();
        let needed: BTreeSet<_> = hidden
            .iter()
            .filter(|hidden| asked.iter().any(|asked| is_inside(hidden, asked) || is_inside(asked, hidden)))
            .cloned()
            .collect();
        prop_assert_eq!(&shown, &needed);

        // What was asked for arrives whole, in the coordinates of the credential as issued.
        for path in &asked {
            let (mut sent, mut held) = (&Value::Object(processed.as_issued().clone()), &Value::Object(claims.clone()));
            for step in &path.0 {
                (sent, held) = match step {
                    PathStep::Name(name) => (&sent[name], &held[name]),
                    PathStep::Index(index) => (&sent[*index], &held[*index]),
                };
            }
            prop_assert_eq!(sent, held, "{}", path);
        }
        prop_assert!(!processed.payload.contains_key(claim::SD));
    }
}
