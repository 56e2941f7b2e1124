//! Running text of the API document: code between backticks, and links to what a name stands for.

use askama::Template;
use askama::filters::HtmlSafe;
use kernel::console::texts::documentation as t;
use kernel::problem::Code;
use serde_json::Value;

/// A text for the page; it prints itself as HTML.
#[derive(Template, Default, Debug)]
#[template(path = "documentation/rich_text.html")]
pub(super) struct Words(Vec<Word>);

impl HtmlSafe for Words {}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Word {
    Plain(String),
    Code(String),
    /// A place on the page, or a page of its own.
    Link {
        url: String,
        text: String,
    },
}

impl Words {
    /// A description: what stands between backticks is code, and links to its page where it names a problem.
    pub(super) fn of(text: &str) -> Self {
        let word = |(at, text): (usize, &str)| match Code::ALL.iter().find(|code| code.name() == text) {
            _ if at % 2 == 0 => Word::Plain(text.to_owned()),
            Some(code) => Word::problem(*code),
            None => Word::Code(text.to_owned()),
        };
        Self(text.split('`').enumerate().map(word).collect())
    }

    /// The type that a JSON Schema describes, in words.
    pub(super) fn of_type(schema: &Value) -> Self {
        let mut words = Vec::new();
        describe(schema, &mut words);
        Self(words)
    }

    /// Whether there is nothing to read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| matches!(word, Word::Plain(text) if text.is_empty()))
    }

    /// Links to the pages of these problems.
    pub(super) fn problems(codes: impl Iterator<Item = Code>) -> Self {
        let mut words = Vec::new();
        for code in codes {
            separate(&mut words, t::COMMA);
            words.push(Word::problem(code));
        }
        Self(words)
    }

    /// A list of these objects.
    pub(super) fn of_items(name: &str) -> Self {
        Self(vec![Word::Plain(t::LIST_OF.to_owned()), Word::object(name)])
    }
}

impl Word {
    fn problem(code: Code) -> Self {
        Self::Link { url: code.uri().to_owned(), text: code.name().to_owned() }
    }

    fn object(name: &str) -> Self {
        Self::Link { url: format!("#{name}"), text: name.to_owned() }
    }
}

fn separate(words: &mut Vec<Word>, separator: &str) {
    if !words.is_empty() {
        words.push(Word::Plain(separator.to_owned()));
    }
}

fn describe(schema: &Value, words: &mut Vec<Word>) {
    let list = |name: &str| schema.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        words.push(Word::object(name));
    } else if let Some(constant) = schema.get("const") {
        words.push(Word::Code(literal(constant)));
    } else if let [only] = list("allOf") {
        describe(only, words);
    } else if let choices @ [_, ..] = list("enum") {
        alternatives(choices, words, |choice, words| match choice {
            Value::Null => words.push(Word::Plain(t::NULL.to_owned())),
            choice => words.push(Word::Code(literal(choice))),
        });
    } else if let choices @ [_, ..] = list("oneOf") {
        alternatives(choices, words, describe);
    } else if let choices @ [_, ..] = list("anyOf") {
        alternatives(choices, words, describe);
    } else {
        plain(schema, words);
    }
}

fn alternatives(choices: &[Value], words: &mut Vec<Word>, each: impl Fn(&Value, &mut Vec<Word>)) {
    for (at, choice) in choices.iter().enumerate() {
        if at > 0 {
            words.push(Word::Plain(t::OR.to_owned()));
        }
        each(choice, words);
    }
}

fn plain(schema: &Value, words: &mut Vec<Word>) {
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![t::ANYTHING],
    };
    for (at, kind) in kinds.iter().enumerate() {
        if at > 0 {
            words.push(Word::Plain(t::OR.to_owned()));
        }
        match (*kind, schema.get("items"), schema.get("properties").and_then(Value::as_object)) {
            ("array", Some(items), _) => {
                words.push(Word::Plain(t::LIST_OF.to_owned()));
                describe(items, words);
            }
            ("object", _, Some(members)) => {
                words.push(Word::Plain(t::OBJECT_OF.to_owned()));
                names(members.keys(), words);
            }
            (kind, ..) => words.push(Word::Plain(scalar(kind, schema))),
        }
    }
}

fn names<'a>(names: impl Iterator<Item = &'a String>, words: &mut Vec<Word>) {
    for (at, name) in names.enumerate() {
        if at > 0 {
            words.push(Word::Plain(t::COMMA.to_owned()));
        }
        words.push(Word::Code(name.clone()));
    }
}

fn scalar(kind: &str, schema: &Value) -> String {
    let number = |name: &str| schema.get(name).and_then(Value::as_u64);
    let name = match (kind, schema.get("format").and_then(Value::as_str)) {
        ("string", Some("date-time")) => t::DATE_TIME,
        ("string", Some("date")) => t::DATE,
        ("string", Some("uuid")) => t::UUID,
        ("string", Some("email")) => t::EMAIL,
        ("string", _) => t::STRING,
        ("null", _) => t::NULL,
        _ => kind,
    };
    match (kind, number("minimum").zip(number("maximum")), number("minLength"), number("maxLength")) {
        ("integer", Some((least, most)), ..) => t::from_to(name, least, most),
        ("string", _, Some(least), Some(most)) => t::characters(name, least, most),
        ("string", _, None, Some(most)) => t::characters_at_most(name, most),
        _ => name.to_owned(),
    }
}

fn literal(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn backticks_make_code_and_a_problem_a_link() {
        assert_eq!(
            Words::of("Send `q`, or `name-in-use` <b>.").to_string(),
            "Send <code>q</code>, or <a href=\"/problems/name-in-use\"><code>name-in-use</code></a> &#60;b&#62;."
        );
    }

    #[test]
    fn a_type_is_told_in_words() {
        let told = |schema: Value| Words::of_type(&schema).to_string();
        assert_eq!(told(json!({"type": "string", "minLength": 1, "maxLength": 64})), "string, 1–64 characters");
        assert_eq!(told(json!({"type": "string", "maxLength": 2000})), "string, at most 2000 characters");
        assert_eq!(told(json!({"type": ["integer", "null"], "minimum": 1, "maximum": 9})), "integer, 1–9 or null");
        assert_eq!(told(json!({"type": "string", "format": "date-time"})), "date and time");
        assert_eq!(told(json!({"enum": ["a", null]})), "<code>a</code> or null");
        assert_eq!(told(json!({"oneOf": [{"const": "a"}, {"const": 1}]})), "<code>a</code> or <code>1</code>");
        assert_eq!(
            told(json!({"allOf": [{"$ref": "#/components/schemas/Actor"}]})),
            "<a href=\"#Actor\"><code>Actor</code></a>"
        );
        assert_eq!(told(json!({"type": "array", "items": {"type": "boolean"}})), "list of boolean");
        assert_eq!(
            told(json!({"type": "object", "properties": {"id": {}, "name": {}}})),
            "object with <code>id</code>, <code>name</code>"
        );
        assert_eq!(told(json!({})), "anything");
    }
}
