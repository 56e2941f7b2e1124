//! Verifiable credentials: keys, DIDs, SD-JWT VCs and queries for them, in the DIIP v5 profile (ES256; did:jwk and
//! did:web; RFC 9901).
//!
//! Sans-I/O: nothing here opens a connection, reads a clock or draws randomness. Where a document
//! must be fetched, a function says from which URL and another reads what came back; where time or
//! randomness is needed, it is an argument.

pub mod dcql;
pub mod did;
pub mod did_document;
pub mod issuer;
pub mod jws;
pub mod keys;
mod lenient;
pub mod names;
pub mod openid4vci;
pub mod openid4vp;
pub mod sd_jwt_vc;
pub mod status_list;
pub mod type_metadata;
pub mod well_known;
mod words;
