use super::*;

fn pointer(json: Value) -> ClaimsPathPointer {
    serde_json::from_value(json).unwrap()
}

fn selected(json: Value, claims: &Value) -> Result<Vec<(String, Value)>, PointerError> {
    let selected = pointer(json).select(claims)?;
    Ok(selected.into_iter().map(|claim| (claim.path.to_string(), claim.value.clone())).collect())
}

#[test]
fn the_examples_of_the_specification_lead_where_it_says() {
    let claims = arthur();
    let one = |path: &str, value: Value| Ok(vec![(path.to_owned(), value)]);
    assert_eq!(selected(json!(["name"]), &claims), one("name", json!("Arthur Dent")));
    assert_eq!(selected(json!(["address"]), &claims), one("address", claims["address"].clone()));
    assert_eq!(
        selected(json!(["address", "street_address"]), &claims),
        one("address.street_address", json!("42 Market Street"))
    );
    assert_eq!(
        selected(json!(["degrees", null, "type"]), &claims),
        Ok(vec![
            ("degrees[0].type".to_owned(), json!("Bachelor of Science")),
            ("degrees[1].type".to_owned(), json!("Master of Science")),
        ])
    );
    assert_eq!(selected(json!(["nationalities", 1]), &claims), one("nationalities[1]", json!("Betelgeusian")));
}

#[test]
fn a_name_in_what_is_no_object_ends_it_even_where_another_element_would_fit() {
    let claims = json!({"list": [{"type": "BSc"}, "MSc"], "name": "Ada"});
    assert_eq!(selected(json!(["list", null, "type"]), &claims), Err(PointerError::NotAnObject));
    assert_eq!(selected(json!(["name", "first"]), &claims), Err(PointerError::NotAnObject));
}

#[test]
fn a_position_or_null_in_what_is_no_list_ends_it() {
    let claims = json!({"object": {"0": "zero"}, "lists": [[1], 2]});
    for path in [json!(["object", 0]), json!(["object", null]), json!(["lists", null, 0]), json!(["lists", null, null])]
    {
        assert_eq!(selected(path, &claims), Err(PointerError::NotAnArray));
    }
}

#[test]
fn what_lacks_the_name_or_the_position_is_passed_over_as_long_as_something_is_left() {
    let claims = json!({"list": [{"type": "BSc"}, {}], "lists": [[1, 2], [3]]});
    assert_eq!(selected(json!(["list", null, "type"]), &claims).unwrap().len(), 1);
    assert_eq!(selected(json!(["lists", null, 1]), &claims), Ok(vec![("lists[0][1]".to_owned(), json!(2))]));
    for path in [json!(["absent"]), json!(["list", 2]), json!(["list", null, "absent"]), json!(["lists", null, 2])] {
        assert_eq!(selected(path, &claims), Err(PointerError::Nothing));
    }
}

#[test]
fn a_claim_that_is_null_is_a_claim() {
    assert_eq!(selected(json!(["name"]), &json!({"name": null})).unwrap().len(), 1);
}

#[test]
fn a_list_that_would_select_too_many_claims_ends_it() {
    let many = json!({"list": vec![0; limits::SELECTED]});
    assert_eq!(selected(json!(["list", null]), &many).unwrap().len(), limits::SELECTED);
    let more = json!({"list": vec![0; limits::SELECTED + 1]});
    assert_eq!(selected(json!(["list", null]), &more), Err(PointerError::TooMany));
    let nested = json!({"list": vec![vec![0; 100]; 11]});
    assert_eq!(selected(json!(["list", null, null]), &nested), Err(PointerError::TooMany));
}

#[test]
fn people_read_it_like_code() {
    assert_eq!(pointer(json!(["degrees", null, "type"])).to_string(), "degrees[].type");
    assert_eq!(pointer(json!(["nationalities", 1])).to_string(), "nationalities[1]");
}

#[test]
fn programs_read_it_as_it_was_written() {
    for path in [json!(["degrees", null, "type"]), json!(["nationalities", 1]), json!([""])] {
        assert_eq!(serde_json::to_value(pointer(path.clone())).unwrap(), path);
    }
}

#[test]
fn what_people_write_is_read() {
    for (text, json) in [
        ("given_name", json!(["given_name"])),
        (" address.street_address ", json!(["address", "street_address"])),
        ("degrees[].type", json!(["degrees", null, "type"])),
        ("table[0][]", json!(["table", 0, null])),
        ("urn:x-1 2", json!(["urn:x-1 2"])),
    ] {
        let read: ClaimsPathPointer = text.parse().unwrap();
        assert_eq!(read, pointer(json));
        assert_eq!(read.to_string(), text.trim());
    }
    for text in ["", " ", ".", "a.", ".a", "a..b", "[0]", "a[", "a]", "a[x]", "a[-1]", "a[0]b", "a[0", "a[[0]]"] {
        assert!(text.parse::<ClaimsPathPointer>().is_err(), "{text}");
    }
}
