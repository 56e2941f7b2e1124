//! The secrets of the protocols. What is only compared is kept as a keyed digest, what is needed again is sealed for the
//! row of its object, and what follows from the server's key is not kept at all. No kind of secret passes for another.

use std::fmt::Display;
use std::mem;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::app::App;
use crate::keyed_digest::KeyedDigest;
use crate::problem::{Code, Problem};

/// A kind of secret that is presented and only compared, by the context of its digest.
#[derive(Clone, Copy, Debug)]
pub struct Presented(pub &'static str);

/// A kind of secret that is sealed in the row of an object: the id of the row and this text are the place where alone it
/// opens.
#[derive(Clone, Copy, Debug)]
pub struct Sealed(pub &'static str);

/// A new secret of so many random bytes, as text that stands in a URL.
pub fn draw<const BYTES: usize>(app: &App) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    app.randomness.fill(bytes.as_mut());
    Zeroizing::new(BASE64URL.encode(bytes.as_ref()))
}

/// What `said` says, as text that [`read_tagged`] knows again although it is stored nowhere.
pub fn tagged(digests: &KeyedDigest, context: &str, said: &[u8]) -> String {
    BASE64URL.encode([said, &digests.tag(context, said)].concat())
}

/// What a text says that this server made in this context; none for every other text.
pub fn read_tagged(digests: &KeyedDigest, context: &str, text: &str) -> Option<Vec<u8>> {
    let mut bytes = BASE64URL.decode(text).ok()?;
    let (said, tag) = bytes.split_last_chunk()?;
    let (is_ours, length) = (digests.has_tag(context, said, tag), said.len());
    bytes.truncate(length);
    is_ours.then_some(bytes)
}

impl Presented {
    /// What is kept of it.
    pub fn digest(self, app: &App, presented: &str) -> [u8; 32] {
        app.digests.of(self.0, presented.as_bytes())
    }

    /// Whether it is the one with this digest; takes the same time either way.
    pub fn matches(self, app: &App, presented: &str, digest: &[u8]) -> bool {
        app.digests.matches(self.0, presented.as_bytes(), digest)
    }
}

impl Sealed {
    /// Seals it for a row.
    pub fn seal(self, app: &App, id: impl Display, secret: &[u8]) -> Vec<u8> {
        app.sealing.seal(secret, &self.place(id), &app.randomness)
    }

    /// Seals the JSON form of a value.
    ///
    /// # Errors
    ///
    /// An internal problem, when it has none.
    pub fn seal_json(self, app: &App, id: impl Display, value: &impl Serialize) -> Result<Vec<u8>, Problem> {
        let json = serde_json::to_vec(value).map_err(|error| Problem::unwritable(&error))?;
        Ok(self.seal(app, id, &Zeroizing::new(json)))
    }

    /// Opens what was sealed for a row.
    ///
    /// # Errors
    ///
    /// An internal problem, when it was not.
    pub fn open(self, app: &App, id: impl Display, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
        let place = self.place(id);
        app.sealing.open(sealed, &place).map_err(|error| {
            tracing::error!(%error, place, "a secret of a protocol");
            Code::Internal.into()
        })
    }

    /// Opens a text.
    ///
    /// # Errors
    ///
    /// An internal problem, when it was not sealed for this row, or is no text.
    pub fn open_text(self, app: &App, id: impl Display, sealed: &[u8]) -> Result<Zeroizing<String>, Problem> {
        let mut opened = self.open(app, id, sealed)?;
        String::from_utf8(mem::take(&mut *opened)).map(Zeroizing::new).map_err(|_| Code::Internal.into())
    }

    /// Opens a value from its JSON form.
    ///
    /// # Errors
    ///
    /// An internal problem, when it was not sealed for this row, or is no such value.
    pub fn open_json<T: DeserializeOwned>(self, app: &App, id: impl Display, sealed: &[u8]) -> Result<T, Problem> {
        serde_json::from_slice(&self.open(app, id, sealed)?).map_err(|_| Code::Internal.into())
    }

    fn place(self, id: impl Display) -> String {
        format!("{id}{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tagged_is_known_again_in_its_context_alone() {
        let digests = KeyedDigest::new(&[7; 32]);
        let text = tagged(&digests, "nonce", b"said");
        assert_eq!(read_tagged(&digests, "nonce", &text).unwrap(), b"said");
        assert_eq!(read_tagged(&digests, "address", &text), None);
        assert_eq!(read_tagged(&KeyedDigest::new(&[8; 32]), "nonce", &text), None);
        for at in 0..text.len() {
            assert_eq!(read_tagged(&digests, "nonce", &text[..at]), None);
        }
    }
}
