//! How large things may be, in one place: nothing is accepted that could not be delivered to its reader afterwards.
//!
//! | What | At most | Why |
//! |---|---|---|
//! | a request to this server ([`MAX_REQUEST`]) | 1 MiB | the API's contract; so an import and a presentation have it too |
//! | an answer that this server reads ([`MAX_ANSWER`]) | 1 MiB | what one wallet may send, another must be able to read |
//! | a credential ([`MAX_CREDENTIAL`]) | 768 KiB | fits into both of these with what stands around it, and presented too |
//! | a credential before it has a holder | 8 KiB less | room for the name of the holder's key, which comes with the key |
//! | the issuer metadata of a wallet ([`MAX_METADATA`]) | 768 KiB | a holder reads all of it before it takes one credential |
//! | the credentials of a public profile together ([`MAX_LINKED_CREDENTIALS`]) | 720 KiB | the linked presentation holds them in base64, a third longer |
//! | a signed message: request, key proof, status list | 256 KiB | [`vc::jws::MAX_BYTES`] |
//! | a DCQL query | 32 KiB | in a request object base64 makes it a third longer, which a holder reads |
//! | the body of a Credential Request | 64 KiB | [`vc::openid4vci::MAX_REQUEST_BYTES`] |
//!
//! A photo as `data:` URL grows by a third in base64, and once more in the credential: one of 420 KB fits. A photo of 1 MB
//! would make a credential of 1.8 MB, which neither the API's limit nor most wallets and verifiers take.

/// The longest body of a request, in bytes.
pub const MAX_REQUEST: usize = 1 << 20;

/// The longest answer that is read from another server, in bytes.
pub const MAX_ANSWER: usize = 1 << 20;

/// The longest credential in compact form, in bytes.
pub const MAX_CREDENTIAL: usize = vc::sd_jwt_vc::MAX_BYTES;

/// The longest issuer metadata, in bytes.
pub const MAX_METADATA: usize = 768 * 1024;

/// The credentials of a public profile together, in bytes: its linked presentation has all of them.
pub const MAX_LINKED_CREDENTIALS: usize = 720 * 1024;

/// The largest envelope of a credential in a Credential Response, an import or a presentation, in bytes: members,
/// quotes, a key binding, and the percent signs of a form.
const AROUND: usize = 128 * 1024;

const _: () = assert!(MAX_CREDENTIAL + AROUND <= MAX_REQUEST && MAX_CREDENTIAL + AROUND <= MAX_ANSWER);
const _: () = assert!(MAX_METADATA + AROUND <= MAX_ANSWER);
const _: () = assert!(MAX_LINKED_CREDENTIALS / 3 * 4 < MAX_ANSWER);
