//! The secrets of a verification: the reference by which its request is fetched, the nonce and the state that the
//! answer repeats, the code with which the holder comes back. What is only compared is stored as a digest, what is
//! used again is sealed, and each kind for itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use kernel::app::App;
use kernel::secrets::{self, Presented, Sealed};
use zeroize::Zeroizing;

/// The reference, by which the verification is found whose request a wallet fetches.
pub(super) const REFERENCE: Presented = Presented("request reference");
/// The reference while the request can be fetched: until it is answered or has expired.
pub(super) const SEALED_REFERENCE: Sealed = Sealed(" request reference");
/// The nonce while an answer is waited for.
pub(super) const NONCE: Sealed = Sealed(" presentation nonce");
/// The state, which an answer repeats.
pub(super) const STATE: Presented = Presented("presentation state");
/// The code with which the holder comes back.
pub(super) const RESPONSE_CODE: Presented = Presented("response code");

/// A new secret of 256 bits.
pub(super) fn draw(app: &App) -> Zeroizing<String> {
    secrets::draw::<32>(app)
}

/// The state of the request with this nonce, which follows from it, so that both can be told again.
pub(super) fn state(app: &App, nonce: &str) -> String {
    BASE64URL.encode(app.digests.of("state of a nonce", nonce.as_bytes()))
}
