//! What exists in a Claviger wallet: ids, names, resources, permissions, records and events.
//!
//! Pure types. Nothing in this crate does I/O, reads a clock or draws a random number, so every
//! other crate may depend on it and none is pulled in by it.

#[macro_use]
mod names;

mod actor;
mod callback;
mod credential_offer;
mod event;
mod expiry;
mod id;
pub mod in_force;
mod issuance;
mod issuer_template;
mod limit;
mod permission;
mod presentation;
mod profile;
mod records;
pub mod resource;
pub mod schema;
mod secret;
mod status_list;
mod system_kind;
mod text;
mod trusted_issuer;
mod verification;
mod verifier_template;

pub use actor::{Actor, ActorKind};
pub use callback::Callback;
pub use credential_offer::{CredentialOffer, OfferState, OfferedCredential, TxCodeHint};
pub use event::{Action, Event, NewEvent, Target};
pub use expiry::{
    ExpiryError, TimeZoneName, check_expires_on, default_expires_on, expires_at, latest_expires_on, local_date,
};
pub use id::*;
pub use issuance::{Issuance, IssuanceFailure, IssuanceStatus, IssuedCredential, StatusEntry};
pub use issuer_template::{
    Card, ClaimKind, Color, Days, IssuerTemplate, Language, LogoUrl, TemplateClaim, TemplateError, TemplatePath, Vct,
};
pub use limit::{LimitError, RequestsPerMinute};
pub use names::UnknownName;
pub use permission::{
    Access, Anyone, Change, Changeable, Guarded, Permission, PermissionSet, Requirement, UnknownPermission, View,
};
pub use presentation::{Disclosed, Presentation, PresentationState};
pub use profile::Profile;
pub use records::*;
pub use resource::Resource;
pub use secret::Digest;
pub use status_list::{CredentialStatus, STATUS_LIST_SIZE, StatusList};
pub use system_kind::SystemKind;
pub use text::{Email, Name, Notes, Purpose, Stored, TextError, fold, reading_stored};
pub use trusted_issuer::{AllowedTypes, CredentialType, TrustedIssuer, TypesError};
pub use verification::{
    Check, CheckName, Outcome, PresentedCredential, Terms, Verification, VerificationResult, VerificationStatus,
    VerifiedCredential,
};
pub use verifier_template::{RequestUriMethod, Retention, RetentionError, TrustChoice, TrustPolicy, VerifierTemplate};
