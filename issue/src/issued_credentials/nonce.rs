//! Nonces of key proofs (OpenID4VCI 1.0 §7). They are not stored when they are given out, so asking for them costs
//! the database nothing: a nonce is the instant of its end and random bytes, under the server's key and for one
//! wallet. It is remembered when it is used, until it would be too old anyway.

use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::secrets;
use model::WalletId;

/// How long a nonce can be used.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// For how much longer a used one is remembered: the clock of another server may be behind.
const GRACE: SignedDuration = SignedDuration::from_mins(1);

const RANDOM: usize = 16;

/// A nonce that this server gave out and whose time has not passed.
pub(super) struct Nonce {
    /// Under which it is remembered when it is used.
    pub(super) digest: [u8; 32],
    /// Until when it must be remembered.
    pub(super) forget_at: Timestamp,
}

/// A new nonce for a wallet.
pub(super) fn new(app: &App, wallet: WalletId) -> String {
    let end = app.clock.now().saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
    let mut nonce = end.as_millisecond().to_be_bytes().to_vec();
    let mut random = [0; RANDOM];
    app.randomness.fill(&mut random);
    nonce.extend(random);
    secrets::tagged(&app.digests, &context(wallet), &nonce)
}

/// Reads a nonce; nothing when it is not one of this wallet's, or its time has passed.
pub(super) fn read(app: &App, wallet: WalletId, text: &str) -> Option<Nonce> {
    let said = secrets::read_tagged(&app.digests, &context(wallet), text)?;
    let end = i64::from_be_bytes(*said.first_chunk::<8>()?);
    let end = Timestamp::from_millisecond(end).ok().filter(|end| app.clock.now() < *end)?;
    let forget_at = end.saturating_add(GRACE).unwrap_or(end);
    Some(Nonce { digest: app.digests.of("used c_nonce", &said), forget_at })
}

fn context(wallet: WalletId) -> String {
    format!("c_nonce of {wallet}")
}
