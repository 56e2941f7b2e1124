//! Queries that need no DCQL to be written: one credential of one type, with some of its claims.

use kernel::http::Fields;
use serde::Serialize;
use serde_json::{Value, json};
use vc::dcql::{ClaimsPathPointer, Query};
use vc::names::FORMAT_SD_JWT_VC;

/// What the answer calls the credential.
const ID: &str = "credential";

/// Such a query, as it is typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Debug)]
pub(super) struct Simple {
    /// The type of the credential.
    pub(super) vct: String,
    /// Its claims, such as `address.locality`.
    pub(super) claims: Vec<String>,
}

impl Simple {
    /// The form of a query, if it says nothing that the form cannot say.
    pub(super) fn of(query: &Value) -> Option<Self> {
        let parsed = Query::parse(query).ok()?;
        let credential = parsed.credentials.first()?;
        let simple = Self {
            vct: credential.meta.vct_values.as_ref()?.first()?.clone(),
            claims: credential.claims.iter().flatten().map(|claim| claim.path.to_string()).collect(),
        };
        (simple.query(&mut Fields::default()) == *query).then_some(simple)
    }

    /// The query. What of it cannot be read is refused as `vct` or `claims[…]`.
    pub(super) fn query(&self, fields: &mut Fields) -> Value {
        let vct = self.vct.trim();
        if vct.is_empty() {
            fields.refuse("vct", "required", "must not be empty");
        }
        let path = |(position, text): (usize, &String)| {
            fields.take(&format!("claims[{position}]"), text.parse::<ClaimsPathPointer>())
        };
        let claims = self.claims.iter().enumerate().filter_map(path);
        let claims: Vec<Value> = claims.map(|path| json!({"path": path})).collect();
        let mut credential = json!({"id": ID, "format": FORMAT_SD_JWT_VC, "meta": {"vct_values": [vct]}});
        // Without `claims` nothing that can be withheld is asked for; an empty list is not allowed (§6.1).
        if let (false, Value::Object(members)) = (claims.is_empty(), &mut credential) {
            members.insert("claims".to_owned(), claims.into());
        }
        json!({"credentials": [credential]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simple(vct: &str, claims: &[&str]) -> Simple {
        Simple { vct: vct.to_owned(), claims: claims.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn what_is_typed_becomes_a_query_and_is_found_in_it_again() {
        let typed = simple("urn:pid", &["given_name", "address.locality", "nationalities[]", "degrees[0].type"]);
        let query = typed.query(&mut Fields::default());
        assert_eq!(query["credentials"][0]["claims"][2], json!({"path": ["nationalities", null]}));
        assert_eq!(query["credentials"][0]["claims"][3], json!({"path": ["degrees", 0, "type"]}));
        assert!(Query::parse(&query).is_ok_and(|query| query.check_as_verifier().is_ok()));
        assert_eq!(Simple::of(&query), Some(typed));
        let bare = simple("urn:pid", &[]);
        assert_eq!(Simple::of(&bare.query(&mut Fields::default())), Some(bare));
    }

    #[test]
    fn what_the_form_cannot_say_is_not_shown_in_it() {
        let plain = simple("urn:pid", &["name"]).query(&mut Fields::default());
        assert!(Simple::of(&plain).is_some());
        for (parent, member, value) in [
            ("/credentials/0", "multiple", json!(true)),
            ("/credentials/0", "id", json!("other")),
            ("/credentials/0/meta", "vct_values", json!(["urn:pid", "urn:other"])),
            ("/credentials/0/claims/0", "values", json!(["Ada"])),
            ("/credentials/0/claims/0", "path", json!(["a.b"])),
            ("", "extension", json!(1)),
        ] {
            let mut query = plain.clone();
            query.pointer_mut(parent).unwrap()[member] = value;
            assert_eq!(Simple::of(&query), None, "{query}");
        }
        assert_eq!(Simple::of(&Value::Null), None);
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_its_place() {
        let mut fields = Fields::default();
        simple(" ", &["name", "a..b", "[0"]).query(&mut fields);
        let problem = fields.finish(Some(())).unwrap_err();
        let refused: Vec<_> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(refused, ["vct", "claims[1]", "claims[2]"]);
    }
}
