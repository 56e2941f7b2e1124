//! The error codes of a wallet that does not present (§8.5, RFC 6749 §4.1.2.1).

use core::convert::Infallible;
use core::fmt;
use core::str::FromStr;

macro_rules! codes {
    ($( $(#[$doc:meta])* $code:ident = $text:literal, )*) => {
        /// The `error` of an error response. Unknown codes are kept, so that they can be displayed.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $( $(#[$doc])* $code, )*
            /// Any other.
            Other(String),
        }

        impl ErrorCode {
            /// The code on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$code => $text, )*
                    Self::Other(code) => code,
                }
            }
        }

        impl FromStr for ErrorCode {
            type Err = Infallible;

            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(match text {
                    $( $text => Self::$code, )*
                    other => Self::Other(other.to_owned()),
                })
            }
        }
    };
}

codes! {
    /// The requested scope is invalid, unknown or malformed.
    InvalidScope = "invalid_scope",
    /// The request is not one that the wallet can answer.
    InvalidRequest = "invalid_request",
    /// The verifier's metadata contradicts what the wallet knows.
    InvalidClient = "invalid_client",
    /// The wallet has no such credentials, or its user does not present them.
    AccessDenied = "access_denied",
    /// The wallet supports none of the formats.
    VpFormatsNotSupported = "vp_formats_not_supported",
    /// `request_uri_method` is neither `get` nor `post`.
    InvalidRequestUriMethod = "invalid_request_uri_method",
    /// The transaction data cannot be agreed to.
    InvalidTransactionData = "invalid_transaction_data",
    /// Nobody could be asked.
    WalletUnavailable = "wallet_unavailable",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
