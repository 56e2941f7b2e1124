//! Believing a credential before it is stored, however it came: pasted by somebody, or out of an offer.

use kernel::app::App;
use kernel::problem::Problem;
use keys::identifiers::Signer;
use keys::issuer_keys;
use model::HeldStatus;
use serde::{Deserialize, Serialize};
use vc::did::Did;
use vc::issuer::IssuerKeys;
use vc::jws::TimeError;
use vc::sd_jwt_vc::{HolderKey, ImportError, ParsedCredential, VerifiedCredential, VerifyError};

use super::live_status;

/// Why a credential is not taken in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Refusal {
    /// Why, for programs.
    pub(crate) code: &'static str,
    /// Why, for people.
    pub(crate) message: String,
}

/// What a credential must be that was asked for, beyond being in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// The type that was offered, as far as the issuer told.
    pub(crate) vct: Option<&'a str>,
    /// Whose it must be: a contact that pushes signs by its own DID.
    pub(crate) issuer: Option<&'a Did>,
    /// The key that it must be bound to; none where the issuer asked for no proof of one.
    pub(crate) holder: Option<&'a BoundTo>,
}

/// A key of the wallet, as a credential may name it (RFC 7800 §3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct BoundTo {
    thumbprint: String,
    kid: String,
}

impl From<&Signer> for BoundTo {
    fn from(signer: &Signer) -> Self {
        Self { thumbprint: signer.key.public().thumbprint(), kid: signer.kid.clone() }
    }
}

impl Refusal {
    pub(super) fn new(code: &'static str, message: impl ToString) -> Self {
        Self { code, message: message.to_string() }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::field("credential", refusal.code, refusal.message)
    }
}

/// A credential that can be taken in.
pub(crate) struct VerifiedForImport {
    /// What its issuer signed.
    pub(crate) credential: VerifiedCredential,
    /// What its issuer's status list says now.
    pub(crate) live_status: Option<HeldStatus>,
}

/// A credential that somebody brings.
pub(crate) async fn verify(app: &App, text: &str) -> Result<VerifiedForImport, Refusal> {
    let (parsed, issuer) = read(text, ImportError::with_advice)?;
    believe(app, &parsed, issuer).await
}

/// A credential that was asked for. Whatever can be refused without the issuer's keys is, before they are fetched.
pub(crate) async fn verify_wanted(app: &App, text: &str, wanted: Wanted<'_>) -> Result<VerifiedForImport, Refusal> {
    let (parsed, issuer) = read(text, ImportError::to_string)?;
    if let Some(expected) = wanted.issuer
        && issuer.issuer() != expected.as_str()
    {
        let message = format!("it says that {} issued it, but it came from {expected}", issuer.issuer());
        return Err(Refusal::new("issuer-other", message));
    }
    if let Some(vct) = wanted.vct
        && parsed.vct() != vct
    {
        return Err(Refusal::new("type-other", format!("it is of type {}, but {vct} was offered", parsed.vct())));
    }
    if wanted.holder.is_some_and(|holder| !is_bound_to(parsed.holder_key(), holder)) {
        return Err(Refusal::new("holder-other", "it is not bound to the key of this wallet that was proven"));
    }
    believe(app, &parsed, issuer).await
}

fn read(text: &str, words: fn(&ImportError) -> String) -> Result<(ParsedCredential, IssuerKeys), Refusal> {
    let parsed = ParsedCredential::parse(text).map_err(|error| Refusal::new("invalid", words(&error)))?;
    let issuer = parsed.issuer().map_err(|error| Refusal::new("issuer-unknown", error))?;
    Ok((parsed, issuer))
}

/// No transaction is open while a stranger's server is asked.
async fn believe(app: &App, parsed: &ParsedCredential, issuer: IssuerKeys) -> Result<VerifiedForImport, Refusal> {
    let keys = issuer_keys::find(app, issuer).await.map_err(|error| Refusal::new(error.code(), error))?;
    let refused = |error: VerifyError| Refusal::new(reason(&error), error);
    let credential = parsed.verify_signature(&keys).map_err(refused)?;
    match credential.check_time(app.clock.now().as_second()) {
        // What is not yet valid is held until it is.
        Ok(()) | Err(TimeError::NotYetValid { .. }) => {}
        Err(error) => return Err(refused(error.into())),
    }
    let live_status = live_status::ask(app, &credential.issuer, credential.status.as_ref()).await;
    // What is suspended may be restored; what is revoked never holds again.
    if live_status == Some(HeldStatus::Revoked) {
        return Err(Refusal::new("revoked", "its issuer has revoked it: ask the issuer for a new one"));
    }
    Ok(VerifiedForImport { credential, live_status })
}

fn is_bound_to(bound: Option<&HolderKey>, holder: &BoundTo) -> bool {
    match bound {
        Some(HolderKey::Thumbprint(thumbprint)) => *thumbprint == holder.thumbprint,
        Some(HolderKey::KeyId(kid)) => *kid == holder.kid,
        None => false,
    }
}

/// Why a credential is not believed, for programs.
fn reason(error: &VerifyError) -> &'static str {
    match error {
        VerifyError::Time(TimeError::Expired { .. }) => "expired",
        VerifyError::Time(_) => "not-yet-valid",
        _ => "signature-invalid",
    }
}
