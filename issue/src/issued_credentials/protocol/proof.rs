//! Believing the key proof of a Credential Request (OpenID4VCI 1.0 Appendix F.4).

use kernel::app::App;
use kernel::http::ProtocolError;
use kernel::protocol_request::ProtocolRequest;
use keys::issuer_keys;
use vc::keys::PublicJwk;
use vc::openid4vci::{CredentialErrorCode, KeyProof, ProofKey, Proofs};

use super::super::nonce::{self, Nonce};
use super::credential::refused;

/// The holder's key, with the DID URL under which it was proved as `kid`, and the nonce, which is still to be used.
pub(super) struct Proven {
    pub(super) key: PublicJwk,
    pub(super) nonce: Nonce,
}

/// Verifies the one proof that a request may have. Everything that needs nobody else comes first: only for a proof
/// in answer to one of this wallet's nonces a DID's document is fetched.
pub(super) async fn verify(
    app: &App,
    protocol: &ProtocolRequest,
    proofs: Option<&Proofs>,
) -> Result<Proven, ProtocolError> {
    let invalid = |why: String| refused(CredentialErrorCode::InvalidProof, why);
    let proofs = proofs.ok_or_else(|| invalid("proofs is missing".to_owned()))?;
    let proofs =
        proofs.as_jwt().ok_or_else(|| invalid("proofs must hold an array jwt, and nothing else".to_owned()))?;
    let [proof] = proofs.as_slice() else {
        let why = "one credential is issued for a request, so it must hold one proof";
        return Err(refused(CredentialErrorCode::InvalidCredentialRequest, why));
    };
    let proof = KeyProof::parse(proof).map_err(|error| invalid(error.to_string()))?;
    let audience = app.wallet_url(protocol.wallet);
    let nonce = proof.check(&audience, app.clock.now().as_second()).map_err(|error| invalid(error.to_string()))?;
    let nonce = nonce::read(app, protocol.wallet, nonce).ok_or_else(invalid_nonce)?;
    let key = match proof.key() {
        ProofKey::Jwk(key) => proof.verify(key).map(|()| key.clone()),
        ProofKey::Did(kid) => {
            // No change is open while a stranger's server is asked.
            let key = issuer_keys::holder_key(app, kid).await.map_err(|error| invalid(error.to_string()))?;
            proof.verify(&key).map(|()| key.with_kid(kid))
        }
    };
    Ok(Proven { key: key.map_err(|error| invalid(error.to_string()))?, nonce })
}

pub(super) fn invalid_nonce() -> ProtocolError {
    refused(CredentialErrorCode::InvalidNonce, "the nonce is unknown, was used, or its time is over")
}
