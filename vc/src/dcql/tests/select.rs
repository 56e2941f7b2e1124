use super::*;

/// What of one credential is to be disclosed, as people read it; `None` when it does not fit.
fn disclosed(more: Value, claims: &Value) -> Option<Vec<String>> {
    let selection = query(&for_pid(more)).select(&[pid(claims)]);
    let chosen = selection.credentials[0].matches.first()?;
    Some(chosen.disclose.iter().map(ToString::to_string).collect())
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what may be none")]
fn paths(paths: &[&str]) -> Option<Vec<String>> {
    Some(paths.iter().map(ToString::to_string).collect())
}

#[test]
fn without_claims_nothing_that_can_be_withheld_is_disclosed() {
    assert_eq!(disclosed(json!({}), &arthur()), paths(&[]));
}

#[test]
fn with_claims_all_of_them_are_and_no_other() {
    let claims = json!([{"path": ["name"]}, {"path": ["degrees", null, "type"]}, {"path": ["nationalities", 1]}]);
    assert_eq!(
        disclosed(json!({"claims": claims}), &arthur()),
        paths(&["name", "degrees[0].type", "degrees[1].type", "nationalities[1]"])
    );
}

#[test]
fn a_credential_that_lacks_a_claim_does_not_fit() {
    assert_eq!(disclosed(json!({"claims": [{"path": ["name"]}, {"path": ["age"]}]}), &arthur()), None);
}

#[test]
fn of_the_claim_sets_the_first_that_is_there_is_disclosed() {
    let claims = json!([
        {"id": "a", "path": ["age"]}, {"id": "n", "path": ["name"]}, {"id": "l", "path": ["address", "locality"]},
    ]);
    let with = |sets: Value| disclosed(json!({"claims": claims, "claim_sets": sets}), &arthur());
    assert_eq!(with(json!([["n", "l"], ["n"]])), paths(&["name", "address.locality"]));
    assert_eq!(with(json!([["a", "n"], ["l", "n"], ["n"]])), paths(&["address.locality", "name"]));
    assert_eq!(with(json!([["a"], ["a", "n"]])), None);
    let selection = query(&for_pid(json!({"claims": claims, "claim_sets": [["a"], ["n"]]}))).select(&[pid(&arthur())]);
    assert_eq!(selection.credentials[0].matches[0].claim_set, Some(1));
}

#[test]
fn a_claim_of_another_value_is_as_if_it_were_not_there() {
    let with = |path: Value, values: Value| disclosed(json!({"claims": [{"path": path, "values": values}]}), &arthur());
    assert_eq!(with(json!(["name"]), json!(["Ford Prefect", "Arthur Dent"])), paths(&["name"]));
    assert_eq!(with(json!(["name"]), json!(["Ford Prefect"])), None);
    assert_eq!(with(json!(["nationalities", null]), json!(["British"])), paths(&["nationalities[0]"]));
    assert_eq!(with(json!(["address"]), json!(["Milliways"])), None);
}

#[test]
fn values_are_compared_by_type_and_value() {
    let claims = json!({"age": 18, "exact": 18.0, "half": 18.5, "text": "18", "yes": true, "no": null});
    let fits = |claim: &str, value: Value| {
        disclosed(json!({"claims": [{"path": [claim], "values": [value]}]}), &claims).is_some()
    };
    for claim in ["age", "exact"] {
        assert!(fits(claim, json!(18)) && fits(claim, json!(18.0)), "{claim}");
        assert!(!fits(claim, json!("18")) && !fits(claim, json!(true)), "{claim}");
    }
    assert!(!fits("half", json!(18)) && !fits("no", json!(false)) && !fits("no", json!("")));
    assert!(fits("text", json!("18")) && !fits("text", json!(18)));
    assert!(fits("yes", json!(true)) && !fits("yes", json!(1)) && !fits("yes", json!("true")));
}

#[test]
fn large_integers_are_compared_exactly() {
    let claims = json!({"large": u64::MAX, "small": i64::MIN, "float": 1e300});
    let fits = |claim: &str, value: Value| {
        disclosed(json!({"claims": [{"path": [claim], "values": [value]}]}), &claims).is_some()
    };
    assert!(fits("large", json!(u64::MAX)) && !fits("large", json!(u64::MAX - 1)));
    assert!(fits("small", json!(i64::MIN)) && !fits("small", json!(i64::MIN + 1)));
    assert!(!fits("float", json!(1)));
}

#[test]
fn format_type_and_key_must_be_what_is_asked_for() {
    let claims = json!({});
    let fits = |more: Value, credential: Candidate<'_>| {
        !query(&for_pid(more)).select(&[credential]).credentials[0].matches.is_empty()
    };
    let unbound = Candidate { holder_bound: false, ..pid(&claims) };
    let diploma = Candidate { vct: "diploma", ..pid(&claims) };
    assert!(fits(json!({}), pid(&claims)));
    assert!(!fits(json!({"format": "mso_mdoc"}), pid(&claims)));
    assert!(!fits(json!({"format": "vc+sd-jwt"}), pid(&claims)));
    assert!(!fits(json!({}), diploma));
    assert!(fits(json!({"meta": {}}), diploma));
    assert!(fits(json!({"meta": {"vct_values": ["other", "diploma"]}}), diploma));
    assert!(!fits(json!({}), unbound));
    assert!(fits(json!({"require_cryptographic_holder_binding": false}), unbound));
}

#[test]
fn nothing_fits_where_an_authority_must_stand_behind_the_issuer() {
    let authorities = json!([{"type": "etsi_tl", "values": ["https://lotl.example.com"]}]);
    assert_eq!(disclosed(json!({"trusted_authorities": authorities}), &arthur()), None);
}

#[test]
fn a_duplicate_of_a_claims_query_is_ignored() {
    let claims = json!([{"path": ["name"]}, {"path": ["name"], "values": ["Ford Prefect"]}]);
    assert_eq!(disclosed(json!({"claims": claims}), &arthur()), paths(&["name"]));
}

#[test]
fn every_credential_that_fits_is_named_in_its_order() {
    let (ada, nobody, ford) = (json!({"name": "Ada"}), json!({}), json!({"name": "Ford"}));
    let asked = query(&for_pid(json!({"claims": [{"path": ["name"]}], "multiple": true})));
    let selection = asked.select(&[pid(&ada), pid(&nobody), pid(&ford)]);
    assert!(selection.credentials[0].multiple);
    let candidates: Vec<_> = selection.credentials[0].matches.iter().map(|found| found.candidate).collect();
    assert_eq!(candidates, [0, 2]);
}

/// The example of OpenID4VP 1.0, appendix D: `pid`, or `other_pid`, or both reduced ones; `nice_to_have` beside.
fn alternatives() -> Query {
    let credential = |id: &str| json!({"id": id, "format": "dc+sd-jwt", "meta": {"vct_values": [id]}});
    query(&json!({
        "credentials": (["pid", "other_pid", "reduced_1", "reduced_2", "nice_to_have"].map(credential)),
        "credential_sets": [
            {"options": [["pid"], ["other_pid"], ["reduced_1", "reduced_2"]]},
            {"required": false, "options": [["nice_to_have"]]},
        ],
    }))
}

fn with(query: &Query, held: &[&str]) -> Option<Vec<String>> {
    let claims = json!({});
    let held: Vec<_> = held.iter().map(|vct| Candidate { vct, ..pid(&claims) }).collect();
    Some(query.select(&held).least()?.iter().map(|credential| credential.id.clone()).collect())
}

#[test]
fn without_credential_sets_every_credential_is_needed() {
    let mut all = alternatives();
    all.credential_sets = None;
    assert_eq!(with(&all, &["pid", "other_pid", "reduced_1", "reduced_2"]), None);
    let every = ["pid", "other_pid", "reduced_1", "reduced_2", "nice_to_have"];
    assert_eq!(with(&all, &every), paths(&every));
}

#[test]
fn with_them_the_first_option_of_each_required_set_is() {
    let query = alternatives();
    assert_eq!(with(&query, &["pid", "other_pid", "nice_to_have"]), paths(&["pid"]));
    assert_eq!(with(&query, &["other_pid", "reduced_2"]), paths(&["other_pid"]));
    assert_eq!(with(&query, &["reduced_2", "reduced_1"]), paths(&["reduced_1", "reduced_2"]));
    assert_eq!(with(&query, &["reduced_1", "nice_to_have"]), None);
    assert_eq!(with(&query, &[]), None);
}

#[test]
fn where_nothing_is_required_the_first_optional_set_is_answered_if_it_can_be() {
    let mut query = alternatives();
    for set in query.credential_sets.iter_mut().flatten() {
        set.required = false;
    }
    assert_eq!(with(&query, &["nice_to_have"]), paths(&["nice_to_have"]));
    assert_eq!(with(&query, &["nice_to_have", "pid"]), paths(&["pid"]));
    assert_eq!(with(&query, &[]), paths(&[]));
}

#[test]
fn the_options_that_can_be_answered_are_named() {
    let claims = json!({});
    let held = ["other_pid", "pid"].map(|vct| Candidate { vct, ..pid(&claims) });
    let selection = alternatives().select(&held);
    assert_eq!(selection.sets[0].options, [["pid"], ["other_pid"]]);
    assert!(selection.sets[0].required && !selection.sets[1].required && selection.sets[1].options.is_empty());
}
