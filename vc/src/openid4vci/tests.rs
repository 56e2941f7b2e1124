//! The examples of the specification, and what must not be taken for them.

mod key_proof;
mod messages;
mod offer;
