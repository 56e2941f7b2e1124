//! Keyed digests of values that are only compared: codes and tokens of the protocols, bodies of repeatable requests.
//! Without the key, which the master key gives, a stolen database cannot be tried against.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The length of a tag, in bytes.
const TAG: usize = 16;

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

    /// The digest of a value. `context` names the kind of the value, so that one kind cannot pass for another.
    pub fn of(&self, context: &str, value: &[u8]) -> [u8; 32] {
        let mut digest = self.0.clone();
        digest.update(context.as_bytes());
        digest.update(&[0]);
        digest.update(value);
        digest.finalize().into_bytes().into()
    }

    /// The beginning of the digest of what is told to a stranger together with it: enough that nobody can guess it.
    pub fn tag(&self, context: &str, value: &[u8]) -> [u8; TAG] {
        let mut tag = [0; TAG];
        tag.iter_mut().zip(self.of(context, value)).for_each(|(byte, drawn)| *byte = drawn);
        tag
    }

    /// Whether the value has this tag; takes the same time either way.
    pub fn has_tag(&self, context: &str, value: &[u8], tag: &[u8; TAG]) -> bool {
        self.tag(context, value).ct_eq(tag).into()
    }

    /// Bytes without end that follow from a value, for a secret that must be made again and is stored nowhere.
    pub fn stream(&self, context: &'static str, value: Vec<u8>) -> impl FnMut(&mut [u8]) + use<> {
        let digest = self.0.clone();
        let mut block = 0_u64;
        move |bytes| {
            for chunk in bytes.chunks_mut(32) {
                let mut next = digest.clone();
                for part in [context.as_bytes(), &[1], &block.to_be_bytes(), value.as_slice()] {
                    next.update(part);
                }
                block += 1;
                let drawn = Zeroizing::new(<[u8; 32]>::from(next.finalize().into_bytes()));
                chunk.iter_mut().zip(drawn.iter()).for_each(|(byte, drawn)| *byte = *drawn);
            }
        }
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
        let tag = digest.tag("code", b"value");
        assert_eq!(tag, code[..TAG]);
        assert!(digest.has_tag("code", b"value", &tag));
        assert!(!digest.has_tag("code", b"valu", &tag) && !digest.has_tag("nonce", b"value", &tag));
    }

    #[test]
    fn a_stream_depends_on_the_key_the_context_and_the_value_and_never_repeats_itself() {
        let drawn = |key: u8, context: &'static str, value: &[u8]| {
            let mut stream = KeyedDigest::new(&[key; 32]).stream(context, value.to_vec());
            let mut bytes = [0; 100];
            stream(&mut bytes[..40]);
            stream(&mut bytes[40..]);
            bytes
        };
        let bytes = drawn(7, "secret", b"a");
        assert_eq!(drawn(7, "secret", b"a"), bytes);
        for other in [drawn(8, "secret", b"a"), drawn(7, "other", b"a"), drawn(7, "secret", b"b")] {
            assert_ne!(other[..32], bytes[..32]);
        }
        assert_ne!(bytes[..32], bytes[40..72]);
    }
}
