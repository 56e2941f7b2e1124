//! Token Status List (draft-ietf-oauth-status-list-21): whether a credential was revoked or suspended after it was
//! issued. Section numbers are those of the draft unless another standard is named.
//!
//! ```text
//! issuer     StatusList ─▶ encode ─▶ StatusListToken::sign ─▶ (serve under its URI)
//! credential StatusReference::claim ─▶ the claim `status`
//! verifier   StatusReference::from_claim ─▶ (fetch) ─▶ SignedStatusList::parse ─▶ keys() ─▶ (fetch) ─▶ verify
//!            ─▶ StatusListToken ─▶ list.get(index)
//! ```
//!
//! The profile (DIIP v5) takes the JWT form alone; CWT, aggregation and historical resolution are left out.

mod list;
mod reference;
mod token;

pub use list::{Bits, MAX_LIST_BYTES, Status, StatusList, StatusListError};
pub use reference::{ReferenceError, StatusReference};
pub use token::{SignedStatusList, StatusListToken, TokenError};

#[cfg(test)]
mod tests;
