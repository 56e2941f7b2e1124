//! What fits a template, and what does not.

use model::{ClaimKind, IssuerTemplate, TemplateClaim};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::sample;
use super::{check_claims, disclosable};

fn claim(path: &str, kind: ClaimKind, mandatory: bool) -> TemplateClaim {
    TemplateClaim {
        path: path.parse().unwrap(),
        label: "Label".parse().unwrap(),
        kind,
        mandatory,
        selectively_disclosable: mandatory,
    }
}

fn template() -> IssuerTemplate {
    sample(vec![
        claim("name", ClaimKind::Text, true),
        claim("birthdate", ClaimKind::Date, false),
        claim("height", ClaimKind::Number, false),
        claim("children", ClaimKind::Integer, false),
        claim("resident", ClaimKind::Boolean, false),
        claim("languages", ClaimKind::TextList, true),
        claim("address.street", ClaimKind::Text, false),
        claim("address.country", ClaimKind::Text, true),
    ])
}

fn complete() -> Value {
    json!({
        "name": "Ada", "birthdate": "1815-12-10", "height": 1.65, "children": 3, "resident": false,
        "languages": ["en", "fr"], "address": {"street": "St James's Square", "country": "GB"},
    })
}

fn refused(claims: &Value) -> Vec<(String, String)> {
    let errors = check_claims(&template(), claims.as_object().unwrap()).err().unwrap_or_default();
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

fn one(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

#[test]
fn claims_that_fit_are_accepted_with_and_without_the_optional_ones() {
    assert_eq!(refused(&complete()), []);
    assert_eq!(refused(&json!({"name": "Ada", "languages": ["en"], "address": {"country": "GB"}})), []);
}

#[test]
fn each_value_is_of_its_kind_and_nothing_else() {
    for (pointer, bad) in [
        ("name", vec![json!(1), json!(null), json!(["Ada"]), json!(" ")]),
        ("birthdate", vec![json!("10-12-1815"), json!("1815-12-10T00:00"), json!("1815-02-30"), json!(18_151_210)]),
        ("height", vec![json!("1.65"), json!(null), json!(true)]),
        ("children", vec![json!(1.5), json!(1.0), json!("3"), json!(1e300)]),
        ("resident", vec![json!("true"), json!(0), json!(null)]),
        ("languages", vec![json!("en"), json!([]), json!({"0": "en"})]),
    ] {
        for value in bad {
            let mut claims = complete();
            claims[pointer] = value.clone();
            assert_eq!(refused(&claims), one(&format!("claims.{pointer}"), "invalid"), "{value}");
        }
    }
    let mut claims = complete();
    claims["languages"] = json!(["en", 5, "fr", null]);
    let fields: Vec<_> = refused(&claims).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["claims.languages[1]", "claims.languages[3]"]);
}

#[test]
fn what_is_unknown_missing_or_on_the_way_is_told_by_its_path() {
    let mut claims = complete();
    claims["nickname"] = json!("A");
    assert_eq!(refused(&claims), one("claims.nickname", "unknown"));
    let mut claims = complete();
    claims["address"]["city"] = json!("London");
    assert_eq!(refused(&claims), one("claims.address.city", "unknown"));
    let mut claims = complete();
    claims["address"] = json!("London");
    assert_eq!(refused(&claims), one("claims.address", "invalid"));
    let mut claims = complete();
    claims["address"] = json!({});
    assert_eq!(refused(&claims), one("claims.address.country", "required"));
    claims.as_object_mut().unwrap().remove("address");
    assert_eq!(refused(&claims), one("claims.address.country", "required"));
}

#[test]
fn of_nonsense_without_end_not_all_is_told() {
    let claims: Map<String, Value> = (0..1000).map(|n| (format!("x{n}"), json!(n))).collect();
    assert_eq!(check_claims(&template(), &claims).unwrap_err().len(), 50);
}

#[test]
fn what_may_be_withheld_is_what_is_there() {
    let claims = json!({"name": "Ada", "address": {"country": "GB"}});
    let paths: Vec<String> =
        disclosable(&template(), claims.as_object().unwrap()).iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["name", "address.country"]);
}

/// A value of the kind, from a seed.
fn value(kind: ClaimKind, seed: u32) -> Value {
    match kind {
        ClaimKind::Text => json!(format!("text {seed}")),
        ClaimKind::Number => json!(f64::from(seed) / 8.0),
        ClaimKind::Integer => json!(i64::from(seed) - 500),
        ClaimKind::Boolean => json!(seed.is_multiple_of(2)),
        ClaimKind::Date => json!(format!("{:04}-{:02}-{:02}", 1 + seed, 1 + seed % 12, 1 + seed % 28)),
        ClaimKind::TextList => json!([format!("item {seed}"), ""]),
    }
}

fn put(claims: &mut Map<String, Value>, path: &[String], value: Value) {
    let (name, below) = path.split_first().unwrap();
    if below.is_empty() {
        claims.insert(name.clone(), value);
    } else {
        let object = claims.entry(name.clone()).or_insert_with(|| json!({}));
        put(object.as_object_mut().unwrap(), below, value);
    }
}

fn kinds() -> impl Strategy<Value = ClaimKind> {
    proptest::sample::select(ClaimKind::ALL.to_vec())
}

/// Claims of distinct places, a third of them one below another object.
fn templates() -> impl Strategy<Value = Vec<TemplateClaim>> {
    proptest::collection::vec((kinds(), any::<bool>()), 1..12).prop_map(|claims| {
        let path = |n: usize| if n % 3 == 2 { format!("group.c{n}") } else { format!("c{n}") };
        claims.into_iter().enumerate().map(|(n, (kind, mandatory))| claim(&path(n), kind, mandatory)).collect()
    })
}

proptest! {
    #[test]
    fn what_follows_a_template_fits_it_and_one_change_is_told_exactly(
        claims in templates(), seeds in proptest::collection::vec(0_u32..900, 12), victim in any::<proptest::sample::Index>(),
    ) {
        let template = sample(claims.clone());
        let mut said = Map::new();
        for (claim, seed) in claims.iter().zip(&seeds) {
            put(&mut said, claim.path.names(), value(claim.kind, *seed));
        }
        prop_assert_eq!(check_claims(&template, &said), Ok(()));
        prop_assert_eq!(disclosable(&template, &said).len(), claims.iter().filter(|claim| claim.selectively_disclosable).count());

        let victim = &claims[victim.index(claims.len())];
        let field = format!("claims.{}", victim.path);
        let mut null = said.clone();
        put(&mut null, victim.path.names(), Value::Null);
        let errors = check_claims(&template, &null).unwrap_err();
        prop_assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), vec![field.as_str()]);

        let mut more = said.clone();
        more.insert("another".to_owned(), Value::Null);
        let errors = check_claims(&template, &more).unwrap_err();
        prop_assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), vec!["claims.another"]);

        let without: Vec<TemplateClaim> = claims.iter().filter(|claim| claim.path != victim.path).cloned().collect();
        let errors = check_claims(&sample(without), &said).unwrap_err();
        prop_assert!(errors.iter().all(|error| field.starts_with(&error.field) && error.code == "unknown"), "{:?}", errors);
    }

    #[test]
    fn no_claims_make_it_panic(claims in templates(), text in "\\PC{0,20}", deep in 0_usize..60) {
        let mut value = json!(text);
        for _ in 0..deep {
            value = json!({"group": value});
        }
        let said = Map::from_iter([("group".to_owned(), value), (text, json!(1))]);
        let _ = check_claims(&sample(claims.clone()), &said);
        let _ = disclosable(&sample(claims), &said);
    }
}
