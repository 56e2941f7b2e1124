//! Encryption at rest of the wallet's private keys.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use serde_json::Value;
use vc::keys::SigningKey;
use zeroize::Zeroizing;

use crate::problem::{Code, Problem};
use crate::randomness::Randomness;

/// The length of the random nonce before the ciphertext.
const NONCE: usize = 24;

/// Seals and opens secrets under a key derived from the master key (XChaCha20-Poly1305).
pub struct Sealing(XChaCha20Poly1305);

/// A new key pair, ready to be stored.
pub struct KeyPair {
    /// The private half.
    pub private: SigningKey,
    /// The public half as a JWK (RFC 7517).
    pub public_jwk: Value,
    /// The private half, sealed.
    pub sealed: Vec<u8>,
}

/// The sealed bytes were not sealed by this key for this place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a sealed secret cannot be opened")]
pub struct CannotOpen;

impl Sealing {
    /// From the derived key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals a secret for one place (`context`, such as the id of its row), where alone it can be opened.
    pub fn seal(&self, secret: &[u8], context: &str, randomness: &Randomness) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        randomness.fill(&mut nonce);
        let payload = Payload { msg: secret, aad: context.as_bytes() };
        let mut sealed = nonce.to_vec();
        // Fails only for texts longer than memory.
        sealed.extend(self.0.encrypt(&XNonce::from(nonce), payload).unwrap_or_default());
        sealed
    }

    /// A new P-256 key pair, its private half sealed for one place.
    ///
    /// # Errors
    ///
    /// An internal problem, when the randomness gives no key.
    pub fn key_pair(&self, context: &str, randomness: &Randomness) -> Result<KeyPair, Problem> {
        let private = SigningKey::generate(&mut |bytes| randomness.fill(bytes)).map_err(failed)?;
        let sealed = self.seal(private.to_secret_bytes().as_ref(), context, randomness);
        let public_jwk = serde_json::to_value(private.public()).map_err(failed)?;
        Ok(KeyPair { private, public_jwk, sealed })
    }

    /// Opens the private key that was sealed for this place.
    ///
    /// # Errors
    ///
    /// An internal problem, when it was not.
    pub fn open_key(&self, sealed: &[u8], context: &str) -> Result<SigningKey, Problem> {
        let secret = self.open(sealed, context).map_err(failed)?;
        let secret: &[u8; 32] = secret.as_slice().try_into().map_err(|_| failed(CannotOpen))?;
        SigningKey::from_secret_bytes(secret).map_err(failed)
    }

    /// Opens bytes that were sealed for this place.
    pub fn open(&self, sealed: &[u8], context: &str) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE>().ok_or(CannotOpen)?;
        let payload = Payload { msg: ciphertext, aad: context.as_bytes() };
        self.0.decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| CannotOpen)
    }
}

fn failed(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "a private key");
    Code::Internal.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_in_its_place() {
        let sealing = Sealing::new(&[7; 32]);
        let sealed = sealing.seal(b"secret", "row 1", &Randomness::system());
        assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
        assert_eq!(sealing.open(&sealed, "row 1").unwrap().as_slice(), b"secret");
        assert_eq!(sealing.open(&sealed, "row 2"), Err(CannotOpen));
        assert_eq!(Sealing::new(&[8; 32]).open(&sealed, "row 1"), Err(CannotOpen));
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert_eq!(sealing.open(&broken, "row 1"), Err(CannotOpen));
            assert_eq!(sealing.open(&sealed[..at], "row 1"), Err(CannotOpen));
        }
    }
}
