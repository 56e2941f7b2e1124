//! The records of a wallet, as the store gives them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Actor, ActorKind, CredentialId, Email, ExternalSystemId, IdentifierId, IdentifierKeyId, InvitationId, Name, Notes,
    PermissionSet, RequestsPerMinute, RoleId, SessionId, SystemKind, TimeZoneName, TokenKeyId, TrustedContactId,
    UserId, WalletId,
};

/// One organisation's store of credentials, and the tenant that everything else belongs to.
#[derive(Clone, PartialEq, Debug)]
pub struct Wallet {
    /// Its id.
    pub id: WalletId,
    /// Its name.
    pub name: Name,
    /// The zone in which dates expire.
    pub time_zone: TimeZoneName,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An external system's access to the wallet: an API key or an OAuth client with its permissions and expiry. The secret
/// is not part of the record.
#[derive(Clone, PartialEq, Debug)]
pub struct ExternalSystem {
    /// Its id.
    pub id: ExternalSystemId,
    /// The wallet that it gives access to.
    pub wallet_id: WalletId,
    /// Whether it is an API key or an OAuth client.
    pub kind: SystemKind,
    /// Its name, of an OAuth client the client ID (RFC 6749 §2.2); never changes.
    pub name: Name,
    /// Its permissions.
    pub permissions: PermissionSet,
    /// Its own limit of requests a minute; without one the server's default holds.
    pub requests_per_minute: Option<RequestsPerMinute>,
    /// The last day on which it is valid, on the wallet's calendar at its creation.
    pub expires_on: Date,
    /// The first instant at which it is not.
    pub expires_at: Timestamp,
    /// Party, contact, purpose.
    pub notes: Notes,
    /// The 16 characters after the prefix of its secret; safe to show and to log.
    pub key_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The principal that made it.
    pub created_by: Actor,
    /// When it was last admitted.
    pub last_used_at: Option<Timestamp>,
}

/// The requests of an external system on one day of its wallet's calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DailyUsage {
    /// The day.
    pub day: Date,
    /// Requests that proved its secret, the refused ones among them.
    pub requests: u64,
    /// Requests that were refused although the secret was proven: it had expired, lacked the permission or was over
    /// its limit.
    pub refusals: u64,
    /// When it was last admitted on that day.
    pub last_used_at: Option<Timestamp>,
}

/// The public half of a key that signs a wallet's access tokens.
#[derive(Clone, PartialEq, Debug)]
pub struct TokenKey {
    /// Its id, the `kid` of the tokens that it signs.
    pub id: TokenKeyId,
    /// The public key as a JWK (RFC 7517).
    pub public_jwk: Value,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A reference to a role, with its name.
#[derive(Clone, PartialEq, Debug)]
pub struct RoleRef {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
}

/// A named permission set that is assigned to users.
#[derive(Clone, PartialEq, Debug)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// Its name.
    pub name: Name,
    /// Its permissions.
    pub permissions: PermissionSet,
    /// How many users have it.
    pub users: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A person who signs in to the console.
#[derive(Clone, PartialEq, Debug)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// Its name.
    pub name: Name,
    /// The e-mail address for sign-in, unique in the wallet.
    pub email: Email,
    /// Its roles, by name.
    pub roles: Vec<RoleRef>,
    /// Whether a password is set; without one the user is invited, not active.
    pub active: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// An invitation: a one-time code that sets a user's password or makes the first administrator.
#[derive(Clone, PartialEq, Debug)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The user whose password it sets; none makes the first administrator.
    pub user: Option<(WalletId, UserId)>,
    /// The kind and id of the principal that made it; `None` for the code of the first administrator.
    pub maker: Option<(ActorKind, Option<Uuid>)>,
    /// Valid while now is before this.
    pub expires_at: Timestamp,
}

/// A console session, from sign-in until sign-out or expiry.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The wallet of its user.
    pub wallet_id: WalletId,
    /// The user.
    pub user_id: UserId,
    /// The id inside the cookie's text.
    pub key_id: String,
    /// Valid while now is before this.
    pub expires_at: Timestamp,
}

names! {
    /// How an identifier is resolved.
    pub enum DidMethod {
        /// The key itself is the identifier; it cannot be rotated.
        Jwk = "did:jwk",
        /// A document served by this wallet names the keys.
        Web = "did:web",
    }
}

/// A decentralized identifier (W3C DID Core), as text.
pub type Did = String;

/// An identifier of the wallet: a DID with its key pairs.
#[derive(Clone, PartialEq, Debug)]
pub struct Identifier {
    /// Its id.
    pub id: IdentifierId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// What people call it.
    pub name: Name,
    /// How it is resolved.
    pub method: DidMethod,
    /// The DID.
    pub did: Did,
    /// Its keys, newest first; the first signs, the others are kept for verification.
    pub keys: Vec<IdentifierKey>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The public half of one key pair of an identifier.
#[derive(Clone, PartialEq, Debug)]
pub struct IdentifierKey {
    /// Its id, which is also its fragment in a did:web document.
    pub id: IdentifierKeyId,
    /// The public key as a JWK (RFC 7517).
    pub public_jwk: Value,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a newer key replaced it; `None` for the key that signs.
    pub retired_at: Option<Timestamp>,
}

/// A key of one of the wallet's identifiers.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnedKey {
    /// The identifier.
    pub identifier_id: IdentifierId,
    /// How it is resolved.
    pub method: DidMethod,
    /// Its DID.
    pub did: Did,
    /// The key, which may have been replaced.
    pub key: IdentifierKey,
}

/// A party that the wallet deals with.
#[derive(Clone, PartialEq, Debug)]
pub struct TrustedContact {
    /// Its id.
    pub id: TrustedContactId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// What people call it.
    pub name: Name,
    /// Its DID, unique in the wallet.
    pub did: Did,
    /// Free text.
    pub notes: Notes,
    /// The credential issuer (OpenID4VCI 1.0 §12.2.1) from which it may push credentials unattended; without one
    /// it may not. Unique in the wallet.
    pub credential_issuer: Option<String>,
    /// Where this wallet pushes credential offers to it (OpenID4VCI 1.0 §4.1).
    pub credential_offer_endpoint: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A credential that the wallet holds, verified when it was received or imported.
#[derive(Clone, PartialEq, Debug)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// The wallet that holds it.
    pub wallet_id: WalletId,
    /// Its type, the `vct` claim.
    pub vct: String,
    /// The issuer, the `iss` claim.
    pub issuer: String,
    /// The claims, with every disclosure applied.
    pub claims: Value,
    /// The selectively disclosable claims, as JSON Pointers (RFC 6901).
    pub disclosures: Vec<String>,
    /// The credential itself, issuer-signed JWT and disclosures.
    pub compact: String,
    /// `iat`.
    pub issued_at: Option<Timestamp>,
    /// `nbf`.
    pub valid_from: Option<Timestamp>,
    /// `exp`.
    pub valid_until: Option<Timestamp>,
    /// The status when the issuer's status list was last fetched; `None` without a status, or before the first fetch.
    pub live_status: Option<HeldStatus>,
    /// When the status list was last fetched.
    pub live_status_at: Option<Timestamp>,
    /// When it was imported.
    pub created_at: Timestamp,
}

names! {
    /// What a status list says of a credential (draft-ietf-oauth-status-list §7.1).
    pub enum HeldStatus {
        /// Nothing is against it.
        Valid = "valid",
        /// It was withdrawn, for good.
        Revoked = "revoked",
        /// It is not valid for the time being.
        Suspended = "suspended",
        /// The list could not be fetched or verified.
        Unknown = "unknown",
    }
}
