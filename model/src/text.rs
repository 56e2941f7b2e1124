//! Names, notes and e-mail addresses: text that people type, checked once and then trusted.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// The longest name, in characters.
const NAME_MAX: usize = 64;
/// The longest notes, in characters.
const NOTES_MAX: usize = 2000;
/// The longest purpose, in characters: what a phone shows at a glance.
const PURPOSE_MAX: usize = 200;
/// The longest e-mail address, in bytes (RFC 5321 §4.5.3.1.3 less the brackets).
const EMAIL_MAX: usize = 254;

/// The longest part before the `@`, in bytes (RFC 5321 §4.5.3.1.1).
const LOCAL_PART_MAX: usize = 64;
/// The longest label of a domain, in bytes (RFC 1035 §2.3.4).
const LABEL_MAX: usize = 63;

/// Why a text was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// No visible character.
    #[error("must have a character that can be seen")]
    Invisible,
    /// Longer than this many characters.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// A control character, a line separator or a bidirectional override.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// A client ID of other characters than its own.
    #[error("must have only letters, digits and . _ -")]
    NotAClientId,
    /// No `local@domain`.
    #[error("must be an e-mail address, such as ada@example.org")]
    NotAnEmail,
}

/// A text that was checked when it was written. Reading it back does not check it again, because the rules may have
/// become stricter since.
pub trait Stored {
    /// The same text.
    fn stored(text: String) -> Self;
}

thread_local! {
    static READS_STORED: Cell<bool> = const { Cell::new(false) };
}

/// Deserializes what is stored or was checked before: a text that an earlier release accepted is read as it is.
pub fn reading_stored<T>(read: impl FnOnce() -> T) -> T {
    /// Ends it however the reading ends, so that nothing else on this thread is read so.
    struct Reset(bool);

    impl Drop for Reset {
        fn drop(&mut self) {
            READS_STORED.set(self.0);
        }
    }

    let _reset = Reset(READS_STORED.replace(true));
    read()
}

macro_rules! text {
    ($( $(#[$doc:meta])* $name:ident )*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text out of the wrapper.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl Stored for $name {
            fn stored(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// Checked as when it is parsed; see [`reading_stored`].
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                match text.parse() {
                    Err(_) if READS_STORED.get() => Ok(Self::stored(text)),
                    parsed => parsed.map_err(serde::de::Error::custom),
                }
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                crate::schema::$name::json_schema(generator)
            }
        }
    )* };
}

text! {
    /// A name: trimmed, NFC, 1 to 64 characters, no control characters (mission D3).
    Name
    /// Free notes: NFC, up to 2000 characters; line breaks and tabs are the only control characters.
    Notes
    /// A purpose in one sentence: trimmed, NFC, 1 to 200 characters, no control characters.
    Purpose
    /// An e-mail address: trimmed, up to 254 bytes. What browsers take as one (WHATWG HTML, "valid e-mail address"), with
    /// the dots where RFC 5321 §4.1.2 has them, and letters of every script (RFC 6531 §3.3).
    Email
}

impl FromStr for Name {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        one_line(text, NAME_MAX).map(Self)
    }
}

impl FromStr for Purpose {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        one_line(text, PURPOSE_MAX).map(Self)
    }
}

impl Name {
    /// The comparison form: two names with the same form are the same name (mission D3: without regard to case).
    pub fn key(&self) -> String {
        fold(&self.0)
    }
}

impl FromStr for Notes {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let notes: String = text.nfc().collect::<String>().replace("\r\n", "\n");
        if notes.chars().count() > NOTES_MAX {
            return Err(TextError::TooLong(NOTES_MAX));
        }
        if notes.chars().any(|c| is_unprintable(c) && !matches!(c, '\n' | '\t')) {
            return Err(TextError::ControlCharacter);
        }
        Ok(Self(notes))
    }
}

impl Default for Notes {
    fn default() -> Self {
        Self::none()
    }
}

impl Notes {
    /// No notes.
    pub fn none() -> Self {
        Self(String::new())
    }
}

impl FromStr for Email {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let email = text.nfc().collect::<String>().trim().to_owned();
        if email.is_empty() {
            return Err(TextError::Empty);
        }
        if email.len() > EMAIL_MAX {
            return Err(TextError::TooLong(EMAIL_MAX));
        }
        match email.split_once('@') {
            Some((local, domain)) if is_local_part(local) && is_domain(domain) => Ok(Self(email)),
            _ => Err(TextError::NotAnEmail),
        }
    }
}

impl Email {
    /// The comparison form: two addresses with the same form belong to the same account.
    pub fn key(&self) -> String {
        fold(&self.0)
    }
}

/// Folds case for comparison: upper then lower, so that `ß` meets `SS` and a final sigma any other.
pub fn fold(text: &str) -> String {
    text.to_uppercase().to_lowercase().nfc().collect()
}

/// Trimmed, NFC, not empty, no control characters.
fn one_line(text: &str, most: usize) -> Result<String, TextError> {
    let line: String = text.nfc().collect::<String>().trim().to_owned();
    if line.is_empty() {
        return Err(TextError::Empty);
    }
    if line.chars().count() > most {
        return Err(TextError::TooLong(most));
    }
    if line.chars().any(is_unprintable) {
        return Err(TextError::ControlCharacter);
    }
    if !line.chars().any(is_visible) {
        return Err(TextError::Invisible);
    }
    Ok(line)
}

/// Letters, digits, punctuation and symbols, but for those that are blank. What joins or colours other characters, such as
/// the joiner inside an emoji, cannot be seen by itself.
fn is_visible(c: char) -> bool {
    use GeneralCategoryGroup::{Letter, Number, Punctuation, Symbol};
    let is_blank = matches!(
        c,
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // the fillers of Hangul
            | '\u{2800}' // the pattern of Braille without dots
            | '\u{FFFC}' // stands for an object that is not there
            | '\u{13441}' | '\u{13442}' // the blanks of hieroglyphs
            | '\u{1D159}' // a note without a head
    );
    !is_blank && matches!(c.general_category_group(), Letter | Number | Punctuation | Symbol)
}

/// Words of the characters that need no quotes, with dots between them (RFC 5321 §4.1.2, `Dot-string`).
fn is_local_part(local: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c) || is_international(c);
    (1..=LOCAL_PART_MAX).contains(&local.len())
        && local.split('.').all(|word| !word.is_empty() && word.chars().all(is_allowed))
}

/// Labels of letters, digits and hyphens, with dots between them.
fn is_domain(domain: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || is_international(c);
    domain.split('.').all(|label| {
        (1..=LABEL_MAX).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(is_allowed)
    })
}

fn is_international(c: char) -> bool {
    let is_letter = matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number);
    !c.is_ascii() && ((is_letter && is_visible(c)) || is_combining_mark(c))
}

/// Control characters, and the format characters with which a name can pretend to be another one.
fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Result<String, TextError> {
        text.parse::<Name>().map(Name::into_string)
    }

    #[test]
    fn what_is_stored_is_read_as_it_is_and_only_while_it_is_read() {
        let read = || serde_json::from_str::<Name>("\"\u{200b}\"").map(Name::into_string).ok();
        assert_eq!((read(), reading_stored(read)), (None, Some("\u{200b}".to_owned())));
        assert!(std::panic::catch_unwind(|| reading_stored(|| panic!("while it reads"))).is_err());
        assert_eq!(read(), None);
    }

    #[test]
    fn d3_a_name_is_trimmed_and_composed() {
        assert_eq!(name("  acme-backend \n"), Ok("acme-backend".to_owned()));
        assert_eq!(name("Cafe\u{301}"), Ok("Caf\u{e9}".to_owned()));
    }

    #[test]
    fn d3_a_name_has_1_to_64_characters_and_no_control_characters() {
        assert_eq!(name(" \t "), Err(TextError::Empty));
        assert_eq!(name(&"é".repeat(64)), Ok("é".repeat(64)));
        assert_eq!(name(&"é".repeat(65)), Err(TextError::TooLong(64)));
        assert_eq!(name("a\0b"), Err(TextError::ControlCharacter));
        assert_eq!(name("a\u{202E}b"), Err(TextError::ControlCharacter));
    }

    #[test]
    fn d3_names_are_the_same_without_regard_to_case() {
        let key = |text: &str| text.parse::<Name>().unwrap().key();
        assert_eq!(key("Straße"), key("STRASSE"));
        assert_eq!(key("ΟΔΟΣ"), key("οδος"));
        assert_ne!(key("acme"), key("acme2"));
    }

    #[test]
    fn notes_keep_line_breaks_and_refuse_other_controls() {
        assert_eq!("a\r\nb\tc".parse::<Notes>().unwrap().as_str(), "a\nb\tc");
        assert_eq!("a\u{7}".parse::<Notes>(), Err(TextError::ControlCharacter));
        assert_eq!("x".repeat(2001).parse::<Notes>(), Err(TextError::TooLong(2000)));
    }

    #[test]
    fn a_name_has_something_to_see() {
        let nothing = [
            "\u{200B}",
            "\u{200D}",
            "\u{FEFF}",
            "\u{2060}\u{2063}",
            "\u{AD}",
            "\u{2800}",
            "\u{3164}",
            "\u{115F}\u{1160}",
            "\u{FFA0}",
            "\u{301}",
            "\u{20E3}",
            "\u{FE0F}",
            "\u{E0100}",
            "\u{E0061}\u{E007F}",
            "\u{180E}",
            "\u{34F}",
            "\u{200E}\u{200F}",
            "\u{61C}",
            "\u{E000}",
            "\u{FFFC}",
            "\u{17B4}",
            "\u{1D173}",
            "\u{FFF9}",
            "\u{13441}",
            "\u{FFFF}",
            "\u{2800}\u{A0}\u{200B}",
        ];
        for text in nothing {
            assert_eq!(name(text), Err(TextError::Invisible), "{}", text.escape_unicode());
            assert_eq!(text.parse::<Purpose>(), Err(TextError::Invisible), "{}", text.escape_unicode());
        }
        for text in [
            "-",
            "é",
            "1",
            "€",
            "👨\u{200D}👩\u{200D}👧",
            "🏴\u{E0067}\u{E0062}\u{E007F}",
            "❤\u{FE0F}",
            "نام\u{200C}ها",
            "한글",
            "日本",
            "a\u{301}",
            "\u{200B}a",
        ] {
            assert!(name(text).is_ok(), "{text}");
        }
        // Which way a text reads is not a name's to say.
        for text in ["a\u{202E}b", "a\u{2066}b", "a\u{202A}b\u{202C}"] {
            assert_eq!(name(text), Err(TextError::ControlCharacter));
        }
    }

    #[test]
    fn what_was_stored_is_read_back_as_it_is() {
        assert_eq!(Name::stored("\u{200B}".to_owned()).as_str(), "\u{200B}");
        assert_eq!(Email::stored("<x@y.z>".to_owned()).key(), "<x@y.z>");
    }

    #[test]
    fn an_email_is_what_browsers_take_as_one() {
        let longest = format!("{}@{}.org", "a".repeat(64), "b".repeat(63));
        for good in [
            " Ada@Example.org ",
            "a@b",
            "a.b+c@d-e.example",
            "o'neil_{x}~@a.b",
            "1@2.3",
            "ada@exämple.org",
            "ädä@example.org",
            &longest,
        ] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        assert_eq!(" Ada@Example.org ".parse::<Email>().unwrap().key(), "ada@example.org");
        let (long_local, long_label) = (format!("{}@b.c", "a".repeat(65)), format!("a@{}.c", "b".repeat(64)));
        for bad in [
            "ada",
            "@example.org",
            "ada@",
            "a@b@c",
            "a da@example.org",
            "<x@y.z>",
            "a@b.c.",
            "a@.b",
            "a@b..c",
            "a@-b.c",
            "a@b-.c",
            ".a@b.c",
            "a.@b.c",
            "a..b@c.d",
            "\"a b\"@c.d",
            "a@[127.0.0.1]",
            "a@b_c.d",
            "a@b,c@d",
            "a@b;c",
            "a(x)@b.c",
            "mailto:a@b.c",
            "Ada <a@b.c>",
            "a\\b@c.d",
            "a@b.c/",
            "a@b:25",
            "a\u{200B}@b.c",
            "a@b\u{2028}.c",
            "a@b.\u{AD}c",
            "a@\u{3164}.c",
            &long_local,
            &long_label,
        ] {
            assert_eq!(bad.parse::<Email>(), Err(TextError::NotAnEmail), "{bad}");
        }
        assert_eq!("".parse::<Email>(), Err(TextError::Empty));
        assert_eq!(format!("{}@x", "a".repeat(260)).parse::<Email>(), Err(TextError::TooLong(254)));
    }
}
