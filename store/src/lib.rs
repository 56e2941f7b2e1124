//! All SQL of Claviger, one text for SQLite and PostgreSQL.
//!
//! Reads go through [`Store::read`], changes through [`Store::begin`] and [`Tx::commit`], which takes
//! the audit event of the change: a change without its event does not compile. Every change has a
//! revision; [`Read::changes_since`] gives what the gate needs to know of the changes after one.
//!
//! Every statement names the wallet; the few that look across wallets (sign-in by e-mail address,
//! the feed) say so.

#[macro_use]
mod macros;
#[macro_use]
mod column;
#[macro_use]
mod record;

mod audit_events;
mod credential_offers;
mod credentials;
mod database;
mod error;
mod external_systems;
mod feed;
mod files;
mod idempotency;
mod identifiers;
mod invitations;
mod issuances;
mod issuer_templates;
mod list;
mod presentations;
mod profiles;
mod protocol_sessions;
mod roles;
mod sessions;
mod settings;
mod status_lists;
#[cfg(feature = "testing")]
pub mod testing;
mod tokens;
mod transaction;
mod trusted_contacts;
mod trusted_issuers;
mod usage;
mod users;
mod verifications;
mod verified_credentials;
mod verifier_templates;
mod wallets;
mod webhooks;

pub use audit_events::AuditFilter;
pub use credential_offers::{DeferredOffer, NewCredentialOffer, PushedOffer, SettledOffer};
pub use credentials::{CredentialDates, CredentialFilter, CredentialSort, NewCredential};
pub use database::{Conn, Location, Read, Store};
pub use error::{Result, StoreError};
pub use external_systems::{NewExternalSystem, SystemFilter, SystemSort, SystemStatus};
pub use feed::Changes;
pub use idempotency::{IdempotencyKey, Remembered};
pub use identifiers::{NewIdentifier, NewIdentifierKey};
pub use invitations::NewInvitation;
pub use issuances::{IssuanceFilter, NewIssuance};
pub use issuer_templates::NewIssuerTemplate;
pub use list::{Cursor, CursorValue, List, Page};
pub use presentations::{NewPresentation, SettledPresentation};
pub use protocol_sessions::SessionFilter;
pub use record::{Record, Row};
pub use roles::NewRole;
pub use sessions::NewSession;
pub use status_lists::{NewStatusList, StatusListVersion};
pub use tokens::NewTokenKey;
pub use transaction::{Author, Tx};
pub use trusted_contacts::NewTrustedContact;
pub use trusted_issuers::NewTrustedIssuer;
pub use usage::NewUsage;
pub use users::{Account, NewUser};
pub use verifications::{Challenge, NewVerification, VerificationEnd, VerificationFilter};
pub use verified_credentials::VerifiedCredentialFilter;
pub use verifier_templates::NewVerifierTemplate;
pub use wallets::NewWallet;
pub use webhooks::{DueWebhook, NewCallback, Next};
