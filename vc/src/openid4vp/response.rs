//! The response: the form that a wallet posts to the `response_uri`, and the verifier's answer (§8).

use std::collections::BTreeMap;

use form_urlencoded::parse;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ErrorCode;
use crate::words::{TOO_DEEP, is_too_deep};

/// How many presentations an answer may have, whatever was asked.
const MAX_PRESENTATIONS: usize = 64;
/// The longest `error_description` and `state` that are kept, in characters.
const MAX_TEXT: usize = 1024;

/// `vp_token` (§8.1): the presentations by the id of the credential query that they answer; SD-JWT+KBs in compact form
/// (Appendix B.3.6).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VpToken(pub BTreeMap<String, Vec<String>>);

/// The form that a wallet posts (§8.2), as `application/x-www-form-urlencoded`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectPost {
    /// It presents (§8.1).
    Presented {
        /// The presentations.
        vp_token: VpToken,
        /// The `state` of the request.
        state: Option<String>,
    },
    /// It does not (§8.5).
    Refused {
        /// Why, for programs.
        error: ErrorCode,
        /// The wallet's explanation for people, which is not verified.
        error_description: Option<String>,
        /// The `state` of the request.
        state: Option<String>,
    },
}

/// The verifier's answer (§8.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ResponseUriAnswer {
    /// Where the wallet sends its user next, with a value that only this user then has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
}

/// Why a post is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectPostError {
    /// A parameter occurs twice (RFC 6749 §3.1).
    #[error("the parameter `{0}` stands there twice")]
    Repeated(&'static str),
    /// Neither `vp_token` nor `error`, or both.
    #[error("one of `vp_token` and `error` is needed")]
    OneOfTwo,
    /// An encrypted response (§8.3), which was not asked for.
    #[error("`response` is for the response mode direct_post.jwt, which was not asked for")]
    Encrypted,
    /// `vp_token` is not of the form of §8.1.
    #[error("`vp_token` must be a JSON object whose members are lists of presentations as text: {0}")]
    VpToken(&'static str),
    /// Another media type than that of a form (§8.2).
    #[error("an answer is sent as application/x-www-form-urlencoded")]
    NotAForm,
}

impl DirectPost {
    /// Reads the body of a post.
    pub fn parse(body: &[u8]) -> Result<Self, DirectPostError> {
        let state = only(body, "state")?;
        if only(body, "response")?.is_some() {
            return Err(DirectPostError::Encrypted);
        }
        match (only(body, "vp_token")?, only(body, "error")?) {
            (Some(vp_token), None) => Ok(Self::Presented { vp_token: VpToken::parse(&vp_token)?, state }),
            (None, Some(error)) => {
                let error = shortened(&error).parse().unwrap_or_else(|never| match never {});
                let error_description = only(body, "error_description")?.as_deref().map(shortened);
                Ok(Self::Refused { error, error_description, state })
            }
            _ => Err(DirectPostError::OneOfTwo),
        }
    }

    /// The parameters to post.
    pub fn to_form(&self) -> Vec<(&'static str, String)> {
        let (mut form, state) = match self {
            Self::Presented { vp_token, state } => (vec![("vp_token", vp_token.to_json())], state),
            Self::Refused { error, error_description, state } => {
                let mut form = vec![("error", error.to_string())];
                form.extend(error_description.clone().map(|text| ("error_description", text)));
                (form, state)
            }
        };
        form.extend(state.clone().map(|state| ("state", state)));
        form
    }

    /// The `state` in a body that is no answer, so that it is known to which request it was meant as one: as in a form,
    /// or as a member of JSON.
    pub fn state_of_malformed(body: &[u8]) -> Option<String> {
        let in_json = || serde_json::from_slice::<Value>(body).ok()?.get("state")?.as_str().map(str::to_owned);
        only(body, "state").ok().flatten().or_else(in_json)
    }

    /// The `state` that the answer repeats.
    pub fn state(&self) -> Option<&str> {
        match self {
            Self::Presented { state, .. } | Self::Refused { state, .. } => state.as_deref(),
        }
    }
}

impl VpToken {
    fn parse(text: &str) -> Result<Self, DirectPostError> {
        let json: Value = serde_json::from_str(text)
            .map_err(|error| DirectPostError::VpToken(if is_too_deep(&error) { TOO_DEEP } else { "it is not JSON" }))?;
        let token: Self = serde_json::from_value(json).map_err(|_| DirectPostError::VpToken("it is another JSON"))?;
        let presentations = token.0.values().map(Vec::len).sum::<usize>();
        if token.0.values().any(Vec::is_empty) || !(1..=MAX_PRESENTATIONS).contains(&presentations) {
            return Err(DirectPostError::VpToken("each has at least one, all of them at most 64"));
        }
        Ok(token)
    }

    fn to_json(&self) -> String {
        // A map of text: it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Presentations are personal; a log is not the place for them.
impl core::fmt::Debug for VpToken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The `wallet_nonce` that a wallet posts when it fetches a request (§5.10). Other parameters are ignored, and so is
/// one that no wallet has reason to send.
pub fn wallet_nonce(body: &[u8]) -> Option<String> {
    only(body, "wallet_nonce").ok().flatten().filter(|nonce| (1..=MAX_TEXT).contains(&nonce.len()))
}

fn only(body: &[u8], name: &'static str) -> Result<Option<String>, DirectPostError> {
    let mut values = parse(body).filter(|(found, _)| found == name).map(|(_, value)| value.into_owned());
    let first = values.next();
    if values.next().is_some() { Err(DirectPostError::Repeated(name)) } else { Ok(first) }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(MAX_TEXT).collect()
}
