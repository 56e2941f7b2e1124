//! The stored form of a secret.

/// The keyed hash of a secret: what is stored in the secret's place.
///
/// It has no `Debug`, `PartialEq` or `Serialize`: the gate compares its bytes in constant time, and nothing prints it.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// A digest from its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, for storage and for the constant-time comparison.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
