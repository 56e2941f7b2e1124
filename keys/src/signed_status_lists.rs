//! The signed list, for everybody (draft-ietf-oauth-status-list §8.1): signed when somebody asks and it says something
//! else than before, or its time is half over; kept in memory meanwhile.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::header;
use jiff::Timestamp;
use kernel::app::App;
use kernel::http::{CACHED_ONE_MINUTE, Negotiation, PublicDocument};
use kernel::problem::{Code, Problem};
use model::{CredentialStatus as Status, StatusListId, WalletId};
use store::{Conn, StatusListVersion};
use vc::names::MEDIA_TYPE_STATUS_LIST;
use vc::status_list::{Bits, Status as Entry, StatusList, StatusListToken};

use super::identifiers;

/// For how many seconds a verifier may go by its copy: so long a revocation may go unnoticed.
const TTL: i64 = 300;
/// For how many seconds the signature is good: a verifier that cannot reach this server may go by an old list so long.
const LIFETIME: i64 = 24 * 60 * 60;

/// The lists as they were last signed.
#[derive(Default, Debug)]
struct Published(Mutex<HashMap<StatusListId, Signed>>);

#[derive(Clone, Debug)]
struct Signed {
    version: StatusListVersion,
    signed_at: i64,
    token: Arc<PublicDocument>,
}

/// Where a list is served: the `uri` of the credentials that refer to it, and its own `sub`.
pub fn uri(app: &App, wallet: WalletId, id: StatusListId) -> String {
    format!("{}/status-lists/{id}", app.wallet_url(wallet))
}

/// The routes of the protocol.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/wallets/{wallet_id}/status-lists/{id}", get(serve))
}

async fn serve(
    State(app): State<Arc<App>>,
    path: Result<Path<(WalletId, StatusListId)>, PathRejection>,
    asked: Negotiation,
) -> Result<Response, Problem> {
    let Path((wallet, id)) = path.map_err(|_| Code::NotFound)?;
    let token = token(&app, wallet, id).await?.ok_or(Code::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE_STATUS_LIST),
        // Shorter than the ttl, which counts from when a verifier has it.
        CACHED_ONE_MINUTE,
    ];
    Ok(token.answer(&asked, headers))
}

/// The list, signed; none when the wallet has no such list.
pub(crate) async fn token(
    app: &App,
    wallet: WalletId,
    id: StatusListId,
) -> Result<Option<Arc<PublicDocument>>, Problem> {
    let lists = app.memory.of::<Published>();
    let mut read = app.store.read().await?;
    let Some(version) = read.status_list_version(wallet, id).await? else {
        lists.forget(id);
        return Ok(None);
    };
    let now = app.clock.now();
    if let Some(token) = lists.still_good(id, version, now) {
        return Ok(Some(token));
    }
    let token = sign(app, &mut read, wallet, id, version, now).await?;
    lists.keep(id, Signed { version, signed_at: now.as_second(), token: Arc::clone(&token) });
    Ok(Some(token))
}

async fn sign(
    app: &App,
    read: &mut Conn,
    wallet: WalletId,
    id: StatusListId,
    version: StatusListVersion,
    now: Timestamp,
) -> Result<Arc<PublicDocument>, Problem> {
    // An identifier that signs a list cannot be deleted.
    let signer = identifiers::signer(app, read, wallet, version.identifier_id).await?.ok_or(Code::Internal)?;
    let mut list = StatusList::new(Bits::Two, version.size);
    for (index, status) in read.status_list_exceptions(wallet, id).await? {
        list.set(index.into(), entry(status)).map_err(|error| {
            tracing::error!(%id, %error, "an entry does not fit into its list");
            Problem::from(Code::Internal)
        })?;
    }
    let token = StatusListToken {
        issuer: Some(signer.did.to_string()),
        uri: uri(app, wallet, id),
        issued_at: now.as_second(),
        expires_at: Some(now.as_second() + LIFETIME),
        ttl: Some(TTL),
        list,
    };
    Ok(Arc::new(PublicDocument::new(token.sign(&signer.key, &signer.kid))))
}

const fn entry(status: Status) -> Entry {
    match status {
        Status::Valid => Entry::Valid,
        Status::Suspended => Entry::Suspended,
        Status::Revoked => Entry::Invalid,
    }
}

impl Published {
    /// What was signed, while it says what the list says and is not half over. A clock that went back is no reason to
    /// go by it either.
    fn still_good(&self, id: StatusListId, version: StatusListVersion, now: Timestamp) -> Option<Arc<PublicDocument>> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = 0..LIFETIME / 2;
        lists
            .get(&id)
            .filter(|signed| signed.version == version && age.contains(&(now.as_second() - signed.signed_at)))
            .map(|signed| Arc::clone(&signed.token))
    }

    fn keep(&self, id: StatusListId, signed: Signed) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, signed);
    }

    fn forget(&self, id: StatusListId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}
