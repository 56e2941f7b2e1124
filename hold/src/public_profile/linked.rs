//! How others know that the profile is true: the wallet's domain names its DIDs, its DIDs name the domain, and under
//! them stand credentials that others issued.

use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use kernel::app::App;
use kernel::problem::{Code, Problem};
use keys::identifiers::{Signer, signer};
use model::{Identifier, IdentifierId, WalletId};
use serde_json::Value;
use store::Conn;
use vc::well_known::{Period, did_configuration, domain_linkage, linked_presentation};

use super::published;
use super::view::presentation_url;

/// How long a signed statement holds.
const STATEMENT_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long the same DID configuration is given to everybody.
const SIGNED_ANEW: SignedDuration = SignedDuration::from_hours(1);
/// How far the clock of whoever reads it may be behind.
const LEEWAY: SignedDuration = SignedDuration::from_mins(5);

/// The domain's DID configuration as it was last signed. It has a signature for each DID of the server, which would be
/// much to do for whoever asks often; so it is signed anew only after a change of anything, or after a while.
#[derive(Default)]
pub struct SignedConfiguration(Mutex<Option<Signed>>);

#[derive(Clone)]
struct Signed {
    revision: i64,
    at: Timestamp,
    document: Value,
}

/// The domain's DID configuration: a domain linkage credential for each did:web of a published profile.
pub(super) async fn configuration(app: &App) -> Result<Value, Problem> {
    let signed = app.memory.of::<SignedConfiguration>();
    let mut conn = app.store.read().await?;
    let (revision, at) = (conn.revision().await?, app.clock.now());
    if let Some(document) = signed.get(revision, at) {
        return Ok(document);
    }
    let mut linkages = Vec::new();
    for (wallet, identifier) in conn.published_web_identifiers().await? {
        if let Some(Signer { did, kid, key }) = signer(app, &mut conn, wallet, identifier).await? {
            linkages.push(domain_linkage(&did, &kid, &key, app.settings.public_url.origin(), period(app)));
        }
    }
    if linkages.is_empty() {
        return Err(Code::NotFound.into());
    }
    let document = did_configuration(&linkages);
    signed.put(Signed { revision, at, document: document.clone() });
    Ok(document)
}

/// The credentials of a published profile as a presentation of one of its identifiers.
///
/// # Errors
///
/// The profile is not published, does not tell the identifier, or shows no credential (404).
pub(super) async fn presentation(app: &App, wallet: WalletId, identifier: IdentifierId) -> Result<String, Problem> {
    let mut conn = app.store.read().await?;
    let profile = published(&mut conn, wallet).await?.ok_or(Code::NotFound)?;
    let identifier = conn.identifier(wallet, identifier).await?.ok_or(Code::NotFound)?;
    let url = presentation_url(app, &identifier, &profile).ok_or(Code::NotFound)?;
    let Signer { did, kid, key } = signer(app, &mut conn, wallet, identifier.id).await?.ok_or(Code::NotFound)?;
    let mut credentials = Vec::new();
    for id in profile.credentials {
        credentials.extend(conn.credential(wallet, id).await?.map(|credential| credential.compact));
    }
    let credentials: Vec<&str> = credentials.iter().map(String::as_str).collect();
    Ok(linked_presentation(&did, &kid, &key, &url, &credentials, period(app)))
}

/// The DID document of an identifier, with the services that lead to the domain and to the presentation where the
/// profile is published and tells the identifier.
pub fn with_services<'a>(
    app: &'a App,
    conn: &'a mut Conn,
    identifier: &'a Identifier,
    document: Value,
) -> BoxFuture<'a, Result<Value, Problem>> {
    Box::pin(add_services(app, conn, identifier, document))
}

async fn add_services(app: &App, conn: &mut Conn, identifier: &Identifier, document: Value) -> Result<Value, Problem> {
    let profile = published(conn, identifier.wallet_id).await?;
    let Some(profile) = profile.filter(|profile| profile.identifiers.contains(&identifier.id)) else {
        return Ok(document);
    };
    let did = identifier.did.parse().map_err(|_| Code::Internal)?;
    let presentation = presentation_url(app, identifier, &profile);
    let origin = app.settings.public_url.origin();
    Ok(vc::well_known::with_services(document, &did, origin, presentation.as_deref()))
}

impl SignedConfiguration {
    fn get(&self, revision: i64, now: Timestamp) -> Option<Value> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |signed: &&Signed| signed.revision == revision && now.duration_since(signed.at).abs() < SIGNED_ANEW;
        held.as_ref().filter(fresh).map(|signed| signed.document.clone())
    }

    fn put(&self, signed: Signed) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(signed);
    }
}

fn period(app: &App) -> Period {
    let now: Timestamp = app.clock.now();
    let from = now.saturating_sub(LEEWAY).unwrap_or(now);
    Period { from, until: now.saturating_add(STATEMENT_LIFETIME).unwrap_or(now) }
}
