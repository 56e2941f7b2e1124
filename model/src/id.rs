//! Typed ids, so that the id of a key cannot be passed as the id of a user.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($dollar:tt $( $(#[$doc:meta])* $name:ident )*) => { $(
        $(#[$doc])*
        ///
        /// A UUIDv7 (RFC 9562 §5.7): ids of one kind sort by the time of their creation.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*

    /// Calls a macro with the names of all ids.
    #[macro_export]
    macro_rules! each_id {
        ($dollar callback:ident) => { $dollar callback! { $( $name )* } };
    }
    };
}

ids! { $
    /// The id of a wallet, the tenant that everything else belongs to.
    WalletId
    /// The id of an external system's record (an API key or an OAuth client); not the key id inside its secret.
    ExternalSystemId
    /// The id of a key that signs access tokens, its `kid` (RFC 7515 §4.1.4).
    TokenKeyId
    /// The id of an access token, its `jti` (RFC 7519 §4.1.7).
    TokenId
    /// The id of a user.
    UserId
    /// The id of a role.
    RoleId
    /// The id of a console session.
    SessionId
    /// The id of an invitation.
    InvitationId
    /// The id of an audit event.
    EventId
    /// The id of an identifier (a DID of the wallet).
    IdentifierId
    /// The id of one key pair of an identifier.
    IdentifierKeyId
    /// The id of a trusted contact.
    TrustedContactId
    /// The id of a trusted issuer.
    TrustedIssuerId
    /// The id of a verifier template.
    VerifierTemplateId
    /// The id of a credential held in the wallet.
    CredentialId
    /// The id of a credential offer that came to the wallet.
    CredentialOfferId
    /// The id of a presentation: a verifier's request and the wallet's answer.
    PresentationId
    /// The id of an issuer template.
    IssuerTemplateId
    /// The id of a status list.
    StatusListId
    /// The id of a webhook, its `webhook-id` (Standard Webhooks 1.0).
    WebhookId
    /// The id of a verification.
    VerificationId
    /// The id of a credential that was presented and verified.
    VerifiedCredentialId
    /// The id of an issuance: a credential that the wallet offers or has issued.
    IssuanceId
}
