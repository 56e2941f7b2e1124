//! Messages about the text of another party, in the words of its format instead of those of a parser.

use serde_json::Value;
use serde_json::error::Category;

/// How much of a text a reason repeats, in characters.
const SHOWN: usize = 200;

/// The error of JSON with more than 127 nested objects and lists.
pub(crate) const TOO_DEEP: &str = "it is nested too deeply";

/// A text, cut and without control characters.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(SHOWN).collect()
}

/// A text in backticks, cut; an empty one has a name.
pub(crate) fn quoted(text: &str) -> String {
    match shown(text) {
        shown if shown.trim().is_empty() => "an empty text".to_owned(),
        shown => format!("`{shown}`"),
    }
}

/// A text or a list of texts, as they stand.
pub(crate) fn named(value: &Value) -> String {
    let texts: Vec<&str> = match value {
        Value::Array(entries) => entries.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if texts.is_empty() { "not text".to_owned() } else { quoted(&texts.join(", ")) }
}

/// Whose a document says that it is, as the end of a sentence that begins with the document.
pub(crate) fn says_of(found: &str) -> String {
    if found.is_empty() {
        "does not say whose it is".to_owned()
    } else {
        format!("says that it is that of {}", shown(found))
    }
}

/// The error in JSON, as a text after a colon.
pub(crate) fn fault(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Data => fault_of_data(&error.to_string()),
        _ if is_too_deep(error) => TOO_DEEP.to_owned(),
        Category::Syntax | Category::Eof | Category::Io => "it is not JSON".to_owned(),
    }
}

/// Whether a parser gave JSON up because of its depth.
pub(crate) fn is_too_deep(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit exceeded")
}

fn fault_of_data(said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    let after = |prefix: &str| said.strip_prefix(prefix)?.split('`').next();
    if let Some(member) = after("missing field `") {
        format!("`{member}` is missing")
    } else if let Some(member) = after("duplicate field `") {
        format!("{} stands in it twice", quoted(member))
    } else if let Some(value) = after("unknown variant `") {
        format!("{} is not supported", quoted(value))
    } else if ["invalid type", "invalid value", "invalid length", "unknown field", "data did not match"]
        .iter()
        .any(|prefix| said.starts_with(prefix))
    {
        "it is JSON of another form".to_owned()
    } else {
        // What a type of this crate refuses says it in words for people.
        said.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read counts")]
    struct Example {
        a: String,
        #[serde(default)]
        b: Option<Kind>,
        #[serde(default)]
        c: Option<crate::did::Did>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        One,
    }

    #[test]
    fn a_fault_speaks_no_programming_language() {
        for (json, said) in [
            ("", "it is not JSON"),
            ("{", "it is not JSON"),
            ("<html>", "it is not JSON"),
            ("[]", "it is JSON of another form"),
            ("7", "it is JSON of another form"),
            ("{}", "`a` is missing"),
            (r#"{"a": 1}"#, "it is JSON of another form"),
            (r#"{"a": "x", "a": "y"}"#, "`a` stands in it twice"),
            (r#"{"a": "x", "b": "two"}"#, "`two` is not supported"),
        ] {
            assert_eq!(fault(&serde_json::from_str::<Example>(json).unwrap_err()), said, "{json}");
        }
        let deep = "[".repeat(1000);
        assert_eq!(fault(&serde_json::from_str::<Value>(&deep).unwrap_err()), "it is nested too deeply");
        let ours = fault(&serde_json::from_str::<Example>(r#"{"a": "x", "c": "nobody"}"#).unwrap_err());
        assert!(ours.contains("is not a DID") && !ours.contains(" at line "), "{ours}");
    }
}
