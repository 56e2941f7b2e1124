//! The media type of a body by its `Content-Type` (RFC 9110 §8.3). Parameters such as a charset are ignored, readable
//! or not: they make no difference for the bodies that are read here.

use http::{HeaderMap, header};

/// `application/json`.
pub const JSON: &str = "application/json";
/// `application/x-www-form-urlencoded`.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The media type that the headers name, in whatever case; empty where they name none.
pub fn media_type(headers: &HeaderMap) -> &str {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

/// Whether the headers name this media type.
pub fn is_media_type(headers: &HeaderMap, expected: &str) -> bool {
    media_type(headers).eq_ignore_ascii_case(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_is_read_without_its_parameters_and_in_any_case() {
        let named = |value: &'static str| HeaderMap::from_iter([(header::CONTENT_TYPE, value.parse().unwrap())]);
        for value in
            ["application/json", "Application/JSON; charset=utf-8", " application/json ;", "application/json;x"]
        {
            assert!(is_media_type(&named(value), JSON), "{value}");
        }
        for value in ["", "application/json5", "application/json, text/html", "json", ";application/json"] {
            assert!(!is_media_type(&named(value), JSON), "{value}");
        }
        assert_eq!(media_type(&HeaderMap::new()), "");
    }
}
