use super::*;

fn refusal(change: impl FnOnce(&mut Draft<'_>)) -> IssueError {
    let mut draft = draft("https://issuer.example", "key-1");
    change(&mut draft);
    issue(&draft, &key(1), &mut counter()).unwrap_err()
}

#[test]
fn what_is_selectively_disclosable_is_not_in_the_jwt() {
    let text = issued();
    let parts: Vec<_> = text.split('~').collect();
    assert_eq!(parts.len(), 1 + 4 + 1);
    let payload = parts[0].split('.').nth(1).unwrap();
    let payload = {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap()
    };
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(payload["_sd_alg"], "sha-256");
    assert_eq!(payload["_sd"].as_array().unwrap().len(), 2);
    let shown = payload.to_string();
    for hidden in ["Ada", "London", "fr"] {
        assert!(!shown.contains(&format!("\"{hidden}\"")), "{shown}");
    }
    assert_eq!(payload["languages"][2], "it");
}

#[test]
fn every_salt_is_fresh_and_128_bits_long() {
    let text = issued();
    let salts: std::collections::BTreeSet<_> = text
        .split('~')
        .skip(1)
        .filter(|part| !part.is_empty())
        .map(|part| Disclosure::parse(part).unwrap().salt().to_owned())
        .collect();
    assert_eq!(salts.len(), 4);
    assert!(salts.iter().all(|salt| salt.len() == 22));
}

#[test]
fn a_path_given_twice_hides_once() {
    let mut draft = draft("https://issuer.example", "key-1");
    draft.selectively_disclosable = vec!["name".into(), "name".into()];
    let text = issue(&draft, &key(1), &mut counter()).unwrap();
    assert_eq!(ParsedCredential::parse(&text).unwrap().disclosed, ["name".into()]);
}

#[test]
fn an_end_must_come_after_the_beginning() {
    assert_eq!(refusal(|draft| draft.valid_until = Some(NOW)), IssueError::NeverValid);
    assert_eq!(refusal(|draft| draft.valid_from = Some(NOW + 1000)), IssueError::NeverValid);
}

#[test]
fn names_of_the_machinery_are_refused_at_every_level() {
    let nested: [Value; 2] = [json!({"_sd": []}), json!([{"...": "x"}])];
    for (name, value) in [
        ("iss", json!("https://other.example")),
        ("exp", json!(1)),
        ("_sd", json!([])),
        ("_sd_alg", json!("sha-256")),
        ("...", json!(1)),
        ("nested", nested[0].clone()),
        ("nested", nested[1].clone()),
    ] {
        let error = refusal(|draft| drop(draft.claims.insert(name.to_owned(), value)));
        assert!(matches!(error, IssueError::Claims(_)), "{error}");
    }
}

#[test]
fn only_existing_claims_that_may_be_hidden_are_hidden() {
    let hide = |path: ClaimPath| refusal(|draft| draft.selectively_disclosable = vec![path]);
    assert_eq!(hide("absent".into()), IssueError::NoSuchClaim("absent".into()));
    let path = ClaimPath::from(["languages".into(), 3.into()]);
    assert_eq!(hide(path.clone()), IssueError::NoSuchClaim(path));
    let path = ClaimPath::from(["cnf".into(), "jwk".into()]);
    assert_eq!(hide(path.clone()), IssueError::NeverDisclosable(path));
    assert_eq!(hide(ClaimPath(Vec::new())), IssueError::NeverDisclosable(ClaimPath(Vec::new())));
}

#[test]
fn what_could_not_be_read_back_is_not_issued() {
    let deep = (0..70).fold(json!(1), |inner, _| json!([inner]));
    assert_eq!(refusal(|draft| drop(draft.claims.insert("deep".to_owned(), deep))), IssueError::TooDeep);
    assert!(matches!(refusal(|draft| draft.vct = ""), IssueError::Unreadable(ImportError::Claim { name: "vct", .. })));
    let unreadable = refusal(|draft| draft.valid_until = Some(i64::MAX));
    assert!(matches!(unreadable, IssueError::Unreadable(ImportError::Time(_))), "{unreadable}");
}

#[test]
fn a_path_is_a_list_in_json_and_a_phrase_for_people() {
    let path = ClaimPath::from(["degrees".into(), 0.into(), "type".into()]);
    assert_eq!(serde_json::to_value(&path).unwrap(), json!(["degrees", 0, "type"]));
    assert_eq!(serde_json::from_value::<ClaimPath>(json!(["degrees", 0, "type"])).unwrap(), path);
    assert_eq!(path.to_string(), "degrees[0].type");
}

/// RFC 7800 §3.2, §3.4.
#[test]
fn a_named_key_of_the_holder_is_issued_with_its_name_beside_it() {
    let cnf = |holder: crate::keys::PublicJwk| {
        let mut draft = draft("https://issuer.example", "key-1");
        draft.holder_key = Some(holder);
        ParsedCredential::parse(&issue(&draft, &key(1), &mut counter()).unwrap()).unwrap().claims["cnf"].clone()
    };
    let (public, kid) = (key(2).public(), "did:web:holder.example#key-1");
    assert_eq!(cnf(public.clone()), json!({"jwk": public}));
    assert_eq!(cnf(public.clone().with_kid(kid)), json!({"jwk": public, "kid": kid}));
}
