//! The gate: decides whether a request is admitted, and as which caller.
//!
//! [`Gate::admit`] answers from memory alone: no I/O, no clock, no randomness, and for an API key, or an access token
//! seen before, no allocation and no lock. Its state comes in through [`Gate::apply`], one entry for each change, and
//! is in force for the next request when that call returns.

mod caller;
mod digest;
mod entry;
mod gate;
mod headers;
mod key_text;
mod rate;
mod snapshot;
#[cfg(test)]
mod tests;
mod token;
mod usage;

pub use caller::{Caller, Denial, InvalidReason, Via};
pub use digest::DigestKey;
pub use entry::{Entry, UnreadableKeyId, Verify};
pub use gate::{Client, Gate, Used};
pub use key_text::{KeyId, KeyKind, KeyText, Presented};
pub use rate::{Bucket, Exhausted, Rate, WINDOW as RATE_WINDOW};
pub use token::{AccessToken, LIFETIME as TOKEN_LIFETIME, NewToken, Token, TokenRealm};
pub use usage::Counts;
