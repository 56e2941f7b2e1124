//! The secrets of a verification: the reference by which its request is fetched, the nonce and the state that the
//! answer repeats, the code with which the holder comes back. What is only compared is stored as a digest, what is
//! used again is sealed, and each kind for itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use model::VerificationId;

use crate::kernel::app::App;
use crate::kernel::problem::{Code, Problem};

/// The reference, sealed while the request can be fetched: until it is answered or has expired.
pub(super) const REFERENCE: &str = "request reference";
/// The nonce, sealed while an answer is waited for.
pub(super) const NONCE: &str = "presentation nonce";

/// A new secret: 256 random bits as text that stands in a URL.
pub(super) fn draw(app: &App) -> String {
    let mut bytes = [0; 32];
    app.randomness.fill(&mut bytes);
    BASE64URL.encode(bytes)
}

/// By which the verification is found whose request a wallet fetches.
pub(super) fn reference_digest(app: &App, reference: &str) -> [u8; 32] {
    app.digests.of(REFERENCE, reference.as_bytes())
}

/// The state of the request with this nonce, which follows from it, so that both can be told again.
pub(super) fn state(app: &App, nonce: &str) -> String {
    BASE64URL.encode(app.digests.of("state of a nonce", nonce.as_bytes()))
}

/// What is stored of the state.
pub(super) fn state_digest(app: &App, state: &str) -> [u8; 32] {
    app.digests.of("presentation state", state.as_bytes())
}

/// Whether this is the state; takes the same time either way.
pub(super) fn is_state(app: &App, state: &str, digest: &[u8; 32]) -> bool {
    app.digests.matches("presentation state", state.as_bytes(), digest)
}

/// What is stored of the response code.
pub(super) fn response_code_digest(app: &App, code: &str) -> [u8; 32] {
    app.digests.of("response code", code.as_bytes())
}

/// Seals a secret of this verification.
pub(super) fn seal(app: &App, id: VerificationId, kind: &str, secret: &str) -> Vec<u8> {
    app.sealing.seal(secret.as_bytes(), &place(id, kind), &app.randomness)
}

/// Opens a secret of this verification.
pub(super) fn open(app: &App, id: VerificationId, kind: &str, sealed: &[u8]) -> Result<String, Problem> {
    let opened = app.sealing.open(sealed, &place(id, kind)).map_err(|error| {
        tracing::error!(%error, verification = %id, kind, "a secret of a verification");
        Problem::from(Code::Internal)
    })?;
    String::from_utf8(opened.to_vec()).map_err(|_| Code::Internal.into())
}

fn place(id: VerificationId, kind: &str) -> String {
    format!("{id} {kind}")
}
