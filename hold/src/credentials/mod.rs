//! Credentials that somebody else issued and the wallet holds; verified before they are stored.

mod api;
mod console;
mod holder_keys;
mod live_status;
mod screen;
mod verification;

use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::Caller;
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::problem::{Code, Problem};
use model::resource;
use model::resource::HolderCredentials;
use model::{Action, Change, Credential, CredentialId, NewEvent, Target};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{CredentialFilter, CredentialSort, List, NewCredential, Page};
use vc::sd_jwt_vc::{ClaimPath, PathStep};

use verification::verify;

pub(crate) use holder_keys::{HolderKeys, open as open_key};
pub(crate) use live_status::ask as ask_status;
pub use live_status::refresh;
pub(crate) use verification::{BoundTo, VerifiedForImport, Wanted, verify_wanted};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Holder credentials", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::guarded::<resource::HolderCredentials>(
        screen::PATH,
        "credential",
        kernel::console::texts::credentials::LIST.title,
        Group::Wallet,
    )),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// Whether a credential is valid at an instant, as far as its own dates tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Validity {
    /// Between its dates.
    Valid,
    /// Its time has not come.
    NotYetValid,
    /// Its time is over.
    Expired,
}

/// Takes in an SD-JWT VC: parsed, its issuer's keys found, signature and dates verified, then stored.
///
/// # Errors
///
/// A text that is not a credential that holds (422), one that the wallet already has (409).
pub async fn import(app: &App, caller: &Caller, text: &str) -> Result<Credential, Problem> {
    let believed = verify(app, text).await?;
    let mut change = app.begin(caller).await?;
    let new = new_credential(app.randomness.id(change.at()), &believed);
    let credential = change.insert_credential(&new).await.map_err(Problem::taken(Code::AlreadyHeld, "credential"))?;
    let detail = json!({"vct": credential.vct, "issuer": credential.issuer});
    change.commit(NewEvent::new(Action::CredentialImported, target(&credential)).with(detail)).await?;
    Ok(credential)
}

/// Deletes a credential for good.
///
/// # Errors
///
/// No such credential (404).
pub async fn delete(app: &App, caller: &Caller, id: CredentialId) -> Result<(), Problem> {
    let mut change = app.begin(caller).await?;
    let credential = change.credential(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    change.delete_credential(id).await?;
    let detail = json!({"vct": credential.vct, "issuer": credential.issuer});
    change.commit(NewEvent::new(Action::CredentialDeleted, target(&credential)).with(detail)).await
}

/// A credential.
pub async fn get(app: &App, caller: &Caller, id: CredentialId) -> Result<Credential, Problem> {
    app.store.read().await?.credential(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
}

/// Whether the caller may have the credential itself, beyond what it says. One that is bound to no key can be presented
/// by any party that has it, so View does not show it.
pub(crate) fn may_have(caller: &Caller, credential: &Credential) -> bool {
    credential.claims.get("cnf").is_some() || caller.holds::<Change<HolderCredentials>>()
}

/// A page of the credentials.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: &CredentialFilter,
    list: &List<CredentialSort>,
) -> Result<Page<Credential>, Problem> {
    Ok(app.store.read().await?.credentials(caller.wallet_id, filter, list).await?)
}

/// The keys of the caller's wallet, to one of which a credential may be bound.
pub(crate) async fn holder_keys(app: &App, caller: &Caller) -> Result<HolderKeys, Problem> {
    HolderKeys::of(&mut app.store.read().await?, caller.wallet_id).await
}

/// Whether the credential is valid at this instant.
pub fn validity(credential: &Credential, now: Timestamp) -> Validity {
    if credential.valid_until.is_some_and(|until| now >= until) {
        Validity::Expired
    } else if credential.valid_from.is_some_and(|from| now < from) {
        Validity::NotYetValid
    } else {
        Validity::Valid
    }
}

/// What is stored of a credential that can be believed.
pub(crate) fn new_credential(id: CredentialId, believed: &VerifiedForImport) -> NewCredential {
    let VerifiedForImport { credential: verified, live_status } = believed;
    let sha256 = Sha256::digest(verified.compact.as_bytes());
    NewCredential {
        id,
        vct: verified.vct.clone(),
        issuer: verified.issuer.clone(),
        claims: verified.claims.clone(),
        disclosures: verified.disclosed.iter().map(pointer).collect(),
        compact: verified.compact.clone(),
        compact_sha256: sha256.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")),
        issued_at: instant(verified.issued_at),
        valid_from: instant(verified.valid_from),
        valid_until: instant(verified.valid_until),
        live_status: *live_status,
    }
}

/// A JSON Pointer (RFC 6901 §3) into the claims: unlike a dotted path it is unambiguous whatever the names are.
fn pointer(path: &ClaimPath) -> String {
    let step = |step: &PathStep| match step {
        PathStep::Name(name) => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
        PathStep::Index(index) => format!("/{index}"),
    };
    path.0.iter().map(step).collect()
}

fn instant(seconds: Option<i64>) -> Option<Timestamp> {
    seconds.and_then(|seconds| Timestamp::from_second(seconds).ok())
}

/// A credential has no name of its own: its type stands for it.
fn target(credential: &Credential) -> Target {
    Target::new(credential.id, &credential.vct)
}
