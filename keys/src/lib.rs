//! Keys: the wallet's own, and those of the parties whose signatures it verifies.

pub mod credential_status;
pub mod identifiers;
pub mod issuer_keys;
pub mod signed_status_lists;
