//! Audit events: one fact each, written in the transaction of the change that it records.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::{Actor, EventId, WalletId};

macro_rules! actions {
    ($( $(#[$doc:meta])* $action:ident = $name:literal, $label:literal; )*) => {
        names! {
            /// What was done, as `<object>.<past participle>`.
            pub enum Action { $( $(#[$doc])* $action = $name, )* }
        }

        impl Action {
            /// The label in the audit log.
            pub const fn label(self) -> &'static str {
                match self { $( Self::$action => $label, )* }
            }
        }
    };
}

actions! {
    /// A wallet was created.
    WalletCreated = "wallet.created", "Wallet created";
    /// Its name or time zone changed.
    WalletEdited = "wallet.edited", "Wallet edited";
    /// An API key was made.
    ApiKeyCreated = "api_key.created", "API key created";
    /// Its permissions or notes changed.
    ApiKeyEdited = "api_key.edited", "API key edited";
    /// It was revoked for good.
    ApiKeyRevoked = "api_key.revoked", "API key deleted";
    /// An OAuth client was made.
    OauthClientCreated = "oauth_client.created", "OAuth client created";
    /// Its permissions or notes changed.
    OauthClientEdited = "oauth_client.edited", "OAuth client edited";
    /// It was revoked for good.
    OauthClientRevoked = "oauth_client.revoked", "OAuth client deleted";
    /// An OAuth client exchanged its secret for an access token.
    AccessTokenIssued = "access_token.issued", "Access token issued";
    /// Requests for an access token in the name of an OAuth client were refused; the event counts them.
    AccessTokenRefused = "access_token.refused", "Access tokens refused";
    /// An OAuth client revoked one of its access tokens.
    AccessTokenRevoked = "access_token.revoked", "Access token revoked";
    /// The key that signs the wallet's access tokens was replaced; tokens of the one before stay valid.
    TokenKeyRotated = "token_key.rotated", "Token key rotated";
    /// A user was added.
    UserCreated = "user.created", "User added";
    /// A user's name or roles changed.
    UserEdited = "user.edited", "User edited";
    /// A user was deleted.
    UserDeleted = "user.deleted", "User deleted";
    /// A one-time link was made with which a user sets a password.
    UserInvited = "user.invited", "Invitation link made";
    /// A user set a password with a one-time link.
    UserJoined = "user.joined", "Password set with a link";
    /// A user signed in to the console.
    UserSignedIn = "user.signed_in", "User signed in";
    /// Sign-ins with a user's e-mail address were refused; the event counts them.
    UserSignInRefused = "user.sign_in_refused", "Sign-ins refused";
    /// A user signed out.
    UserSignedOut = "user.signed_out", "User signed out";
    /// A role was made.
    RoleCreated = "role.created", "Role created";
    /// Its name or permissions changed.
    RoleEdited = "role.edited", "Role edited";
    /// It was deleted.
    RoleDeleted = "role.deleted", "Role deleted";
    /// An identifier was created.
    IdentifierCreated = "identifier.created", "Identifier created";
    /// An identifier got a new key.
    IdentifierRotated = "identifier.rotated", "Identifier rotated";
    /// An identifier was deleted with its keys.
    IdentifierDeleted = "identifier.deleted", "Identifier deleted";
    /// A trusted contact was added.
    TrustedContactCreated = "trusted_contact.created", "Trusted contact added";
    /// It changed.
    TrustedContactEdited = "trusted_contact.edited", "Trusted contact edited";
    /// It was deleted.
    TrustedContactDeleted = "trusted_contact.deleted", "Trusted contact deleted";
    /// An issuer template was made.
    IssuerTemplateCreated = "issuer_template.created", "Issuer template created";
    /// It changed.
    IssuerTemplateEdited = "issuer_template.edited", "Issuer template edited";
    /// It was deleted.
    IssuerTemplateDeleted = "issuer_template.deleted", "Issuer template deleted";
    /// A status list was made.
    StatusListCreated = "status_list.created", "Status list created";
    /// It was renamed.
    StatusListEdited = "status_list.edited", "Status list renamed";
    /// It was deleted.
    StatusListDeleted = "status_list.deleted", "Status list deleted";
    /// A trusted issuer was added.
    TrustedIssuerCreated = "trusted_issuer.created", "Trusted issuer added";
    /// It changed.
    TrustedIssuerEdited = "trusted_issuer.edited", "Trusted issuer edited";
    /// It was deleted, also from the templates for which it was chosen.
    TrustedIssuerDeleted = "trusted_issuer.deleted", "Trusted issuer deleted";
    /// A verifier template was made.
    VerifierTemplateCreated = "verifier_template.created", "Verifier template added";
    /// It changed.
    VerifierTemplateEdited = "verifier_template.edited", "Verifier template edited";
    /// It was deleted.
    VerifierTemplateDeleted = "verifier_template.deleted", "Verifier template deleted";
    /// The public profile was published.
    ProfilePublished = "profile.published", "Public profile published";
    /// Its content changed, whether it is published or not.
    ProfileEdited = "profile.edited", "Public profile edited";
    /// The public profile was withdrawn.
    ProfileWithdrawn = "profile.withdrawn", "Public profile withdrawn";
    /// A credential was offered.
    IssuanceCreated = "issuance.created", "Credential offered";
    /// The offer was pushed to its trusted contact.
    IssuancePushed = "issuance.pushed", "Offer sent to a contact";
    /// A wallet exchanged the offer's code.
    IssuanceAccepted = "issuance.accepted", "Offer taken up";
    /// A wallet sent a wrong transaction code.
    IssuanceTxCodeRefused = "issuance.tx_code_refused", "Transaction code refused";
    /// The credential was issued.
    IssuanceIssued = "issuance.issued", "Credential issued";
    /// The offer was taken back.
    IssuanceCancelled = "issuance.cancelled", "Offer taken back";
    /// The offer expired.
    IssuanceExpired = "issuance.expired", "Offer expired";
    /// The issuance failed: the credential cannot be issued any more.
    IssuanceFailed = "issuance.failed", "Issuance failed";
    /// The issued credential was revoked for good.
    IssuanceRevoked = "issuance.revoked", "Issued credential revoked";
    /// The issued credential was suspended.
    IssuanceSuspended = "issuance.suspended", "Issued credential suspended";
    /// The suspended credential was restored.
    IssuanceRestored = "issuance.restored", "Issued credential restored";
    /// A credential was imported.
    CredentialImported = "credential.imported", "Credential imported";
    /// A credential was received by accepting an offer.
    CredentialReceived = "credential.received", "Credential received";
    /// A credential's status was fetched from the issuer's status list.
    CredentialStatusChecked = "credential.status_checked", "Credential status checked";
    /// A credential was deleted.
    CredentialDeleted = "credential.deleted", "Credential deleted";
    /// A credential offer came into the inbox.
    CredentialOfferCreated = "credential_offer.created", "Offer came in";
    /// An offer was accepted; the exchange with its issuer has begun.
    CredentialOfferAccepted = "credential_offer.accepted", "Offer accepted";
    /// Offers were pushed in a contact's name and wait for a decision; the event counts those of a minute.
    CredentialOffersPushed = "credential_offer.pushed", "Offers pushed";
    /// The issuer defers the credential; the wallet asks again later (OpenID4VCI 1.0 §9).
    CredentialOfferDeferred = "credential_offer.deferred", "Offer deferred";
    /// An offer is pending again: accepting it failed before its code was used, such as by a wrong transaction code.
    CredentialOfferReleased = "credential_offer.released", "Offer not accepted";
    /// The credentials of an offer were stored.
    CredentialOfferReceived = "credential_offer.received", "Offer received";
    /// Accepting an offer gave no credential that could be verified.
    CredentialOfferFailed = "credential_offer.failed", "Offer failed";
    /// It was turned down.
    CredentialOfferDeclined = "credential_offer.declined", "Offer declined";
    /// It was deleted.
    CredentialOfferDeleted = "credential_offer.deleted", "Offer deleted";
    /// A verifier's request was received.
    PresentationRequested = "presentation.requested", "Presentation requested";
    /// A user or an external system decided on the request; the answer is being sent.
    PresentationAnswered = "presentation.answered", "Request answered";
    /// The presentation was sent and the verifier accepted it.
    PresentationSent = "presentation.sent", "Presentation sent";
    /// Sending the answer failed, or the verifier refused it.
    PresentationFailed = "presentation.failed", "Presentation failed";
    /// The request was declined.
    PresentationDeclined = "presentation.declined", "Request declined";
    /// A request was deleted.
    PresentationDeleted = "presentation.deleted", "Request deleted";
    /// A verification was created.
    VerificationRequested = "verification.requested", "Verification requested";
    /// A wallet fetched the request.
    VerificationRetrieved = "verification.retrieved", "Verification retrieved";
    /// The presentation was verified.
    VerificationVerified = "verification.verified", "Verification verified";
    /// The presentation was rejected.
    VerificationRejected = "verification.rejected", "Verification rejected";
    /// The wallet declined to present anything.
    VerificationDeclined = "verification.declined", "Verification declined";
    /// The verification expired without an answer.
    VerificationExpired = "verification.expired", "Verification expired";
    /// The response code of the holder's redirect was redeemed (OpenID4VP 1.0 §13.3).
    VerificationRedeemed = "verification.redeemed", "Response code redeemed";
    /// A verification was deleted with what was presented.
    VerificationDeleted = "verification.deleted", "Verification deleted";
    /// The stored claims of one verified credential were deleted.
    VerifiedCredentialDeleted = "verified_credential.deleted", "Verified credential deleted";
}

/// The object of an event, with the name that it had then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// The object's id.
    pub id: Uuid,
    /// Its name at that time.
    pub name: String,
}

impl Target {
    /// An object by id and name.
    pub fn new(id: impl Into<Uuid>, name: &str) -> Self {
        Self { id: id.into(), name: name.to_owned() }
    }
}

/// An audit event to be written; the store adds time, actor and wallet.
#[derive(Clone, PartialEq, Debug)]
pub struct NewEvent {
    /// What was done.
    pub action: Action,
    /// The object.
    pub target: Target,
    /// The particulars: what was set, or before and after. Never a secret.
    pub detail: Value,
}

impl NewEvent {
    /// An event without particulars.
    pub fn new(action: Action, target: Target) -> Self {
        Self { action, target, detail: Value::Object(serde_json::Map::new()) }
    }

    /// Adds the particulars, a JSON object.
    #[must_use]
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// An event of the audit log.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// The event's id.
    pub id: EventId,
    /// The wallet it belongs to.
    pub wallet_id: WalletId,
    /// When it was committed.
    pub at: Timestamp,
    /// The principal.
    pub actor: Actor,
    /// What was done; a name, because a later release may have written it.
    pub action: String,
    /// The object.
    pub target: Target,
    /// The particulars.
    pub detail: Value,
    /// The `x-request-id` of the request that did it; none from the command line.
    pub request_id: Option<String>,
}
