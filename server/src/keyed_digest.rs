//! Digests of what is only compared and never shown: what a stranger presents once, the body of a request that may
//! be repeated. Without the key, which the master key gives, a stolen database cannot be tried against.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// HMAC-SHA-256 (RFC 2104) under a key derived from the master key.
pub struct KeyedDigest(Hmac<Sha256>);

impl KeyedDigest {
    /// From the derived key.
    pub fn new(key: &[u8; 32]) -> Self {
        // A key is padded with zeros to the length of a block (RFC 2104 §2).
        let mut block = Zeroizing::new([0; 64]);
        block.iter_mut().zip(key).for_each(|(padded, byte)| *padded = *byte);
        Self(Hmac::new((&*block).into()))
    }

    /// The digest of a value. `context` says what the value is, so that one kind cannot pass for another.
    pub fn of(&self, context: &str, value: &[u8]) -> [u8; 32] {
        let mut digest = self.0.clone();
        digest.update(context.as_bytes());
        digest.update(&[0]);
        digest.update(value);
        digest.finalize().into_bytes().into()
    }

    /// Whether the value has this digest; takes the same time either way.
    pub fn matches(&self, context: &str, value: &[u8], digest: &[u8]) -> bool {
        self.of(context, value).as_slice().ct_eq(digest).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_depends_on_the_key_the_context_and_the_value() {
        let digest = KeyedDigest::new(&[7; 32]);
        let code = digest.of("code", b"value");
        assert!(digest.matches("code", b"value", &code));
        assert!(!digest.matches("code", b"valu", &code) && !digest.matches("nonce", b"value", &code));
        assert!(!digest.matches("code", b"value", &code[..31]) && !digest.matches("code", b"value", &[]));
        assert!(!KeyedDigest::new(&[8; 32]).matches("code", b"value", &code));
    }
}
