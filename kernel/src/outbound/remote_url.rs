//! The URL of a stranger's server, by its text alone.

use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

use super::{MAX_URL, OutboundError};

/// An https URL without user name and password, or an http URL of this machine or of an address, which the operator may have
/// opened. Whether it can be asked is known to [`Outbound::check`](super::Outbound::check).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RemoteUrl(pub(super) Url);

impl RemoteUrl {
    /// The IP address in the URL, if its host is one.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.0.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }
}

impl FromStr for RemoteUrl {
    type Err = OutboundError;

    fn from_str(text: &str) -> Result<Self, OutboundError> {
        if text.len() > MAX_URL {
            return Err(OutboundError::LongUrl(shortened(text)));
        }
        let not_https = || OutboundError::NotHttps(shortened(text));
        let url = Self(text.parse().map_err(|_| not_https())?);
        let host = url.0.host_str().ok_or_else(not_https)?;
        match url.0.scheme() {
            "https" => {}
            "http" if host == "localhost" || url.address().is_some() => {}
            _ => return Err(not_https()),
        }
        if has_user(&url.0) {
            return Err(OutboundError::UserName(host.to_owned()));
        }
        Ok(url)
    }
}

/// Whether a user name or a password is in a URL.
pub fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The beginning of a URL, for a message.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
