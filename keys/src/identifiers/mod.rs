//! Identifiers: the wallet's own DIDs and their key pairs.

mod api;
mod console;
pub mod document;
pub mod signer;

use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::collection::{Collection, Creatable, Drafted};
use kernel::console::{Group, Place};
use kernel::feature::Feature;
use kernel::idempotency::IdempotencyKey;
use kernel::problem::{Code, Problem};
use model::resource;
use model::{Action, DidMethod, Identifier, IdentifierId, IdentifierKeyId, Name, NewEvent, Target};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{List, NewIdentifier, NewIdentifierKey, Page};
use vc::did::{did_jwk, did_web};
use vc::keys::PublicJwk;

pub use signer::{Signer, signer};

/// The feature, as the server serves it.
pub const FEATURE: Feature = Feature {
    api: &[("Identifiers", api::routes)],
    pages: Some(console::routes),
    place: Some(Place::of::<Identifiers>("identifier", Group::Wallet)),
    samples: include_str!("samples.json"),
    ..Feature::NONE
};

/// What a client writes of an identifier.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateIdentifier")]
pub struct IdentifierDraft {
    /// Unique among the wallet's identifiers without regard to case.
    pub name: Name,
    /// How it is resolved.
    pub method: DidMethod,
}

/// The wallet's identifiers.
pub struct Identifiers;

impl Collection for Identifiers {
    type Resource = resource::Identifiers;
    type Id = IdentifierId;
    type Object = Identifier;

    fn id(identifier: &Identifier) -> IdentifierId {
        identifier.id
    }

    fn name(identifier: &Identifier) -> &str {
        identifier.name.as_str()
    }

    async fn list(app: &App, caller: &Caller, list: &List<()>) -> Result<Page<Identifier>, Problem> {
        Ok(app.store.read().await?.identifiers(caller.wallet_id, list).await?)
    }

    async fn get(app: &App, caller: &Caller, id: IdentifierId) -> Result<Identifier, Problem> {
        app.store.read().await?.identifier(caller.wallet_id, id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// Deletes an identifier with its keys; its document is served no more.
    async fn delete(app: &App, caller: &Caller, id: IdentifierId) -> Result<(), Problem> {
        let mut change = app.begin(caller).await?;
        let identifier = change.identifier(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
        check_unused(&mut change, id).await?;
        change.delete_identifier(id).await?;
        let detail = json!({"did": identifier.did});
        change.commit(NewEvent::new(Action::IdentifierDeleted, target(&identifier)).with(detail)).await
    }
}

impl Drafted for Identifiers {
    type Draft = IdentifierDraft;
}

impl Creatable for Identifiers {
    /// Creates an identifier with a new P-256 key pair. A did:web needs a server with a domain name.
    async fn create(app: &App, caller: &Caller, draft: IdentifierDraft) -> Result<Identifier, Problem> {
        create_once(app, caller, draft, &IdempotencyKey::none()).await
    }
}

/// Creates an identifier, but none when the same request has created one before: then it is that.
///
/// # Errors
///
/// A did:web of a server without a domain name (422), a name in use (409), an idempotency key that was used for another
/// request (422).
pub async fn create_once(
    app: &App,
    caller: &Caller,
    draft: IdentifierDraft,
    idempotency: &IdempotencyKey,
) -> Result<Identifier, Problem> {
    let IdentifierDraft { name, method } = draft;
    let mut change = app.begin(caller).await?;
    if let Some(made) = change.repeated(idempotency).await? {
        return change.identifier(caller.wallet_id, made).await?.ok_or_else(|| Code::NotFound.into());
    }
    let id: IdentifierId = app.randomness.id(change.at());
    let (key, public) = new_key(app, app.randomness.id(change.at()))?;
    let did = match method {
        DidMethod::Jwk => did_jwk(&public),
        DidMethod::Web => {
            let id = id.to_string();
            // An IP address is no did:web (did:web, "Method-specific identifier").
            did_web(app.settings.public_url.authority(), &["dids", &id]).map_err(|_| {
                let origin = app.settings.public_url.origin();
                let message = format!("needs a domain name, which the public URL of this server, {origin}, has not");
                Problem::field("method", "needs-domain-name", message)
            })?
        }
    };
    let new = NewIdentifier { id, name, method, did: did.to_string(), key };
    let identifier = change.insert_identifier(&new).await.map_err(Problem::taken(Code::NameInUse, "name"))?;
    change.remember(idempotency, id).await?;
    let detail = json!({"method": identifier.method.name(), "did": identifier.did});
    change.commit(NewEvent::new(Action::IdentifierCreated, target(&identifier)).with(detail)).await?;
    Ok(identifier)
}

/// Gives a did:web a new key, which signs from now on. The key before it stays in the document, so that what
/// it signed can still be verified.
///
/// # Errors
///
/// No such identifier (404), a did:jwk, which is its key (409).
pub async fn rotate(app: &App, caller: &Caller, id: IdentifierId) -> Result<Identifier, Problem> {
    let mut change = app.begin(caller).await?;
    let before = change.identifier(caller.wallet_id, id).await?.ok_or(Code::NotFound)?;
    if before.method != DidMethod::Web {
        return Err(Code::CannotRotate.into());
    }
    let (key, _) = new_key(app, app.randomness.id(change.at()))?;
    change.add_identifier_key(id, &key).await?;
    let identifier = change.identifier(caller.wallet_id, id).await?.ok_or(Code::Internal)?;
    let detail = json!({"did": identifier.did, "key_id": key.id});
    change.commit(NewEvent::new(Action::IdentifierRotated, target(&identifier)).with(detail)).await?;
    Ok(identifier)
}

/// Refuses an identifier by which something is signed, which would be worthless without it.
async fn check_unused(change: &mut Transaction<'_>, id: IdentifierId) -> Result<(), Problem> {
    let wallet = change.wallet_id();
    if let Some(list) = change.status_list_signed_by(wallet, id).await? {
        return Err(Problem::detailed(Code::IdentifierInUse, format!("It signs the status list {list}.")));
    }
    if change.identifier_has_templates(wallet, id).await? {
        return Err(Problem::detailed(Code::IdentifierInUse, "An issuer template issues by it."));
    }
    if let Some(template) = change.verifier_template_signed_by(wallet, id).await? {
        let detail = format!("It signs the requests of the verifier template {}.", template.name);
        return Err(Problem::detailed(Code::IdentifierInUse, detail));
    }
    Ok(())
}

/// A new key pair, its private half sealed for its row alone.
fn new_key(app: &App, id: IdentifierKeyId) -> Result<(NewIdentifierKey, PublicJwk), Problem> {
    let pair = app.sealing.key_pair(&id.to_string(), &app.randomness)?;
    Ok((NewIdentifierKey { id, public_jwk: pair.public_jwk, sealed: pair.sealed }, pair.private.public()))
}

fn target(identifier: &Identifier) -> Target {
    Target::new(identifier.id, identifier.name.as_str())
}
