//! The claims of a credential as lines that people read.

use serde_json::Value;

/// One claim.
#[derive(PartialEq, Eq, Debug)]
pub struct Claim {
    /// Its path, such as `address.locality`.
    pub name: String,
    /// Its value; lists are told in one line where their items are plain.
    pub value: String,
    /// Whether it, or a part of it, can be withheld when the credential is presented.
    pub withholdable: bool,
}

/// Claims that stand elsewhere on the page: type, issuer, dates and the holder's key.
const ELSEWHERE: [&str; 6] = ["iss", "vct", "iat", "nbf", "exp", "cnf"];

/// The claims, in their own order. `disclosures` are JSON Pointers (RFC 6901) to what can be withheld.
pub fn lines(claims: &Value, disclosures: &[String]) -> Vec<Claim> {
    let mut lines = Vec::new();
    for (name, value) in claims.as_object().into_iter().flatten() {
        if !ELSEWHERE.contains(&name.as_str()) {
            add(&mut lines, name.clone(), &format!("/{}", escaped(name)), value, disclosures);
        }
    }
    lines
}

/// The depth of the recursion is that of the JSON, which the parser bounds.
fn add(lines: &mut Vec<Claim>, name: String, pointer: &str, value: &Value, disclosures: &[String]) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (member, value) in members {
                let pointer = format!("{pointer}/{}", escaped(member));
                add(lines, format!("{name}.{member}"), &pointer, value, disclosures);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (at, item) in items.iter().enumerate() {
                add(lines, format!("{name}[{at}]"), &format!("{pointer}/{at}"), item, disclosures);
            }
        }
        plain => {
            let withholdable = disclosures.iter().any(|other| within(pointer, other) || within(other, pointer));
            lines.push(Claim { name, value: words(plain), withholdable });
        }
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Whether the first pointer is the second, or leads to a part of what the second leads to.
fn within(pointer: &str, whole: &str) -> bool {
    pointer.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(claims: &Value, disclosures: &[&str]) -> Vec<(String, String, bool)> {
        let disclosures: Vec<String> = disclosures.iter().map(ToString::to_string).collect();
        let lines = lines(claims, &disclosures);
        lines.into_iter().map(|claim| (claim.name, claim.value, claim.withholdable)).collect()
    }

    fn line(name: &str, value: &str, withholdable: bool) -> (String, String, bool) {
        (name.to_owned(), value.to_owned(), withholdable)
    }

    #[test]
    fn nested_claims_are_lines_of_their_own_and_what_stands_elsewhere_is_not() {
        let claims = json!({
            "iss": "x", "vct": "y", "exp": 1,
            "legal_name": "Nordhaven", "address": {"country": "NO", "geo": {}},
            "directors": ["Ada", "Grace"], "sites": [{"city": "Bergen"}, ["a", 1]], "listed": true,
        });
        assert_eq!(
            told(&claims, &[]),
            [
                line("legal_name", "Nordhaven", false),
                line("address.country", "NO", false),
                line("address.geo", "{}", false),
                line("directors", "Ada, Grace", false),
                line("sites[0].city", "Bergen", false),
                line("sites[1]", "a, 1", false),
                line("listed", "true", false),
            ]
        );
    }

    #[test]
    fn what_can_be_withheld_is_marked_whole_or_in_part() {
        let claims = json!({"address": {"a/b": 1, "c": 2}, "addressee": 3, "list": [4, 5]});
        assert_eq!(
            told(&claims, &["/address/a~1b", "/list/1"]),
            [
                line("address.a/b", "1", true),
                line("address.c", "2", false),
                line("addressee", "3", false),
                line("list", "4, 5", true),
            ]
        );
        assert_eq!(told(&claims, &["/address"]).iter().filter(|(.., withholdable)| *withholdable).count(), 2);
    }
}
