use super::*;

fn refused(json: &Value) -> (String, Fault) {
    let error = Query::parse(json).unwrap_err();
    (error.place, error.fault)
}

/// A refusal of a query for one credential to which `more` was added.
fn refused_pid(more: Value) -> (String, Fault) {
    let (place, fault) = refused(&for_pid(more));
    (place.strip_prefix("credentials[0].").unwrap_or_else(|| panic!("{place}")).to_owned(), fault)
}

fn at(place: &str, fault: Fault) -> (String, Fault) {
    (place.to_owned(), fault)
}

#[test]
fn the_defaults_are_those_of_the_specification() {
    let credential = &query(&for_pid(json!({}))).credentials[0];
    assert!(!credential.multiple);
    assert!(credential.require_cryptographic_holder_binding);
    let sets = query(&json!({
        "credentials": for_pid(json!({}))["credentials"],
        "credential_sets": [{"options": [["pid"]]}],
    }));
    assert!(sets.credential_sets.unwrap()[0].required);
}

#[test]
fn unknown_properties_are_ignored_everywhere() {
    let json = json!({
        "credentials": [{
            "id": "pid", "format": "dc+sd-jwt", "new": 1,
            "meta": {"vct_values": ["pid"], "new": 1},
            "claims": [{"path": ["name"], "new": 1, "intent_to_retain": true}],
            "trusted_authorities": [{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"], "new": 1}],
        }],
        "credential_sets": [{"options": [["pid"]], "purpose": "of an earlier draft"}],
        "new": 1,
    });
    assert!(!serde_json::to_string(&query(&json)).unwrap().contains("new"));
}

#[test]
fn what_was_read_can_be_written_and_read_again() {
    let json = json!({
        "credentials": [
            {
                "id": "pid", "format": "dc+sd-jwt", "multiple": true, "meta": {"vct_values": ["pid"]},
                "require_cryptographic_holder_binding": false,
                "trusted_authorities": [{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}],
                "claims": [
                    {"id": "a", "path": ["age"], "values": [18, "eighteen", true]},
                    {"id": "b", "path": ["degrees", null, "type"]},
                ],
                "claim_sets": [["a"], ["b"]],
            },
            {"id": "mdl", "format": "mso_mdoc", "multiple": false, "meta": {},
             "require_cryptographic_holder_binding": true},
        ],
        "credential_sets": [{"options": [["pid"], ["mdl"]], "required": false}],
    });
    assert_eq!(serde_json::to_value(query(&json)).unwrap(), json);
    assert_eq!(serde_json::from_value::<Query>(json.clone()).unwrap(), query(&json));
}

#[test]
fn a_query_is_an_object_with_a_list_of_credentials() {
    for json in [json!([]), json!("pid"), json!(null)] {
        assert_eq!(refused(&json), at("", Fault::Type("an object")));
    }
    assert_eq!(refused(&json!({})), at("credentials", Fault::Missing));
    assert_eq!(refused(&json!({"credentials": {}})), at("credentials", Fault::Type("a list")));
    assert_eq!(refused(&json!({"credentials": []})), at("credentials", Fault::Empty));
    assert_eq!(refused(&json!({"credentials": [1]})), at("credentials[0]", Fault::Type("an object")));
}

#[test]
fn a_credential_query_needs_its_id_format_and_meta() {
    for missing in ["id", "format", "meta"] {
        let mut json = for_pid(json!({}));
        json["credentials"][0].as_object_mut().unwrap().remove(missing);
        assert_eq!(refused(&json), at(&format!("credentials[0].{missing}"), Fault::Missing));
    }
    assert_eq!(refused_pid(json!({"format": 1})), at("format", Fault::Type("text")));
    assert_eq!(refused_pid(json!({"multiple": "yes"})), at("multiple", Fault::Type("true or false")));
    let binding = "require_cryptographic_holder_binding";
    assert_eq!(refused_pid(json!({binding: null})), at(binding, Fault::Type("true or false")));
}

#[test]
fn an_id_consists_of_letters_digits_underscores_and_hyphens() {
    query(&for_pid(json!({"id": "My-credential_1"})));
    for id in ["a b", "a.b", "é", "a\n"] {
        assert_eq!(refused_pid(json!({"id": id})), at("id", Fault::NotAnId));
        assert_eq!(refused_pid(json!({"claims": [{"id": id, "path": ["a"]}]})), at("claims[0].id", Fault::NotAnId));
    }
    assert_eq!(refused_pid(json!({"id": ""})), at("id", Fault::Empty));
    assert_eq!(
        refused_pid(json!({"id": "a".repeat(limits::ID_BYTES + 1)})),
        at("id", Fault::TooLong(limits::ID_BYTES))
    );
}

#[test]
fn an_id_is_used_once() {
    let credential = for_pid(json!({}))["credentials"][0].clone();
    let twice = json!({"credentials": [credential, credential]});
    assert_eq!(refused(&twice), at("credentials[1].id", Fault::IdTwice("pid".into())));
    let claims = json!([{"id": "a", "path": ["a"]}, {"path": ["b"]}, {"id": "a", "path": ["c"]}]);
    assert_eq!(refused_pid(json!({"claims": claims})), at("claims[2].id", Fault::IdTwice("a".into())));
}

#[test]
fn an_empty_meta_asks_for_no_type_and_empty_vct_values_are_refused() {
    assert_eq!(query(&for_pid(json!({"meta": {}}))).credentials[0].meta.vct_values, None);
    assert_eq!(refused_pid(json!({"meta": []})), at("meta", Fault::Type("an object")));
    assert_eq!(refused_pid(json!({"meta": {"vct_values": []}})), at("meta.vct_values", Fault::Empty));
    assert_eq!(refused_pid(json!({"meta": {"vct_values": [1]}})), at("meta.vct_values[0]", Fault::Type("text")));
    // Of another format nothing is read.
    query(&for_pid(json!({"format": "mso_mdoc", "meta": {"vct_values": 1, "doctype_value": "mdl"}})));
}

#[test]
fn trusted_authorities_have_a_type_and_values() {
    let with = |authorities: Value| refused_pid(json!({"trusted_authorities": authorities}));
    assert_eq!(with(json!([])), at("trusted_authorities", Fault::Empty));
    assert_eq!(with(json!([{"values": ["a"]}])), at("trusted_authorities[0].type", Fault::Missing));
    assert_eq!(with(json!([{"type": "aki"}])), at("trusted_authorities[0].values", Fault::Missing));
    assert_eq!(with(json!([{"type": "aki", "values": []}])), at("trusted_authorities[0].values", Fault::Empty));
}

#[test]
fn a_claim_has_a_path_of_names_positions_and_nulls() {
    let with = |path: Value| refused_pid(json!({"claims": [{"path": path}]}));
    assert_eq!(refused_pid(json!({"claims": []})), at("claims", Fault::Empty));
    assert_eq!(refused_pid(json!({"claims": [{}]})), at("claims[0].path", Fault::Missing));
    assert_eq!(with(json!([])), at("claims[0].path", Fault::Empty));
    assert_eq!(with(json!("name")), at("claims[0].path", Fault::Type("a list")));
    for step in [json!(-1), json!(0.5), json!(true), json!([]), json!({})] {
        assert_eq!(with(json!(["a", step])), at("claims[0].path[1]", Fault::NotAStep));
    }
    assert_eq!(with(json!(vec!["a"; limits::STEPS + 1])), at("claims[0].path", Fault::TooMany(limits::STEPS)));
}

#[test]
fn values_are_texts_integers_and_booleans() {
    let with = |values: Value| refused_pid(json!({"claims": [{"path": ["a"], "values": values}]}));
    assert_eq!(with(json!([])), at("claims[0].values", Fault::Empty));
    for value in [json!(0.5), json!(null), json!([]), json!({})] {
        assert_eq!(with(json!(["a", value])), at("claims[0].values[1]", Fault::NotAValue));
    }
    assert_eq!(with(json!(vec!["a"; limits::VALUES + 1])), at("claims[0].values", Fault::TooMany(limits::VALUES)));
}

#[test]
fn claim_sets_need_claims_that_all_have_ids() {
    let claims = json!([{"id": "a", "path": ["a"]}, {"path": ["b"]}]);
    assert_eq!(refused_pid(json!({"claim_sets": [["a"]]})), at("claim_sets", Fault::ClaimSetsAlone));
    let nameless = json!({"claims": claims, "claim_sets": [["a"]]});
    assert_eq!(refused_pid(nameless), at("claims[1].id", Fault::ClaimIdMissing));
    let with = |sets: Value| refused_pid(json!({"claims": [{"id": "a", "path": ["a"]}], "claim_sets": sets}));
    assert_eq!(with(json!([])), at("claim_sets", Fault::Empty));
    assert_eq!(with(json!([[]])), at("claim_sets[0]", Fault::Empty));
    assert_eq!(with(json!([["a"], ["a", "b"]])), at("claim_sets[1][1]", Fault::UnknownId("b".into())));
}

#[test]
fn credential_sets_have_options_of_ids_that_the_query_defines() {
    let with = |sets: Value| {
        let mut json = for_pid(json!({}));
        json["credential_sets"] = sets;
        refused(&json)
    };
    assert_eq!(with(json!([])), at("credential_sets", Fault::Empty));
    assert_eq!(with(json!([{}])), at("credential_sets[0].options", Fault::Missing));
    assert_eq!(with(json!([{"options": []}])), at("credential_sets[0].options", Fault::Empty));
    assert_eq!(with(json!([{"options": [[]]}])), at("credential_sets[0].options[0]", Fault::Empty));
    assert_eq!(
        with(json!([{"options": [["pid"], ["pid", "mdl"]]}])),
        at("credential_sets[0].options[1][1]", Fault::UnknownId("mdl".into()))
    );
    assert_eq!(
        with(json!([{"options": [["pid"]], "required": 1}])),
        at("credential_sets[0].required", Fault::Type("true or false"))
    );
}

#[test]
fn a_query_that_is_larger_than_any_verifier_needs_is_refused() {
    let credentials: Vec<Value> = (0..=limits::CREDENTIALS)
        .map(|number| json!({"id": format!("c{number}"), "format": "dc+sd-jwt", "meta": {}}))
        .collect();
    assert_eq!(refused(&json!({"credentials": credentials})), at("credentials", Fault::TooMany(limits::CREDENTIALS)));

    let claims = json!(vec![json!({"path": ["a"]}); limits::CLAIMS / 2 + 1]);
    let credential = |id: &str| json!({"id": id, "format": "dc+sd-jwt", "meta": {}, "claims": claims});
    let together = json!({"credentials": [credential("a"), credential("b")]});
    assert_eq!(refused(&together), at("credentials[1].claims", Fault::TooMany(limits::CLAIMS)));

    let long = "a".repeat(limits::TEXT_BYTES + 1);
    assert_eq!(
        refused_pid(json!({"meta": {"vct_values": [long]}})),
        at("meta.vct_values[0]", Fault::TooLong(limits::TEXT_BYTES))
    );
}

#[test]
fn a_verifier_asks_for_each_claim_once_and_for_what_it_can_verify() {
    let twice = query(&for_pid(json!({"claims": [{"path": ["a"]}, {"path": ["b"]}, {"path": ["a"], "values": [1]}]})));
    let error = twice.check_as_verifier().unwrap_err();
    assert_eq!(error.place, "credentials[0].claims[2].path");
    assert_eq!(error.fault, Fault::ClaimTwice("credentials[0].claims[0].path".into()));

    let mdoc = query(&for_pid(json!({"format": "mso_mdoc"})));
    let error = mdoc.check_as_verifier().unwrap_err();
    let authorities = json!([{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}]);
    let unproven = query(&for_pid(json!({"trusted_authorities": authorities}))).check_as_verifier().unwrap_err();
    assert_eq!(unproven.place, "credentials[0].trusted_authorities");
    assert_eq!(unproven.fault, Fault::NotEnforced);
    assert_eq!((error.place.as_str(), error.fault), ("credentials[0].format", Fault::Format("mso_mdoc".into())));

    query(&for_pid(json!({"claims": [{"path": ["a"]}]}))).check_as_verifier().unwrap();
}

#[test]
fn a_refusal_reads_as_a_sentence() {
    let error = |json: &Value| Query::parse(json).unwrap_err().to_string();
    assert_eq!(error(&json!(1)), "the query must be an object");
    assert_eq!(error(&for_pid(json!({"claims": [{"path": []}]}))), "`credentials[0].claims[0].path` must not be empty");
}
