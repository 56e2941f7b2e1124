//! How large a query may be. The specification sets no limits; a query of a stranger needs some, far
//! above what any verifier asks for.

/// Credential queries in a query.
pub const CREDENTIALS: usize = 32;
/// Claims queries in a query, those of all its credential queries together.
pub const CLAIMS: usize = 256;
/// Combinations of claims in a credential query.
pub const CLAIM_SETS: usize = 64;
/// Credential set queries in a query, and options in each.
pub const CREDENTIAL_SETS: usize = 32;
/// Values of one list: `vct_values`, the `values` of a claim or of a trusted authority.
pub const VALUES: usize = 128;
/// Steps of a claims path pointer.
pub const STEPS: usize = 32;
/// Claims that one claims path pointer selects in a credential.
pub const SELECTED: usize = 1000;
/// The longest text, in bytes.
pub const TEXT_BYTES: usize = 2048;
/// The longest id, in bytes.
pub const ID_BYTES: usize = 128;
