//! What a wallet answers when it does not present (§8.5, RFC 6749 §4.1.2.1).

use core::convert::Infallible;
use core::fmt;
use core::str::FromStr;

/// The `error` of an error response. Codes that are not known here are kept, so that they can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The requested scope is invalid, unknown or malformed.
    InvalidScope,
    /// The request is not one that the wallet can answer.
    InvalidRequest,
    /// The verifier's metadata contradicts what the wallet knows.
    InvalidClient,
    /// The wallet has no such credentials, or its user does not present them.
    AccessDenied,
    /// The wallet supports none of the formats.
    VpFormatsNotSupported,
    /// `request_uri_method` is neither `get` nor `post`.
    InvalidRequestUriMethod,
    /// The transaction data cannot be agreed to.
    InvalidTransactionData,
    /// Nobody could be asked.
    WalletUnavailable,
    /// Any other.
    Other(String),
}

impl ErrorCode {
    /// The code on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::InvalidScope => "invalid_scope",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::AccessDenied => "access_denied",
            Self::VpFormatsNotSupported => "vp_formats_not_supported",
            Self::InvalidRequestUriMethod => "invalid_request_uri_method",
            Self::InvalidTransactionData => "invalid_transaction_data",
            Self::WalletUnavailable => "wallet_unavailable",
            Self::Other(code) => code,
        }
    }
}

impl FromStr for ErrorCode {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let known = [
            Self::InvalidScope,
            Self::InvalidRequest,
            Self::InvalidClient,
            Self::AccessDenied,
            Self::VpFormatsNotSupported,
            Self::InvalidRequestUriMethod,
            Self::InvalidTransactionData,
            Self::WalletUnavailable,
        ];
        Ok(known.into_iter().find(|code| code.as_str() == text).unwrap_or_else(|| Self::Other(text.to_owned())))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
