//! Names, notes and e-mail addresses: text that people type, checked once and then trusted.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

/// The longest name, in characters.
const NAME_MAX: usize = 64;
/// The longest notes, in characters.
const NOTES_MAX: usize = 2000;
/// The longest purpose, in characters: what a phone shows at a glance.
const PURPOSE_MAX: usize = 200;
/// The longest e-mail address, in bytes (RFC 5321 §4.5.3.1.3 less the brackets).
const EMAIL_MAX: usize = 254;

/// Why a text was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
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
    #[error("must be an e-mail address")]
    NotAnEmail,
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

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
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
    /// An e-mail address: trimmed, with one `@`, up to 254 bytes.
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
    /// The form in which two names are the same name (mission D3: without regard to case).
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
        let well_formed = email
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !local.contains('@') && !domain.is_empty());
        if !well_formed || email.chars().any(|c| c.is_whitespace() || is_unprintable(c)) {
            return Err(TextError::NotAnEmail);
        }
        Ok(Self(email))
    }
}

impl Email {
    /// The form in which two addresses are the same account.
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
    Ok(line)
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
    fn an_email_has_one_at_sign_and_no_spaces() {
        assert_eq!(" Ada@Example.org ".parse::<Email>().unwrap().key(), "ada@example.org");
        for bad in ["ada", "@example.org", "ada@", "a@b@c", "a da@example.org"] {
            assert_eq!(bad.parse::<Email>(), Err(TextError::NotAnEmail), "{bad}");
        }
        assert_eq!("".parse::<Email>(), Err(TextError::Empty));
        assert_eq!(format!("{}@x", "a".repeat(260)).parse::<Email>(), Err(TextError::TooLong(254)));
    }
}
