//! Signing as one of the wallet's identifiers.

use kernel::app::App;
use kernel::problem::{Code, Problem};
use model::{DidMethod, Identifier, IdentifierId, WalletId};
use store::Conn;
use vc::did::{Did, did_jwk_key_id};
use vc::keys::SigningKey;

/// An identifier with the private key that signs for it now.
#[derive(Debug)]
pub struct Signer {
    /// Who signs.
    pub did: Did,
    /// The name of the key, a DID URL: what a `kid` holds.
    pub kid: String,
    /// The key.
    pub key: SigningKey,
}

/// Takes the identifier's present key out of its seal; `None` when the wallet has no such identifier.
pub async fn signer(app: &App, conn: &mut Conn, wallet: WalletId, id: IdentifierId) -> Result<Option<Signer>, Problem> {
    let Some(identifier) = conn.identifier(wallet, id).await? else { return Ok(None) };
    // An identifier always has a key that signs, and its DID is one of ours.
    let current = identifier.keys.first().ok_or(Code::Internal)?.id;
    let sealed = conn.sealed_key(wallet, current).await?.ok_or(Code::Internal)?;
    let key = app.sealing.open_key(&sealed, &current.to_string())?;
    let did: Did = identifier.did.parse().map_err(|_| Code::Internal)?;
    Ok(Some(Signer { kid: kid(&identifier, &did).ok_or(Code::Internal)?, did, key }))
}

/// The name of the key that signs now: its id in the document, which for a did:jwk is the same for all.
fn kid(identifier: &Identifier, did: &Did) -> Option<String> {
    Some(match identifier.method {
        DidMethod::Jwk => did_jwk_key_id(did),
        DidMethod::Web => format!("{did}#{}", identifier.keys.first()?.id),
    })
}
