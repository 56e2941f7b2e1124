use super::*;

#[test]
fn a_reference_is_read_as_it_is_written() {
    let reference = StatusReference { uri: URI.to_owned(), index: 7 };
    // §6.2.
    assert_eq!(reference.claim(), json!({"status_list": {"idx": 7, "uri": URI}}));
    assert_eq!(StatusReference::from_claim(&reference.claim()), Ok(reference));
}

#[test]
fn other_members_beside_a_reference_are_ignored() {
    let claim = json!({"status_list": {"idx": 0, "uri": URI, "more": true}, "identifier_list": {}});
    assert_eq!(StatusReference::from_claim(&claim).unwrap().index, 0);
}

#[test]
fn what_is_no_reference_is_refused() {
    for claim in [json!({}), json!({"identifier_list": {}}), json!("valid"), Value::Null] {
        assert_eq!(StatusReference::from_claim(&claim), Err(ReferenceError::Mechanism), "{claim}");
    }
    for index in [json!(-1), json!(1.5), json!("1"), Value::Null] {
        let claim = json!({"status_list": {"idx": index, "uri": URI}});
        assert_eq!(StatusReference::from_claim(&claim), Err(ReferenceError::Member("idx")), "{claim}");
    }
    let claim = json!({"status_list": {"idx": 0, "uri": 7}});
    assert_eq!(StatusReference::from_claim(&claim), Err(ReferenceError::Member("uri")));
}
