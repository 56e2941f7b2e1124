use std::collections::BTreeMap;

use super::*;

fn check(query: &Query, answer: &[(&str, &[Candidate<'_>])]) -> Result<(), AnswerError> {
    let answer: BTreeMap<_, _> = answer.iter().map(|(id, shown)| ((*id).to_owned(), shown.to_vec())).collect();
    query.check_answer(&answer)
}

fn mismatch(reason: Mismatch) -> Result<(), AnswerError> {
    Err(AnswerError::Mismatch { id: "pid".into(), position: 0, reason })
}

#[test]
fn an_answer_with_what_was_asked_for_is_accepted() {
    let asked = query(&for_pid(json!({"claims": [{"path": ["name"]}, {"path": ["degrees", null, "type"]}]})));
    assert_eq!(check(&asked, &[("pid", &[pid(&arthur())])]), Ok(()));
    let shown = json!({"name": "Arthur Dent", "degrees": [{"type": "BSc"}], "iss": "did:jwk:x", "more": "than asked"});
    assert_eq!(check(&asked, &[("pid", &[pid(&shown)])]), Ok(()));
}

#[test]
fn an_answer_without_a_claim_is_refused() {
    let asked = query(&for_pid(json!({"claims": [{"path": ["name"]}, {"path": ["address", "locality"]}]})));
    let missing = Mismatch::Claim(asked.credentials[0].claims.as_ref().unwrap()[1].path.clone());
    let shown = json!({"name": "Arthur Dent", "address": {}});
    assert_eq!(check(&asked, &[("pid", &[pid(&shown)])]), mismatch(missing));
}

#[test]
fn an_answer_with_another_value_is_refused() {
    let asked = query(&for_pid(json!({"claims": [{"path": ["name"], "values": ["Ford Prefect"]}]})));
    assert!(matches!(
        check(&asked, &[("pid", &[pid(&arthur())])]),
        Err(AnswerError::Mismatch { reason: Mismatch::Claim(_), .. })
    ));
}

#[test]
fn any_of_the_claim_sets_is_accepted_and_less_than_one_is_not() {
    let claims = json!([{"id": "a", "path": ["age"]}, {"id": "n", "path": ["name"]}]);
    let asked = query(&for_pid(json!({"claims": claims, "claim_sets": [["a", "n"], ["n"]]})));
    assert_eq!(check(&asked, &[("pid", &[pid(&json!({"name": "Ada"}))])]), Ok(()));
    assert_eq!(check(&asked, &[("pid", &[pid(&json!({"age": 18}))])]), mismatch(Mismatch::ClaimSets));
}

fn gaps(arrays: &[(&str, &[usize])]) -> Gaps {
    Gaps::new(arrays.iter().map(|(name, positions)| ((*name).into(), positions.to_vec())))
}

#[test]
fn the_position_of_an_element_is_exact_where_nothing_of_its_list_is_withheld() {
    let at = |position: usize| query(&for_pid(json!({"claims": [{"path": ["n", position]}]})));
    let shown = json!({"n": ["a", "b"], "other": ["c"]});
    let elsewhere = gaps(&[("other", &[3])]);
    for gaps in [Gaps::none(), &elsewhere] {
        let shown = Candidate { gaps, ..pid(&shown) };
        for position in [0, 1] {
            assert_eq!(check(&at(position), &[("pid", &[shown])]), Ok(()), "{position}");
        }
        for position in [2, 5, usize::MAX] {
            assert!(check(&at(position), &[("pid", &[shown])]).is_err(), "{position}");
        }
    }
}

#[test]
fn the_position_of_an_element_is_within_bounds_where_others_are_withheld() {
    let at = |position: usize| query(&for_pid(json!({"claims": [{"path": ["n", position]}]})));
    let shown = json!({"n": ["a", "b"]});
    // Issued were two elements or decoys, a, another, b, another.
    let gaps = gaps(&[("n", &[2, 4])]);
    let shown = Candidate { gaps: &gaps, ..pid(&shown) };
    for position in 0..=4 {
        assert_eq!(check(&at(position), &[("pid", &[shown])]), Ok(()), "{position}");
    }
    for position in [5, 6] {
        assert!(
            check(&at(position), &[("pid", &[shown])]).is_err(),
            "nothing is shown that can be the element {position}"
        );
    }
    let none = json!({"n": []});
    let gaps = self::gaps(&[("n", &[])]);
    assert!(check(&at(0), &[("pid", &[Candidate { gaps: &gaps, ..pid(&none) }])]).is_err());
}

#[test]
fn what_a_position_may_mean_must_fit_the_rest_of_the_path() {
    let asked = query(&for_pid(json!({"claims": [{"path": ["degrees", 1, "type"]}, {"path": ["nationalities", 1]}]})));
    let gaps = gaps(&[("degrees", &[0, 2]), ("nationalities", &[1])]);
    let check = |shown: Value| check(&asked, &[("pid", &[Candidate { gaps: &gaps, ..pid(&shown) }])]);
    assert_eq!(check(json!({"degrees": ["visible", {"type": "MSc"}], "nationalities": ["Betelgeusian"]})), Ok(()));
    for shown in [
        json!({"degrees": [{}], "nationalities": ["Betelgeusian"]}),
        json!({"degrees": ["visible", {"type": "MSc"}], "nationalities": []}),
        json!({"degrees": ["visible", {"type": "MSc"}], "nationalities": {"1": "Betelgeusian"}}),
    ] {
        assert!(check(shown.clone()).is_err(), "{shown}");
    }
}

#[test]
fn type_format_and_key_are_checked_again() {
    let claims = json!({});
    let asked = query(&for_pid(json!({})));
    let diploma = Candidate { vct: "diploma", ..pid(&claims) };
    assert_eq!(check(&asked, &[("pid", &[diploma])]), mismatch(Mismatch::Type("diploma".into())));
    let unbound = Candidate { holder_bound: false, ..pid(&claims) };
    assert_eq!(check(&asked, &[("pid", &[unbound])]), mismatch(Mismatch::HolderBinding));
    let mdoc = query(&for_pid(json!({"format": "mso_mdoc"})));
    assert_eq!(check(&mdoc, &[("pid", &[pid(&claims)])]), mismatch(Mismatch::Format("mso_mdoc".into())));
}

#[test]
fn no_answer_proves_that_an_authority_stands_behind_the_issuer() {
    let authorities = json!([{"type": "etsi_tl", "values": ["https://lotl.example.com"]}]);
    let asked = query(&for_pid(json!({"trusted_authorities": authorities})));
    assert_eq!(check(&asked, &[("pid", &[pid(&json!({}))])]), mismatch(Mismatch::TrustedAuthorities));
}

#[test]
fn the_shape_is_that_of_the_query() {
    let claims = json!({});
    let asked = query(&for_pid(json!({})));
    let one = pid(&claims);
    assert_eq!(check(&asked, &[("pid", &[one]), ("other", &[one])]), Err(AnswerError::Unasked("other".into())));
    assert_eq!(check(&asked, &[("pid", &[])]), Err(AnswerError::Empty("pid".into())));
    assert_eq!(check(&asked, &[("pid", &[one, one])]), Err(AnswerError::Several("pid".into())));
    let several = query(&for_pid(json!({"multiple": true})));
    assert_eq!(check(&several, &[("pid", &[one, one])]), Ok(()));
    let second = Candidate { vct: "diploma", ..one };
    let reason = Mismatch::Type("diploma".into());
    assert_eq!(
        check(&several, &[("pid", &[one, second])]),
        Err(AnswerError::Mismatch { id: "pid".into(), position: 1, reason })
    );
}

#[test]
fn what_is_required_must_be_there() {
    let credential = |id: &str| json!({"id": id, "format": "dc+sd-jwt", "meta": {}});
    let mut json = json!({"credentials": (["a", "b", "c"].map(credential))});
    let claims = json!({});
    let shown: &[Candidate<'_>] = &[pid(&claims)];
    assert_eq!(check(&query(&json), &[("a", shown), ("c", shown)]), Err(AnswerError::Missing("b".into())));

    json["credential_sets"] = json!([{"options": [["c"]], "required": false}, {"options": [["a", "b"], ["c"]]}]);
    let sets = query(&json);
    assert_eq!(check(&sets, &[("a", shown), ("b", shown)]), Ok(()));
    assert_eq!(check(&sets, &[("c", shown)]), Ok(()));
    assert_eq!(check(&sets, &[("a", shown)]), Err(AnswerError::SetMissing(1)));
    assert_eq!(check(&sets, &[]), Err(AnswerError::SetMissing(1)));
}
