//! DCQL rule by rule. What another implementation makes of the same queries is tested in `peers/`.

mod answer;
mod parse;
mod pointer;
mod properties;
mod select;

use serde_json::{Value, json};

use super::*;
use crate::sd_jwt_vc::Gaps;

fn query(json: &Value) -> Query {
    Query::parse(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// A query for one credential of type `pid`, with what a test adds.
fn for_pid(more: Value) -> Value {
    let mut credential = json!({"id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["pid"]}});
    merge(&mut credential, more);
    json!({"credentials": [credential]})
}

fn merge(into: &mut Value, more: Value) {
    let (Value::Object(into), Value::Object(more)) = (into, more) else { panic!("not objects") };
    into.extend(more);
}

fn pid(claims: &Value) -> Candidate<'_> {
    Candidate { vct: "pid", claims, gaps: Gaps::none(), holder_bound: true }
}

/// The example of OpenID4VP 1.0 §7.3.
fn arthur() -> Value {
    json!({
        "name": "Arthur Dent",
        "address": {"street_address": "42 Market Street", "locality": "Milliways", "postal_code": "12345"},
        "degrees": [
            {"type": "Bachelor of Science", "university": "University of Betelgeuse"},
            {"type": "Master of Science", "university": "University of Betelgeuse"},
        ],
        "nationalities": ["British", "Betelgeusian"],
    })
}
