//! The gate's two answers: a caller, or a denial.

use model::{ActorKind, Permission, PermissionSet, SessionId, SystemKind, WalletId};
use uuid::Uuid;

use crate::{Exhausted, KeyId, Rate};

/// How a caller authenticated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Via {
    /// With `x-api-key` or `Authorization: Bearer`: an API key or an access token.
    Header,
    /// With the session cookie; a request that changes something must also prove its origin.
    Cookie,
}

/// The principal of this request, with its current permissions and how it authenticated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Its kind: an API key, an OAuth client or a user.
    pub kind: ActorKind,
    /// The id of the API key, the OAuth client or the user.
    pub id: Uuid,
    /// The only wallet that it can reach (mission D9).
    pub wallet: WalletId,
    /// Its permissions.
    pub permissions: PermissionSet,
    /// The first instant at which its key, client or session is no longer valid, in epoch milliseconds. A client's
    /// access token may end before.
    pub expires_at: i64,
    /// How it authenticated.
    pub via: Via,
    /// Its session; only a user has one.
    pub session: Option<SessionId>,
    /// The id inside its secret.
    pub key_id: KeyId,
    /// The state of its limit of requests; `None` for a user and for a system without a limit.
    pub rate: Option<Rate>,
}

/// A denial: the reason why a request is not admitted.
///
/// `Display` is what the caller may learn (mission D6); [`Denial::reason`] is for the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denial {
    /// No key and no session was presented.
    #[error("nothing was presented")]
    Unauthenticated,
    /// `Authorization` has a scheme that is not `Bearer` (RFC 6750 §3.1).
    #[error("the scheme in Authorization is not supported")]
    UnsupportedScheme,
    /// More than one was presented, in whatever form (mission D1).
    #[error("more than one key or session was presented")]
    TwoSecrets,
    /// The presented secret is not valid.
    #[error("what was presented is not valid")]
    Invalid(InvalidReason),
    /// The secret is proven, but has expired (mission M14).
    #[error("expired")]
    Expired,
    /// The secret is proven, but the key was revoked (mission M13).
    #[error("revoked")]
    Revoked,
    /// The secret is proven and in force, but has sent too many requests.
    #[error("too many requests")]
    TooManyRequests(Exhausted),
}

/// Why a presented secret is not valid: for the log, never for the caller (mission D6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvalidReason {
    /// It does not have the form of a key text of the kind that belongs there.
    Malformed,
    /// No record has its key id; ended sessions are among these.
    Unknown,
    /// The key id is known, the secret is another one.
    WrongSecret,
    /// The session is good, but its wallet no longer has its user.
    UserRemoved,
    /// The secret is a client's, but the client ID beside it is not that client's.
    OtherClientId,
    /// An access token whose signature is not that of a key of this server.
    BadSignature,
    /// A signed access token that is not one of this server's for this API (RFC 9068 §4).
    BadClaims,
}

impl Caller {
    /// The kind of external system; `None` for a user.
    pub const fn system_kind(&self) -> Option<SystemKind> {
        match self.kind {
            ActorKind::ApiKey => Some(SystemKind::ApiKey),
            ActorKind::OauthClient => Some(SystemKind::OauthClient),
            ActorKind::User | ActorKind::Operator | ActorKind::Server => None,
        }
    }

    /// Whether the caller holds this permission.
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }
}

impl Denial {
    /// The reason for the log, finer than what the caller learns.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Unauthenticated => "nothing presented",
            Self::UnsupportedScheme => "unsupported scheme",
            Self::TwoSecrets => "more than one presented",
            Self::Invalid(InvalidReason::Malformed) => "malformed",
            Self::Invalid(InvalidReason::Unknown) => "unknown key id",
            Self::Invalid(InvalidReason::WrongSecret) => "wrong secret",
            Self::Invalid(InvalidReason::UserRemoved) => "user removed",
            Self::Invalid(InvalidReason::OtherClientId) => "another client ID",
            Self::Invalid(InvalidReason::BadSignature) => "bad signature",
            Self::Invalid(InvalidReason::BadClaims) => "bad claims",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::TooManyRequests(_) => "too many requests",
        }
    }
}
