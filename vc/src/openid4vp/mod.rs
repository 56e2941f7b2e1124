//! The messages of OpenID for Verifiable Presentations 1.0, for both sides: section numbers are those of that
//! specification unless another one is named. The profile (DIIP v5) takes a part of it: a request that is signed and
//! fetched from its `request_uri`, a verifier known by its DID, a query in DCQL, `direct_post`.
//!
//! ```text
//! verifier                                             wallet
//! AuthorizationRequest::to_link ── QR code, link ────▶ AuthorizationRequest::parse
//!                        ◀──── GET or POST request_uri ──── (WalletNonce)
//! RequestObject::sign ───────────────────────────────▶ SignedRequest::parse ─▶ keys() ─▶ verify
//! DirectPost::parse ◀──────────── POST response_uri ── DirectPost::to_form
//! ResponseUriAnswer ─────────────────────────────────▶
//! ```
//!
//! How a query selects credentials is DCQL's business, and how a credential is presented SD-JWT's; here both are
//! carried as they are.

mod client_id;
mod error_code;
mod link;
mod metadata;
mod request_object;
mod response;

pub use client_id::{ClientId, ClientIdError};
pub use error_code::ErrorCode;
pub use link::{AuthorizationRequest, LinkError, RequestUriMethod};
pub use metadata::ClientMetadata;
pub use request_object::{Expected, RequestError, RequestObject, ResponseMode, ResponseType, SignedRequest};
pub use response::{DirectPost, DirectPostError, ResponseUriAnswer, VpToken, wallet_nonce};

#[cfg(test)]
mod tests;
