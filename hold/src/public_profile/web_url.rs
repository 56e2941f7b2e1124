//! An address on the web that others are led to.

use std::str::FromStr;

use kernel::outbound::has_user;
use reqwest::Url;

/// The longest, in bytes.
const MAX: usize = 2048;

/// An https URL with a host, without a user name or a password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct WebUrl(Url);

#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("must be an https URL without user name and password, of at most {MAX} characters")]
pub(super) struct NotAWebUrl;

impl FromStr for WebUrl {
    type Err = NotAWebUrl;

    fn from_str(text: &str) -> Result<Self, NotAWebUrl> {
        let url: Url = text.trim().parse().map_err(|_| NotAWebUrl)?;
        let fits = url.scheme() == "https" && url.has_host() && url.as_str().len() <= MAX;
        if fits && !has_user(&url) { Ok(Self(url)) } else { Err(NotAWebUrl) }
    }
}

impl WebUrl {
    /// The text, with everything escaped that must be.
    pub(super) fn into_string(self) -> String {
        self.0.into()
    }

    /// `https://host[:port]`.
    pub(super) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_without_a_password_leads_anywhere() {
        let url: WebUrl = " https://Example.org:8443/a b?c#d ".parse().unwrap();
        assert_eq!(url.origin(), "https://example.org:8443");
        assert_eq!(url.into_string(), "https://example.org:8443/a%20b?c#d");
        let long = format!("https://example.org/{}", "a".repeat(MAX));
        for text in [
            "example.org",
            "http://example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "https://ada:secret@example.org",
            &long,
        ] {
            assert_eq!(text.parse::<WebUrl>(), Err(NotAWebUrl), "{text}");
        }
    }
}
