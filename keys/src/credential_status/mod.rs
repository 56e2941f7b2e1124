//! Whether a credential was revoked or suspended after it was issued: its status list, fetched, believed and read
//! (draft-ietf-oauth-status-list §8.3).

mod cache;

use std::sync::Arc;

use jiff::Timestamp;
use kernel::app::App;
use kernel::outbound::OutboundError;
use model::{StatusListId, WalletId};
use serde_json::Value;
use vc::names::MEDIA_TYPE_STATUS_LIST;
use vc::status_list::{
    ReferenceError, SignedStatusList, Status, StatusListError, StatusListToken, StatusReference, TokenError,
};

use crate::issuer_keys::{self, NoKeys};
use crate::signed_status_lists;
use cache::Cache;

/// What the issuer says of a credential now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LiveStatus {
    /// Nothing: it issued the credential without a status.
    None,
    /// It holds.
    Valid,
    /// It holds no more, for good.
    Revoked,
    /// It does not hold for a time.
    Suspended,
}

/// Why the status is not known. A credential that has one is not to be relied on then.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// The claim `status` leads to no list.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// The list cannot be fetched.
    #[error(transparent)]
    Unreachable(#[from] OutboundError),
    /// It is one of this server's, whose database does not answer.
    #[error("this server cannot read its own status list now")]
    Unavailable,
    /// The keys that must have signed it cannot be found.
    #[error(transparent)]
    Keys(#[from] NoKeys),
    /// What was fetched is not the issuer's list, or not in its time.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The list has no such entry.
    #[error("the status list cannot be read: {0}")]
    List(#[from] StatusListError),
    /// The entry says something that only the issuer understands.
    #[error("the status list says {0}, which is neither valid, revoked nor suspended")]
    Meaning(u8),
}

impl StatusError {
    /// Why, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Reference(_) => "status-unsupported",
            Self::Unreachable(_) | Self::Unavailable => "status-unreachable",
            Self::Keys(_) | Self::Token(_) | Self::List(_) => "status-list-invalid",
            Self::Meaning(_) => "status-unknown",
        }
    }
}

/// Asks what the issuer says now of a credential with this claim `status`.
///
/// `issuer` is who issued the credential: nobody else can say that it holds.
///
/// # Errors
///
/// Everything because of which it is not known.
pub async fn check(app: &App, issuer: &str, claim: Option<&Value>, now: Timestamp) -> Result<LiveStatus, StatusError> {
    let Some(claim) = claim else { return Ok(LiveStatus::None) };
    let reference = StatusReference::from_claim(claim)?;
    let list = match app.memory.of::<Cache>().get(issuer, &reference.uri, now.as_second()) {
        Some(list) => list,
        None => fetch(app, issuer, &reference.uri, now.as_second()).await?,
    };
    match list.list.get(reference.index)? {
        Status::Valid => Ok(LiveStatus::Valid),
        Status::Invalid => Ok(LiveStatus::Revoked),
        Status::Suspended => Ok(LiveStatus::Suspended),
        Status::Other(value) => Err(StatusError::Meaning(value)),
    }
}

/// A list of this server is not asked for over the network, and not kept: it is in memory already, and what was
/// revoked here is so at once. It is believed for the same reasons as any other.
async fn fetch(app: &App, issuer: &str, uri: &str, now: i64) -> Result<Arc<StatusListToken>, StatusError> {
    let own = own(app, uri);
    let text = match own {
        None => app.outbound.get_text(uri, MEDIA_TYPE_STATUS_LIST).await?,
        Some((wallet, id)) => {
            let token = signed_status_lists::token(app, wallet, id).await.map_err(|_| StatusError::Unavailable)?;
            let token = token.ok_or_else(|| OutboundError::Status { url: uri.to_owned(), status: 404 })?;
            String::from_utf8_lossy(token.bytes()).into_owned()
        }
    };
    let signed = SignedStatusList::parse(&text)?;
    let keys = issuer_keys::find(app, signed.keys(issuer)?).await?;
    let list = Arc::new(signed.verify(&keys, uri, now)?);
    if own.is_none() {
        app.memory.of::<Cache>().keep(issuer, &list, now);
    }
    Ok(list)
}

/// Which list of this server has this address.
fn own(app: &App, uri: &str) -> Option<(WalletId, StatusListId)> {
    let path = uri.strip_prefix(app.settings.public_url.origin())?.strip_prefix("/wallets/")?;
    let (wallet, list) = path.split_once("/status-lists/")?;
    Some((wallet.parse().ok()?, list.parse().ok()?))
}
