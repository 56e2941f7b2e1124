//! The digest: the keyed hash that is stored instead of a secret.
//!
//! A secret has 190 bits of its own, so a fast keyed hash (BLAKE3 in its keyed mode) is enough: there is
//! nothing to guess, and without the digest key a stolen database cannot even be tried against.

use model::Digest;
use zeroize::Zeroizing;

use crate::{KeyText, Presented};

/// The key under which every secret of this server is hashed; wiped from memory when it is dropped.
///
/// ```compile_fail
/// fn print(key: gate::DigestKey) -> String {
///     format!("{key:?}")
/// }
/// ```
pub struct DigestKey(Zeroizing<[u8; 32]>);

impl DigestKey {
    /// A digest key from its 32 bytes, which must be derived from the master key for this use alone.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The digest of a new key text, over the whole of it, to be stored.
    pub fn digest(&self, text: &KeyText) -> Digest {
        self.hash(text.reveal().as_bytes())
    }

    /// The digest of a presented text.
    pub fn digest_presented(&self, presented: &Presented<'_>) -> Digest {
        self.hash(presented.as_bytes())
    }

    /// Whether the presented text has the stored digest; takes the same time either way.
    pub fn matches(&self, presented: &Presented<'_>, stored: &Digest) -> bool {
        // BLAKE3 compares its hashes in constant time (<https://docs.rs/blake3/latest/blake3/struct.Hash.html>).
        blake3::keyed_hash(&self.0, presented.as_bytes()) == *stored.as_bytes()
    }

    /// The digest of an access token, under which its verified signature is remembered. Its text can be no key
    /// text, so this can be no key's digest.
    pub(crate) fn of_token(&self, token: &[u8]) -> [u8; 32] {
        *self.hash(token).as_bytes()
    }

    fn hash(&self, text: &[u8]) -> Digest {
        Digest::from_bytes(*blake3::keyed_hash(&self.0, text).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyKind;

    fn text(fill: u8) -> KeyText {
        KeyText::generate(KeyKind::ApiKey, &mut |bytes| bytes.fill(fill))
    }

    fn presented(text: &KeyText) -> Presented<'_> {
        KeyText::parse(KeyKind::ApiKey, text.reveal().as_bytes()).unwrap()
    }

    #[test]
    fn the_digest_is_blake3_keyed_over_the_whole_text() {
        let key = DigestKey::from_bytes([7; 32]);
        let text = text(0);
        let expected = blake3::Hasher::new_keyed(&[7; 32]).update(text.reveal().as_bytes()).finalize();
        assert_eq!(key.digest(&text).as_bytes(), expected.as_bytes());
        assert_eq!(key.digest_presented(&presented(&text)).as_bytes(), expected.as_bytes());
    }

    #[test]
    fn only_the_same_text_under_the_same_key_matches() {
        let key = DigestKey::from_bytes([7; 32]);
        let digest = key.digest(&text(0));
        assert!(key.matches(&presented(&text(0)), &digest));
        assert!(!key.matches(&presented(&text(1)), &digest));
        assert!(!DigestKey::from_bytes([8; 32]).matches(&presented(&text(0)), &digest));
    }

    #[test]
    fn each_bit_of_the_digest_counts() {
        let key = DigestKey::from_bytes([7; 32]);
        let digest = *key.digest(&text(0)).as_bytes();
        for bit in 0..256 {
            let mut other = digest;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.matches(&presented(&text(0)), &Digest::from_bytes(other)), "bit {bit}");
        }
    }
}
