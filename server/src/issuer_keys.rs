//! Where the keys of somebody who signed something are, and fetching them.

use vc::did::Did;
use vc::did_document::keys_from_did_document;
use vc::issuer::{
    IssuerError, IssuerKeys, KeySet, KeySourceError, MetadataKeys, issuer_keys, keys_from_issuer_metadata,
    keys_from_jwks,
};

use crate::app::App;
use crate::outbound::OutboundError;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    /// The signer is not named in a way that leads to keys.
    #[error(transparent)]
    Unknown(#[from] IssuerError),
    /// Where the keys should be cannot be reached.
    #[error(transparent)]
    Unreachable(#[from] OutboundError),
    /// What is published there holds no usable key.
    #[error(transparent)]
    Unusable(#[from] KeySourceError),
}

impl NoKeys {
    /// Why, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "issuer-unknown",
            Self::Unreachable(_) => "issuer-unreachable",
            Self::Unusable(_) => "issuer-keys-unusable",
        }
    }
}

/// The issuer's keys: in its did:jwk, in its did:web document, or in its metadata (SD-JWT VC, "JWT VC Issuer
/// Metadata"), where a `jwks_uri` may lead one step further.
pub(crate) async fn find(app: &App, issuer: IssuerKeys) -> Result<KeySet, NoKeys> {
    Ok(match issuer {
        IssuerKeys::Embedded(keys) => keys,
        IssuerKeys::DidWeb { did, url } => keys_from_did_document(&app.outbound.get(&url).await?, &did)?,
        IssuerKeys::IssuerMetadata { issuer, url } => {
            match keys_from_issuer_metadata(&app.outbound.get(&url).await?, &issuer)? {
                MetadataKeys::Keys(keys) => keys,
                MetadataKeys::JwksUri(url) => keys_from_jwks(&app.outbound.get(&url).await?, &issuer)?,
            }
        }
    })
}

/// The keys by which a DID signs.
#[expect(dead_code, reason = "the requests of verifiers are signed by their DID")]
pub(crate) async fn of_did(app: &App, did: &Did) -> Result<KeySet, NoKeys> {
    find(app, issuer_keys(Some(did.as_str()), None)?).await
}
