//! Claviger: a self-hosted business wallet whose owner can safely hand out access to it.
//!
//! The features stand in crates of their own, the wings, above what all of them need, the [`kernel`]. This crate
//! serves them. ARCHITECTURE.md tells the way of a request.

mod documentation;
mod features;
pub mod serve;

pub use features::FEATURES;
pub use kernel::app::App;
pub use serve::listener::{ConnectionLimits, serve};
pub use serve::router::{openapi, router, router_with};
