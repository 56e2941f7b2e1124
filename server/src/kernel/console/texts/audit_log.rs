//! Records, Audit log.

use model::{Action, ActorKind};

pub(crate) const TITLE: &str = "Audit log";
pub(crate) const EVENTS: &str = "Events";

pub(crate) const WHEN: &str = "When";
pub(crate) const ACTOR: &str = "Actor";
pub(crate) const ACTION: &str = "Action";
pub(crate) const TARGET: &str = "Target";
pub(crate) const DETAILS: &str = "Details";
pub(crate) const ALL: &str = "All";
pub(crate) const SEARCH_HELP: &str = "In the names of actor and target";

pub(crate) const NO_MATCH: &str = "No event matches";
pub(crate) const NO_MATCH_LEAD: &str = "Try fewer letters, or another action.";
pub(crate) const SHOW_ALL: &str = "Show all events";

pub(crate) const NOTHING: &str = "nothing";
pub(crate) const LIST: &str = ", ";
pub(crate) const BECAME: &str = "became";

pub(crate) fn lead(zone: &str) -> String {
    format!("Every change in this wallet, and who made it. Times are in {zone}.")
}

pub(crate) fn request(id: &str) -> String {
    format!("Request {id}")
}

pub(crate) const fn actor(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::User => "User",
        ActorKind::ApiKey => "API key",
        ActorKind::OauthClient => "OAuth client",
        ActorKind::Operator => "Operator",
        ActorKind::Server => "Server",
    }
}

pub(crate) const fn action(action: Action) -> &'static str {
    match action {
        Action::WalletCreated => "Wallet created",
        Action::WalletEdited => "Wallet edited",
        Action::ApiKeyCreated => "API key created",
        Action::ApiKeyEdited => "API key edited",
        Action::ApiKeyRevoked => "API key deleted",
        Action::OauthClientCreated => "OAuth client created",
        Action::OauthClientEdited => "OAuth client edited",
        Action::OauthClientRevoked => "OAuth client deleted",
        Action::AccessTokenIssued => "Access token issued",
        Action::AccessTokenRefused => "Access tokens refused",
        Action::AccessTokenRevoked => "Access token revoked",
        Action::TokenKeyRotated => "Token key rotated",
        Action::UserCreated => "User added",
        Action::UserEdited => "User edited",
        Action::UserDeleted => "User deleted",
        Action::UserInvited => "Invitation link made",
        Action::UserJoined => "Password set with a link",
        Action::UserSignedIn => "User signed in",
        Action::UserSignInRefused => "Sign-ins refused",
        Action::UserSignedOut => "User signed out",
        Action::RoleCreated => "Role created",
        Action::RoleEdited => "Role edited",
        Action::RoleDeleted => "Role deleted",
        Action::IdentifierCreated => "Identifier created",
        Action::IdentifierRotated => "Identifier rotated",
        Action::IdentifierDeleted => "Identifier deleted",
        Action::TrustedContactCreated => "Trusted contact added",
        Action::TrustedContactEdited => "Trusted contact edited",
        Action::TrustedContactDeleted => "Trusted contact deleted",
        Action::IssuerTemplateCreated => "Issuer template created",
        Action::IssuerTemplateEdited => "Issuer template edited",
        Action::IssuerTemplateDeleted => "Issuer template deleted",
        Action::StatusListCreated => "Status list created",
        Action::StatusListEdited => "Status list renamed",
        Action::StatusListDeleted => "Status list deleted",
        Action::TrustedIssuerCreated => "Trusted issuer added",
        Action::TrustedIssuerEdited => "Trusted issuer edited",
        Action::TrustedIssuerDeleted => "Trusted issuer deleted",
        Action::VerifierTemplateCreated => "Verifier template added",
        Action::VerifierTemplateEdited => "Verifier template edited",
        Action::VerifierTemplateDeleted => "Verifier template deleted",
        Action::ProfilePublished => "Public profile published",
        Action::ProfileEdited => "Public profile edited",
        Action::ProfileWithdrawn => "Public profile withdrawn",
        Action::IssuanceCreated => "Credential offered",
        Action::IssuancePushed => "Offer sent to a contact",
        Action::IssuanceAccepted => "Offer taken up",
        Action::IssuanceTxCodeRefused => "Transaction code refused",
        Action::IssuanceIssued => "Credential issued",
        Action::IssuanceCancelled => "Offer taken back",
        Action::IssuanceExpired => "Offer expired",
        Action::IssuanceFailed => "Issuance failed",
        Action::IssuanceRevoked => "Issued credential revoked",
        Action::IssuanceSuspended => "Issued credential suspended",
        Action::IssuanceRestored => "Issued credential restored",
        Action::CredentialImported => "Credential imported",
        Action::CredentialReceived => "Credential received",
        Action::CredentialStatusChecked => "Credential status checked",
        Action::CredentialOfferCreated => "Offer came in",
        Action::CredentialOffersPushed => "Offers pushed",
        Action::CredentialOfferAccepted => "Offer accepted",
        Action::CredentialOfferReleased => "Offer not accepted",
        Action::CredentialOfferDeferred => "Offer deferred",
        Action::CredentialOfferReceived => "Offer received",
        Action::CredentialOfferFailed => "Offer failed",
        Action::CredentialOfferDeclined => "Offer declined",
        Action::CredentialOfferDeleted => "Offer deleted",
        Action::PresentationRequested => "Presentation requested",
        Action::PresentationAnswered => "Request answered",
        Action::PresentationSent => "Presentation sent",
        Action::PresentationFailed => "Presentation failed",
        Action::PresentationDeclined => "Request declined",
        Action::PresentationDeleted => "Request deleted",
        Action::CredentialDeleted => "Credential deleted",
        Action::VerificationRequested => "Verification requested",
        Action::VerificationRetrieved => "Verification retrieved",
        Action::VerificationVerified => "Verification verified",
        Action::VerificationRejected => "Verification rejected",
        Action::VerificationDeclined => "Verification declined",
        Action::VerificationExpired => "Verification expired",
        Action::VerificationRedeemed => "Response code redeemed",
        Action::VerificationDeleted => "Verification deleted",
        Action::VerifiedCredentialDeleted => "Verified credential deleted",
    }
}

/// The name of a particular; one that a later release wrote is shown as it is.
pub(crate) fn member(name: &str) -> &str {
    match name {
        "name" => "Name",
        "notes" => "Notes",
        "permissions" => "Permissions",
        "expires_on" => "Expiry date",
        "email" => "Email",
        "roles" => "Roles",
        "time_zone" => "Time zone",
        "did" => "DID",
        "size" => "Room for",
        "method" => "Method",
        "key_id" => "Key",
        "token_id" => "Token",
        "expires_in" => "Seconds valid",
        "count" => "How often",
        "addresses" => "From addresses",
        "descendants" => "With it",
        "ended_with" => "Together with",
        "vct" => "Type",
        "issuer" => "Issuer",
        "credential_issuer" => "Credential issuer",
        "credentials" => "Credentials",
        "reason" => "Reason",
        "status" => "Status",
        "credential_offer_endpoint" => "Credential offer endpoint",
        "fields" => "Fields",
        "template" => "Template",
        "verifier" => "Verifier",
        "failed" => "Failed checks",
        "retention_days" => "Days kept",
        "claims" => "Claims",
        "title" => "Title",
        "description" => "Description",
        "language" => "Language",
        "background_color" => "Background colour",
        "text_color" => "Text colour",
        "logo_url" => "Logo",
        "valid_for_days" => "Days valid",
        "identifier_id" => "Identifier",
        "status_list_id" => "Status list",
        "any_vct" => "Any type",
        "vcts" => "Types",
        "purpose" => "Purpose",
        "query" => "Query",
        "trust" => "Trusts",
        "trusted_issuers" => "Chosen issuers",
        "correlation_id" => "Reference",
        other => other,
    }
}
