//! Error messages of the standard library's parsers and of serde, in the words of the request's own format: JSON and
//! forms have texts, lists and objects.

/// The same message without the words of a programming language; one that has none stays as it is.
pub fn plain(message: String) -> String {
    let Some(translated) = translate(&message) else { return message };
    translated
}

fn translate(message: &str) -> Option<String> {
    let message = without_position(message);
    if let Some(expected) = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .any(|start| message.starts_with(start))
        .then(|| message.rsplit_once(", expected ").map(|(_, expected)| expected))
    {
        return Some(expected.map_or_else(|| "is not of the form that belongs here".to_owned(), must_be));
    }
    if message.starts_with("unknown variant ") {
        let known: Vec<&str> = message.split_once(", expected ")?.1.split('`').skip(1).step_by(2).collect();
        return Some(one_of(&known));
    }
    let plain = match message {
        "invalid digit found in string"
        | "cannot parse integer from empty string"
        | "cannot parse an integer from an empty string"
        | "invalid character" => "must be a whole number",
        "number too large to fit in target type" => "is too large a number",
        "number too small to fit in target type" => "is too small a number",
        "invalid float literal" | "cannot parse float from empty string" => "must be a number",
        "provided string was not `true` or `false`" => "must be true or false",
        "invalid value" => "is not of the form that belongs here",
        // In the place of a name.
        "expected value" => "must be one of the names that are known here",
        "recursion limit exceeded" => "is nested too deeply",
        message if message.starts_with("data did not match any variant") => "has none of the forms that belong here",
        message if message.starts_with("UUID parsing failed") => "must be an id",
        _ => return None,
    };
    Some(plain.to_owned())
}

/// Cuts off the position in the text that serde appends; the answer names the field.
fn without_position(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message)
}

fn must_be(expected: &str) -> String {
    let range = |from: i128, to: i128| format!("must be a whole number from {from} to {to}");
    match expected {
        "u8" => return range(0, u8::MAX.into()),
        "u16" => return range(0, u16::MAX.into()),
        "u32" => return range(0, u32::MAX.into()),
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => return "must be a whole number".to_owned(),
        "u64" | "u128" | "usize" => return "must be a whole number, and not negative".to_owned(),
        _ => {}
    }
    let count = expected.split(' ').find_map(|word| word.parse::<u32>().ok());
    let starts = |start: &str| expected.starts_with(start);
    let what = match expected {
        "a string" | "string" | "a borrowed string" | "a character" | "str" => "a text",
        "a boolean" => "true or false",
        "f32" | "f64" | "a float" | "a number" | "floating point number" => "a number",
        "unit" | "null" => "null",
        "a formatted UUID string" => "an id",
        "any valid JSON value" => "a JSON value",
        "string or map" | "variant identifier" => "one of the names that are known here",
        "field identifier" | "a map key" => "the name of a member",
        "option" => "a value or null",
        _ if starts("enum ") || starts("variant ") => "one of the names that are known here",
        _ if starts("a map") || starts("struct ") || starts("an object") || expected == "map" => "an object",
        _ if starts("a tuple") || starts("tuple ") || starts("an array of length") || starts("fewer elements") => {
            return count.map_or_else(|| "must be a list".to_owned(), |count| format!("must be a list of {count}"));
        }
        _ if starts("a sequence") || starts("a seq") || expected == "an array" => "a list",
        other => other,
    };
    format!("must be {what}")
}

fn one_of(known: &[&str]) -> String {
    match known {
        [] => "is not known here".to_owned(),
        [only] => format!("must be {only}"),
        [first @ .., last] => format!("must be {} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::*;

    #[derive(Deserialize, Debug)]
    #[serde(rename_all = "snake_case")]
    enum Way {
        Up,
        Down,
        Aside,
    }

    #[derive(Deserialize, Debug)]
    #[serde(untagged)]
    enum Either {
        _Number(#[expect(dead_code, reason = "only read")] u8),
        _List(#[expect(dead_code, reason = "only read")] Vec<u8>),
    }

    #[derive(Deserialize, Debug)]
    struct Inner {
        #[expect(dead_code, reason = "only read")]
        a: u8,
    }

    fn told<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
        plain(serde_json::from_str::<T>(json).unwrap_err().to_string())
    }

    #[test]
    fn json_is_told_in_the_words_of_json() {
        assert_eq!(told::<String>("5"), "must be a text");
        assert_eq!(told::<bool>("\"a\""), "must be true or false");
        assert_eq!(told::<u8>("300"), "must be a whole number from 0 to 255");
        assert_eq!(told::<u32>("-1"), "must be a whole number from 0 to 4294967295");
        assert_eq!(told::<u64>("-1"), "must be a whole number, and not negative");
        assert_eq!(told::<i64>("1.5"), "must be a whole number");
        assert_eq!(told::<f64>("[]"), "must be a number");
        assert_eq!(told::<Vec<u8>>("{}"), "must be a list");
        assert_eq!(told::<(u8, u8)>("[1]"), "must be a list of 2");
        assert_eq!(told::<[u8; 3]>("5"), "must be a list of 3");
        assert_eq!(told::<BTreeMap<String, u8>>("[]"), "must be an object");
        assert_eq!(told::<Inner>("\"a\""), "must be an object");
        assert_eq!(told::<Way>("\"left\""), "must be up, down or aside");
        assert_eq!(told::<Way>("5"), "must be one of the names that are known here");
        assert_eq!(told::<serde_json::Value>(&"[".repeat(1000)), "is nested too deeply");
        assert_eq!(told::<Either>("\"a\""), "has none of the forms that belong here");
        assert_eq!(told::<uuid::Uuid>("\"a\""), "must be an id");
        assert_eq!(told::<uuid::Uuid>("5"), "must be an id");
        assert_eq!(told::<()>("5"), "must be null");
        assert_eq!(told::<char>("\"ab\""), "must be a text");
    }

    #[test]
    fn forms_are_told_in_the_words_of_forms() {
        let told = |error: &dyn ToString| plain(error.to_string());
        assert_eq!(told(&"a".parse::<u32>().unwrap_err()), "must be a whole number");
        assert_eq!(told(&"".parse::<u32>().unwrap_err()), "must be a whole number");
        assert_eq!(told(&"99999999999".parse::<u32>().unwrap_err()), "is too large a number");
        assert_eq!(told(&"-999".parse::<i8>().unwrap_err()), "is too small a number");
        assert_eq!(told(&"a".parse::<f64>().unwrap_err()), "must be a number");
        assert_eq!(told(&"a".parse::<bool>().unwrap_err()), "must be true or false");
    }

    #[test]
    fn what_people_wrote_stays() {
        for message in ["must not be empty", "never changes after creation", "is not an identifier of this wallet"] {
            assert_eq!(plain(message.to_owned()), message);
        }
    }
}
