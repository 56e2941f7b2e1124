//! The keys of the party that signed a message: where they are published, and fetching them.

use kernel::app::App;
use kernel::outbound::OutboundError;
use vc::did_document::{holder_keys_from_did_document, keys_from_did_document, request_keys_from_did_document};
use vc::issuer::{
    IssuerError, IssuerKeys, KeySet, KeySourceError, MetadataKeys, issuer_keys, keys_from_issuer_metadata,
    keys_from_jwks,
};
use vc::keys::PublicJwk;

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
pub async fn find(app: &App, issuer: IssuerKeys) -> Result<KeySet, NoKeys> {
    Ok(match issuer {
        IssuerKeys::Embedded(keys) => keys,
        IssuerKeys::DidWeb { did, url } => keys_from_did_document(&app.outbound.get_did_document(&url).await?, &did)?,
        IssuerKeys::IssuerMetadata { issuer, url } => {
            match keys_from_issuer_metadata(&app.outbound.get(&url).await?, &issuer)? {
                MetadataKeys::Keys(keys) => keys,
                MetadataKeys::JwksUri(url) => keys_from_jwks(&app.outbound.get(&url).await?, &issuer)?,
            }
        }
    })
}

/// The keys of a verifier by which its requests are signed. Its DID document may keep them apart from those of its
/// credentials (OpenID4VP 1.0 §5.9.3).
pub async fn of_verifier(app: &App, verifier: IssuerKeys) -> Result<KeySet, NoKeys> {
    match verifier {
        IssuerKeys::DidWeb { did, url } => {
            Ok(request_keys_from_did_document(&app.outbound.get_did_document(&url).await?, &did)?)
        }
        elsewhere => find(app, elsewhere).await,
    }
}

/// The key of a holder that a DID URL names, such as the `kid` of a key proof or the `cnf.kid` of a credential: of a
/// did:web one under `authentication` (DID Core 1.0 §5.3.1).
pub async fn holder_key(app: &App, did_url: &str) -> Result<PublicJwk, NoKeys> {
    let keys = match issuer_keys(None, Some(did_url))? {
        IssuerKeys::DidWeb { did, url } => {
            holder_keys_from_did_document(&app.outbound.get_did_document(&url).await?, &did)?
        }
        elsewhere => find(app, elsewhere).await?,
    };
    let key = keys.named(did_url).cloned();
    Ok(key.ok_or_else(|| KeySourceError::NoSuchKey(did_url.chars().take(200).collect()))?)
}
