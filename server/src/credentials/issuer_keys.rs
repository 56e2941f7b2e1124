//! Where the keys of a credential's issuer are, and fetching them.

use vc::did_document::keys_from_did_document;
use vc::issuer::{IssuerKeys, KeySet, KeySourceError, MetadataKeys, keys_from_issuer_metadata, keys_from_jwks};

use super::refused;
use crate::app::App;
use crate::problem::Problem;

/// The issuer's keys: in its did:jwk, in its did:web document, or in its metadata (SD-JWT VC, "JWT VC Issuer
/// Metadata"), where a `jwks_uri` may lead one step further.
pub(super) async fn find(app: &App, issuer: IssuerKeys) -> Result<KeySet, Problem> {
    match issuer {
        IssuerKeys::Embedded(keys) => Ok(keys),
        IssuerKeys::DidWeb { did, url } => {
            let document = fetch(app, &url).await?;
            keys_from_did_document(&document, &did).map_err(unusable)
        }
        IssuerKeys::IssuerMetadata { issuer, url } => {
            let metadata = fetch(app, &url).await?;
            match keys_from_issuer_metadata(&metadata, &issuer).map_err(unusable)? {
                MetadataKeys::Keys(keys) => Ok(keys),
                MetadataKeys::JwksUri(url) => {
                    let jwks = fetch(app, &url).await?;
                    keys_from_jwks(&jwks, &issuer).map_err(unusable)
                }
            }
        }
    }
}

async fn fetch(app: &App, url: &str) -> Result<Vec<u8>, Problem> {
    app.outbound.get(url).await.map_err(refused("issuer-unreachable"))
}

fn unusable(error: KeySourceError) -> Problem {
    refused("issuer-keys-unusable")(error)
}
