//! The secret that a receiver chose, and signing with it (Standard Webhooks 1.0, "Signature scheme").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Deserializer};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::http::Raw;

const PREFIX: &str = "whsec_";
/// How many bytes a secret has.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret as a client sends it, before it is checked. It cannot be printed, and is wiped when it is dropped.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

/// The bytes of a secret.
pub(super) struct Secret(Zeroizing<Vec<u8>>);

/// Not a secret of this form.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("must be whsec_ and 24 to 64 bytes in base64")]
pub(super) struct NotASecret;

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl SecretText {
    pub(super) fn parse(&self) -> Result<Secret, NotASecret> {
        let encoded = self.0.strip_prefix(PREFIX).ok_or(NotASecret)?;
        let bytes = Zeroizing::new(BASE64.decode(encoded).map_err(|_| NotASecret)?);
        if LENGTHS.contains(&bytes.len()) { Ok(Secret(bytes)) } else { Err(NotASecret) }
    }
}

impl Raw<Secret> for SecretText {
    fn refusal(&self) -> Option<String> {
        self.parse().err().map(|error| error.to_string())
    }
}

impl Secret {
    /// The bytes that were sealed.
    pub(super) fn opened(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The value of `webhook-signature` for a message at an instant (in epoch seconds).
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<usize, NotASecret> {
        SecretText::from(text.to_owned()).parse().map(|secret| secret.as_bytes().len())
    }

    /// The example of the reference libraries.
    #[test]
    fn a_message_is_signed_as_the_reference_libraries_sign_it() {
        let secret = SecretText::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()).parse().ok().unwrap();
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_has_24_to_64_bytes_in_base64() {
        for length in [24, 32, 64] {
            assert_eq!(parse(&format!("whsec_{}", BASE64.encode(vec![7; length]))), Ok(length));
        }
        let (short, long) = (BASE64.encode([7; 23]), BASE64.encode([7; 65]));
        let right = BASE64.encode([7; 24]);
        for text in [
            "",
            "whsec_",
            &format!("whsec_{short}"),
            &format!("whsec_{long}"),
            &right,
            &format!("WHSEC_{right}"),
            &format!("whsec_{right} "),
            "whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
        ] {
            assert_eq!(parse(text), Err(NotASecret), "{text}");
        }
    }
}
