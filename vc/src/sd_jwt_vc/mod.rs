//! SD-JWT VC (draft-ietf-oauth-sd-jwt-vc) over SD-JWT (RFC 9901): [`ParsedCredential::parse`] reads a credential of
//! another issuer, [`ParsedCredential::verify`] verifies it, [`issue`] makes one, [`present`] shows it to a verifier,
//! for whom [`ParsedPresentation`] reads what was shown.
//!
//! ```text
//! text ─▶ parse ─▶ ParsedCredential ─▶ issuer() ─▶ (fetch) ─▶ KeySet ─▶ verify ─▶ VerifiedCredential
//! ```
//!
//! Digests and disclosures are identity-kit's (`SdJwt`, `SdJwtBuilder`). The JWS around them is read
//! here, because the profile is narrower than what identity-kit accepts.

mod claim_path;
mod error;
mod gaps;
mod issue;
mod parse;
mod present;
mod presentation;
mod verify;

pub use claim_path::{ClaimPath, PathStep};
pub use error::{ImportError, IssueError, VerifyError};
pub use gaps::Gaps;
pub use issue::{Draft, is_reserved, issue};
pub use parse::{HolderKey, MAX_BYTES, ParsedCredential};
pub use present::{PresentError, disclose, present, preview};
pub use presentation::{Expected, Holder, ParsedPresentation, PresentationError};
pub use verify::VerifiedCredential;

#[cfg(test)]
mod tests;
