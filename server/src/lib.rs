//! Claviger: a self-hosted business wallet whose owner can safely hand out access to it.
//!
//! What every feature needs is the [`kernel`]; the features stand in wings, one folder each, with their operations
//! (`mod.rs`), their JSON (`api.rs`) and their pages (`console.rs`, `screen.rs`, `*.html`). ARCHITECTURE.md tells the way
//! of a request.

pub mod access;
mod documentation;
pub mod hold;
pub mod issue;
pub mod kernel;
pub mod keys;
pub mod serve;
pub mod verify;

pub use kernel::app::App;
pub use serve::listener::{ConnectionLimits, serve};
pub use serve::router::{openapi, router, router_with};
