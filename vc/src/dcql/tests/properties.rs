use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::sd_jwt_vc::PathStep;

/// Few names, so that queries and credentials meet.
fn name() -> impl Strategy<Value = String> {
    "[a-d]"
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..3).prop_map(Value::from),
        name().prop_map(Value::from),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..4).prop_map(object),
        ]
    })
}

fn object(members: BTreeMap<String, Value>) -> Value {
    Value::Object(members.into_iter().collect())
}

fn claims() -> impl Strategy<Value = Value> {
    prop::collection::btree_map(name(), json(), 0..4).prop_map(object)
}

fn path() -> impl Strategy<Value = Value> {
    let step =
        prop_oneof![3 => name().prop_map(Value::from), 1 => (0..3).prop_map(Value::from), 1 => Just(Value::Null)];
    (name(), prop::collection::vec(step, 0..3)).prop_map(|(first, rest)| {
        let mut steps = vec![Value::from(first)];
        steps.extend(rest);
        steps.into()
    })
}

/// A query for one credential by claims that each has a value now and then.
fn asked() -> impl Strategy<Value = Value> {
    let claim = (path(), prop::option::of(prop::collection::vec((0..3).prop_map(Value::from), 1..3)));
    prop::collection::vec(claim, 1..4).prop_map(|claims| {
        let claims: Vec<_> = claims
            .into_iter()
            .map(|(path, values)| match values {
                Some(values) => json!({"path": path, "values": values}),
                None => json!({"path": path}),
            })
            .collect();
        for_pid(json!({"claims": claims}))
    })
}

fn at<'a>(claims: &'a Value, path: &crate::sd_jwt_vc::ClaimPath) -> Option<&'a Value> {
    path.0.iter().try_fold(claims, |value, step| match step {
        PathStep::Name(name) => value.as_object()?.get(name),
        PathStep::Index(index) => value.as_array()?.get(*index),
    })
}

/// What a verifier sees of `claims` once all but these paths is withheld: with each element in its place.
fn withheld(claims: &Value, disclosed: &[&[PathStep]]) -> Value {
    if disclosed.iter().any(|path| path.is_empty()) {
        return claims.clone();
    }
    let below = |step: &PathStep| -> Vec<&[PathStep]> {
        disclosed
            .iter()
            .filter_map(|path| path.split_first())
            .filter(|(first, _)| *first == step)
            .map(|(_, rest)| rest)
            .collect()
    };
    let shown = |step: PathStep, value: &Value| {
        let below = below(&step);
        (!below.is_empty()).then(|| withheld(value, &below))
    };
    match claims {
        Value::Object(members) => members
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), shown(PathStep::Name(name.clone()), value)?)))
            .collect(),
        Value::Array(values) => {
            let kept = |(index, value)| shown(PathStep::Index(index), value).unwrap_or(json!({"...": "digest"}));
            values.iter().enumerate().map(kept).collect()
        }
        other => other.clone(),
    }
}

/// The processed claims: what is withheld leaves no gap (RFC 9901 §7.1).
fn without_digests(issued: &Value) -> Value {
    match issued {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), without_digests(value))).collect(),
        Value::Array(elements) => {
            elements.iter().filter(|element| element.get("...").is_none()).map(without_digests).collect()
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn a_verifier_that_sees_everything_finds_what_a_holder_finds(json in asked(), claims in claims()) {
        let asked = query(&json);
        let held = !asked.select(&[pid(&claims)]).credentials[0].matches.is_empty();
        let answer = BTreeMap::from([("pid".to_owned(), vec![pid(&claims)])]);
        prop_assert_eq!(asked.check_answer(&answer).is_ok(), held, "{}", claims);
    }

    #[test]
    fn no_json_makes_the_parser_panic(json in json()) {
        let _ = Query::parse(&json);
        let _ = Query::parse(&json!({"credentials": json}));
        let _ = Query::parse(&for_pid(json!({"claims": [{"path": json, "values": json, "id": json}], "claim_sets": json})));
    }

    #[test]
    fn what_is_read_is_written_and_read_as_the_same(json in asked()) {
        let once = query(&json);
        prop_assert_eq!(query(&serde_json::to_value(&once).unwrap()), once);
    }

    #[test]
    fn what_is_disclosed_stands_in_the_credential(json in asked(), claims in claims()) {
        let selection = query(&json).select(&[pid(&claims)]);
        for path in selection.credentials[0].matches.iter().flat_map(|found| &found.disclose) {
            prop_assert!(at(&claims, path).is_some(), "{path} in {claims}");
        }
    }

    #[test]
    fn a_verifier_accepts_what_a_holder_discloses(json in asked(), claims in claims()) {
        let asked = query(&json);
        let selection = asked.select(&[pid(&claims)]);
        for found in &selection.credentials[0].matches {
            let disclosed: Vec<_> = found.disclose.iter().map(|path| path.0.as_slice()).collect();
            let issued = withheld(&claims, &disclosed);
            let gaps = Gaps::in_issued(issued.as_object().unwrap());
            let shown = without_digests(&issued);
            let answer = BTreeMap::from([("pid".to_owned(), vec![Candidate { gaps: &gaps, ..pid(&shown) }])]);
            prop_assert_eq!(asked.check_answer(&answer), Ok(()), "{} of {}", shown, claims);
        }
    }
}
