//! The errors of the two endpoints that a holder sends something to.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::lenient;

/// The body of an error: RFC 6749 §5.2, §8.3.1.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// One of the codes, or another that the holder does not know.
    pub error: String,
    /// The description, for developers.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

macro_rules! codes {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$code_doc:meta])* $code:ident = $text:literal, )* } )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $( $(#[$code_doc])* $code, )* }

        impl $name {
            /// The value of `error`.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$code => $text, )* }
            }

            /// The code that an answer names, if it is one of these.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $( $text => Some(Self::$code), )* _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )* };
}

codes! {
    /// Why a Token Request is refused: §6.3, RFC 6749 §5.2.
    TokenErrorCode {
        /// A parameter is missing or malformed; a transaction code is missing, or there where none is expected.
        InvalidRequest = "invalid_request",
        /// A client that must name itself has not.
        InvalidClient = "invalid_client",
        /// The pre-authorized code or the transaction code is wrong, or its time is over.
        InvalidGrant = "invalid_grant",
        /// The client may not use this grant.
        UnauthorizedClient = "unauthorized_client",
        /// Another grant than the pre-authorized code.
        UnsupportedGrantType = "unsupported_grant_type",
        /// The scope is unknown.
        InvalidScope = "invalid_scope",
    }

    /// Why a Credential Request is refused: §8.3.1.2.
    CredentialErrorCode {
        /// A parameter is missing, not supported, repeated or malformed.
        InvalidCredentialRequest = "invalid_credential_request",
        /// The configuration is unknown.
        UnknownCredentialConfiguration = "unknown_credential_configuration",
        /// The identifier is unknown.
        UnknownCredentialIdentifier = "unknown_credential_identifier",
        /// The proof is missing or invalid, or has no nonce.
        InvalidProof = "invalid_proof",
        /// The nonce is not, or not any more, one of the issuer's: fetch another.
        InvalidNonce = "invalid_nonce",
        /// The answer cannot be encrypted as the request asks for.
        InvalidEncryptionParameters = "invalid_encryption_parameters",
        /// The issuer does not issue this credential, now or later.
        CredentialRequestDenied = "credential_request_denied",
    }
}
