//! May this request pass?
//!
//! [`Gate::admit`] answers from memory alone: no I/O, no clock, no randomness, and for an API key no
//! allocation and no lock. What the gate knows comes in through [`Gate::apply`], one entry for each
//! change, and is in force for the next request when that call returns.

mod caller;
mod digest;
mod entry;
mod gate;
mod headers;
mod key_text;
mod last_use;
mod snapshot;
#[cfg(test)]
mod tests;

pub use caller::{Caller, Denial, InvalidReason, Via};
pub use digest::DigestKey;
pub use entry::{ApiKeyEntry, Entry, RoleEntry, SessionEntry, UserEntry};
pub use gate::Gate;
pub use key_text::{KeyId, KeyKind, KeyText, Presented};
